"""What one process finds and tells another: the same report, in bytes, as from one process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, sys, threading
from mezan_graph import forked, processes
from mezan_graph.validation import engine, validator
from mezan_graph.cli import main

here, begin = os.getpid(), forked.Forked.begin

def told_begin(self):
    result = begin(self)
    sys.stderr.write(f"apart: {result}\\n")
    return result

def killed(function):
    def work(*arguments, **options):
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return function(*arguments, **options)
    return work

forked.Forked.begin = told_begin
exec(os.environ["CHANGE"])
main()
"""
APART = "validator.FORKED_FROM = 0; processes.available_processors = lambda: 2;"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:S a sh:NodeShape ; sh:targetNode ex:c, "new" , ex:b, ex:a ;
    sh:sparql ex:Sparql ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ; sh:in ( ex:a ) .
ex:Sparql sh:message "made of {$this}: {?value}"@en ;
    sh:select 'SELECT $this ?value { BIND(CONCAT("made of ", STR($this)) AS ?value) }' .
ex:T a sh:NodeShape ; sh:targetNode "newer", ex:c ; sh:nodeKind sh:BlankNode .
"""
ENDLESS = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ sh:select
    'SELECT $this { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?f), ?i) = "") }' ] .
"""


def mezan(folder, change, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "validate", *arguments],
        cwd=folder,
        env={"CHANGE": change, "PYTHONPATH": str(CHECKOUT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(folder, change, *arguments):
    with mezan(folder, change, *arguments) as process:
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A network with seeded faults of every kind."""
    path = tmp_path_factory.mktemp("network") / "network.ttl"
    command = [sys.executable, "-m", "benchmarks.ngo_network", "10000", str(path)]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    return path


@pytest.fixture(scope="module")
def serial(network):
    code, out, err = outcome(network.parent, "", *of(network))
    assert (code, err) == (1, "apart: False\n")
    return out


def of(network):
    return network.name, "-s", str(CHECKOUT / "shapes"), "--format", "json"


def test_the_report_is_the_same(network, serial):
    code, out, err = outcome(network.parent, APART, *of(network))
    assert (code, err) == (1, "apart: True\n" * 2)
    assert out == serial
    assert len(json.loads(out)["results"]) > 190


@pytest.mark.parametrize(
    "death",
    [
        "engine._found = killed(engine._found)",
        "validator._beyond_shacl = killed(validator._beyond_shacl)",
        "validator._hints = killed(validator._hints)",
    ],
)
def test_nothing_is_lost_with_a_process(network, serial, death):
    code, out, err = outcome(network.parent, APART + death, *of(network))
    assert (code, err) == (1, "apart: True\n" * 2)
    assert out == serial


@pytest.mark.parametrize(
    "reason",
    [
        "validator.FORKED_FROM = 20_000",
        "processes.available_processors = lambda: 1",
        "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
    ids=["few triples", "one processor", "another thread"],
)
def test_when_all_is_done_in_one_process(network, serial, reason):
    code, out, err = outcome(network.parent, APART + reason, *of(network))
    assert (code, out, err) == (1, serial, "apart: False\n")


def project(folder, shapes, data, limit=""):
    for name in ("data", "shapes", "queries/checks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    prefix = "@prefix ex: <https://example.org/> .\n"
    (folder / "data" / "data.ttl").write_text(prefix + data)
    (folder / "shapes" / "shapes.ttl").write_text(shapes)
    (folder / "mezan.toml").write_text(
        f"[project]\nname = 'small'\nbase = 'https://example.org/'\n[limits]\n{limit}\n"
    )
    return folder


def test_terms_that_a_query_makes_and_nodes_that_are_not_in_the_data(tmp_path):
    project(tmp_path, SHAPES, "ex:b ex:p ex:q .")
    apart, here = (outcome(tmp_path, change, "--format", "json") for change in (APART, ""))
    assert apart[:2] == here[:2]
    results = json.loads(apart[1])["results"]
    values = [each["value"] for each in results if each["component"] == "SPARQLConstraintComponent"]
    assert sorted(values) == sorted(
        [f'"made of https://example.org/{name}"' for name in "abc"] + ['"made of new"']
    )


def test_the_limit_on_results_names_the_same_shape(tmp_path):
    codes = []
    for limit in (1, 4, 5, 9, 11, 12, 13, 20):
        project(tmp_path, SHAPES, "ex:b ex:p ex:q .", f"results = {limit}")
        apart, here = (outcome(tmp_path, change, "--format", "json") for change in (APART, ""))
        assert apart[:2] == here[:2]
        assert apart[2].rpartition("apart: True\n")[2] == here[2].rpartition("apart: False\n")[2]
        codes.append(here[0])
    assert codes == sorted(codes, reverse=True)
    assert set(codes) == {1, 3}


@pytest.fixture
def endless(tmp_path):
    return project(
        tmp_path,
        ENDLESS,
        "\n".join(f"ex:n{n} ex:p ex:m{n}, ex:o{n} ." for n in range(300)),
        "query_seconds = 2",
    )


def test_a_query_without_end_is_bounded(endless):
    code, out, err = outcome(endless, APART)
    assert (code, out) == (3, "")
    assert err.startswith("apart: True\n")
    assert "takes longer than 2 seconds" in err


def test_an_interruption_ends_every_process(endless):
    project(endless, ENDLESS, (endless / "data" / "data.ttl").read_text())
    with mezan(endless, APART) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "apart: True\n"
        process.send_signal(signal.SIGINT)
        # Nobody may write any more: every process has ended.
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "interrupted" in err


def test_a_large_store_is_asked_before_the_tables_are_made(network, serial):
    change = APART + "from mezan_graph.validation import evaluation; evaluation._LITTLE = 0"
    change += "\nengine._found_beside = None"
    code, out, err = outcome(network.parent, change, *of(network))
    assert (code, out, err) == (1, serial, "apart: True\n")

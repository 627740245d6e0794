"""The generated networks are what they claim to be. How fast anything is, no test says."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph, build_graph, shapes_graph
from mezan_graph.namespaces import SH
from mezan_graph.project import Project
from mezan_graph.validation import engine, reference, validate

CHECKOUT = Path(__file__).resolve().parents[1]
SHAPES = shapes_graph(Project.open(CHECKOUT))
SMALL, LARGER = 2_000, 10_000
"""Triples of a network with some faults, and of one with every fault."""

PARAMETERS = """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals
    not and or xone node qualifiedMinCount qualifiedMaxCount closed hasValue in sparql
"""


@pytest.fixture(autouse=True, scope="module")
def checkout_is_importable():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(CHECKOUT))
        yield


@cache
def network(triples, **options):
    """The quads of a network as N-Triples text, and its manifest."""
    from benchmarks.description import NTriples
    from benchmarks.ngo_network import Network

    made = Network(triples, **options)
    text = "".join(NTriples().write(made.descriptions()))
    return text, made.manifest()


def counted(outcome):
    """How many results each constraint has; a result that is repeated counts once."""
    distinct = {(r.source_shape, r.component, r.focus_node, r.value) for r in outcome.results}
    return Counter(
        f"{shape.value.partition('#')[2]}."
        f"{component.value.partition('#')[2].removesuffix('ConstraintComponent')}"
        for shape, component, _, _ in distinct
    )


def graph(text):
    return Graph.from_quads(ox.parse(text, ox.RdfFormat.N_TRIPLES))


def test_seeded_violations_are_found_exactly():
    text, manifest = network(LARGER)
    assert counted(engine.validate_graph(graph(text), SHAPES)) == manifest["findings"]


def test_every_fault_is_seeded():
    from benchmarks.seeded_faults import FAULTS

    assert set(network(LARGER)[1]["faults"]) == {each.name for each in FAULTS}
    assert len(FAULTS) > 150


def test_every_component_that_the_shapes_use_is_broken():
    used = {quad.predicate for quad in SHAPES.triples()}
    wanted = {each.lower() for each in PARAMETERS.split() if SH[each] in used}
    # sh:languageIn stands in qualified and negated shapes only, which report for themselves.
    broken = {name.partition(".")[2].lower() for name in network(LARGER)[1]["findings"]}
    assert broken == wanted - {"languagein"}


def test_a_faultless_network_conforms():
    text, manifest = network(SMALL, faulty=False)
    assert manifest["findings"] == {}
    assert engine.validate_graph(graph(text), SHAPES).results == ()


def test_engines_agree():
    text, manifest = network(1_300)
    assert manifest["findings"]
    data = graph(text)
    compiled = counted(engine.validate_graph(data, SHAPES))
    assert compiled == counted(reference.validate_graph(data, SHAPES)) == manifest["findings"]


def test_the_same_numbers_give_the_same_bytes():
    text, manifest = network(SMALL)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == "296b69a6b82a2c9032456e9cdffbcafd8ae8fe5071beac2d2f650e7be0f9d2bf"
    assert network(SMALL, seed=7)[0] != text
    assert manifest["triples"] == text.count(" .\n")


@pytest.mark.parametrize("suffix", [".ttl", ".nt"])
def test_both_syntaxes_hold_the_same_graph(tmp_path, suffix):
    path = tmp_path / f"network{suffix}"
    command = [sys.executable, "-m", "benchmarks.ngo_network", str(SMALL), str(path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    text, manifest = network(SMALL)
    written, expected = ox.Dataset(ox.parse(path=path)), ox.Dataset(graph(text))
    written.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    expected.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert written == expected
    assert len(written) == manifest["triples"]
    assert json.loads(path.with_suffix(".json").read_text()) == manifest


def test_results_of_a_report_and_of_ours_are_read_alike(tmp_path):
    from benchmarks.engines import read_json, read_report
    from benchmarks.validation import counts

    (tmp_path / "network.nt").write_text(network(SMALL)[0])
    read = []
    for name, reader in (("json", read_json), ("turtle", read_report)):
        output = tmp_path / f"report.{name}"
        command = ["-m", "mezan_graph", "validate", "network.nt", "-s", str(CHECKOUT / "shapes")]
        command += ["--format", name, "-o", str(output)]
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, check=False)
        assert done.returncode == 1
        read.append(reader(output))
    assert read[0] == read[1]
    assert counts(read[0]) == network(SMALL)[1]["findings"]


def test_the_comparison_names_what_differs():
    from benchmarks.validation import differences

    ours = Counter({("<a>", "name", "MinCount", ""): 1, ("<b>", "name", "MinCount", ""): 1})
    table = differences(
        {"mezan validate": ours, "other": ours - Counter([("<b>", "name", "MinCount", "")])}
    )
    assert table.splitlines()[2:] == ["| other | only ours | name.MinCount | 1 | `<b>` `` |"]
    assert differences({"mezan validate": ours, "other": ours}) == "All results are equal.\n"


def test_a_process_is_measured_with_its_children(tmp_path):
    from benchmarks.measuring import FailedError, measured

    work = "x = bytearray(60 << 20); sum(range(3_000_000))"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}'])"
    cost = measured([sys.executable, "-c", nested], tmp_path, tmp_path / "out")
    assert cost.memory > 60
    assert cost.cpu > 0
    with pytest.raises(FailedError, match="exit code 3"):
        measured([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, tmp_path / "out")


def test_the_network_of_the_site_conforms_and_a_change_is_one_name(tmp_path):
    from benchmarks.site import change, files, write_project

    entities, triples = write_project(tmp_path, 250)
    project = Project.open(tmp_path)
    report = validate(project, build_graph(project))
    assert not report.fails("violation")
    assert report.counts["violation"] == 0
    assert 250 <= entities < 500
    quads = {quad for path in (tmp_path / "data").iterdir() for quad in ox.parse(path=path)}
    assert triples == len(quads)
    before = files(tmp_path).digests
    change(tmp_path)
    after = files(tmp_path).digests
    assert sum(before[name] != after[name] for name in before) == 1


def test_the_plain_loop_makes_a_page_of_each_entity_in_each_language(tmp_path):
    from benchmarks.site import write_project

    entities, _ = write_project(tmp_path / "project", 250)
    sources = [str(path) for path in (tmp_path / "project" / "data").iterdir()]
    command = [sys.executable, "-m", "benchmarks.plain_pages", str(tmp_path / "plain"), *sources]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    for folder in ("en", "ar", "doc"):
        assert len(list((tmp_path / "plain" / folder).iterdir())) == entities
    page = (tmp_path / "plain" / "en" / "organization-0.html").read_text()
    assert "<h1>Organization 0</h1>" in page

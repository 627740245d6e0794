"""``mezan push`` on a real server: what it prints, writes and exits with."""

from __future__ import annotations

import json
import re

import pytest
from tests.stores.servers import Oxigraph


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Oxigraph(tmp_path_factory.mktemp("oxigraph"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A project of two people."""
    root = tmp_path_factory.mktemp("small")
    (root / "mezan.toml").write_text('[project]\nname = "s"\nbase = "https://example.org/s/"\n')
    (root / "data").mkdir()
    (root / "shapes").mkdir()
    (root / "data" / "people.ttl").write_text(PEOPLE)
    (root / "shapes" / "person.ttl").write_text(SHAPES)
    return root


PEOPLE = """
@prefix schema: <https://schema.org/> .
@prefix : <https://example.org/s/id/> .
:anna a schema:Person ; schema:name "Anna"@en ; schema:knows :bert .
:bert a schema:Person ; schema:name "Bert"@en .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
<https://example.org/s/shapes#Person> a sh:NodeShape ; sh:targetClass schema:Person ;
    sh:property [ sh:path schema:name ; sh:minCount 1 ] .
"""
GRAPH = "https://example.org/graph/all"


@pytest.fixture
def push(server, small, mezan):
    """Runs the command; returns exit code, output and messages."""

    def run(*arguments, graph=GRAPH, url=server.url):
        where = ["--graph", graph] if graph else []
        return mezan("-C", str(small), "push", url, *where, *arguments)

    return run


def test_a_push_from_first_to_last(push, tmp_path, small):
    status = push("--status")
    assert (status.code, status.out) == (1, f"{GRAPH}: 0 triples, differs from the project\n")
    dry = push("--dry-run")
    assert dry.code == 1
    assert dry.out.startswith(f"{GRAPH}: 5 triples to add, 0 to remove\n+ <https://example.org")
    done = push("--receipt", str(tmp_path / "r.json"))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{GRAPH}: 5 triples, verified; is live\n"
    receipt = (tmp_path / "r.json").read_bytes()
    assert json.loads(receipt)["graphs"][0]["triples"] == 5
    again = push("--receipt", str(tmp_path / "r.json"))
    assert again.err == f"{GRAPH}: 5 triples, verified; was live already, nothing was written\n"
    assert (tmp_path / "r.json").read_bytes() == receipt
    push("--receipt", str(tmp_path / "r.ttl"))
    assert "prov:wasDerivedFrom" in (tmp_path / "r.ttl").read_text()

    file = small / "data" / "people.ttl"
    file.write_text(PEOPLE.replace('"Bert"', '"Berta"'))
    dry = push("--dry-run")
    assert dry.out.splitlines() == [
        f"{GRAPH}: 1 triples to add, 1 to remove",
        '- <https://example.org/s/id/bert> <https://schema.org/name> "Bert"@en .',
        '+ <https://example.org/s/id/bert> <https://schema.org/name> "Berta"@en .',
    ]
    assert push("--delta").code == 0
    status = push("--status")
    assert status.code == 0
    assert re.search(r"  live: 5 triples, [0-9a-f]{64}, live since 20\S+Z\n  kept: 5", status.out)
    assert push("--rollback").code == 0
    assert push("--status").code == 1
    assert push("--rollback").code == 0
    assert push("--forget").code == 0
    assert push("--rollback").code == 2
    file.write_text(PEOPLE)


def test_named_graphs_and_the_default_graph(push):
    named = push("--named-graphs", graph=None)
    assert named.err == "https://example.org/s/graph/data: 5 triples, verified; is live\n"
    assert push("--named-graphs", "--status", graph=None).code == 0
    assert push("--named-graphs", "--rollback", graph=None).code == 2
    default = push("--default-graph", graph=None)
    assert default.err == "default graph: 5 triples, verified; is live\n"


def test_data_that_does_not_conform_is_not_sent(push, small):
    file = small / "data" / "people.ttl"
    file.write_text(PEOPLE.replace('schema:name "Bert"@en', "schema:age 7"))
    try:
        done = push()
    finally:
        file.write_text(PEOPLE)
    assert done.code == 1
    assert "does not conform" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name one of --graph IRI, --named-graphs and --default-graph"),
        (["--graph", "https://e/g", "--named-graphs"], "name one of"),
        (["--graph", "nonsense"], "not an"),
        (["--graph", "a b"], "not an"),
        (["--graph", "https://e/g", "--status", "--rollback"], "exclude one another"),
        (["--graph", "https://e/g", "--user", "nobody"], "no password for the user nobody"),
        (["--graph", "https://e/g", "--store", "gsp"], "needs three addresses"),
    ],
)
def test_usage(push, arguments, message):
    done = push(*arguments, graph=None)
    assert done.code == 2
    assert message in done.err


def test_no_server(push, unused_port, monkeypatch):
    done = push("--store", "oxigraph", url=f"http://127.0.0.1:{unused_port}")
    assert done.code == 4
    assert "cannot be reached" in done.err

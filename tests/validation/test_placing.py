"""Findings at the triple at fault; else at the subject block; always with labels."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.formats import TURTLE
from mezan_graph.graph import Graph
from mezan_graph.sources import Source
from mezan_graph.validation.findings import Finding
from mezan_graph.validation.placing import placed

PREFIX = "@prefix schema: <https://schema.org/> .\n@prefix ex: <https://example.org/> .\n"
FIRST = """ex:a a schema:NGO ;
    schema:name "A"@en , "أ"@ar ;
    schema:funder ex:b , ex:c .
"""
SECOND = """ex:a schema:address [
        schema:addressLocality "Gaza" ] .
ex:d schema:memberOf ex:a .
schema:funder schema:name "the funder"@en .
"""


def node(local: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{local}")


def path(*locals_: str, inverse: bool = False) -> str:
    sign = "^" if inverse else ""
    return "/".join(f"{sign}<https://schema.org/{each}>" for each in locals_)


@pytest.fixture
def graph() -> Graph:
    return Graph.from_sources(
        Source(name, TURTLE, ox.DefaultGraph(), content=(PREFIX + text).encode())
        for name, text in (("first.ttl", FIRST), ("second.ttl", SECOND))
    )


def place(graph: Graph, **about) -> Finding:
    [finding] = placed([Finding("MZ001", "violation", "message", **about)], [graph])
    return finding


def at(finding: Finding) -> tuple[str | None, int | None, int | None]:
    return finding.file, finding.line, finding.column


def test_the_value_of_a_property(graph):
    found = place(graph, focus_node=node("a"), path=path("funder"), value=node("c"))
    assert at(found) == ("first.ttl", 5, 26)
    assert (found.end_line, found.end_column) == (5, 30)
    assert found.triple == "ex:a schema:funder ex:c"


def test_the_value_of_an_inverse_property(graph):
    found = place(graph, focus_node=node("a"), path=path("memberOf", inverse=True), value=node("d"))
    assert at(found) == ("second.ttl", 5, 22)


def test_the_value_at_the_end_of_a_longer_path(graph):
    found = place(
        graph,
        focus_node=node("a"),
        path=path("address", "addressLocality"),
        value=ox.Literal("Gaza"),
    )
    assert at(found) == ("second.ttl", 4, 32)


def test_a_value_without_a_path(graph):
    found = place(graph, focus_node=node("a"), value=ox.Literal("أ", language="ar"))
    assert at(found) == ("first.ttl", 4, 26)


def test_a_missing_value_stands_at_the_subject_block(graph):
    found = place(graph, focus_node=node("a"), path=path("url"))
    assert at(found) == ("first.ttl", 3, 1)
    assert found.triple is None


def test_a_triple_in_a_later_file_comes_before_a_block_in_an_earlier_one(graph):
    [blank] = [q.object for q in graph if isinstance(q.object, ox.BlankNode)]
    found = place(graph, focus_node=node("a"), path=path("address"), value=blank)
    assert at(found) == ("second.ttl", 3, 21)


def test_a_blank_focus_node_stands_where_its_bracket_opens(graph):
    [blank] = [q.object for q in graph if isinstance(q.object, ox.BlankNode)]
    assert at(place(graph, focus_node=blank)) == ("second.ttl", 3, 21)


def test_a_file_that_is_known_already_is_where_it_is_looked_for(graph):
    assert at(place(graph, focus_node=node("a"), file="second.ttl")) == ("second.ttl", 3, 1)


def test_a_place_that_is_known_already_is_kept(graph):
    assert at(place(graph, focus_node=node("a"), file="x.ttl", line=9)) == ("x.ttl", 9, None)


def test_an_unknown_node_has_no_place(graph):
    assert at(place(graph, focus_node=node("nowhere"))) == (None, None, None)


def test_labels_of_node_and_property(graph):
    found = place(graph, focus_node=node("a"), path=path("funder"), value=node("c"))
    assert (found.label, found.path_label) == ("A", "the funder")
    [arabic] = placed(
        [Finding("MZ001", "violation", "message", focus_node=node("a"))], [graph], ["ar", "en"]
    )
    assert arabic.label == "أ"


def test_nothing_to_report_reads_nothing():
    class Untouchable(Graph):
        @property
        def parts(self):
            raise AssertionError("looked at the graph")

        @parts.setter
        def parts(self, value):
            pass

    assert placed([], [Untouchable([])]) == []


def test_many_findings_on_one_node_take_linear_time(graph):
    text = PREFIX + "ex:hub schema:funder " + " , ".join(f"ex:n{i}" for i in range(5000)) + " ."
    hub = Graph.from_sources([Source("hub.ttl", TURTLE, ox.DefaultGraph(), content=text.encode())])
    findings = [
        Finding("MZ001", "violation", "m", focus_node=node("hub"), path=path("funder"),
                value=node(f"n{i}"))
        for i in range(5000)
    ]  # fmt: skip
    result = placed(findings, [hub])
    assert all(each.triple == f"ex:hub schema:funder ex:n{i}" for i, each in enumerate(result))

"""Derived triples: constructed from the authored graph alone, in a graph of their own."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="union-attr"
from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import QueryError
from mezan_graph.queries import derive

HEADER = "#+ summary: S\n#+ description: D\n"
DERIVED = ox.NamedNode("https://small.example/graph/derived")


def test_what_is_constructed_stands_in_the_derived_graph(folder, graph, write):
    write(
        "queries/derive/known.rq",
        f"{HEADER}CONSTRUCT {{ ?b ex:knownBy ?a }} WHERE {{ ?a ex:knows ?b }}",
    )
    write(
        "queries/derive/again.rq",
        f"{HEADER}CONSTRUCT {{ ?b ex:popular ?a }} WHERE {{ ?b ex:knownBy ?a }}",
    )
    write("queries/other.rq", f"{HEADER}CONSTRUCT {{ ?s ex:x ?o }} WHERE {{ ?s ?p ?o }}")
    derived = derive(folder, graph)
    new = [quad for quad in derived if quad.graph_name == DERIVED]
    assert sorted(quad.object.value for quad in new) == [
        "http://example.org/anna",
        "http://example.org/carl",
    ]
    assert {quad.predicate.value for quad in new} == {"http://example.org/knownBy"}
    assert [quad for quad in derived if quad.graph_name != DERIVED] == list(graph)


def test_only_construct_derives(folder, graph, write):
    write("queries/derive/q.rq", f"{HEADER}SELECT ?s {{ ?s ?p ?o }}")
    with pytest.raises(QueryError, match="SELECT derives nothing") as caught:
        derive(folder, graph)
    assert caught.value.place == "queries/derive/q.rq"


def test_without_queries_nothing_is_derived(folder, graph):
    assert derive(folder, graph) is graph
    (folder.root / "queries").rmdir()
    assert derive(folder, graph) is graph

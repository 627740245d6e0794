"""The graph: parts with their sources, quads with their names, a store for joins."""

from __future__ import annotations

import gc

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ParseError
from mezan_graph.formats import NQUADS, TURTLE
from mezan_graph.graph import Graph, Part, build_graph, collector_off, shapes_graph
from mezan_graph.sources import Source

A, B, G = (ox.NamedNode(f"http://example.org/{name}") for name in "abg")
DEFAULT = ox.DefaultGraph()
QUAD = ox.Quad(A, A, B)


def source(content: str, name: ox.NamedNode | ox.DefaultGraph = G, rdf_format=TURTLE) -> Source:
    return Source("x", rdf_format, name, content=content.encode())


def test_triples_get_the_name_of_their_source():
    graph = Graph.from_sources([source("<a:b> <a:c> 1 .")])
    assert [quad.graph_name for quad in graph] == [G]
    assert [quad.graph_name for quad in graph.triples()] == [DEFAULT]
    assert graph.graph_names == (G,)


def test_quads_keep_the_names_that_they_have():
    graph = Graph.from_sources(
        [source("<a:b> <a:c> <a:d> <a:g> .\n<a:b> <a:c> <a:d> .", G, NQUADS)]
    )
    assert [str(quad.graph_name) for quad in graph] == ["<a:g>", str(G)]


def test_each_part_knows_its_source():
    sources = [source("<a:b> <a:c> 1 ."), source("<a:b> <a:c> 1 .")]
    graph = Graph.from_sources(sources)
    assert [part.source for part in graph.parts] == sources
    assert len(list(graph)) == 2


def test_graph_names_are_sorted_with_the_default_graph_first():
    quads = [ox.Quad(A, A, A, name) for name in (G, ox.BlankNode("x"), DEFAULT, A)]
    assert Graph.from_quads(quads).graph_names == (DEFAULT, A, G, ox.BlankNode("x"))


def test_the_store_answers_queries_over_named_graphs():
    graph = Graph([Part([QUAD], G)])
    assert bool(graph.store.query("ASK { GRAPH <http://example.org/g> { ?s ?p ?o } }"))


def test_one_graph_of_many():
    graph = Graph([Part([QUAD], G), Part([ox.Quad(A, A, A)], A)])
    assert [quad.object for quad in graph.restricted_to(G)] == [B]


def test_a_graph_is_extended_into_a_new_one():
    graph = Graph([Part([QUAD], G)], {"ex": "http://example.org/"})
    more = graph.extended([ox.Quad(B, B, B)], A)
    assert len(graph.parts) == 1
    assert [quad.graph_name for quad in more] == [G, A]
    assert more.prefixes == graph.prefixes


def test_an_error_in_a_source_is_raised_and_the_collector_is_on_again():
    assert gc.isenabled()
    with pytest.raises(ParseError):
        Graph.from_sources([source("broken")])
    assert gc.isenabled()


def test_the_collector_stays_off_where_it_was_off():
    gc.disable()
    try:
        with collector_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_project_is_read_into_named_graphs(project):
    names = {str(name).rpartition("/")[2].rstrip(">") for name in build_graph(project).graph_names}
    assert names == {"ontology", "data", "links"}
    assert {part.graph_name for part in shapes_graph(project).parts} == {
        ox.NamedNode(project.graph_iri("shapes"))
    }


def test_what_was_made_with_the_collector_off_is_not_searched_when_it_is_on_again():
    searched: list[str] = []

    def note(phase: str, _: object) -> None:
        searched.append(phase)

    gc.callbacks.append(note)
    try:
        with collector_off():
            made: list[list[object]] = [[] for _ in range(10 * gc.get_threshold()[0])]
        assert [[] for _ in range(10)] != made
    finally:
        gc.callbacks.remove(note)
    assert searched == []


def test_what_was_frozen_stays_frozen():
    frozen: list[object] = []
    gc.freeze()
    try:
        with collector_off():
            made = [[each] for each in range(2 * gc.get_threshold()[0])]
        assert any(each is made for each in gc.get_objects())
        assert not any(each is frozen for each in gc.get_objects())
    finally:
        gc.unfreeze()

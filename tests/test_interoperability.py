"""rdflib and back: the same dataset, with lexical forms as written."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from mezan_graph.graph import Graph, Part
from mezan_graph.interoperability import from_rdflib, oxigraph_term, rdflib_term, to_rdflib
from mezan_graph.serialization import digest

EX = "http://example.org/"
TRIG = """
    PREFIX ex: <http://example.org/>
    ex:a ex:p "x"@en, "x", 007, 1.50, [ ex:q true ],
        "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .
    ex:g { ex:a ex:p ex:b, _:x . _:x ex:p "2026-02-30"^^<http://www.w3.org/2001/XMLSchema#date> }
    _:g { ex:a ex:p _:g }
"""


@pytest.fixture
def graph() -> Graph:
    return Graph.from_quads(ox.parse(TRIG.encode(), ox.RdfFormat.TRIG), {"ex": EX})


def test_there_and_back_is_the_same_dataset(graph: Graph):
    assert digest(from_rdflib(to_rdflib(graph))) == digest(graph)


def test_the_method_of_a_graph_is_the_same(graph: Graph):
    assert digest(from_rdflib(graph.to_rdflib())) == digest(graph)


def test_lexical_forms_are_not_normalised(graph: Graph):
    found = {str(value) for value in to_rdflib(graph).default_graph.objects()}
    assert {"007", "1.50"} <= found


def test_prefixes_are_bound(graph: Graph):
    assert dict(to_rdflib(graph).namespaces())["ex"] == rdflib.URIRef(EX)


def test_the_name_of_a_part_is_the_name_of_the_graph():
    name = ox.NamedNode(EX + "g")
    node = ox.NamedNode(EX + "a")
    dataset = to_rdflib(Graph([Part([ox.Quad(node, node, node)], name)]))
    assert len(dataset.graph(rdflib.URIRef(EX + "g"))) == 1


def test_a_plain_rdflib_graph_becomes_the_default_graph():
    plain = rdflib.Graph()
    plain.bind("ex", EX)
    node = rdflib.URIRef(EX + "a")
    plain.add((node, node, rdflib.Literal("x", lang="ar")))
    found = from_rdflib(plain)
    assert [str(quad) for quad in found] == [f'<{EX}a> <{EX}a> "x"@ar']
    assert found.prefixes["ex"] == EX


@pytest.mark.parametrize("term", [ox.Triple(*[ox.NamedNode("a:b")] * 3)])
def test_a_triple_term_has_no_counterpart(term: ox.Triple):
    with pytest.raises(TypeError, match="not an RDF 1.1 term"):
        rdflib_term(term)


def test_a_variable_has_no_counterpart():
    with pytest.raises(TypeError, match="not an RDF 1.1 term"):
        oxigraph_term(rdflib.Variable("x"))


def test_a_literal_as_subject_is_refused():
    broken = rdflib.Graph()
    broken.add((rdflib.Literal("x"), rdflib.URIRef("a:b"), rdflib.URIRef("a:b")))
    with pytest.raises(TypeError):
        from_rdflib(broken)

"""The canonical form: one form for one graph, and an end to every attempt."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest

from mezan_graph.errors import LimitError, OutputError
from mezan_graph.formats import NQUADS
from mezan_graph.graph import Graph, Part
from mezan_graph.serialization import canonical, digest, serialize

P = ox.NamedNode("http://example.org/p")


def blank(number: int) -> ox.BlankNode:
    return ox.BlankNode(f"b{number}")


def parsed(text: str) -> Graph:
    return Graph.from_quads(ox.parse(text.encode(), ox.RdfFormat.TRIG))


def test_quads_stand_once_in_code_point_order():
    graph = parsed('<a:b> <a:p> "é", "z", "z", <a:c> . <a:a> <a:p> "\U0001f54a", "\ufb01" .')
    assert canonical(graph).text().decode() == (
        '<a:a> <a:p> "\ufb01" .\n<a:a> <a:p> "\U0001f54a" .\n'
        '<a:b> <a:p> "z" .\n<a:b> <a:p> "é" .\n<a:b> <a:p> <a:c> .\n'
    )


def test_lexical_forms_stay():
    forms = ["1.50", "1.5", "007", "7"]
    quads = [ox.Quad(P, P, ox.Literal(form, datatype=ox.NamedNode("a:t"))) for form in forms]
    ordered = canonical(Graph.from_quads(quads))
    assert [str(quad.object) for quad in ordered] == [f'"{form}"^^<a:t>' for form in sorted(forms)]


def test_the_quads_carry_canonical_labels_and_graph_names():
    graph = Graph([Part([ox.Quad(blank(7), P, blank(8))], ox.NamedNode("http://example.org/g"))])
    assert [str(quad) for quad in canonical(graph)] == [
        "_:c14n1 <http://example.org/p> _:c14n0 <http://example.org/g>"
    ]


def test_a_canonical_graph_is_not_made_canonical_again():
    graph = canonical(parsed("[] <a:p> 1 ."))
    assert canonical(graph) is graph


def test_the_union_drops_graph_names_and_labels_again():
    graph = canonical(parsed("<a:g> { [] <a:p> 1 } <a:h> { <a:s> <a:p> 1 } { <a:s> <a:p> 1 }"))
    assert len(graph.union.lines) == 2
    assert graph.union.graph_names == (ox.DefaultGraph(),)


def test_a_digest_is_of_the_graph_not_of_the_text():
    first = parsed("_:x <a:p> [ <a:q> 1 ], [ <a:q> 2 ] .")
    second = parsed("[] <a:p> _:b, _:a . _:a <a:q> 1 . _:b <a:q> 2 .")
    assert digest(first) == digest(second)
    assert digest(first) != digest(parsed("[] <a:p> [ <a:q> 1 ], [ <a:q> 3 ] ."))


def test_a_digest_is_that_of_the_file():
    import hashlib

    graph = parsed("[] <a:p> 1 .")
    assert digest(graph) == hashlib.sha256(serialize(graph, NQUADS)).hexdigest()


HOSTILE = {
    "clique of 10": [(one, two) for one in range(10) for two in range(10) if one != two],
    "chain of 2000": [(number, number + 1) for number in range(2000)],
    "ring of 2000": [(number, (number + 1) % 2000) for number in range(2000)],
}


@pytest.mark.parametrize("edges", HOSTILE.values(), ids=HOSTILE)
def test_hostile_blank_nodes_end_in_an_error_in_time(edges: list[tuple[int, int]]):
    graph = Graph.from_quads(ox.Quad(blank(one), P, blank(two)) for one, two in edges)
    start = time.monotonic()
    with pytest.raises(LimitError, match="look alike"):
        canonical(graph, seconds=1)
    assert time.monotonic() - start < 5


def test_a_caller_deep_in_the_stack_gets_the_same_error():
    graph = Graph.from_quads(ox.Quad(blank(n), P, blank(n + 1)) for n in range(250))

    def deeper(steps: int) -> None:
        canonical(graph) if steps == 0 else deeper(steps - 1)

    with pytest.raises(LimitError, match="look alike"):
        deeper(600)


def test_many_equal_blank_nodes_below_one_iri_are_no_problem():
    graph = Graph.from_quads(ox.Quad(P, P, blank(number)) for number in range(3000))
    assert len(canonical(graph).lines) == 3000


def test_a_triple_term_is_refused():
    triple = ox.Triple(P, P, P)
    with pytest.raises(OutputError, match="a triple term is RDF 1.2"):
        canonical(Graph.from_quads([ox.Quad(P, P, triple)]))


def test_a_base_direction_is_refused():
    literal = ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL)
    with pytest.raises(OutputError, match="base direction is RDF 1.2"):
        canonical(Graph.from_quads([ox.Quad(P, P, literal)]))


def test_text_that_looks_like_rdf_1_2_is_text():
    graph = Graph.from_quads([ox.Quad(P, P, ox.Literal("<<( x )>> @ar--rtl y"))])
    assert len(canonical(graph).lines) == 1


def test_rows_that_are_forgotten_are_made_again():
    graph = canonical(parsed('<a:g> { <a:b> <a:p> "z", [ <a:p> 1 ] } <a:b> <a:p> "z" .'))
    rows, union = graph.rows, graph.union.rows
    graph.forget_rows()
    assert (graph.rows, graph.union.rows) == (rows, union)
    assert graph.rows is not rows
    assert len(union) == 3

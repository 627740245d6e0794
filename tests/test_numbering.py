"""Quads kept as numbers are the quads that the parser gave."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph as ox
import pytest

from mezan_graph.formats import NQUADS, TRIG, TURTLE
from mezan_graph.graph import Graph, read_sources
from mezan_graph.numbering import NumberedQuads, Numbering, StatementReader
from mezan_graph.positions import locate, locate_subjects
from mezan_graph.sources import Source

G = ox.NamedNode("http://example.org/g")
LEXICAL = '<a:s> <a:p> 1.50 , 007 , "x"@en-GB , "1"^^<a:d> , "1" , true , 1e0 . <a:s> <a:p> 1.50 .'
NAMED = '<a:s> <a:p> "x" <a:g> .\n<a:s> <a:p> "x" .\n'
TRICKY = """@prefix ex: <http://example.org/> .
ex:a ex:p "one" , "two" ;
  ex:q \"\"\"
a text that ends a line.
@prefix ex: <http://example.com/> .
ex:a ex:p "three" .
\"\"\" .
ex:b ex:p ( 1 2 [ ex:q "deep" ] ) .
ex:c ex:p "four" .
PREFIX ex: <http://example.net/>
ex:d ex:p "five" .
""" + "\n".join(f'ex:e{n} ex:p "{n}" ;\n  ex:q ex:e{n + 1} .' for n in range(300))


def source(content: str, rdf_format=TURTLE) -> Source:
    return Source("x", rdf_format, G, content=content.encode())


def unlabelled(quads):
    return [[str(term) for term in quad if not isinstance(term, ox.BlankNode)] for quad in quads]


@pytest.mark.parametrize(
    ("content", "rdf_format"), [(LEXICAL, TURTLE), (NAMED, NQUADS), (TRICKY, TURTLE), ("", NQUADS)]
)
def test_the_quads_are_those_of_the_parser(content, rdf_format):
    read = source(content or NAMED, rdf_format)
    quads = NumberedQuads(read, Numbering())
    parsed = list(read.quads())
    assert unlabelled(quads) == unlabelled(parsed)
    assert len(quads) == len(parsed)
    assert unlabelled([quads[-1], *quads[:2]]) == unlabelled([parsed[-1], *parsed[:2]])
    assert [quads.triple(n) for n in range(len(quads))] == [tuple(quad)[:3] for quad in quads]


def test_triples_get_the_name_of_their_source_and_quads_keep_theirs():
    graph, errors = read_sources([source(NAMED, NQUADS)])
    assert errors == []
    assert [str(quad.graph_name) for quad in graph] == ["<a:g>", str(G)]


def test_those_with_some_predicates_keep_order_lexical_forms_and_graphs():
    graph, _ = read_sources([source(LEXICAL), source(NAMED + "<a:s> <a:q> <a:o> .", NQUADS)])
    chosen = graph.with_predicates([ox.NamedNode("a:p"), ox.NamedNode("a:unknown")])
    assert list(chosen) == [quad for quad in graph if quad.predicate.value == "a:p"]
    assert len(list(chosen)) == len(list(graph)) - 1


def test_sources_share_their_numbers():
    numbering = Numbering()
    one, two = (NumberedQuads(source(f"<a:s> <a:p> {n} ."), numbering) for n in (1, 2))
    assert one.rows[:2] == two.rows[:2]
    assert [str(term) for term in numbering.terms][:2] == ["<a:s>", "<a:p>"]


def test_a_source_that_breaks_off_leaves_the_others_as_they_are():
    graph, errors = read_sources([source("<a:s> <a:p> 1 . <a:new> broken"), source(LEXICAL)])
    assert len(errors) == 1
    assert unlabelled(graph.triples()) == unlabelled(source(LEXICAL).quads())


def test_the_reader_gives_the_whole_document_and_counts_what_came_before():
    content = "".join(f"<a:s{n}> <a:p> {n} .\n" for n in range(500)).encode()
    met = 0
    reader = StatementReader(content, lambda: met)
    for _ in ox.parse(reader, ox.RdfFormat.TURTLE):  # type: ignore[arg-type]
        met += 1
    assert met == 500
    assert len(reader.starts) > 5
    for start, count in zip(reader.starts, reader.counts, strict=True):
        assert content[:start].count(b"\n") == count
    assert all(one < other for one, other in pairwise(reader.starts))


@pytest.mark.parametrize(
    ("content", "rdf_format"),
    [(TRICKY, TURTLE), (TRICKY.replace("\n", "\r\n"), TURTLE), (f"<a:g> {{ {LEXICAL} }}", TRIG)],
)
def test_places_are_those_of_a_walk_through_the_whole_document(content, rdf_format):
    read = source(content, rdf_format)
    [few], [all_of_them] = (read_sources([read])[0].parts, Graph.from_sources([read]).parts)
    whole = locate(all_of_them, range(len(all_of_them.quads)))
    assert len(whole) == len(all_of_them.quads)
    assert {n: locate(few, [n])[n] for n in whole} == whole
    assert locate(few, range(len(few.quads))) == whole
    named = {quad.subject for quad in few.quads if isinstance(quad.subject, ox.NamedNode)}
    assert locate_subjects(few, named) == locate_subjects(all_of_them, named)

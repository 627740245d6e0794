"""Each quad comes from the tokens that say it: for random documents and all of the W3C suites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.formats import NQUADS, NTRIPLES, SUFFIXES, TRIG, TURTLE, RdfFormat
from mezan_graph.graph import Part
from mezan_graph.namespaces import RDF
from mezan_graph.positions import locate
from mezan_graph.sources import Source
from mezan_graph.turtle.emission import Bracket, walk

if TYPE_CHECKING:
    from mezan_graph.positions import Place

DEFAULT = ox.DefaultGraph()


def parsed(content: bytes, syntax: RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(content, syntax.oxigraph, rename_blank_nodes=True))


def places(content: bytes, syntax: RdfFormat) -> tuple[list[ox.Quad], dict[int, Place]]:
    quads = parsed(content, syntax)
    source = Source("document", syntax, DEFAULT, content=content)
    return quads, locate(Part(quads, DEFAULT, source), range(len(quads)))


def offset(text: str, line: int, column: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def assert_one_node_for_one_place(content: bytes, quads: list[ox.Quad]) -> None:
    """Blank nodes and what stands for them in the text correspond one to one."""
    emissions, _ = walk(content, range(len(quads)))
    assert sorted(emissions) == list(range(len(quads)))
    pairs: set[tuple[object, object]] = set()
    for index, emission in emissions.items():
        quad = quads[index]
        head = emission.node is emission.subject
        pairs.add((quad.subject, written(content, emission.node, cell=not head)))
        rest = emission.role == "rest"
        pairs.add((quad.object, written(content, emission.object, cell=rest)))
    blank = [pair for pair in pairs if isinstance(pair[0], ox.BlankNode)]
    assert len({node for node, _ in blank}) == len({place for _, place in blank}) == len(blank)


def written(content: bytes, term: object, *, cell: bool) -> object:
    """Identify a node by its label, by its bracket, or as the list node of an item."""
    if isinstance(term, Bracket):
        return ("cell" if cell else "bracket", term.start)
    assert isinstance(term, tuple)
    token = content[slice(*term)]
    return ("cell", term[0]) if cell else token if token.startswith(b"_:") else ("token", term)


@pytest.mark.parametrize("syntax", [TURTLE, TRIG], ids=lambda each: each.name)
@given(data=st.data())
def test_what_stands_at_a_place_is_the_object(data, syntax, turtle_documents, trig_documents):
    document = data.draw(turtle_documents if syntax is TURTLE else trig_documents)
    quads, found = places(document.text.encode(), syntax)
    assert sorted(found) == list(range(len(quads)))
    for index, place in found.items():
        start = offset(document.text, place.line, place.column)
        end = offset(document.text, place.end_line, place.end_column)
        token = document.text[start:end]
        value = quads[index].object
        if isinstance(value, ox.BlankNode):
            rest = quads[index].predicate == RDF.rest
            assert token[0] in "[(_" or rest
        elif token == ")":
            assert value == RDF.nil
        else:
            statement = f"{document.header(start)}\n<x:s> <x:p> {token} ."
            assert [quad.object for quad in ox.parse(statement, ox.RdfFormat.TURTLE)] == [value]


@pytest.mark.parametrize("syntax", [TURTLE, TRIG], ids=lambda each: each.name)
@given(data=st.data())
def test_a_node_is_one_place_and_a_place_is_one_node(
    data, syntax, turtle_documents, trig_documents
):
    document = data.draw(turtle_documents if syntax is TURTLE else trig_documents)
    content = document.text.encode()
    assert_one_node_for_one_place(content, parsed(content, syntax))


@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(("<http://e/s>", "_:b", "_:b.c", "<http://e/مركز>")),
            st.sampled_from(
                ("<http://e/o>", "_:o", '"x"', '"a\\nb # c"@en', '"1"^^<http://e/d>', '"😀 \\" ."')
            ),
            st.sampled_from(("", "<http://e/g>", "_:g")),
            st.sampled_from(("", " ", "\t")),
            st.sampled_from(("\n", "\r\n", " # comment\n", "\n\n# <http://e/s> .\n")),
        ),
        max_size=8,
    )
)
def test_ntriples_and_nquads(lines):
    for syntax in (NTRIPLES, NQUADS):
        text = "".join(
            f"{subject}{gap}<http://e/p>{gap}{value} {graph if syntax is NQUADS else ''}{gap}.{end}"
            for subject, value, graph, gap, end in lines
        )
        _, found = places(text.encode(), syntax)
        assert len(found) == len(lines)
        for index, place in found.items():
            start = offset(text, place.line, place.column)
            end = offset(text, place.end_line, place.end_column)
            assert text[start:end] == lines[index][1]


def test_every_quad_of_the_w3c_suites_has_its_place(w3c_suites):
    base = b"@base <https://example.org/base/document> .\n"
    total = 0
    for path in sorted((w3c_suites / "rdf11").rglob("*")):
        syntax = SUFFIXES.get(path.suffix)
        if syntax not in {TURTLE, TRIG, NTRIPLES, NQUADS}:
            continue
        content = path.read_bytes()
        if syntax in {TURTLE, TRIG}:
            content = base + content
        try:
            quads, found = places(content, syntax)
        except SyntaxError:
            continue
        assert sorted(found) == list(range(len(quads))), path
        assert_one_node_for_one_place(content, quads)
        total += len(quads)
    assert total > 8000

"""Where triples and nodes stand, by example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.formats import JSONLD, NQUADS, RDFXML, TRIG, TURTLE, RdfFormat
from mezan_graph.graph import Graph, Part
from mezan_graph.namespaces import RDF
from mezan_graph.positions import Place, locate, locate_subjects
from mezan_graph.sources import Source

if TYPE_CHECKING:
    from pathlib import Path

EX = "http://example.org/"
TEXT = """\
@prefix ex: <http://example.org/> .

# A comment with ex:p "a string" .
ex:a    # the first
    a ex:Thing , ex:Other ;
    ex:name "مركز الميزان"@ar , "centre"@en ;
    ex:text \"\"\"two "lines"
of text\"\"\" ;
    ex:place [
        ex:street "Omar" ;
        ex:number 7
    ] ;
    ex:list ( ex:one [ ex:two true ] "three" ) .

[] ex:p ex:a .
_:label ex:p _:label .
"""


def read(text: str, syntax: RdfFormat = TURTLE, **more: object) -> Part:
    source = Source("file", syntax, ox.DefaultGraph(), content=text.encode(), **more)  # type: ignore[arg-type]
    return Graph.from_sources([source]).parts[0]


def place_of(part: Part, predicate: str, value: str | None = None) -> Place:
    """The place of the one triple with this predicate and, where given, this value."""
    (index,) = (
        index
        for index, quad in enumerate(part.quads)
        if quad.predicate.value == EX + predicate
        and (value is None or getattr(quad.object, "value", None) == value)
    )
    return locate(part, [index])[index]


@pytest.mark.parametrize(
    ("predicate", "value", "place"),
    [
        ("name", "مركز الميزان", (6, 13, 6, 30)),
        ("name", "centre", (6, 33, 6, 44)),
        ("text", None, (7, 13, 8, 11)),
        ("street", None, (10, 19, 10, 25)),
        ("number", None, (11, 19, 11, 20)),
        ("place", None, (9, 14, 12, 6)),
        ("list", None, (13, 13, 13, 47)),
        ("two", None, (13, 31, 13, 35)),
        ("p", f"{EX}a", (15, 9, 15, 13)),
    ],
)
def test_the_place_is_that_of_the_object(predicate, value, place):
    found = place_of(read(TEXT), predicate, value)
    assert (found.line, found.column, found.end_line, found.end_column) == place


@pytest.mark.parametrize(
    ("predicate", "value", "shown"),
    [
        ("name", "centre", 'ex:a ex:name "centre"@en'),
        ("text", None, 'ex:a ex:text """two "lines" of text"""'),
        ("place", None, "ex:a ex:place […]"),
        ("list", None, "ex:a ex:list (…)"),
        ("number", None, "[…] ex:number 7"),
        ("p", f"{EX}a", "[] ex:p ex:a"),
    ],
)
def test_the_triple_is_shown_as_written(predicate, value, shown):
    assert place_of(read(TEXT), predicate, value).text == shown


def test_a_long_literal_is_shown_with_its_ends():
    text = place_of(read(f'<x:s> <{EX}p> "{"word " * 2000}end"@en .'), "p").text
    assert len(text) < 130
    assert text.startswith(f'<x:s> <{EX}p> "word word')
    assert text.endswith('word end"@en')


def test_the_triples_of_a_list_stand_at_its_items():
    part = read("<x:s> <x:p> (1\n  2) .")
    places = locate(part, range(len(part.quads)))
    lines = {
        (quad.predicate, str(quad.object)): (places[index].line, places[index].column)
        for index, quad in enumerate(part.quads)
        if not isinstance(quad.object, ox.BlankNode)
    }
    one, two = (f'"{each}"^^<http://www.w3.org/2001/XMLSchema#integer>' for each in "12")
    assert lines == {
        (RDF.first, one): (1, 14),
        (RDF.first, two): (2, 3),
        (RDF.rest, str(RDF.nil)): (2, 4),
    }
    assert {places[index].text for index in places} == {
        "<x:s> <x:p> (…)", "<x:s> <x:p> (… 1 …)", "<x:s> <x:p> (… 2 …)", "<x:s> <x:p> (… )",
    }  # fmt: skip


def test_a_subject_stands_where_its_first_block_does():
    part = read(f"{TEXT}ex:a ex:again 1 .\n")
    subjects = {quad.subject for quad in part.quads}
    places = locate_subjects(part, subjects)
    assert places[ox.NamedNode(f"{EX}a")] == Place(4, 1, 4, 5, "ex:a")
    found = {(place.line, place.column, place.text) for place in places.values()}
    assert found == {
        (4, 1, "ex:a"),
        (9, 14, "ex:a ex:place […]"),
        (13, 13, "ex:a ex:list (…)"),
        (13, 22, "ex:a ex:list (… […] …)"),
        (13, 38, 'ex:a ex:list (… "three" …)'),
        (15, 1, "[]"),
        (16, 1, "_:label"),
    }


def test_an_object_alone_is_no_subject():
    part = read("<x:s> <x:p> <x:o> .")
    assert locate_subjects(part, [ox.NamedNode("x:o")]) == {}


@pytest.mark.parametrize(
    ("syntax", "text", "place"),
    [
        (TRIG, "@prefix : <x:> .\r\nGRAPH :g {\r\n :s :p 1 , 2 }", (3, 12)),
        (TRIG, "@prefix : <x:> .\n{ :s :p 1 } :g { :s :p 2 }", (2, 24)),
        (NQUADS, "<x:s> <x:p> <x:o> <x:g> .\n<x:s> <x:p> <x:2> _:g .", (2, 13)),
    ],
)
def test_a_triple_of_a_named_graph(syntax, text, place):
    part = read(text, syntax)
    found = locate(part, [1])[1]
    assert (found.line, found.column) == place


def test_a_byte_order_mark_takes_no_column():
    assert locate(read("\ufeff<x:s> <x:p> <x:o> ."), [0])[0].column == 13


def test_no_place_without_a_source():
    quads = [ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal("o"))]
    part = Graph.from_quads(quads).parts[0]
    assert locate(part, [0]) == {}
    assert locate_subjects(part, [quads[0].subject]) == {}


@pytest.mark.parametrize(
    "now",
    [
        "<x:s> <x:p> 1 .\n<x:s> <x:p> 3 .",
        "<x:s> <x:p> 1 .\n<x:s> <x:q> 2 .",
        "<x:s> <x:p> 1 .\n<x:t> <x:p> 2 .",
        "<x:s> <x:p> 1 .",
        "",
    ],
)
def test_no_place_in_a_file_that_has_changed(tmp_path: Path, now):
    path = tmp_path / "file.ttl"
    path.write_text("<x:s> <x:p> 1 .\n<x:s> <x:p> 2 .")
    part = Graph.from_sources([Source("file.ttl", TURTLE, ox.DefaultGraph(), path=path)]).parts[0]
    assert sorted(locate(part, [0, 1])) == [0, 1]
    path.write_text(now)
    assert 1 not in locate(part, [0, 1])


JSON = """\
{
  "@context": {"ex": "http://example.org/", "id": "@id", "knows": {"@id": "ex:knows"}},
  "@graph": [
    {"id": "ex:a", "knows": {"id": "ex:b"}, "ex:part": {"ex:name": "part"}},
    {"id": "ex:c", "ex:knows": {"id": "ex:b"}},
    {"ex:name": "b", "id": "http://example.org/b", "ex:escaped\\"key": 1}
  ]
}
"""


@pytest.mark.parametrize(
    ("slug", "place"), [("a", (4, 12, 4, 18)), ("b", (6, 28, 6, 50)), ("c", (5, 12, 5, 18))]
)
def test_a_node_of_json_ld_stands_at_its_identifier(slug, place):
    node = ox.NamedNode(EX + slug)
    found = locate_subjects(read(JSON, JSONLD), [node])[node]
    assert (found.line, found.column, found.end_line, found.end_column) == place


def test_a_blank_node_of_json_ld_stands_at_the_node_that_holds_it():
    part = read(JSON, JSONLD)
    index = next(i for i, quad in enumerate(part.quads) if str(quad.object) == '"part"')
    assert locate(part, [index])[index].line == 4


XML = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:ex="http://example.org/" xml:base="http://example.org/doc">
  <ex:Thing rdf:about="http://example.org/a">
    <ex:knows rdf:resource="b"/>
    <ex:part rdf:parseType="Resource"><ex:name>part</ex:name></ex:part>
  </ex:Thing>
  <rdf:Description ex:name="&lt;مركز>" rdf:about="b"/>
  <ex:Thing rdf:ID="c"/>
</rdf:RDF>
"""


@pytest.mark.parametrize(
    ("slug", "place"),
    [("a", (4, 23, 4, 45)), ("b", (8, 50, 8, 53)), ("doc#c", (9, 20, 9, 23))],
)
def test_a_node_of_rdf_xml_stands_at_its_attribute(slug, place):
    node = ox.NamedNode(EX + slug)
    found = locate_subjects(read(XML, RDFXML), [node])[node]
    assert (found.line, found.column, found.end_line, found.end_column) == place


def test_a_blank_node_of_rdf_xml_stands_at_the_node_that_holds_it():
    part = read(XML, RDFXML)
    index = next(i for i, quad in enumerate(part.quads) if str(quad.object) == '"part"')
    assert locate(part, [index])[index].line == 4


def test_the_hand_written_files_of_the_project_are_located_whole(project):
    total = 0
    for folder in ("data", "ontology"):
        for path in sorted((project.root / folder).glob("*.ttl")):
            source = Source(path.name, TURTLE, ox.DefaultGraph(), path=path)
            part = Graph.from_sources([source]).parts[0]
            assert len(locate(part, range(len(part.quads)))) == len(part.quads)
            total += len(part.quads)
    assert total > 1000

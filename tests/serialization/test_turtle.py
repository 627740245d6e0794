"""Turtle and TriG: what the text looks like. That it reads back is tested in test_round_trip."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.formats import TRIG, TURTLE
from mezan_graph.graph import Graph
from mezan_graph.serialization import serialize

PREFIXES = {
    "ex": "http://example.org/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "unused": "http://unused.example/",
}
START = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def written(text: str, rdf_format=TURTLE, **options) -> str:
    """The statements as they are written, without prefixes."""
    graph = Graph.from_quads(ox.parse((START + text).encode(), ox.RdfFormat.TRIG), PREFIXES)
    lines = serialize(graph, rdf_format, **options).decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("@prefix")).strip()


def test_a_whole_document():
    text = """
        ex:b schema:name "B"@en, "ب"@ar ; a schema:Place, schema:Thing ; ex:size 7 ;
            schema:address [ a schema:PostalAddress ; schema:streetAddress "1 Street" ] .
        ex:a ex:items (1 [ ex:x true ] ()) ; ex:long "one\\ntwo" ; ex:empty [] .
        [] ex:of ex:a .
    """
    graph = Graph.from_quads(ox.parse((START + text).encode(), ox.RdfFormat.TURTLE), PREFIXES)
    assert serialize(graph, TURTLE, header=["First line", "", "third\nfourth"]).decode() == (
        """\
# First line
#
# third
# fourth

@prefix ex: <http://example.org/> .
@prefix schema: <https://schema.org/> .

ex:a ex:empty [] ;
    ex:items ( 1 [ ex:x true ] () ) ;
    ex:long \"\"\"one
two\"\"\" .

ex:b a schema:Place, schema:Thing ;
    schema:name "B"@en, "ب"@ar ;
    ex:size 7 ;
    schema:address [
        a schema:PostalAddress ;
        schema:streetAddress "1 Street"
    ] .

[] ex:of ex:a .
"""
    )


def test_named_graphs_are_indented_and_the_default_graph_comes_first():
    assert written("ex:g { ex:a a ex:B } { ex:c a ex:D }", TRIG) == (
        "ex:c a ex:D .\n\nex:g {\n    ex:a a ex:B .\n}"
    )


def test_turtle_of_a_dataset_is_the_union_of_its_graphs():
    assert written("ex:g { ex:a a ex:B } ex:h { ex:a a ex:B } { ex:c a ex:D }") == (
        "ex:a a ex:B .\n\nex:c a ex:D ."
    )


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("7", "7"),
        ("-7", "-7"),
        ("007", '"007"^^xsd:integer'),
        ("+7", '"+7"^^xsd:integer'),
        ("1.50", "1.50"),
        (".5", '".5"^^xsd:decimal'),
        ("1e0", '"1e0"^^xsd:double'),
        ("true", "true"),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"x"^^xsd:string', '"x"'),
        ('"x"^^<http://other.example/a/b>', '"x"^^<http://other.example/a/b>'),
        ("'a\"b'", r'"a\"b"'),
        (r'"a\nb"', '"""a\nb"""'),
        (r'"say \"a\"\nb\""@en', '"""say "a"\nb\\""""@en'),
        (r'"\"\"\"\n"', '"""\\"\\""\n"""'),
        (r'"\\n"', r'"\\n"'),
        (r'"\n\\n\r\t\u0000"', '"""\n\\\\n\\r\\t\\u0000"""'),
    ],
)
def test_literals_keep_their_lexical_form(literal: str, text: str):
    assert written(f"ex:a ex:p {literal} .") == f"ex:a ex:p {text} ."


@pytest.mark.parametrize(
    ("iri", "text"),
    [
        ("https://schema.org/name", "schema:name"),
        ("https://schema.org/", "schema:"),
        ("https://schema.org/a.b", "schema:a.b"),
        ("https://schema.org/a.", "<https://schema.org/a.>"),
        ("https://schema.org/a/b", "<https://schema.org/a/b>"),
        ("https://schema.org/%41", "schema:%41"),
        ("https://schema.org/ميزان", "schema:ميزان"),
        ("https://schema.org/a(b)", "<https://schema.org/a(b)>"),
        ("schema:name", "<schema:name>"),
    ],
)
def test_iris_are_abbreviated_where_the_grammar_allows(iri: str, text: str):
    assert written(f"ex:a ex:p <{iri}> .") == f"ex:a ex:p {text} ."


def test_of_two_prefixes_the_longer_namespace_wins():
    prefixes = {"a": "http://example.org/", "b": "http://example.org/x-"}
    quad = ox.Quad(*[ox.NamedNode("http://example.org/x-y")] * 3)
    assert b"\nb:y b:y b:y ." in serialize(Graph.from_quads([quad], prefixes), TURTLE)


@pytest.mark.parametrize(
    "text",
    [
        "_:c14n0 ex:p _:c14n0 .",
        "_:c14n0 ex:p _:c14n1 .\n\n_:c14n1 ex:q _:c14n1 .",
    ],
)
def test_blank_nodes_in_a_cycle_have_labels(text: str):
    assert "_:c14n0" in written(text)


def test_a_blank_node_mentioned_twice_has_a_label():
    assert written("ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .") == (
        "ex:a ex:p _:c14n0 .\n\nex:b ex:p _:c14n0 .\n\n_:c14n0 ex:q 1 ."
    )


def test_a_blank_node_shared_by_two_graphs_has_a_label():
    assert written("ex:g { ex:a ex:p _:x } ex:h { _:x ex:q 1 }", TRIG) == (
        "ex:g {\n    ex:a ex:p _:c14n0 .\n}\n\nex:h {\n    _:c14n0 ex:q 1 .\n}"
    )


def test_a_list_that_is_not_well_formed_is_written_as_triples():
    text = written(
        "ex:a ex:p [ rdf:first 1, 2 ; rdf:rest ( 3 ) ] .".replace(
            "rdf:", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        )
        .replace("#first", "#first>")
        .replace("#rest", "#rest>")
    )
    assert "#first> 1, 2" in text
    assert "#rest> ( 3 )" in text


def test_deep_nesting_ends_in_labels_that_our_own_reading_accepts():
    text = "ex:a ex:p " + "[ ex:p " * 90 + "1" + " ]" * 90 + " ."
    deepest = max(
        line.count("[") + (len(line) - len(line.lstrip())) // 4
        for line in written(text).splitlines()
    )
    assert deepest < 20


def test_a_long_list_is_one_list():
    text = written(f"ex:a ex:p ( {' '.join(map(str, range(3000)))} ) .")
    assert text.count("(") == 1
    assert text.endswith("    2999\n    ) .")


def test_many_objects_stand_on_a_line_each():
    text = written("ex:a ex:p " + ", ".join(f"ex:{'x' * 30}{n}" for n in range(4)) + " .")
    assert text.splitlines()[1] == f"        ex:{'x' * 30}0,"

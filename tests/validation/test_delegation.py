"""A shape that cannot be compiled goes to pySHACL by itself, and the report says so."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.validation import engine, reference
from mezan_graph.validation.validator import validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""
COMPILED = (
    "ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
)
RECURSIVE = """
ex:R a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:R ] ,
  [ sh:path ex:name ; sh:minCount 1 ] .
"""
TARGET = """
ex:A a sh:NodeShape ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ;
  sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this <https://example.org/q> 1 }" ] .
"""
EXPRESSION = "ex:E a sh:NodeShape ; sh:targetClass ex:C ; sh:expression [ sh:path ex:valid ] ."


def turtle(text: str) -> Graph:
    return Graph.from_quads(
        ox.parse((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def essence(outcome: engine.Outcome) -> list[tuple[str, ...]]:
    return sorted(
        (str(each.focus_node), str(each.path), str(each.value), each.component.value)
        for each in outcome.results
    )


DATA = """
ex:a a ex:C ; ex:p ex:b ; ex:name "a" ; ex:valid true .
ex:b ex:q 1 .
"""


@pytest.mark.parametrize(
    ("shapes", "shape", "reason"),
    [
        (RECURSIVE, "R", "it refers to itself"),
        (TARGET, "A", "sh:target"),
        (EXPRESSION, "E", "sh:expression"),
        (
            RECURSIVE + "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:not [ sh:node ex:R ] .",
            "S",
            "it refers to itself",
        ),
    ],
)
def test_results_are_those_of_the_whole_reference(shapes, shape, reason):
    data, both = turtle(DATA), turtle(COMPILED + shapes)
    outcome = engine.validate_graph(data, both)
    assert dict(outcome.delegated)[iri(shape)].startswith(reason) or reason in str(
        outcome.delegated
    )
    assert iri("T") not in dict(outcome.delegated)
    assert essence(outcome) == essence(reference.validate_graph(data, both))
    assert essence(outcome)


def test_only_the_shapes_that_need_it_are_delegated():
    outcome = engine.validate_graph(turtle(DATA), turtle(COMPILED))
    assert outcome.delegated == ()


def test_what_is_chosen_of_the_nodes_holds_for_delegated_shapes():
    outcome = engine.validate_graph(turtle(DATA), turtle(RECURSIVE), among=[iri("b")])
    assert essence(outcome) == []
    assert outcome.delegated


def test_a_compiled_shape_that_is_a_class_is_not_validated_twice():
    shapes = """
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ex:D a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .
    """
    data = turtle("ex:d a ex:D . " + DATA)
    results = engine.validate_graph(data, turtle(shapes + RECURSIVE)).results
    assert [each.focus_node for each in results if each.source_shape != iri("R")].count(
        iri("d")
    ) == 1


@pytest.mark.parametrize(
    "data",
    ["ex:a a ex:C ; ex:name 'a' ; ex:p ex:a .", "ex:a a ex:C ; ex:p ex:b . ex:b ex:p ex:a ."],
)
@pytest.mark.parametrize("run", [engine.validate_graph, reference.validate_graph])
def test_recursion_without_end_is_an_error_and_never_conforms(data, run):
    with pytest.raises(ShapeError, match="without end"):
        run(turtle(data), turtle(RECURSIVE))


@pytest.mark.parametrize(
    "term", ["sh:rule [ a sh:TripleRule ]", "sh:js [ a sh:JSConstraint ]", "sh:entailment ex:x"]
)
def test_what_changes_other_shapes_is_not_delegated(term):
    with pytest.raises(ShapeError, match="no part of SHACL Core"):
        engine.validate_graph(turtle(DATA), turtle(RECURSIVE + f"ex:T a sh:NodeShape ; {term} ."))


def test_terms_that_do_not_exist_are_errors_in_delegated_shapes_too():
    shapes = RECURSIVE.replace("sh:minCount", "sh:mincount")
    with pytest.raises(ShapeError, match="sh:mincount"):
        engine.validate_graph(turtle(DATA), turtle(shapes))


def test_the_report_names_each_delegated_shape(tmp_path, write_project):
    project = write_project(
        tmp_path,
        "id:b a schema:NGO ; schema:name 'B'@en ; schema:parentOrganization id:a .",
        shapes="""
        shapes:o a sh:NodeShape ; sh:targetClass schema:NGO ;
          sh:property [ sh:path schema:parentOrganization ; sh:node shapes:o ] .
        """,
    )
    [found] = [each for each in validate(project).findings if each.code == "MZ003"]
    assert (found.severity, found.file) == ("info", "shapes/test.ttl")
    assert "refers to itself" in found.message

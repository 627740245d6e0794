"""SPARQL constraints: pre-binding, and what comes back from a store that rewrites literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.validation.engine import validate_graph

if TYPE_CHECKING:
    from mezan_graph.validation.report import Result

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""


def turtle(text: str) -> Graph:
    return Graph.from_quads(
        ox.parse((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def select(query: str, target: str = "sh:targetClass ex:C", more: str = "") -> str:
    return (
        f"ex:S a sh:NodeShape ; {target} ; sh:sparql ex:Q . ex:Q sh:prefixes ex:prefixes ; {more} "
        f'sh:select """{query}""" .'
    )


def results(data: str, shapes: str) -> tuple[Result, ...]:
    return validate_graph(turtle(data), turtle(shapes)).results


def focused(data: str, shapes: str) -> list[str]:
    return sorted(each.focus_node.value.rpartition("/")[2] for each in results(data, shapes))


MANY = "".join(f"ex:n{number} a ex:C ; ex:p {number % 2} . " for number in range(2500))


@pytest.mark.parametrize(
    "pattern",
    [
        "$this ex:p 1",
        "$this ex:p ?v FILTER(?v = 1)",
        "{ $this ex:p 1 } UNION { FILTER(isLiteral($this)) }",
        "{ { FILTER(isIRI($this)) } $this ex:p ?v } FILTER(?v = 1)",
        "$this a ex:C FILTER EXISTS { $this ex:p 1 }",
        "FILTER NOT EXISTS { { $this ex:p ?v FILTER(bound($this)) } FILTER(?v = 0) }",
        "{ SELECT $this { $this ex:p 1 } }",
        "{ SELECT $this (COUNT(?v) AS ?n) { $this ex:p ?v FILTER(?v = 1) } GROUP BY $this }",
        "BIND($this AS ?that) ?that ex:p 1",
        "$this ex:p ?v OPTIONAL { BIND($this AS ?that) ?that ex:p 0 . BIND(true AS ?even) } "
        "FILTER(!bound(?even))",
        "$this ex:p 1 # a comment with } and $this\n",
        "$this ex:p 1 FILTER(STR($this) != '} FILTER(false) {')",
    ],
)
def test_one_query_answers_for_every_focus_node(pattern: str) -> None:
    found = results(MANY, select(f"SELECT $this {{ {pattern} }}"))
    expected = {f"https://example.org/n{number}" for number in range(1, 2500, 2)}
    assert {each.focus_node.value for each in found} == expected
    assert len(found) == len(expected)


def test_a_nested_shape_asks_too_where_only_its_conformance_counts() -> None:
    shapes = select("SELECT $this { $this ex:p 1 }") + (
        "ex:T sh:targetClass ex:C ; sh:node ex:S . "
        "ex:U sh:targetSubjectsOf ex:q ; sh:property [ sh:path ex:q ; sh:property ex:V ] . "
        "ex:V sh:path ex:p ; sh:sparql ex:W . ex:W sh:prefixes ex:prefixes ; "
        'sh:select "SELECT $this ?value { $this $PATH ?value FILTER(?value = 1) }" .'
    )
    found = results("ex:a a ex:C ; ex:p 1 . ex:b a ex:C ; ex:p 0 ; ex:q ex:a .", shapes)
    assert sorted((each.focus_node.value[-1], each.source_shape.value[-1]) for each in found) == [
        ("a", "S"),
        ("a", "T"),
        ("a", "V"),
    ]


def test_limit_counts_for_each_focus_node() -> None:
    data = "ex:a a ex:C ; ex:p 1, 2 . ex:b a ex:C ; ex:p 1, 2 ."
    query = "SELECT $this ?value { $this ex:p ?value } ORDER BY ?value LIMIT 1"
    assert focused(data, select(query)) == ["a", "b"]


def test_aggregates() -> None:
    data = "ex:a a ex:C ; ex:p 1, 2 . ex:b a ex:C ; ex:p 1 ."
    query = "SELECT $this { $this ex:p ?v } GROUP BY $this HAVING(COUNT(?v) > 1)"
    assert focused(data, select(query)) == ["a"]


def test_blank_nodes_are_focus_nodes() -> None:
    data = "_:x a ex:C ; ex:p 1 . _:y a ex:C ; ex:p 2 . ex:a a ex:C ; ex:p 1 ."
    query = "SELECT $this { { FILTER(isBlank($this)) } UNION { $this ex:p 1 } $this ex:p ?v }"
    kinds = [type(each.focus_node) for each in results(data, select(query))]
    assert sorted(each.__name__ for each in kinds) == ["BlankNode"] * 3 + ["NamedNode"]


def test_literals_are_focus_nodes() -> None:
    query = "SELECT $this { FILTER(STRLEN(STR($this)) > 1) }"
    target = 'sh:targetNode "ab", "a", "01"^^xsd:integer, 12'
    assert focused("", select(query, target)) == ["12", "ab"]


def test_values_keep_the_lexical_form_of_the_data() -> None:
    data = 'ex:a a ex:C ; ex:p "1.50"^^xsd:decimal . ex:b a ex:C ; ex:p 1.5 . ex:c ex:p 1.500 .'
    query = "SELECT $this ?value { $this ex:p ?value }"
    found = {each.focus_node.value[-1]: each.value for each in results(data, select(query))}
    assert {key: value and value.value for key, value in found.items()} == {"a": "1.50", "b": "1.5"}


def test_an_ask_validator_sees_focus_and_value() -> None:
    component = """
    ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:not ] ;
      sh:validator [ sh:prefixes ex:prefixes ; sh:message "{$value} is {$not} at {$this}" ;
        sh:ask "ASK { FILTER($value != $not || EXISTS { $this ex:exempt true }) }" ] .
    ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; ex:not 2 ] .
    """
    data = "ex:a a ex:C ; ex:p 1, 2 . ex:b a ex:C ; ex:p 2 ; ex:exempt true ."
    [result] = results(data, component)
    assert result.message == "2 is 2 at <https://example.org/a>"
    assert str(result.component) == "<https://example.org/Component>"


def test_a_component_of_one_parameter_holds_for_each_of_its_values() -> None:
    component = """
    ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:not ] ;
      sh:validator [ sh:ask "ASK { FILTER($value != $not) }" ] .
    ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; ex:not 1, 2 ] .
    """
    assert focused("ex:a a ex:C ; ex:p 1, 2, 3 .", component) == ["a", "a"]


def test_messages_take_values_from_the_row() -> None:
    query = "SELECT $this ?value ?other { $this ex:p ?value . $this ex:q ?other }"
    shapes = select(query, more='sh:message "{?value} and {$other} and {?none}" ;')
    [result] = results("ex:a a ex:C ; ex:p 1 ; ex:q 2 .", shapes)
    assert result.message == "1 and 2 and {?none}"
    assert result.messages == (ox.Literal("1 and 2 and {?none}"),)
    assert result.source_constraint == ox.NamedNode("https://example.org/Q")


def test_the_row_may_bring_its_message() -> None:
    query = "SELECT $this ?message { $this ex:p ?v BIND(CONCAT('has ', STR(?v)) AS ?message) }"
    [result] = results("ex:a a ex:C ; ex:p 1 .", select(query))
    assert result.message == "has 1"


def test_all_graphs_of_the_data_are_one() -> None:
    data = turtle("ex:a a ex:C .").extended(
        turtle("ex:a ex:p 1 .").triples(), ox.NamedNode("https://example.org/g")
    )
    outcome = validate_graph(data, turtle(select("SELECT $this { $this a ex:C ; ex:p 1 }")))
    assert len(outcome.results) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT $this { SERVICE <https://example.org/sparql> { $this ex:p 1 } }", "SERVICE"),
        ("SELECT $this { $this ex:p 1 MINUS { $this ex:p 2 } }", "MINUS"),
        ("SELECT $this { VALUES ?x { 1 } $this ex:p ?x }", "VALUES"),
        ("SELECT $this FROM <https://example.org/g> { $this ex:p 1 }", "FROM"),
        ("SELECT $this { BIND(1 AS $this) }", "pre-bound"),
        ("SELECT $this { { SELECT ?x { ?x ex:p 1 } } }", "pre-bound ?this"),
        ("SELECT $this { $this $PATH 1 }", "$PATH"),
        ("ASK { $this ex:p 1 }", "SELECT"),
        ("SELECT $this { $this none:p 1 }", "prefix none: of the query is not declared"),
        ("SELECT $this { $this ex:p }", "example.org/Q>: the text is not SPARQL"),
        ("SELECT $this {" + "{" * 3000 + "}" * 3000 + "}", "deep"),
        ("SELECT $this { FILTER(true AS ?failure) }", "expected"),
        ("DELETE WHERE { $this ex:p 1 }", "DELETE"),
    ],
)
def test_queries_that_are_refused(query: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message.replace("$", r"\$").replace("?", r"\?")):
        results("ex:a a ex:C ; ex:p 1 .", select(query))


def test_a_reported_failure_is_an_error() -> None:
    query = "SELECT $this ?failure { $this ex:p ?v BIND(true AS ?failure) }"
    with pytest.raises(ShapeError, match="reports a failure"):
        results("ex:a a ex:C ; ex:p 1 .", select(query))


@pytest.mark.parametrize(
    "pattern",
    [
        "$this ex:p ?v FILTER(?v = 1)",
        "{ $this ex:p 1 } UNION { FILTER(isLiteral($this)) }",
        "FILTER NOT EXISTS { $this ex:p ?v FILTER(?v = 0) }",
        "{ SELECT $this (SUM(?v) AS ?n) { $this ex:p ?v } GROUP BY $this HAVING (SUM(?v) = 1) }",
        "$this ex:p ?v OPTIONAL { $this ex:p ?w FILTER(?w = 0) } FILTER(!bound(?w))",
        "{ SELECT $this { { SELECT $this ?v { $this ex:p ?v } } FILTER(?v = 1) } }",
    ],
)
def test_one_query_answers_for_every_blank_focus_node(pattern: str) -> None:
    data = MANY.replace("ex:n", "_:n") + "".join(f"_:n{n} ex:q ex:n{n} . " for n in range(2500))
    graph = turtle(data)
    names: dict[object, object] = {
        quad.subject: quad.object for quad in graph if "/q>" in str(quad.predicate)
    }
    found = validate_graph(graph, turtle(select(f"SELECT $this {{ {pattern} }}"))).results
    assert {names[each.focus_node] for each in found} == {
        ox.NamedNode(f"https://example.org/n{number}") for number in range(1, 2500, 2)
    }


def test_a_subquery_counts_what_its_own_focus_node_has() -> None:
    data = "ex:a a ex:C ; ex:p 1, 2, 3 . ex:b a ex:C ; ex:p 1 . ex:c a ex:C ."
    inner = "{ SELECT $this (COUNT(?v) AS ?value) { $this ex:p ?v } GROUP BY $this }"
    found = results(data, select(f"SELECT $this ?value {{ {inner} FILTER(?value > 0) }}"))
    assert {(str(each.focus_node)[-2:-1], each.value.value) for each in found if each.value} == {
        ("a", "3"),
        ("b", "1"),
    }


def test_triple_of_two_graphs_counts_once_whatever_the_query_reaches() -> None:
    # SHACL, section 1.2: the data graph is one graph, which the union of all graphs stands for.
    data = turtle("ex:a a ex:C ; ex:p 1 .")
    twice = data.extended(data.triples(), ox.NamedNode("https://example.org/again"))
    shapes = turtle(select("SELECT $this { $this ?any ?v } GROUP BY $this HAVING (COUNT(?v) > 2)"))
    assert not validate_graph(twice, shapes).results


def test_shapes_graph_is_asked_apart_from_the_data() -> None:
    # SHACL, section 5.3.1: $shapesGraph names a graph; the default graph is the data graph.
    query = "SELECT $this {{ GRAPH $shapesGraph {{ $currentShape a ?kind }} FILTER {} {{ {} }} }}"
    within = query.format("NOT EXISTS", "?anywhere a ?kind")
    assert focused("ex:a a ex:C .", select(within)) == ["a"]
    around = query.format("EXISTS", "$this a ex:C")
    assert focused("ex:a a ex:C .", select(around)) == ["a"]

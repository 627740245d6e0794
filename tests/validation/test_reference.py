"""pySHACL behind the same interface, and where the specification is not on its side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.validation import engine, reference

if TYPE_CHECKING:
    from mezan_graph.validation.engine import Outcome

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""


def turtle(text: str) -> Graph:
    return Graph.from_quads(
        ox.parse((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )


def essence(outcome: Outcome) -> list[tuple[str, ...]]:
    return sorted(
        (str(each.focus_node), str(each.path), str(each.value), each.component.value)
        for each in outcome.results
    )


def both(data: str, shapes: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    graphs = turtle(data), turtle(shapes)
    return essence(engine.validate_graph(*graphs)), essence(reference.validate_graph(*graphs))


def test_both_agree_on_each_kind_of_constraint() -> None:
    shapes = """
    ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:closed true ; sh:ignoredProperties ( ex:x ) ;
      sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 2 ; sh:datatype xsd:integer ;
        sh:minInclusive 2 ; sh:in ( 1 2 3 ) ; sh:message "wrong" ] ,
      [ sh:path ( ex:q [ sh:inversePath ex:q ] ) ; sh:nodeKind sh:Literal ] ;
      sh:not [ sh:property [ sh:path ex:q ; sh:minCount 2 ] ] .
    """
    data = """
    ex:a a ex:C ; ex:p 1, 2, 3 ; ex:q ex:b, ex:c ; ex:x 1 ; ex:y 2 .
    ex:b a ex:C ; ex:p "2", 9 .
    ex:c a ex:C .
    """
    ours, theirs = both(data, shapes)
    assert ours == theirs
    assert len(ours) > 8


def test_unmatched_shapes_are_listed_by_both() -> None:
    graphs = turtle("ex:a a ex:C ."), turtle("ex:S a sh:NodeShape ; sh:targetClass ex:D .")
    assert (
        engine.validate_graph(*graphs).unmatched
        == reference.validate_graph(*graphs).unmatched
        == (ox.NamedNode("https://example.org/S"),)
    )


def test_years_are_the_same_in_both() -> None:
    shapes = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
      [ sh:path ex:p ; sh:datatype xsd:gYear ] , [ sh:path ex:q ; sh:datatype xsd:date ;
        sh:lessThan ex:r ; sh:minInclusive "2000-01-01"^^xsd:date ] ."""
    data = """ex:a a ex:C ; ex:p "2020"^^xsd:gYear, "2020" ;
      ex:q "2020-01-01"^^xsd:date, "1999-01-01"^^xsd:date ; ex:r "2010-01-01"^^xsd:date ."""
    ours, theirs = both(data, shapes)
    assert ours == theirs
    assert len(ours) == 3


def test_a_date_is_not_less_than_a_string() -> None:
    # SPARQL 1.1 section 17.3: there is no < for a date and a string, so the filter is an error and
    # the row is dropped. rdflib orders them by datatype.
    query = "SELECT $this { $this <https://example.org/p> ?p, ?q FILTER(?p < ?q) }"
    shape = f'ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select "{query}" ] .'
    ours, theirs = both('ex:a a ex:C ; ex:p "2020-01-01"^^xsd:date , "2021" .', shape)
    assert (len(ours), len(theirs)) == (0, 1)


def test_values_that_cannot_be_compared_break_a_range_in_both() -> None:
    # SHACL 4.5.3 and 4.3: "or if the two values cannot be compared" makes a result.
    shape = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
      [ sh:path ex:p ; sh:lessThan ex:q ; sh:minInclusive "2000-01-01"^^xsd:date ] ."""
    ours, theirs = both('ex:a a ex:C ; ex:p "2020" ; ex:q "2021-01-01"^^xsd:date .', shape)
    assert ours == theirs
    assert len(ours) == 2


def test_a_plain_literal_is_an_xsd_string_in_both() -> None:
    # RDF 1.1 Concepts section 3.3: the two are one term.
    shape = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
      [ sh:path ex:p ; sh:equals ex:q ; sh:hasValue "a"^^xsd:string ; sh:datatype xsd:string ] ."""
    assert both('ex:a a ex:C ; ex:p "a" ; ex:q "a"^^xsd:string .', shape) == ([], [])


def test_years_are_checked_by_us_alone() -> None:
    # XSD 1.1 part 2 section 3.3.11: a gYear has four digits; rdflib has no check for it.
    at = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; "
    shape = f"{at} sh:datatype xsd:gYear ] ."
    ours, theirs = both('ex:a a ex:C ; ex:p "20"^^xsd:gYear .', shape)
    assert (len(ours), len(theirs)) == (1, 0)


def test_advanced_features_are_left_to_pyshacl() -> None:
    shape = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:expression [ sh:path ex:ok ] ."""
    data = turtle("ex:a a ex:C ; ex:ok false .")
    assert len(reference.validate_graph(data, turtle(shape)).results) == 1
    outcome = engine.validate_graph(data, turtle(shape))
    assert len(outcome.results) == 1
    assert [reason for _, reason in outcome.delegated] == [
        "it uses sh:expression of SHACL Advanced Features"
    ]


def test_what_pyshacl_refuses_is_an_error() -> None:
    with pytest.raises(ShapeError, match="pySHACL"):
        reference.validate_graph(
            turtle("ex:a a ex:C ."),
            turtle("ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:minCount 1 ] ."),
        )

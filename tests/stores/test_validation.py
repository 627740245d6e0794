"""Shapes prove the loaded graph on every store: each kind of constraint, broken and kept."""

# A server is of each kind.
from __future__ import annotations

import pyoxigraph as ox

from mezan_graph.graph import Graph
from mezan_graph.validation import engine
from mezan_graph.validation.remote import shacl_remote

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:Poet rdfs:subClassOf ex:Person .
ex:good a ex:Poet ; ex:name "Good"@en , "جيد"@ar ; ex:born "1950-01-31"^^xsd:date ;
    ex:died "1999-12-01"^^xsd:date ; ex:friend ex:other ; ex:age 49 ; ex:kind ex:a ; ex:home ex:x .
ex:other a ex:Person ; ex:name "Other"@en ; ex:friend ex:good ; ex:kind ex:a .
ex:bad a ex:Poet ; ex:name "B"@en , "Bad too"@en , "bad"@fr ; ex:born "1999-12-01"^^xsd:date ;
    ex:died "1950-01-31"^^xsd:date ; ex:friend ex:place , ex:bad ; ex:age 200 , "young" ;
    ex:kind ex:c ; ex:home "here" .
ex:place ex:in ex:country .
ex:country ex:in ex:world .
"""
SHAPES = """
ex:person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:name , ex:born , ex:friend ,
    ex:age , ex:kind , ex:home , ex:most , ex:either , ex:one , ex:twice , ex:asked .
ex:name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:minLength 3 ; sh:maxLength 6 ;
    sh:pattern "^[A-Zجيد]" ; sh:languageIn ( "en" "ar" ) ;
    sh:uniqueLang true ; sh:nodeKind sh:Literal .
ex:born a sh:PropertyShape ; sh:path ex:born ; sh:datatype xsd:date ; sh:lessThan ex:died ;
    sh:maxInclusive "1990-01-01"^^xsd:date .
ex:friend a sh:PropertyShape ; sh:path ex:friend ; sh:class ex:Person ; sh:disjoint ex:self ;
    sh:node ex:nice ; sh:maxCount 1 .
ex:nice a sh:NodeShape ; sh:not [ sh:property [ sh:path ex:kind ; sh:hasValue ex:c ] ] .
ex:age a sh:PropertyShape ; sh:path ex:age ; sh:maxExclusive 150 ; sh:datatype xsd:integer .
ex:kind a sh:PropertyShape ; sh:path ex:kind ; sh:in ( ex:a ex:b ) ; sh:hasValue ex:a .
ex:home a sh:PropertyShape ; sh:path ex:home ; sh:nodeKind sh:IRI .
ex:most a sh:PropertyShape ; sh:path [ sh:inversePath ex:friend ] ; sh:minCount 1 .
ex:either a sh:PropertyShape ; sh:path ex:age ;
    sh:or ( [ sh:datatype xsd:integer ] [ sh:in ( ex:a ) ] ) .
ex:one a sh:PropertyShape ; sh:path ex:age ;
    sh:xone ( [ sh:maxInclusive 100 ] [ sh:minInclusive 10 ] ) .
ex:twice a sh:PropertyShape ; sh:path [ sh:alternativePath ( ex:friend ex:home ) ] ;
    sh:qualifiedValueShape [ sh:class ex:Person ] ; sh:qualifiedMinCount 1 ;
    sh:qualifiedMaxCount 1 .
ex:asked a sh:PropertyShape ; sh:path ex:friend ; sh:sparql [
    sh:select "SELECT $this ?value { $this $PATH ?value FILTER($this = ?value) }" ] .
ex:located a sh:NodeShape ; sh:targetSubjectsOf ex:in ; sh:closed true ;
    sh:ignoredProperties ( ex:on ) .
ex:wide a sh:PropertyShape ; sh:targetNode ex:place ; sh:path [ sh:oneOrMorePath ex:in ] ;
    sh:maxCount 1 .
ex:same a sh:PropertyShape ; sh:targetObjectsOf ex:friend ; sh:path ex:friend ; sh:equals ex:known .
"""
NOT_CARRIED = {"virtuoso": {("https://example.org/wide", "MaxCountConstraintComponent")}}
"""What a store does not take; Virtuoso: a path of any length from a node given by VALUES."""

LIVE = "https://example.org/graph/live"


def graph_of(text):
    parser = ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE)
    quads = list(parser)
    return Graph.from_quads(quads, dict(parser.prefixes))


def found(results):
    return {
        (
            each.source_shape.value,
            each.component.value.rpartition("#")[2],
            each.focus_node.value,
            each.path,
            str(each.value),
        )
        for each in results
    }


def test_each_constraint_gives_what_the_local_engine_gives(server, clean):
    data, shapes = graph_of(DATA), graph_of(SHAPES)
    lines = [f"{each} .".encode() for each in data.triples()]
    clean.add(LIVE, b"\n".join(lines) + b"\n")
    outcome = shacl_remote(server.query_url, shapes, graphs=[ox.NamedNode(LIVE)])
    left_out = {(shape.value, component) for shape, component, _ in outcome.not_carried}
    assert left_out == NOT_CARRIED.get(server.kind, set())
    everything = found(engine.validate_graph(data, shapes).results)
    assert found(outcome.results) == {each for each in everything if each[:2] not in left_out}
    assert outcome.triples == len(lines)

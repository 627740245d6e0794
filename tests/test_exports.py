"""Exports: the whole graph, one named graph, one entity; the same bytes each time."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from mezan_graph.errors import UnknownEntityError, UnknownGraphError, UsageError
from mezan_graph.exports import export, published_graph, write_answer
from mezan_graph.formats import FORMATS, JSONLD, NQUADS, TURTLE
from mezan_graph.graph import Graph
from mezan_graph.queries.ask import query
from mezan_graph.serialization import digest, serialize


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_reads_back_to_the_published_graph(project, name):
    rdf_format = FORMATS[name]
    content = export(project, rdf_format=rdf_format)
    read = Graph.from_quads(ox.parse(content, rdf_format.oxigraph))
    expected = published_graph(project)
    if not rdf_format.datasets:
        union = (ox.Quad(q.subject, q.predicate, q.object) for q in expected)
        expected = Graph.from_quads(union)
    assert digest(read) == digest(expected)


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_licence_and_attribution_stand_in_the_header(project, name):
    head = export(project, rdf_format=FORMATS[name]).decode().splitlines()[:3]
    assert head[1] == "# Licence: https://creativecommons.org/licenses/by-sa/4.0/"
    assert head[2].startswith("# Attribution: The source article and its contributors")


def test_licence_and_attribution_stand_in_comments_of_xml(project):
    head = export(project, rdf_format=FORMATS["rdfxml"]).decode().splitlines()[1:4]
    assert head[1] == "<!-- Licence: https://creativecommons.org/licenses/by-sa/4.0/ -->"
    assert head[2].startswith("<!-- Attribution: The source article and its contributors")


@pytest.mark.parametrize("line", ["a -- b", "--", "-", "", "a --> <x/>", "ends in -", "\x00"])
def test_a_header_line_cannot_break_out_of_its_comment(line):
    graph = Graph.from_quads(
        [ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b#c"), ox.Literal("d"))]
    )
    content = serialize(graph, FORMATS["rdfxml"], header=[line])
    assert len(list(ox.parse(content, ox.RdfFormat.RDF_XML))) == 1
    ET.fromstring(content)


def test_the_same_project_gives_the_same_bytes(project):
    assert export(project, rdf_format=JSONLD) == export(project, rdf_format=JSONLD)


def test_lexical_forms_are_kept(project):
    assert b'"PT24H"^^xsd:duration' in export(project)


def test_a_named_graph_is_exported_alone(project):
    derived = export(project, graph_name="derived", rdf_format=NQUADS).decode()
    lines = [line for line in derived.splitlines() if not line.startswith("#")]
    assert len(lines) > 20
    assert all(line.endswith("<https://w3id.org/mezan-graph/graph/derived> .") for line in lines)


def test_an_unknown_graph_is_an_error_that_lists_the_known_ones(project):
    with pytest.raises(UnknownGraphError, match="one of .*data.*derived.*links"):
        export(project, graph_name="nothing")


@pytest.mark.parametrize(
    "name",
    ["al-mezan", "id:al-mezan", "https://w3id.org/mezan-graph/id/al-mezan",
     "<https://w3id.org/mezan-graph/id/al-mezan>"],
)  # fmt: skip
def test_an_entity_comes_with_relationships_and_citations(project, name):
    text = export(project, name).decode()
    assert "id:funding-ford-foundation a schema:Grant" in text
    assert "id:cite-funding-ford-foundation a oa:SpecificResource" in text
    assert 'rdf:value "line=32,33"' in text


def test_an_unknown_entity_is_an_error_with_a_near_miss(project):
    with pytest.raises(UnknownEntityError, match="did you mean al-mezan"):
        export(project, "al-mizan")


def test_an_entity_and_a_graph_exclude_each_other(project):
    with pytest.raises(UsageError, match="not both"):
        export(project, "al-mezan", graph_name="data")


def test_the_answer_of_a_construct_is_a_graph_in_any_format(project):
    answer = query(project, "funder-shortcuts")
    assert b"id:al-mezan schema:funder" in write_answer(answer)
    assert write_answer(answer, "ntriples").count(b"\n") == 7


def test_a_graph_has_no_results_format_and_solutions_no_rdf_format(project):
    with pytest.raises(UsageError):
        write_answer(query(project, "funder-shortcuts"), "csv")
    with pytest.raises(UsageError):
        write_answer(query(project, "funders"), TURTLE.name)


def test_what_only_a_shortcut_points_from_is_named_and_not_described(project):
    text = export(project, "ford-foundation").decode()
    assert "id:al-mezan a org:Organization, schema:NGO" in text
    assert "schema:funder id:ford-foundation" in text
    assert "org:hasSite" not in text


def test_the_json_ld_of_an_entity_is_one_tree(project):
    import json

    document = json.loads(export(project, "ford-foundation", rdf_format=JSONLD))
    assert document["id"] == f"{project.base}id/ford-foundation"
    grants = [each for each in document["@reverse"]["funder"] if each["type"] == "Grant"]
    assert grants[0]["source"]["hasSelector"]["value"] == "line=32,33"
    assert "@graph" not in document

"""A standard SHACL validation report, the same graph in Turtle and in JSON-LD."""

from __future__ import annotations

import io
import time

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph
from mezan_graph.namespaces import SH, XSD
from mezan_graph.serialization import canonical
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering import render
from mezan_graph.validation.report import Result, Severity, report_graph

RDF_FORMATS = {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


def read(text: str, name: str) -> list[ox.Quad]:
    return list(ox.parse(io.BytesIO(text.encode()), RDF_FORMATS[name]))


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_it_is_the_graph_of_the_results(name, report, example):
    found = canonical(Graph.from_quads(read(render(report, example, name), name))).text()
    assert found == canonical(Graph.from_quads(report_graph(report.results))).text()


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_literals_stand_in_full_with_their_forms(name, report, example):
    values = {
        quad.object for quad in read(render(report, example, name), name)
        if quad.predicate == SH.value
    }  # fmt: skip
    assert ox.Literal("ي" * 1500, language="ar") in values
    assert ox.Literal("02004", datatype=XSD.gYear) in values


@pytest.mark.parametrize("name", RDF_FORMATS)
@pytest.mark.parametrize("severity", Severity)
def test_conforms_is_false_with_a_result_of_any_severity(name, severity, report, example):
    (conforms,) = (
        quad.object
        for quad in read(
            render(
                report._replace(results=(report.results[0]._replace(severity=severity),)),
                example,
                name,
            ),
            name,
        )
        if quad.predicate == SH.conforms
    )
    assert conforms == ox.Literal("false", datatype=XSD.boolean)


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_findings_beyond_shacl_are_not_in_it(name, example):
    beyond = ValidationReport((Finding("MZ301", "violation", "a row"),))
    rendered = render(beyond, example, name)
    quads = read(rendered, name)
    assert [quad.object for quad in quads if quad.predicate == SH.conforms] == [
        ox.Literal("true", datatype=XSD.boolean)
    ]
    assert len(quads) == 2
    assert ("Findings beyond SHACL, which only the other formats have: 1" in rendered) == (
        name == "turtle"
    )


def test_thousands_of_results_that_look_alike_are_written_in_linear_time(example):
    """RDFC-1.0 would try all their permutations."""
    alike = tuple(
        Result(ox.BlankNode(), None, None, SH.x, SH.y, Severity.VIOLATION, "x", ())
        for _ in range(2000)
    )
    started = time.process_time()
    rendered = render(ValidationReport((), alike), example, "turtle")
    assert rendered.count("sh:ValidationResult ") == 2000
    assert time.process_time() - started < 10

"""The report as RDF: a standard ``sh:ValidationReport`` (SHACL, section 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.formats import JSONLD, TURTLE, RdfFormat
from mezan_graph.graph import Graph
from mezan_graph.validation.rendering.stable import Labels
from mezan_graph.validation.report import report_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mezan_graph.project import Project
    from mezan_graph.validation.findings import ValidationReport


def render_turtle(report: ValidationReport, project: Project) -> str:
    """Return the validation report in Turtle; a comment says how many findings are not SHACL's.

    Only validation results are in it: a syntax error or a failed check has no place in the
    vocabulary of SHACL. Literals stand in full, with their lexical forms.
    """
    header = [f"SHACL validation report of {project.name}"]
    beyond = sum(each.component is None for each in report.findings)
    if beyond:
        header.append(f"{beyond} findings beyond SHACL are not in it; other formats have them")
    return _serialized(report, project, TURTLE, header)


def render_jsonld(report: ValidationReport, project: Project) -> str:
    """Return the validation report in JSON-LD, the same graph as :func:`render_turtle`."""
    return _serialized(report, project, JSONLD, ())


def _serialized(
    report: ValidationReport, project: Project, rdf_format: RdfFormat, header: Sequence[str]
) -> str:
    from mezan_graph.serialization import CanonicalGraph, serialize
    from mezan_graph.serialization.nquads import lines_of

    # Thousands of results may look alike, and telling them apart by RDFC-1.0 takes forever. Their
    # order in the report tells them apart as well, so their labels come from that.
    graph = Graph.from_quads(_relabelled(report_graph(report.results)), project.prefixes)
    lines = sorted(lines_of(graph))
    labelled = CanonicalGraph(lines, project.prefixes, project.limits.canonical_seconds)
    return serialize(labelled, rdf_format, header=header).decode()


def _relabelled(quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    labels = Labels(
        term.value
        for quad in quads
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.BlankNode)
    )
    return [
        ox.Quad(labels.term(quad.subject), quad.predicate, labels.term(quad.object))  # type: ignore[arg-type]
        for quad in quads
    ]

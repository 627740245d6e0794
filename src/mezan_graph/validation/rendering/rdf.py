"""The report as RDF: a standard ``sh:ValidationReport`` (SHACL, section 3.6)."""

from __future__ import annotations

import re
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
    from mezan_graph.validation.report import Result, Term

# These stand only in literals, IRIs and JSON strings, where Turtle and JSON know the same escape.
_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def render_turtle(report: ValidationReport, project: Project) -> str:
    """Return the validation report in Turtle; a comment says how many findings are not SHACL's.

    Only validation results are in it: a syntax error or a failed check has no place in the
    vocabulary of SHACL. Literals stand in full, with their lexical forms.
    """
    header = [f"SHACL validation report of {project.name}"]
    beyond = sum(each.component is None for each in report.findings)
    if beyond:
        header.append(f"Findings beyond SHACL, which only the other formats have: {beyond}")
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
    graph = Graph.from_quads(report_graph(_stable(report.results)), project.prefixes)
    lines = sorted(set(lines_of(graph)))
    labelled = CanonicalGraph(lines, project.prefixes, project.limits.canonical_seconds)
    text = serialize(labelled, rdf_format, header=header).decode()
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def _stable(results: Sequence[Result]) -> list[Result]:
    labels = Labels(
        term.value
        for result in results
        for term in _terms(result)
        if isinstance(term, ox.BlankNode)
    )
    return [_relabelled(result, labels) for result in results]


def _relabelled(result: Result, labels: Labels) -> Result:
    terms = _terms(result)
    if not any(isinstance(term, ox.BlankNode) for term in terms):
        return result
    focus_node, value, shape, constraint = (labels.term(term) for term in terms)
    return result._replace(
        focus_node=focus_node,  # type: ignore[arg-type]
        value=value,  # type: ignore[arg-type]
        source_shape=shape,  # type: ignore[arg-type]
        source_constraint=constraint,  # type: ignore[arg-type]
    )


def _terms(result: Result) -> tuple[Term | None, ...]:
    return result.focus_node, result.value, result.source_shape, result.source_constraint

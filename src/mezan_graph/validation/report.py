"""Results of a SHACL validation, and the standard report that they make up (section 3.6)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH, XSD
from mezan_graph.validation.path_notation import parse_path, path_quads

if TYPE_CHECKING:
    from collections.abc import Iterable

Term = ox.NamedNode | ox.BlankNode | ox.Literal
"""An RDF 1.1 term."""


class Severity(Enum):
    """How grave a result is (SHACL, section 2.1.4), the gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def iri(self) -> ox.NamedNode:
        """The term of the SHACL vocabulary: ``sh:Violation``, ``sh:Warning`` or ``sh:Info``."""
        return SH[self.value.capitalize()]


class Result(NamedTuple):
    """One validation result: a node that does not meet one constraint of one shape.

    Attributes:
        focus_node: The node that was validated.
        path: The property path in SPARQL's notation, IRIs in angle brackets; ``None`` at a node
            shape.
        value: The value at fault, with its lexical form as in the data; ``None`` where no single
            value is (a count, for example).
        source_shape: The shape that the focus node does not conform to.
        component: The constraint component, for example ``sh:MinCountConstraintComponent``.
        severity: How grave the shape says it is.
        message: One message for people: the English one if there is one, with its placeholders
            filled in; a generated one where the shape has none.
        messages: Every message that the shapes graph declares, for ``sh:resultMessage``.
        source_constraint: The SPARQL constraint that found it (section 5.3.2).
        other_severity: The severity that the shape declares where it is none of SHACL's three; such
            a result counts as a violation.
    """

    focus_node: Term
    path: str | None
    value: Term | None
    source_shape: Term
    component: ox.NamedNode
    severity: Severity
    message: str
    messages: tuple[ox.Literal, ...]
    source_constraint: Term | None = None
    other_severity: ox.NamedNode | None = None


def report_graph(results: Iterable[Result]) -> list[ox.Quad]:
    """Return a ``sh:ValidationReport`` of ``results`` as RDF (SHACL, section 3.6).

    ``sh:conforms`` is true only where there is no result of any severity. Blank nodes are
    numbered, so that equal results make equal reports. A result without a declared message carries
    its generated one.
    """
    report = ox.BlankNode("report")
    quads: list[ox.Quad] = []
    for number, result in enumerate(results):
        node = ox.BlankNode(f"result{number}")
        quads.append(ox.Quad(report, SH.result, node))
        quads += _result_quads(result, node)
    head = [
        ox.Quad(report, RDF.type, SH.ValidationReport),
        ox.Quad(
            report,
            SH.conforms,
            ox.Literal("false" if quads else "true", datatype=XSD.boolean),
        ),
    ]
    return head + quads


def _result_quads(result: Result, node: ox.BlankNode) -> list[ox.Quad]:
    quads = [
        ox.Quad(node, RDF.type, SH.ValidationResult),
        ox.Quad(node, SH.focusNode, result.focus_node),
    ]
    if result.path is not None:
        head, described = path_quads(parse_path(result.path), f"{node.value}path")
        quads += [ox.Quad(node, SH.resultPath, head), *described]
    if result.value is not None:
        quads.append(ox.Quad(node, SH.value, result.value))
    quads += [
        ox.Quad(node, SH.resultSeverity, result.other_severity or result.severity.iri),
        ox.Quad(node, SH.sourceConstraintComponent, result.component),
        ox.Quad(node, SH.sourceShape, result.source_shape),
    ]
    if result.source_constraint is not None:
        quads.append(ox.Quad(node, SH.sourceConstraint, result.source_constraint))
    messages = result.messages or (ox.Literal(result.message),)
    return quads + [ox.Quad(node, SH.resultMessage, each) for each in messages]

"""The reference engine: pySHACL, whole. The only module that imports it.

Nothing is fetched: ``owl:imports`` is not followed. pySHACL does not say which targets match
nothing; that is read from the target declarations, as for the default engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.namespaces import SH
from mezan_graph.queries.bounded import Bounded
from mezan_graph.validation.engine import Outcome
from mezan_graph.validation.index import TripleIndex
from mezan_graph.validation.messages import best
from mezan_graph.validation.paths import read_path
from mezan_graph.validation.prebinding import source_limits
from mezan_graph.validation.report import Result, Severity
from mezan_graph.validation.shapes_graph import ShapesGraph
from mezan_graph.validation.targets import unmatched_shapes

if TYPE_CHECKING:
    from mezan_graph.validation.shapes_graph import Term

_SEVERITIES = {each.iri: each for each in Severity}


def validate_graph(data: Graph, shapes: Graph) -> Outcome:
    """Validate the union of the graphs of ``data`` against ``shapes`` with pySHACL.

    Raises:
        LimitError: It takes too long, or too much memory.
        ShapeError: pySHACL finds the shapes graph malformed, fails on it, or comes back to a shape
            again and again.
    """
    rdf = ShapesGraph(shapes)
    if not rdf:
        raise ShapeError("the shapes graph is empty, so that nothing would be checked")
    limits = source_limits(shapes)
    work = Bounded(
        lambda _: list(_validated(data, shapes)),
        mebibytes=limits.reference_mebibytes,
        setting="reference",
    )
    quads = work(None, seconds=limits.reference_seconds, what="validating with pySHACL")
    results = read_report(Graph.from_quads(quads))
    results.sort(
        key=lambda result: (
            str(result.source_shape),
            str(result.focus_node),
            str(result.path),
            str(result.value),
            result.message,
        )
    )
    return Outcome(tuple(results), unmatched_shapes(rdf, TripleIndex(data.triples())))  # type: ignore[arg-type]


def read_report(graph: Graph) -> list[Result]:
    """Return the results of the ``sh:ValidationReport`` in ``graph`` (section 3.6)."""
    described = ShapesGraph(graph)
    return [
        # Results under sh:detail are no results of the report.
        _result(described, node)
        for node in dict.fromkeys(
            each
            for report in described.instances(SH.ValidationReport)
            for each in described.objects(report, SH.result)
        )
    ]


def _validated(data: Graph, shapes: Graph) -> Graph:
    import warnings

    from pyshacl import validate
    from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning, ValidationFailure

    from mezan_graph.interoperability import UnionGraph, from_rdflib

    try:
        with warnings.catch_warnings():
            # pySHACL takes a node for conforming where it backs out of a recursion.
            warnings.simplefilter("error", ShapeRecursionWarning)
            _, report, _ = validate(
                UnionGraph(data),
                shacl_graph=UnionGraph(shapes),
                advanced=True,
                inplace=True,
                do_owl_imports=False,
                inference="none",
            )
    except ShapeRecursionWarning:
        raise ShapeError(
            "shapes refer to themselves without end on this data, so that nothing is decided",
            hint="SHACL leaves recursion undefined (section 3.4.3): break the cycle of shapes",
        ) from None
    except (ReportableRuntimeError, ValidationFailure) as error:
        raise ShapeError(f"pySHACL fails: {getattr(error, 'message', error)}") from None
    if isinstance(report, Exception):
        raise ShapeError(f"pySHACL fails: {getattr(report, 'message', report)}")
    return from_rdflib(report)


def _result(report: ShapesGraph, node: Term) -> Result:
    def one(predicate: ox.NamedNode) -> Any:
        return next(iter(report.objects(node, predicate)), None)

    path = one(SH.resultPath)
    severity = one(SH.resultSeverity)
    messages = tuple(
        each for each in report.objects(node, SH.resultMessage) if isinstance(each, ox.Literal)
    )
    message = best(messages)
    return Result(
        focus_node=one(SH.focusNode),
        path=None if path is None else str(read_path(report, path)),
        value=one(SH.value),
        source_shape=one(SH.sourceShape),
        component=one(SH.sourceConstraintComponent),
        severity=_SEVERITIES.get(severity, Severity.VIOLATION),
        message="" if message is None else message.value,
        messages=messages,
        source_constraint=one(SH.sourceConstraint),
        other_severity=None if severity in _SEVERITIES else severity,
    )

"""One validation of a graph where it is loaded: its shapes, asked of a SPARQL endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.graph import read_sources
from mezan_graph.namespaces import SH
from mezan_graph.settings import Limits
from mezan_graph.sources import project_sources
from mezan_graph.validation.breaches import too_many_results
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.placing import placed
from mezan_graph.validation.remote.asking import Asking, NotCarriedError
from mezan_graph.validation.remote.derived import as_derived, caused_by_derived
from mezan_graph.validation.remote.evaluation import RemoteRun
from mezan_graph.validation.remote.nodes import is_matched, target
from mezan_graph.validation.shapes import Shapes
from mezan_graph.validation.silence import settle
from mezan_graph.validation.targets import targeted_shapes, unused_shapes
from mezan_graph.validation.validator import (
    finding_of_result,
    identity,
    read_shapes,
    unmatched_target,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.sources import Source
    from mezan_graph.validation.report import Result
    from mezan_graph.validation.shapes_graph import Term


class RemoteOutcome(NamedTuple):
    """What a validation at an endpoint found.

    Attributes:
        results: The validation results, each once.
        unmatched: Shapes that checked nothing.
        not_carried: Shape, local name of the component (none for the whole shape) and why it was
            not decided, or not for all nodes.
        triples: Number of triples at the endpoint.
        asked: Number of queries that were sent.
    """

    results: tuple[Result, ...]
    unmatched: tuple[Term, ...]
    not_carried: tuple[tuple[Term, str | None, str], ...]
    triples: int
    asked: int


def shacl_remote(
    endpoint: str,
    shapes: Graph,
    *,
    graphs: Iterable[ox.NamedNode] = (),
    timeout: float | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> RemoteOutcome:
    """Validate what an endpoint holds against ``shapes``; only SELECT queries are sent.

    Args:
        endpoint: URL of a SPARQL 1.1 endpoint, with credentials before the host if it needs them.
        shapes: The shapes graph.
        graphs: The named graphs whose union is validated; by default the endpoint's default graph.
        timeout: Longest wait for one answer, in seconds; by default ``limits.query_seconds``.
        limits: Bounds on answers and results.

    Raises:
        ShapeError: The shapes graph is empty or malformed.
        LimitError: There are more results than ``limits.results``.
        RemoteError: The endpoint cannot be reached, takes too long, fails, holds no triples, or
            answers with something else or with less than it announced.
    """
    compiled = Shapes(shapes)
    rdf = compiled.rdf
    for query in rdf.queries:
        query.check_syntax()
    asking = Asking(endpoint, graphs, timeout, limits)
    triples = _size(asking)
    run = RemoteRun(asking, compiled)
    results: dict[Result, None] = {}
    unmatched = unused_shapes(rdf)
    undecided: list[tuple[Term, str | None, str]] = []
    for node in targeted_shapes(rdf):
        if node in compiled.delegated.reasons:
            undecided.append((node, None, compiled.delegated.reasons[node]))
            continue
        try:
            nodes = target(rdf, node, run.classes)
            if not is_matched(rdf, node, nodes, asking):
                unmatched.append(node)
        except NotCarriedError as error:
            undecided.append((node, None, str(error)))
            continue
        for shape, constraint, finding in run.findings(compiled.by_node[node], nodes):
            results[run.local.result(shape, constraint, finding)] = None
            if len(results) > limits.results:
                raise too_many_results(limits.results, rdf.short(node))
    undecided += [
        (shape.node, constraint.component.value.rpartition("#")[2], reason)
        for (shape, constraint), reason in run.not_carried.items()
    ]
    return RemoteOutcome(
        tuple(results),
        tuple(each for each in unmatched if not rdf.flag(each, SH.deactivated)),
        tuple(dict.fromkeys(undecided)),
        triples,
        asking.asked,
    )


def _size(asking: Asking) -> int:
    try:
        triples = asking.count("?s ?p ?o")
    except NotCarriedError as error:
        raise RemoteError(str(error), place=asking.shown) from None
    if not triples:
        raise RemoteError(
            "there are no triples, so nothing would be checked",
            place=asking.shown,
            hint="name the graph that holds them: --graph IRI",
        )
    return triples


def validate_remote(
    project: Project,
    endpoint: str,
    *,
    graphs: Iterable[str] = (),
    shapes: Iterable[Source] | None = None,
    timeout: float | None = None,
) -> ValidationReport:
    """Validate what an endpoint holds against the shapes of a project.

    A finding has the place of its triple in the sources of the project, where they hold the same
    one; else its file is the URL of the endpoint. What could not be validated there is reported as
    ``MZ004``. What only derived triples cause is an ``info``. The checks beyond SHACL need the
    files and are not made.

    Args:
        project: The project with its shapes, sources and silences.
        endpoint: As for :func:`shacl_remote`.
        graphs: IRIs of the named graphs whose union is validated.
        shapes: Sources of the shapes; by default those of the project.
        timeout: Longest wait for one answer, in seconds.

    Raises:
        UsageError: One of ``graphs`` is no IRI.
        ShapeError, LimitError, RemoteError: As :func:`shacl_remote`.
    """
    shapes_read, unread = read_shapes(project, shapes)
    if unread:
        return ValidationReport(tuple(sorted(unread, key=Finding.sort_key)))
    outcome = shacl_remote(
        endpoint,
        shapes_read,
        graphs=list(map(_iri, graphs)),
        timeout=timeout,
        limits=project.limits,
    )
    local, _ = read_sources(project_sources(project), project.prefixes)
    from mezan_graph.queries.remote import shown_endpoint

    shown = shown_endpoint(endpoint)
    derived = caused_by_derived(outcome.results, project, local, shapes_read)
    findings = [finding_of_result(each, None) for each in outcome.results]
    findings = [
        as_derived(finding) if identity(result) in derived else finding
        for finding, result in zip(findings, outcome.results, strict=True)
    ]
    findings = placed(findings, (local, shapes_read), project.languages)
    about_shapes = [unmatched_target(each) for each in outcome.unmatched]
    about_shapes += [_not_carried(*each) for each in outcome.not_carried]
    findings = [_at_endpoint(each, shown) for each in findings]
    findings += placed(about_shapes, (shapes_read,), project.languages)
    settled = settle(findings, project, shapes_read)
    return ValidationReport(
        findings=tuple(sorted(settled.findings, key=Finding.sort_key)),
        results=outcome.results,
        checked={"triples": outcome.triples, "queries sent": outcome.asked},
        silenced=len(settled.silenced),
    )


def _iri(graph: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(graph)
    except ValueError:
        raise UsageError(f"{graph!r} is no IRI of a graph") from None


def _at_endpoint(finding: Finding, shown: str) -> Finding:
    """Return the finding with the endpoint as its file, unless its triple stands in a source."""
    # Without a value there is no triple to look for, and the block of the focus node is the place.
    if finding.line is not None and (finding.value is None or finding.triple is not None):
        return finding
    return finding.changed(file=shown, line=None, column=None, end_line=None, end_column=None)


def _not_carried(shape: Term, component: str | None, reason: str) -> Finding:
    what = "this shape" if component is None else component.removesuffix("ConstraintComponent")
    return Finding(
        code="MZ004",
        severity="warning",
        message=f"not validated at the endpoint, or not for all nodes: {what}, because {reason}",
        focus_node=shape,
        component=component,
        shape=shape,
        hint="validate the files that were loaded: mezan validate without --endpoint",
    )

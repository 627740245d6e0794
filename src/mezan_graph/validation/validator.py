"""One validation of a project, a graph or files: shapes, then checks, into one report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from mezan_graph.errors import InputError, ParseError, ShapeError
from mezan_graph.forked import Forked, may_fork
from mezan_graph.graph import Graph, collector_off, give_back_memory, read_sources
from mezan_graph.namespaces import RDF
from mezan_graph.sources import project_sources, shapes_sources
from mezan_graph.validation.breaches import too_many_results
from mezan_graph.validation.checks import run_checks
from mezan_graph.validation.checks.labels import LABEL_PATHS
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.index import index_of
from mezan_graph.validation.placing import placed
from mezan_graph.validation.silence import settle

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    import pyoxigraph as ox

    from mezan_graph.project import Project
    from mezan_graph.sources import Source
    from mezan_graph.validation.engine import Outcome
    from mezan_graph.validation.report import Result

Engine = Literal["compiled", "reference"]
_MANY = 100_000
FORKED_FROM = 20_000
"""Triples from which what is forked gains more time than the fork costs."""


@collector_off()
def validate(
    project: Project,
    graph: Graph | None = None,
    *,
    data: Iterable[Source] | None = None,
    shapes: Iterable[Source] | None = None,
    engine: Engine = "compiled",
    cross_check: bool = False,
    changed_since: str | None = None,
    source_texts: Path | None = None,
) -> ValidationReport:
    """Validate data against shapes and checks.

    Args:
        project: The project with its shapes and stored queries.
        graph: The graph to validate; by default what ``data`` holds.
        data: Sources of the data; by default the ontology and data of the project.
        shapes: Sources of the shapes; by default those of the project.
        engine: ``compiled`` is our own; ``reference`` is pySHACL.
        cross_check: Whether to run both engines and report every difference as ``MZ401``.
        changed_since: A Git revision; only nodes that are described differently now are validated.
        source_texts: Folder with the texts that citations point into; by default the one that
            ``mezan.toml`` names.

    Returns:
        The report; it lists findings and raises for none of them. Where a file cannot be read, it
        holds the errors of all files and nothing else.

    Raises:
        ShapeError: The shapes graph is empty or malformed.
        LimitError: There are too many results, or a query or path takes too much.
        UsageError: There is no such revision.
        InputError: A stored query or a source text cannot be read.
    """
    errors: list[InputError] = []
    if graph is None:
        sources = project_sources(project) if data is None else data
        graph, errors = read_sources(sources, project.prefixes)
    shapes_read, unread = read_shapes(project, shapes)
    unread += [_of_error(error) for error in errors]
    if unread:
        return ValidationReport(tuple(sorted(unread, key=Finding.sort_key)))
    among = None if changed_since is None else _changed(project, graph, changed_since)
    triples = sum(len(part.quads) for part in graph.parts)
    apart = _is_worth_forking(graph, triples)
    with Forked(apart=apart) as other:
        checks = other.later(partial(_beyond_shacl, project, graph, shapes_read, source_texts))
        outcome = shacl(graph, shapes_read, engine, among=among, other=other)
        if triples > _MANY:
            give_back_memory()
        if len(outcome.results) > project.limits.results:
            raise too_many_results(project.limits.results)
        # A value that several focus nodes share may come more than once; people need it once.
        results = tuple(dict.fromkeys(outcome.results))
        findings = [finding_of_result(each, None) for each in results]
        if among is None:
            findings += [unmatched_target(shape) for shape in outcome.unmatched]
        findings += [_delegated(shape, reason) for shape, reason in outcome.delegated]
        # Where a shape asks for a label, its result says more than MZ107 does.
        named = {each.focus_node for each in results if each.path in LABEL_PATHS}
        findings += [
            each
            for each in checks()
            if (among is None or each.focus_node in among)
            and not (each.code == "MZ107" and each.focus_node in named)
        ]
    if cross_check:
        theirs = shacl(graph, shapes_read, "compiled" if engine == "reference" else "reference")
        findings += _differences(outcome, theirs, engine, among)
    with Forked(apart=apart) as other:
        hints = other.later(partial(_hints, results, graph, shapes_read, project))
        other.begin()
        findings = placed(findings, (graph, shapes_read), project.languages)
        # What was found of results comes first.
        for number, hint in enumerate(hints()):
            findings[number] = findings[number].changed(hint=hint)
    settled = settle(findings, project, shapes_read)
    return ValidationReport(
        findings=tuple(sorted(settled.findings, key=Finding.sort_key)),
        results=results,
        checked={
            "files": sum(part.source is not None for part in (*graph.parts, *shapes_read.parts)),
            "triples": triples,
        },
        silenced=len(settled.silenced),
    )


def read_shapes(project: Project, shapes: Iterable[Source] | None) -> tuple[Graph, list[Finding]]:
    """Return the shapes graph, and a finding for each file of it that cannot be read.

    Raises:
        ShapeError: All files can be read, and there are no shapes in them.
    """
    sources = list(shapes_sources(project) if shapes is None else shapes)
    read, errors = read_sources(sources, project.prefixes)
    if not errors and not any(part.quads for part in read.parts):
        raise ShapeError(
            "there are no shapes, so nothing would be checked",
            place=", ".join(each.name for each in sources) or None,
            hint="write a shapes graph in Turtle, or name one: mezan validate -s SHAPES",
        )
    return read, [_of_error(error) for error in errors]


def shacl(
    data: Graph,
    shapes: Graph,
    engine: Engine = "compiled",
    *,
    among: Collection[ox.NamedNode | ox.BlankNode | ox.Literal] | None = None,
    other: Forked | None = None,
) -> Outcome:
    """Validate ``data`` against ``shapes`` with one of the engines (SHACL, section 3.4).

    Args:
        data: The data graph; the union of its graphs is validated.
        shapes: The shapes graph.
        engine: ``compiled`` is our own; ``reference`` is pySHACL.
        among: Only these nodes are taken as focus nodes; by default all that a target matches.
        other: What is done in another process; our engine begins it.

    Raises:
        ShapeError: The shapes graph is malformed.
    """
    from mezan_graph.validation import engine as compiled

    if engine == "compiled":
        return compiled.validate_graph(data, shapes, among=among, other=other)
    from mezan_graph.validation.reference import validate_graph

    outcome = validate_graph(data, shapes)
    if among is None:
        return outcome
    chosen = tuple(each for each in outcome.results if each.focus_node in among)
    return compiled.Outcome(chosen, outcome.unmatched)


def _is_worth_forking(graph: Graph, triples: int) -> bool:
    """Whether other processes help; then what all of them read is made ready for them."""
    if worth := triples >= FORKED_FROM and may_fork():
        index_of(graph).backward(RDF.type)
    return worth


def _beyond_shacl(
    project: Project, graph: Graph, shapes: Graph, source_texts: Path | None
) -> list[Finding]:
    return list(run_checks(project, graph, shapes, source_texts or project.source_texts))


def _changed(
    project: Project, graph: Graph, revision: str
) -> set[ox.NamedNode | ox.BlankNode | ox.Literal]:
    from mezan_graph.revisions import changed_nodes

    return changed_nodes(project, graph, revision)


def _of_error(error: InputError) -> Finding:
    return Finding(
        code="MZ010" if isinstance(error, ParseError) else "MZ011",
        severity="violation",
        message=error.message,
        file=error.place,
        line=error.line,
        column=error.column,
        triple=error.excerpt if isinstance(error, ParseError) else None,
        hint=error.hint,
    )


def _hints(
    results: Iterable[Result], graph: Graph, shapes: Graph, project: Project
) -> list[str | None]:
    if not results:
        return []
    from mezan_graph.validation.hints import Hints

    return list(map(Hints(graph, shapes, project).hint, results))


def finding_of_result(result: Result, hint: str | None) -> Finding:
    """Return the finding that reports a validation result."""
    return Finding(
        code="MZ001",
        severity=result.severity.value,
        message=result.message,
        focus_node=result.focus_node,
        path=result.path,
        value=result.value,
        component=result.component.value.rpartition("#")[2],
        shape=result.source_shape,
        hint=hint,
    )


def unmatched_target(shape: ox.NamedNode | ox.BlankNode | ox.Literal) -> Finding:
    """Return the finding that a shape checks nothing."""
    return Finding(
        code="MZ002",
        severity="warning",
        message="the target of this shape matches nothing in the data",
        focus_node=shape,
        shape=shape,
        hint="look for a misspelt class or property in the target, or for http://schema.org/",
    )


def _delegated(shape: ox.NamedNode | ox.BlankNode, reason: str) -> Finding:
    return Finding(
        code="MZ003",
        severity="info",
        message=f"pySHACL validated this shape, because {reason}",
        focus_node=shape,
        shape=shape,
        hint="pySHACL is slow: on much data, write the shape without it",
    )


def _differences(
    outcome: Outcome,
    other: Outcome,
    engine: Engine,
    among: Collection[ox.NamedNode | ox.BlankNode | ox.Literal] | None,
) -> list[Finding]:
    """Return a finding for each result that only one of the engines gives."""
    names = ("our engine", "pySHACL") if engine == "compiled" else ("pySHACL", "our engine")
    ours, theirs = ({identity(each): each for each in one.results} for one in (outcome, other))
    findings = []
    for name, these, those in ((names[0], ours, theirs), (names[1], theirs, ours)):
        for key, result in these.items():
            if key not in those and (among is None or result.focus_node in among):
                findings.append(
                    Finding(
                        code="MZ401",
                        severity="violation",
                        message=f"only {name} reports: {result.message}",
                        focus_node=result.focus_node,
                        path=result.path,
                        value=result.value,
                        component=result.component.value.rpartition("#")[2],
                        shape=result.source_shape,
                        hint="look at the specification, then report it with this data",
                    )
                )
    return findings


def identity(result: Result) -> tuple[str, ...]:
    """Return what makes two results one: everything but messages."""
    return tuple(
        str(term)
        for term in (
            result.focus_node,
            result.path,
            result.value,
            result.source_shape,
            result.component,
            result.severity,
        )
    )

"""One validation of a project or a graph: shapes, then checks, into one report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph, build_graph, shapes_graph
from mezan_graph.validation.checks import (
    check_namespaces,
    check_normalization,
    check_prefixes,
    check_stored_queries,
)
from mezan_graph.validation.citations import check_citations
from mezan_graph.validation.findings import Finding, ValidationReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph as ox

    from mezan_graph.project import Project
    from mezan_graph.validation.engine import Outcome
    from mezan_graph.validation.report import Result

Engine = Literal["compiled", "reference"]


def validate(
    project: Project,
    graph: Graph | None = None,
    *,
    engine: Engine = "compiled",
    source_texts: Path | None = None,
) -> ValidationReport:
    """Validate the data of ``project`` against its shapes and checks.

    Args:
        project: The project with its shapes and stored queries.
        graph: The graph to validate; by default the project's own, without derived shortcuts.
        engine: ``compiled`` is our own; ``reference`` is pySHACL.
        source_texts: Folder with the texts that citations point into; by default the one that
            ``mezan.toml`` names.

    Returns:
        The report; it lists findings and raises for none of them.

    Raises:
        InputError: Data, shapes or a stored query cannot be read.
    """
    graph = build_graph(project) if graph is None else graph
    shapes = shapes_graph(project)
    if not any(shapes.parts):
        raise ShapeError(
            "there are no shapes, so nothing would be checked",
            place=project.relative(project.folders["shapes"]),
            hint="write a shapes graph in Turtle into this folder",
        )
    outcome = shacl(graph, shapes, engine)
    sources = [part.source for part in (*graph.parts, *shapes.parts) if part.source]
    findings = [_of_result(result) for result in outcome.results]
    findings += [_unmatched(shape) for shape in outcome.unmatched]
    findings += check_prefixes(sources, project.prefixes)
    findings += check_namespaces(graph)
    findings += check_normalization(graph)
    findings += check_stored_queries(project, graph)
    findings += check_citations(graph, source_texts or project.source_texts)
    return ValidationReport(
        findings=tuple(sorted(_placed(findings, (graph, shapes)), key=Finding.sort_key)),
        results=outcome.results,
        checked={
            "files": len(sources),
            "triples": sum(len(part.quads) for part in graph.parts),
        },
    )


def shacl(data: Graph, shapes: Graph, engine: Engine = "compiled") -> Outcome:
    """Validate ``data`` against ``shapes`` with one of the engines (SHACL, section 3.4).

    Raises:
        ShapeError: The shapes graph is malformed.
    """
    if engine == "reference":
        from mezan_graph.validation.reference import validate_graph
    else:
        from mezan_graph.validation.engine import validate_graph
    return validate_graph(data, shapes)


def _of_result(result: Result) -> Finding:
    return Finding(
        code="MZ001",
        severity=result.severity.value,
        message=result.message,
        focus_node=result.focus_node,
        path=result.path,
        value=result.value,
        component=result.component.value.rpartition("#")[2],
        shape=result.source_shape,
    )


def _unmatched(shape: ox.NamedNode | ox.BlankNode | ox.Literal) -> Finding:
    return Finding(
        code="MZ002",
        severity="warning",
        message="the target of this shape matches nothing in the data",
        focus_node=shape,
        shape=shape,
        hint="look for a misspelt class or property in the target, or for http://schema.org/",
    )


def _placed(findings: Iterable[Finding], graphs: tuple[Graph, ...]) -> list[Finding]:
    """Give every finding without a file the first file in which its focus node is a subject."""
    from dataclasses import replace

    findings = list(findings)
    wanted = {each.focus_node for each in findings if each.file is None}
    files: dict[object, str] = {}
    for graph in graphs:
        for part in graph.parts if wanted else ():
            if part.source is not None:
                for quad in part.quads:
                    if quad.subject in wanted:
                        files.setdefault(quad.subject, part.source.name)
    return [
        replace(each, file=files.get(each.focus_node)) if each.file is None else each
        for each in findings
    ]

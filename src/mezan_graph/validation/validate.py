"""One validation of a project or a graph: shapes, then checks, into one report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph, build_graph, shapes_graph
from mezan_graph.validation.checks import run_checks
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.hints import Hints
from mezan_graph.validation.placing import placed
from mezan_graph.validation.silence import settle

if TYPE_CHECKING:
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
    hints = Hints(graph, shapes, project)
    findings = [_of_result(result, hints.hint(result)) for result in outcome.results]
    findings += [_unmatched(shape) for shape in outcome.unmatched]
    findings += run_checks(project, graph, shapes, source_texts or project.source_texts)
    settled = settle(placed(findings, (graph, shapes), project.languages), project, shapes)
    return ValidationReport(
        findings=tuple(sorted(settled.findings, key=Finding.sort_key)),
        results=outcome.results,
        checked={
            "files": len(sources),
            "triples": sum(len(part.quads) for part in graph.parts),
        },
        silenced=len(settled.silenced),
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


def _of_result(result: Result, hint: str | None) -> Finding:
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


def _unmatched(shape: ox.NamedNode | ox.BlankNode | ox.Literal) -> Finding:
    return Finding(
        code="MZ002",
        severity="warning",
        message="the target of this shape matches nothing in the data",
        focus_node=shape,
        shape=shape,
        hint="look for a misspelt class or property in the target, or for http://schema.org/",
    )

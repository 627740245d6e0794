"""The gate before data leaves: validated, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.errors import FindingsError, SourceError
from mezan_graph.validation.validator import validate

if TYPE_CHECKING:
    from pathlib import Path

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import ValidationReport


def require_conformance(
    project: Project, graph: Graph, *, source_texts: Path | None = None
) -> ValidationReport:
    """Validate the authored graph of a project, and return the report if the graph conforms.

    Args:
        project: The project.
        graph: What its files say.
        source_texts: Folder with the texts that citations point into.

    Raises:
        SourceError: A file cannot be read, so that nothing was validated.
        FindingsError: There is a violation.
    """
    report = validate(project, graph, source_texts=source_texts)
    if report.unreadable:
        first = report.findings[0]
        raise SourceError(
            first.message,
            place=first.file,
            line=first.line,
            column=first.column,
            hint=first.hint,
        )
    if report.fails("violation"):
        count = report.counts["violation"]
        raise FindingsError(
            f"the data does not conform: {count} violation{'s' if count > 1 else ''}",
            place=project.root,
            hint="mezan validate shows them",
        )
    return report

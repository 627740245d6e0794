"""The report as workflow commands of GitHub Actions, which become annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.display import visible
from mezan_graph.validation.findings import SEVERITIES
from mezan_graph.validation.rendering.shown import RepositoryPaths, message_of, shown_entity
from mezan_graph.validation.rendering.stable import stable_findings

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, ValidationReport

_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def render_github(report: ValidationReport, project: Project) -> str:
    """Return one workflow command on one line for each finding, the gravest first.

    GitHub shows a limited number of annotations for each step, so the order matters. Control
    characters are written as escapes, except for line feeds, which the command carries.
    """
    findings = sorted(stable_findings(report), key=lambda each: SEVERITIES.index(each.severity))
    paths = RepositoryPaths(project)
    return "".join(f"{_command(each, paths, project.prefixes)}\n" for each in findings)


def _command(finding: Finding, paths: RepositoryPaths, prefixes: dict[str, str]) -> str:
    properties: dict[str, str | int | None] = {}
    if finding.file:
        properties = {
            "file": paths[finding.file],
            "line": finding.line,
            "col": finding.column,
            "endLine": finding.end_line,
            # GitHub refuses columns for an annotation of more than one line.
            "endColumn": finding.end_column if finding.end_line == finding.line else None,
        }
        if finding.end_line not in {None, finding.line}:
            properties["col"] = None
    title = f"{finding.code} {shown_entity(finding, prefixes)}".rstrip()
    given = {name: value for name, value in (properties | {"title": title}).items() if value}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in given.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(message_of(finding))}"


def _data(text: str) -> str:
    """Escape what follows the second ``::``; without line ends it can start no other command."""
    return visible(text, keep="\n").replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

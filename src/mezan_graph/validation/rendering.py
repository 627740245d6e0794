"""A validation report as text for people and as JSON for programs."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name, short_names, visible

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, ValidationReport

REPORT_VERSION = 1
"""Version of the JSON format; it changes when a key is removed or changes its meaning."""

_COLOURS = {"violation": "31", "warning": "33", "info": "36"}


def render_text(report: ValidationReport, project: Project, *, colour: bool = False) -> str:
    """Return the report for a terminal: grouped by file, with a summary line at the end."""
    lines = []
    for file, findings in groupby(report.findings, key=lambda each: each.file):
        lines.append(_styled(visible(file or "the whole graph"), "1", colour))
        for finding in findings:
            lines += _lines(finding, project, colour)
        lines.append("")
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def render_json(report: ValidationReport) -> str:
    """Return the report as JSON, in the form that ``docs/command-line.md`` describes."""
    return (
        json.dumps(
            {
                "version": REPORT_VERSION,
                "conforms": report.conforms,
                "counts": report.counts,
                "results": [_object(finding) for finding in report.findings],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _lines(finding: Finding, project: Project, colour: bool) -> list[str]:
    prefixes = project.prefixes
    place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
    severity = _styled(finding.severity, _COLOURS[finding.severity], colour)
    about = " ".join(
        text
        for text in (
            finding.focus_node and short_name(finding.focus_node, prefixes),
            finding.path and short_names(finding.path, prefixes),
            finding.value and short_name(finding.value, prefixes),
        )
        if text
    )
    lines = [f"{place} {severity} {finding.code}  {visible(about)}".strip()]
    lines.append(f"    {visible(finding.message)}")
    if finding.shape is not None and finding.component is not None:
        lines.append(f"    {finding.component} of {visible(short_name(finding.shape, prefixes))}")
    if finding.hint:
        lines.append(f"    hint: {visible(finding.hint)}")
    return [f"  {line}" for line in lines]


def _summary(report: ValidationReport) -> str:
    counts = ", ".join(
        f"{count} {name}{'' if count == 1 or name == 'info' else 's'}"
        for name, count in report.counts.items()
    )
    checked = ", ".join(f"{count:,} {name}" for name, count in report.checked.items())
    verdict = "conforms" if report.conforms else "does not conform"
    return f"{verdict}: {counts} ({checked})"


def _object(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "focusNode": _plain(finding.focus_node),
        "path": finding.path,
        "value": None if finding.value is None else str(finding.value),
        "component": finding.component,
        "shape": _plain(finding.shape),
        "message": finding.message,
        "hint": finding.hint,
    }


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> str | None:
    if term is None:
        return None
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _styled(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text

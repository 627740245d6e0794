"""The report as text for people at a terminal."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from mezan_graph.display import visible
from mezan_graph.validation.findings import SEVERITIES
from mezan_graph.validation.rendering.shown import (
    MESSAGE_LENGTH,
    component_name,
    shortened,
    shown_entity,
    shown_path,
    shown_term,
)
from mezan_graph.validation.rendering.stable import stable_findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, SeverityName, ValidationReport

TEXT_LIMIT = 1000
"""Findings that are shown; the gravest come first, the others are counted."""

_TRIPLE_LINES = 6
_INDENT = " " * 6
_COLOURS = {"violation": "31", "warning": "33", "info": "36"}
# What GitHub Actions (::command, ##[command]), Azure Pipelines (##vso[) and TeamCity (##teamcity[)
# take as commands when a log prints it. Data must not give commands.
_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")


def render_text(report: ValidationReport, project: Project, *, colour: bool = False) -> str:
    """Return the report for a terminal: grouped by file, with a summary line at the end.

    At most :data:`TEXT_LIMIT` findings are shown, the gravest ones; a line says how many are left
    out. Control characters in the data are written as escapes, and nothing in it can be read as a
    command by the log of a CI service.

    Args:
        report: What a validation found.
        project: The project; its prefixes abbreviate IRIs.
        colour: Whether to use the colours of a terminal.
    """
    findings = stable_findings(report)
    shown, left_out = _gravest(findings)
    lines: list[str] = []
    for file, group in groupby(shown, key=lambda each: each.file):
        lines.append(_styled(_safe(file) if file else "(no file)", "1", colour))
        for finding in group:
            lines += _lines(finding, project.prefixes, colour)
        lines.append("")
    if left_out:
        lines.append(f"… and {sum(left_out.values()):,} more: {_counts(left_out)}")
        lines.append("  --format json lists all of them")
        lines.append("")
    lines.append(_summary(report))
    return "\n".join(lines) + "\n"


def _gravest(findings: list[Finding]) -> tuple[list[Finding], Counter[SeverityName]]:
    """Choose what is shown, in the order of the report, and count by severity what is not."""
    if len(findings) <= TEXT_LIMIT:
        return findings, Counter()
    order = sorted(
        range(len(findings)), key=lambda number: SEVERITIES.index(findings[number].severity)
    )
    left_out = Counter(findings[number].severity for number in order[TEXT_LIMIT:])
    return [findings[number] for number in sorted(order[:TEXT_LIMIT])], left_out


def _lines(finding: Finding, prefixes: dict[str, str], colour: bool) -> Iterator[str]:
    place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
    severity = _styled(finding.severity, _COLOURS[finding.severity], colour)
    message = _safe(shortened(finding.message, MESSAGE_LENGTH))
    yield "  " + " ".join(each for each in (place, severity, finding.code, message) if each)
    for line in _source_lines(finding.triple):
        yield f"{_INDENT}{_styled('| ' + line, '2', colour)}"
    shape = shown_term(finding.shape, prefixes) if finding.shape is not None else ""
    if finding.component:
        shape = f"{shape} ({component_name(finding.component)})".strip()
    facts = {
        "entity": shown_entity(finding, prefixes),
        "property": shown_path(finding, prefixes),
        "value": shown_term(finding.value, prefixes) if finding.value is not None else "",
        "shape": shape,
        "hint": shortened(finding.hint or "", MESSAGE_LENGTH),
    }
    for name, fact in facts.items():
        if fact:
            yield f"{_INDENT}{_styled(name, '2', colour)}{' ' * (10 - len(name))}{_safe(fact)}"


def _source_lines(triple: str | None) -> Iterator[str]:
    """Yield the lines of a triple as written, without the indentation that all of them share."""
    if not triple:
        return
    lines = triple.replace("\r\n", "\n").strip("\n").split("\n", _TRIPLE_LINES)
    if len(lines) > _TRIPLE_LINES:
        lines[_TRIPLE_LINES:] = ["…"]
    for line in lines:
        yield _safe(shortened(line.replace("\t", "    ")))


def _summary(report: ValidationReport) -> str:
    counts = {name: count for name, count in report.counts.items() if count}
    found = _counts(counts) if counts else "nothing found"
    files = {each.file for each in report.findings if each.file}
    if files:
        found += f" in {len(files):,} file{'' if len(files) == 1 else 's'}"
    checked = ", ".join(f"{count:,} {name}" for name, count in report.checked.items())
    return f"{found}; {report.verdict}" + (f" (checked: {checked})" if checked else "")


def _counts(counts: Mapping[SeverityName, int]) -> str:
    return ", ".join(
        f"{counts[name]:,} {name}{'' if counts[name] == 1 or name == 'info' else 's'}"
        for name in SEVERITIES
        if counts.get(name)
    )


def _safe(text: str) -> str:
    """Return ``text`` as one line that neither a terminal nor the log of a CI service obeys."""
    shown = _COMMAND.sub(r"\\x23#", visible(text))
    return shown.replace(":", r"\x3a", 1) if shown.lstrip(" ").startswith("::") else shown


def _styled(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text

"""The report as JUnit XML, for CI services that show test results."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from mezan_graph.display import visible
from mezan_graph.validation.findings import SEVERITIES
from mezan_graph.validation.rendering.shown import (
    MESSAGE_LENGTH,
    RepositoryPaths,
    component_name,
    message_of,
    shortened,
    shown_entity,
    shown_path,
    shown_term,
)
from mezan_graph.validation.rendering.stable import stable_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, SeverityName, ValidationReport

# What XML 1.0 (section 2.2) cannot hold, not even as a character reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r"[&<>\"']|[^ -~]+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def render_junit(
    report: ValidationReport, project: Project, *, fail_on: SeverityName = "violation"
) -> str:
    """Return the report as one test suite for each file and one test case for each finding.

    A finding at least as grave as ``fail_on`` is a failure, so that there are failures exactly
    where the exit code is 1; others pass, with what was found as their output. A report without
    findings is one suite with one passing case, because consumers take an empty file for a broken
    one.

    Args:
        report: What a validation found.
        project: The project, for prefixes and paths.
        fail_on: The mildest severity that is a failure.
    """
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    findings = stable_findings(report)
    paths = RepositoryPaths(project)
    suites = [
        line
        for file, group in groupby(findings, key=lambda each: each.file)
        for line in _suite(paths[file], list(group), grave, project)
    ]
    if not findings:
        suites = list(_passed(project))
    failures = sum(each.severity in grave for each in findings)
    head = _attributes(
        name=f"mezan validate {project.name}", tests=len(findings) or 1, failures=failures, errors=0
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{head}>", *suites]
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suite(
    path: str, findings: list[Finding], grave: tuple[SeverityName, ...], project: Project
) -> Iterator[str]:
    failures = sum(each.severity in grave for each in findings)
    file = findings[0].file
    counts = {"tests": len(findings), "failures": failures, "errors": 0}
    yield f"  <testsuite{_attributes(name=file or project.name, **counts, file=path)}>"
    names: dict[str, int] = {}
    for finding in findings:
        name = _name(finding, project)
        names[name] = number = names.get(name, 0) + 1
        if number > 1:
            name += f" #{number}"
        yield f"    <testcase{_attributes(name=name, classname=file or project.name)}>"
        # Only an attribute needs its line feeds as references.
        details = _text(_details(finding, path, project)).replace("&#10;", "\n")
        if finding.severity in grave:
            said = _attributes(
                type=f"{finding.severity} {finding.code}",
                message=shortened(finding.message, MESSAGE_LENGTH),
            )
            yield f"      <failure{said}>{details}</failure>"
        else:
            yield f"      <system-out>{details}</system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _passed(project: Project) -> Iterator[str]:
    yield f"  <testsuite{_attributes(name=project.name, tests=1, failures=0, errors=0)}>"
    yield f"    <testcase{_attributes(name='no findings', classname=project.name)}/>"
    yield "  </testsuite>"


def _name(finding: Finding, project: Project) -> str:
    """Name a test case so that services follow it from run to run: without its line."""
    parts = (
        finding.code,
        finding.component and component_name(finding.component),
        shown_entity(finding, project.prefixes),
        shown_path(finding, project.prefixes),
    )
    return " ".join(part for part in parts if part)


def _details(finding: Finding, path: str, project: Project) -> str:
    place = ":".join(str(part) for part in (path, finding.line, finding.column) if part)
    lines = [f"{place}: {finding.severity} {finding.code}", message_of(finding)]
    if finding.triple:
        lines.append(f"Written: {shortened(finding.triple)}")
    if finding.value is not None:
        lines.append(f"Value: {shown_term(finding.value, project.prefixes)}")
    if finding.shape is not None:
        lines.append(f"Shape: {shown_term(finding.shape, project.prefixes)}")
    return "\n".join(lines)


def _attributes(**values: object) -> str:
    return "".join(f' {name}="{_text(str(value))}"' for name, value in values.items())


def _text(text: str) -> str:
    """Return ``text`` for an attribute or an element.

    What XML cannot hold is written as an escape of Python; line ends and what would not be visible
    are character references, so that they read back and do nothing in a terminal.
    """
    return _SPECIAL.sub(_reference, _FORBIDDEN.sub(lambda match: visible(match[0]), text))


def _reference(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ENTITIES:
        return _ENTITIES[found]
    if found.isprintable():
        return found
    return "".join(each if each.isprintable() else f"&#{ord(each)};" for each in found)

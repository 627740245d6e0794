"""The report as GitLab's code quality report, a subset of the Code Climate format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.validation.rendering.json import json_rows, json_text
from mezan_graph.validation.rendering.shown import RepositoryPaths, message_of
from mezan_graph.validation.rendering.stable import fingerprints, stable_findings

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, ValidationReport

_SEVERITIES = {"violation": "major", "warning": "minor", "info": "info"}


def render_gitlab(report: ValidationReport, project: Project) -> str:
    """Return a JSON array with an object for each finding.

    GitLab requires a place: a finding without a file stands at the project file, and one without a
    line at the first. The fingerprint stays the same when a finding moves to another line.
    """
    findings = stable_findings(report)
    paths = RepositoryPaths(project)
    rows = (
        _object(finding, fingerprint, paths)
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    )
    return json_text([], json_rows(rows))


def _object(finding: Finding, fingerprint: str, paths: RepositoryPaths) -> dict[str, Any]:
    lines = {"begin": finding.line or 1}
    if finding.end_line is not None:
        lines["end"] = finding.end_line
    return {
        "description": message_of(finding),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": paths[finding.file], "lines": lines},
    }

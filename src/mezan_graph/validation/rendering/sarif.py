"""The report as SARIF 2.1.0 (OASIS), for viewers of code-scanning results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.validation.findings import CODES, SEVERITIES
from mezan_graph.validation.rendering.json import json_rows, json_text
from mezan_graph.validation.rendering.shown import RepositoryPaths, message_of, shown_term
from mezan_graph.validation.rendering.stable import fingerprints, stable_findings

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding, SeverityName, ValidationReport

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINDINGS_PAGE = "https://w3id.org/mezan-graph/docs/findings"
"""The published form of ``docs/findings.md``, which has a section for every code."""

_ROOT = "%SRCROOT%"
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_PROBLEM = {"violation": "error", "warning": "warning", "info": "recommendation"}


def render_sarif(report: ValidationReport, project: Project) -> str:
    """Return the report as a SARIF log of one run.

    Every code that occurs is a rule. Paths are relative to the working folder; a finding without a
    file stands at the project file, because viewers drop results without a location. Columns are
    counted in code points, and an end column is the one after the last character.
    """
    from importlib.metadata import version

    findings = stable_findings(report)
    gravest: dict[str, SeverityName] = {}
    for each in findings:
        before = gravest.setdefault(each.code, each.severity)
        gravest[each.code] = min(before, each.severity, key=SEVERITIES.index)
    index = {code: number for number, code in enumerate(sorted(gravest))}
    driver = {
        "name": "mezan",
        "semanticVersion": version("mezan-graph"),
        "rules": [_rule(code, gravest[code]) for code in index],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The folder in which the validation was run."}}
        },
        "results": [],
    }
    paths = RepositoryPaths(project)
    rows = (
        _result(finding, index[finding.code], fingerprint, paths)
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    )
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, json_rows(rows))


def _rule(code: str, gravest: SeverityName) -> dict[str, Any]:
    description = CODES.get(code, code)
    return {
        "id": code,
        "shortDescription": {"text": f"{description[0].upper()}{description[1:]}."},
        "help": {"text": f"{FINDINGS_PAGE}#{code.lower()} says what it means and what to do."},
        "helpUri": f"{FINDINGS_PAGE}#{code.lower()}",
        "defaultConfiguration": {"level": _LEVELS[gravest]},
        "properties": {"problem.severity": _PROBLEM[gravest]},
    }


def _result(
    finding: Finding, index: int, fingerprint: str, paths: RepositoryPaths
) -> dict[str, Any]:
    properties = {
        "focusNode": finding.focus_node and _identifier(finding.focus_node),
        "path": finding.path,
        "value": finding.value and shown_term(finding.value, {}),
        "component": finding.component,
        "shape": finding.shape and _identifier(finding.shape),
    }
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": escaped(message_of(finding))},
        "locations": [_location(finding, paths)],
        # GitHub tells alerts apart by primaryLocationLineHash alone; others by any of them.
        "partialFingerprints": {
            "mezanFinding/v1": fingerprint,
            "primaryLocationLineHash": f"{fingerprint[:16]}:1",
        },
    }
    described = {name: value for name, value in properties.items() if value}
    return result | ({"properties": described} if described else {})


def _location(finding: Finding, paths: RepositoryPaths) -> dict[str, Any]:
    from urllib.parse import quote

    path = paths[finding.file].encode("utf-8", "surrogateescape")
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT},
        "region": _region(finding),
    }
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.focus_node is not None:
        node = {"fullyQualifiedName": _identifier(finding.focus_node), "kind": "resource"}
        if finding.label:
            node["name"] = finding.label
        location["logicalLocations"] = [node]
    return location


def _identifier(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else shown_term(term, {})


def _region(finding: Finding) -> dict[str, int]:
    region = {
        "startLine": finding.line or 1,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    return {name: number for name, number in region.items() if number is not None}


def escaped(message: str) -> str:
    """Return ``message`` as the text of a SARIF message that shows it as it is.

    Braces are doubled (SARIF, section 3.11.5). Brackets are escaped where a link could be read
    (section 3.11.6), so that data puts no link of its own into a viewer.
    """
    text = message.replace("{", "{{").replace("}", "}}")
    if "](" in text:
        text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return text

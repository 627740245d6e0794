"""The report as JSON for programs, in the form of ``validation/report.schema.json``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.validation.rendering.stable import stable_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.validation.findings import Finding, ValidationReport

REPORT_VERSION = 1
"""Version of the JSON format; it changes when a key is removed or changes its meaning."""

_NOT_ASCII = re.compile(r"[^\n -~]+")


def render_json(report: ValidationReport) -> str:
    """Return the report as JSON, complete: nothing is shortened or left out."""
    return json_text(
        {
            "version": REPORT_VERSION,
            "conforms": report.conforms,
            "counts": report.counts,
            "checked": dict(report.checked),
            "results": [],
        },
        (_object(finding) for finding in stable_findings(report)),
    )


def json_text(value: Any, rows: Iterable[Any] = ()) -> str:
    r"""Return ``value`` as an indented JSON document that is safe to look at in a terminal.

    Letters of all scripts stay as they are; control characters, bidirectional overrides and lone
    surrogates are written as ``\u`` escapes, which every parser reads back.

    Args:
        value: What the document says.
        rows: Items of the last empty array in ``value``, each written on one line: the encoder of
            the standard library is many times slower where it indents.
    """
    document = json.dumps(value, ensure_ascii=False, indent=2)
    # One encoder for all: dumps() makes one for each row.
    encoder = json.JSONEncoder(ensure_ascii=False)
    lines = ",\n".join(map(encoder.encode, rows))
    if lines:
        head, _, tail = document.rpartition("[]")
        document = f"{head}[\n{lines}\n]{tail}"
    return _NOT_ASCII.sub(_inert, document) + "\n"


def plain(term: object) -> str | None:
    """Return an IRI as it is, and any other term in N-Triples."""
    if term is None:
        return None
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _object(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "focusNode": plain(finding.focus_node),
        "focusLabel": finding.label,
        "path": finding.path,
        "pathLabel": finding.path_label,
        "value": None if finding.value is None else str(finding.value),
        "triple": finding.triple,
        "component": finding.component,
        "shape": plain(finding.shape),
        "message": finding.message,
        "hint": finding.hint,
    }


def _inert(match: re.Match[str]) -> str:
    if match[0].isprintable():
        return match[0]
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in match[0])

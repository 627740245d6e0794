"""The report as JSON for programs, in the form of ``validation/report.schema.json``."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.validation.rendering.stable import stable_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
        _Rows(stable_findings(report)),
    )


def json_text(value: Any, rows: Iterable[str] = ()) -> str:
    r"""Return ``value`` as an indented JSON document that is safe to look at in a terminal.

    Letters of all scripts stay as they are; control characters, bidirectional overrides and lone
    surrogates are written as ``\u`` escapes, which every parser reads back.

    Args:
        value: What the document says.
        rows: Items of the last empty array in ``value`` as JSON, each on one line: the encoder of
            the standard library is many times slower where it indents.
    """
    document = json.dumps(value, ensure_ascii=False, indent=2)
    lines = ",\n".join(rows)
    if lines:
        head, _, tail = document.rpartition("[]")
        document = f"{head}[\n{lines}\n]{tail}"
    if not document.isascii() or "\x7f" in document:
        document = _NOT_ASCII.sub(_inert, document)
    return f"{document}\n"


def json_rows(rows: Iterable[Any]) -> Iterator[str]:
    """Yield each of ``rows`` as JSON on one line."""
    # One encoder for all: dumps() makes one for each row.
    return map(json.JSONEncoder(ensure_ascii=False).encode, rows)


def plain(term: object) -> str | None:
    """Return an IRI as it is, and any other term in N-Triples."""
    if term is None:
        return None
    return term.value if isinstance(term, ox.NamedNode) else str(term)


class _Rows:
    """Findings as JSON, one line for each.

    Written by hand, and what many findings share only once: three times as fast as an encoder.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = findings
        self._texts: dict[str | None, str] = {None: "null"}
        self._terms: dict[object, str] = {}

    def __iter__(self) -> Iterator[str]:
        text, term, quoted = self._text, self._term, encode_basestring
        for each in self._findings:
            value = "null" if each.value is None else quoted(str(each.value))
            triple = "null" if each.triple is None else quoted(each.triple)
            hint = "null" if each.hint is None else quoted(each.hint)
            yield (
                f'{{"code": {text(each.code)}, "severity": {text(each.severity)},'
                f' "file": {text(each.file)},'
                f' "line": {each.line or "null"}, "column": {each.column or "null"},'
                f' "endLine": {each.end_line or "null"}, "endColumn": {each.end_column or "null"},'
                f' "focusNode": {term(each.focus_node)}, "focusLabel": {text(each.label)},'
                f' "path": {text(each.path)}, "pathLabel": {text(each.path_label)},'
                f' "value": {value}, "triple": {triple},'
                f' "component": {text(each.component)}, "shape": {term(each.shape)},'
                f' "message": {quoted(each.message)}, "hint": {hint}}}'
            )

    def _text(self, text: str | None) -> str:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = encode_basestring(text or "")
        return found

    def _term(self, term: object) -> str:
        found = self._terms.get(term)
        if found is None:
            found = self._terms[term] = self._text(plain(term))
        return found


def _inert(match: re.Match[str]) -> str:
    if match[0].isprintable():
        return match[0]
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in match[0])

"""A lint of schema.org JSON-LD, in files of its own and in the scripts of HTML pages; offline.

Terms are looked up in the release of schema.org that ships with the package. ``docs/findings.md``
has a section for every code.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from pathlib import PurePath
from typing import TYPE_CHECKING

from mezan_graph.embedding.lint.fault import Fault
from mezan_graph.embedding.lint.features import check_features
from mezan_graph.embedding.lint.located import FaultError, read_json
from mezan_graph.embedding.lint.nodes import read_nodes
from mezan_graph.embedding.lint.terms import check_terms
from mezan_graph.embedding.lint.values import check_values
from mezan_graph.embedding.markup import read_page
from mezan_graph.embedding.pages import SUFFIXES, pages_in, read_file
from mezan_graph.namespaces import SCHEMA
from mezan_graph.settings import Limits
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.silence import decided
from mezan_graph.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mezan_graph.embedding.lint.located import Located
    from mezan_graph.project import Project

__all__ = ["LintReport", "lint", "lint_files"]

_WRONG = re.compile(r"http://(?:www\.)?schema\.org(?:/|\Z)")
_HAZARD = re.compile(r"<!--|<script", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SUFFIXES = SUFFIXES | {".json", ".jsonld"}


class LintReport(ValidationReport):
    """What the lint found in some files; no shapes have a part in it."""

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.fails("violation")

    @property
    def verdict(self) -> str:
        """Which release of schema.org the terms were looked up in."""
        return f"schema.org: {VOCABULARIES[SCHEMA.iri].edition}"


def lint(content: bytes, name: str, limits: Limits | None = None) -> list[Finding]:
    """Return what is wrong with the JSON-LD in a file, in the order of their places.

    Args:
        content: The file: JSON-LD, or an HTML page whose scripts of type ``application/ld+json``
            are looked at, each as a document of its own.
        name: Its name, which findings give as their file; its suffix says what it is.
        limits: Bounds on nesting.
    """
    text = _text(content)
    lines = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]
    findings = []
    for fault in _faults(text, name, (limits or Limits()).nesting):
        line = bisect_right(lines, fault.offset)
        findings.append(
            Finding(
                fault.code,
                fault.severity,
                fault.message,
                file=name,
                line=line,
                column=fault.offset - lines[line - 1] + 1,
                hint=fault.hint,
            )
        )
    return sorted(set(findings), key=Finding.sort_key)


def lint_files(paths: Iterable[Path], project: Project) -> LintReport:
    """Return what is wrong with the JSON-LD in files, and in the pages of folders.

    Args:
        paths: Files and folders; in a folder, HTML and JSON-LD files are looked at.
        project: Its silences, severities and limits are applied.

    Raises:
        SourceError: A file cannot be read.
    """
    findings: list[Finding] = []
    files = [file for path in paths for file in pages_in(path, _SUFFIXES)]
    for file in files:
        findings += lint(read_file(file), _name(file, project), project.limits)
    settled = decided(findings, project)
    return LintReport(
        settled.findings, checked={"files": len(files)}, silenced=len(settled.silenced)
    )


def _name(file: Path, project: Project) -> str:
    """Return a file relative to the project, as silences name it, where it is inside."""
    whole = file.resolve()
    return project.relative(whole) if project.root in whole.parents else file.as_posix()


def _faults(text: str, name: str, nesting: int) -> Iterator[Fault]:
    is_page = PurePath(name).suffix.lower() in SUFFIXES or text.lstrip("\ufeff\t\n\r ")[:1] == "<"
    if not is_page:
        yield from _document(text, 1 if text.startswith("\ufeff") else 0, len(text), nesting)
        return
    for script in read_page(text).scripts:
        if script.is_json_ld:
            yield from _document(text, script.content, script.content_end, nesting)
            hazard = _HAZARD.search(text, script.content, script.content_end)
            if hazard:
                yield Fault(
                    "MZ513", "warning", f"{hazard[0]} in a script keeps it from ending",
                    hazard.start(), r"write < as \u003c",
                )  # fmt: skip


def _document(text: str, start: int, end: int, nesting: int) -> Iterator[Fault]:
    try:
        document = read_json(text, start, end, nesting)
    except FaultError as error:
        yield Fault("MZ501", "violation", error.message, error.offset, error.hint)
        return
    if not isinstance(document.value, list | tuple):
        yield Fault("MZ501", "violation", "JSON-LD is an object or an array", document.offset)
        return
    yield from _contexts(document)
    yield from _wrong_namespace(document)
    for top in read_nodes(document):
        yield from check_features(top)
        for node in top.descendants():
            yield from check_terms(node)
            yield from check_values(node)


def _contexts(document: Located) -> Iterator[Fault]:
    for top in document.items:
        contexts = [each.value for each in top.members if each.key == "@context"]
        if top.is_object and not contexts:
            yield Fault(
                "MZ502", "violation", "there is no @context", top.offset,
                'write "@context": "https://schema.org"',
            )  # fmt: skip
    for node in read_nodes(document):
        if node.context.unknown:
            yield Fault(
                "MZ502", "info", "a @context at another address is not looked up", node.offset,
                "what it defines was not checked",
            )  # fmt: skip


def _wrong_namespace(value: Located) -> Iterator[Fault]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        texts = [(member.key, member.offset) for member in each.members]
        if isinstance(each.value, str):
            texts.append((each.value, each.offset))
        for text, offset in texts:
            if _WRONG.match(text):
                yield Fault(
                    "MZ503", "warning", "http://schema.org in place of https://schema.org", offset,
                    "write https: in RDF they are two namespaces",
                )  # fmt: skip
        if isinstance(each.value, list):
            waiting += each.value
        waiting += [member.value for member in each.members]


def _text(content: bytes) -> str:
    """Return the file as text: after its mark, as UTF-8, as it declares, else byte by byte."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    declared = _CHARSET.search(content[:1024])
    for name in ("utf-8", declared[1].decode() if declared else "latin-1"):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")

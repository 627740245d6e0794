"""Citations checked against the text that they point into.

A citation is an ``oa:SpecificResource`` with the selectors of the Web Annotation Data Model: an
``oa:FragmentSelector`` after RFC 5147 (``line=6,7`` is the seventh line: positions are counted
from 0 between lines) and possibly an ``oa:TextPositionSelector`` (code points of the whole text,
the end exclusive). The digest is the SHA-256 of the passage in NFC with white space collapsed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import SourceError
from mezan_graph.namespaces import OA, RDF, SPDX
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.graph import Graph

_LINES = re.compile(r"line=(\d+),(\d+)\Z")
_LINE_END = re.compile(r"\r\n|\n|\r")
_Description = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


@dataclass(frozen=True, slots=True)
class _Text:
    """A source text, as RFC 5147 sees it."""

    name: str
    text: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> _Text:
        text = path.read_bytes().decode("utf-8")  # line ends as they are
        lines = _LINE_END.split(text)
        return cls(path.name, text, tuple(lines[:-1] if lines[-1] == "" else lines))


def passage_digest(passage: str) -> str:
    """Return the SHA-256 of ``passage`` in NFC with white space collapsed, in hexadecimal."""
    collapsed = " ".join(unicodedata.normalize("NFC", passage).split())
    return hashlib.sha256(collapsed.encode()).hexdigest()


def check_citations(graph: Graph, folder: Path | None) -> Iterator[Finding]:
    """Check every citation of ``graph`` whose source text lies in ``folder``.

    A source document and its text belong together by the SHA-256 digest that the graph records
    for the document, so that a text may have any name.

    Yields:
        ``MZ203`` for each document without its text, where no folder was given; ``MZ204`` where
        the folder holds no file with the recorded digest; ``MZ201`` and ``MZ202`` for citations.

    Raises:
        SourceError: The folder or a text in it cannot be read.
    """
    described = _descriptions(graph)
    cited: dict[str, list[str]] = defaultdict(list)
    for node, properties in described.items():
        if OA.SpecificResource in properties.get(RDF.type.value, ()):
            for document in properties.get(OA.hasSource.value, ()):
                cited[str(document)].append(node)
    texts = None if folder is None else _texts(folder)
    for document, citations in sorted(cited.items()):
        node = described.get(document, {})
        recorded = _checksum(described, node)
        text = None if texts is None else texts.get(recorded or "")
        if text is None:
            yield _missing(document, len(citations), recorded, folder)
            continue
        for citation in sorted(citations):
            yield from _check_citation(citation, described, text)


def _missing(document: str, count: int, recorded: str | None, folder: Path | None) -> Finding:
    node = _named(document)
    if folder is None:
        return Finding(
            "MZ203",
            "info",
            f"{count} citations were not checked: no folder with source texts is set",
            focus_node=node,
            hint="name the folder: mezan validate --source-texts DIR",
        )
    return Finding(
        "MZ204",
        "violation",
        f"no file in {folder} has the recorded SHA-256 {recorded or '(none is recorded)'}",
        focus_node=node,
        hint="the text has changed or is missing: restore it, or record the new digest",
    )


def _check_citation(
    citation: str, described: dict[str, _Description], text: _Text
) -> Iterator[Finding]:
    properties = described[citation]
    passage: str | None = None
    for selector in properties.get(OA.hasSelector.value, ()):
        selected = described.get(str(selector), {})
        kinds = selected.get(RDF.type.value, ())
        try:
            if OA.TextPositionSelector in kinds:
                passage = _between(selected, text)
            elif OA.FragmentSelector in kinds:
                lines = _line_range(selected, text)
                passage = lines if passage is None else passage
        except ValueError as error:
            yield Finding(
                "MZ201", "violation", f"{error} ({text.name})", focus_node=_named(citation)
            )
            return
    recorded = _checksum(described, properties)
    if passage is not None and recorded != (digest := passage_digest(passage)):
        yield Finding(
            "MZ202",
            "violation",
            f"the passage in {text.name} has the SHA-256 {digest}, not {recorded}",
            focus_node=_named(citation),
            hint="read the passage again; if it still says so, record this digest",
        )


def _line_range(selector: _Description, text: _Text) -> str:
    for value in selector.get(RDF.value.value, ()):
        match = _LINES.match(value.value)
        if match is None:
            raise ValueError(f"{value.value!r} is not a line range such as line=6,7")
        begin, end = int(match[1]), int(match[2])
        if not begin < end <= len(text.lines):
            raise ValueError(f"line={begin},{end} is outside of {len(text.lines)} lines")
        return "\n".join(text.lines[begin:end])
    raise ValueError("the fragment selector has no rdf:value")


def _between(selector: _Description, text: _Text) -> str:
    try:
        begin, end = (int(selector[OA[name].value][0].value) for name in ("start", "end"))
    except (KeyError, ValueError):
        raise ValueError("the text position selector has no whole numbers as bounds") from None
    if not 0 <= begin < end <= len(text.text):
        raise ValueError(f"{begin} to {end} is outside of {len(text.text)} characters")
    return text.text[begin:end]


def _checksum(described: dict[str, _Description], node: _Description) -> str | None:
    for checksum in node.get(SPDX.checksum.value, ()):
        for value in described.get(str(checksum), {}).get(SPDX.checksumValue.value, ()):
            return value.value.lower()
    return None


def _texts(folder: Path) -> dict[str, _Text]:
    try:
        files = [each for each in sorted(folder.iterdir()) if each.is_file()]
        return {hashlib.sha256(each.read_bytes()).hexdigest(): _Text.read(each) for each in files}
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"source texts cannot be read: {error}", place=folder) from None


def _descriptions(graph: Graph) -> dict[str, _Description]:
    described: dict[str, _Description] = defaultdict(lambda: defaultdict(list))
    for quad in graph.triples():
        described[str(quad.subject)][quad.predicate.value].append(quad.object)  # type: ignore[arg-type]
    return described


def _named(text: str) -> ox.NamedNode | ox.BlankNode:
    return ox.NamedNode(text[1:-1]) if text.startswith("<") else ox.BlankNode(text[2:])

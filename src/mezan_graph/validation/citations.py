"""Citations checked against the text that they point into.

A citation is an ``oa:SpecificResource`` with the selectors of the Web Annotation Data Model: an
``oa:FragmentSelector`` after RFC 5147 (``line=6,7`` is the seventh line: positions are counted
from 0 between lines) and possibly an ``oa:TextPositionSelector`` (code points of the whole text,
the end exclusive), which then is the more precise one. The digest is the SHA-256 of the passage in
NFC with white space collapsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.errors import SourceError
from mezan_graph.namespaces import DCT, OA, RDF, SPDX
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.passages import Text
_BLOCK = 1 << 20


def check_citations(survey: Survey, folder: Path | None) -> Iterator[Finding]:
    """Check every citation whose source text lies in ``folder``.

    A source document and its text belong together by the SHA-256 digest that the graph records
    for the document, so that a text may have any name. A citation that records no digest, or whose
    selectors are of a kind that is not known here, is left alone as far as that goes.

    Yields:
        ``MZ203`` for each document whose text is not at hand, or that records no digest; ``MZ204``
        where the folder holds no file with the recorded digest; ``MZ201`` and ``MZ202`` for
        citations.

    Raises:
        SourceError: The folder or a text in it cannot be read.
    """
    described = _Descriptions(survey)
    citations = survey.typed(OA.SpecificResource)
    by_document: dict[Any, list[Any]] = {}
    for citation in sorted(citations, key=str):
        for document in described.values(citation, OA.hasSource):
            by_document.setdefault(document, []).append(citation)
    recorded = {document: described.checksum(document) for document in by_document}
    texts = {} if folder is None else _texts(folder, {each for each in recorded.values() if each})
    for document, cited in sorted(by_document.items(), key=lambda item: str(item[0])):
        text = texts.get(recorded[document] or "")
        if text is None:
            yield _missing(document, len(cited), recorded[document], folder)
            continue
        for citation in cited:
            yield from _check_citation(citation, described, text)


class _Descriptions:
    """What the data says of citations, their selectors and their checksums."""

    def __init__(self, survey: Survey) -> None:
        self._typed = survey.typed
        self._index = survey.index

    def values(self, node: Any, predicate: ox.NamedNode) -> list[Any]:
        values = self._index.forward(predicate).get(self._index.number(node), ())
        return [self._index.terms[each] for each in values]

    def value(self, node: object, predicate: ox.NamedNode) -> str | None:
        found = self.values(node, predicate)
        return found[0].value if found else None

    def is_a(self, node: object, rdf_class: ox.NamedNode) -> bool:
        return node in self._typed(rdf_class)

    def checksum(self, node: object) -> str | None:
        """Return the SHA-256 digest recorded for ``node``, in lower case."""
        for checksum in self.values(node, SPDX.checksum):
            algorithm = self.value(checksum, SPDX.algorithm)
            value = self.value(checksum, SPDX.checksumValue)
            if value and algorithm in {None, SPDX.checksumAlgorithm_sha256.value}:
                return value.strip().lower()
        return None


def _missing(document: Any, count: int, recorded: str | None, folder: Path | None) -> Finding:
    if recorded is None or folder is None:
        cited = f"{count} citation{'s' if count > 1 else ''} of this document not checked"
        reason = (
            "no folder with source texts is set"
            if recorded
            else "the document records no SHA-256 digest to know its text by"
        )
        hint = (
            "name the folder: mezan validate --source-texts DIR"
            if recorded
            else "record it with spdx:checksum, or leave the citations unchecked"
        )
        return Finding("MZ203", "info", f"{cited}: {reason}", focus_node=document, hint=hint)
    return Finding(
        "MZ204",
        "violation",
        f"no file in {folder} has the recorded SHA-256 {recorded}",
        focus_node=document,
        path=str(SPDX.checksum),
        hint="the text has changed or is missing: restore it, or record the new digest",
    )


def _check_citation(citation: Any, described: _Descriptions, text: Text) -> Iterator[Finding]:
    from mezan_graph.validation.passages import passage_digest

    passage: str | None = None
    problem: tuple[str, ox.NamedNode] | None = None
    for selector in described.values(citation, OA.hasSelector):
        try:
            if described.is_a(selector, OA.TextPositionSelector):
                start, end = (described.value(selector, each) for each in (OA.start, OA.end))
                passage = text.between(start, end)
            elif described.is_a(selector, OA.FragmentSelector):
                scheme = described.value(selector, DCT.conformsTo)
                if scheme is None or scheme.rstrip("/").lower().endswith("rfc5147"):
                    lines = text.fragment(described.value(selector, RDF.value))
                    passage = lines if passage is None else passage
        except ValueError as error:
            problem = str(error), OA.hasSelector
            break
    recorded = described.checksum(citation)
    if problem is not None:
        yield Finding(
            "MZ201",
            "violation",
            f"{problem[0]} ({text.name})",
            focus_node=citation,
            path=str(problem[1]),
            hint=f"the text has {len(text.lines)} lines and {len(text.text)} characters",
        )
    elif passage is not None and recorded and recorded != (digest := passage_digest(passage)):
        yield Finding(
            "MZ202",
            "violation",
            f"the passage in {text.name} has the SHA-256 {digest}, not {recorded}",
            focus_node=citation,
            path=str(SPDX.checksum),
            hint="read the passage again; if it still says so, record this digest",
        )


def _texts(folder: Path, wanted: set[str]) -> dict[str, Text]:
    """Read the files of ``folder`` whose digest is ``wanted``; others need not be texts."""
    from mezan_graph.validation.passages import Text

    found: dict[str, Text] = {}
    try:
        for path in sorted(folder.iterdir()) if wanted else ():
            if path.is_file() and (digest := _file_digest(path)) in wanted:
                found[digest] = Text.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"source texts cannot be read: {error}",
            place=folder,
            hint="a source text is UTF-8",
        ) from None
    return found


def _file_digest(path: Path) -> str:
    import hashlib

    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()

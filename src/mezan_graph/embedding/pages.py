"""Snippets put into pages, and pages compared with the graph.

A script element of ours is known by its ``data-mezan`` attribute, which names the entity. Nothing
else in a page is touched, byte for byte.
"""

from __future__ import annotations

import codecs
import difflib
import json
import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pyoxigraph as ox

from mezan_graph.atomic import write_file
from mezan_graph.embedding.markup import read_page
from mezan_graph.embedding.snippets import MARKER
from mezan_graph.errors import SourceError, UnknownEntityError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from mezan_graph.embedding.markup import Script
    from mezan_graph.embedding.snippets import Embedder, Snippet

SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
"""Suffixes of the files that are looked at in a folder of pages."""

Content = TypeVar("Content", bytes, str)
"""A page as bytes or as text."""

_DECLARED = re.compile(
    rb"""<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 1024
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Drift(NamedTuple):
    """JSON-LD of ours in a page that is not what the graph says.

    Attributes:
        page: The page.
        line: 1-based line of the script element; ``None`` where there is none.
        entity: The entity.
        difference: What is different, as a unified diff of indented JSON, or a sentence.
    """

    page: Path
    line: int | None
    entity: str
    difference: str


def insert(page: Content, snippet: Snippet) -> Content:
    """Return ``page`` with the snippet in it.

    A snippet of the same entity is replaced where it stands. Else the new one is put at the end of
    the head; where a page has no ``</head>``, before what begins its body. In bytes whose encoding
    is not UTF-8 for certain, letters beyond ASCII are written as JSON escapes.

    Args:
        page: The page, as bytes in whatever encoding, or as text.
        snippet: What to put in.

    Raises:
        SourceError: The page is said to be UTF-16 and is not.
    """
    if isinstance(page, str):
        return _with(page, snippet, snippet.html)
    text, encoding = _decoded(page)
    element = snippet.html
    if encoding == "latin-1" and _is_utf8(page):
        element = element.encode().decode("latin-1")
    elif encoding == "latin-1":
        element = _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], element)
    return _with(text, snippet, element).encode(encoding, "surrogatepass")


def _with(text: str, snippet: Snippet, element: str) -> str:
    found = read_page(text)
    ours = [each for each in found.scripts if _entity(each) == snippet.entity.value]
    pieces = []
    at = 0
    for number, script in enumerate(ours):
        pieces += [text[at : script.start], "" if number else element]
        at = script.end
    if not ours:
        at = found.head_end
        # With </head> on a line of its own, the element gets a line before it.
        indent = text[text.rfind("\n", 0, at) + 1 : at]
        pieces += [text[:at], element, _line_end(text), "" if indent.strip() else indent]
    return "".join([*pieces, text[at:]])


def insert_into(path: Path, snippet: Snippet) -> bool:
    """Put the snippet into the file ``path``, whole or not at all.

    Returns:
        Whether the file had to be changed.

    Raises:
        SourceError: The page cannot be read.
        OutputError: It cannot be written; it is as it was.
    """
    before = read_file(path)
    after = insert(before, snippet)
    if after != before:
        write_file(path, after)
    return after != before


def drift(page: bytes | str, snippet: Snippet) -> str | None:
    """Return how the JSON-LD of an entity in ``page`` differs from ``snippet``.

    Documents are compared as JSON, so that white space and escapes do not count.

    Returns:
        A unified diff or a sentence; ``None`` where nothing differs.
    """
    text, encoding = _decoded(page)
    ours = [each for each in read_page(text).scripts if _entity(each) == snippet.entity.value]
    if not ours:
        return f"the page holds no JSON-LD of {snippet.entity.value}"
    found = (_difference(text, encoding, script, snippet) for script in ours)
    return next((each for each in found if each is not None), None)


def drifted(
    embedder: Embedder, pages: Iterable[Path], snippet: Snippet | None = None
) -> Iterator[Drift]:
    """Yield what has drifted from the graph in ``pages``.

    Args:
        embedder: Makes what ought to stand in the pages.
        pages: Files.
        snippet: What each of the pages has to hold; ``None`` to compare whatever they hold of ours
            with what the graph says of it now, in its language.

    Raises:
        SourceError: A page cannot be read.
    """
    for path in pages:
        page = read_file(path)
        if snippet is not None:
            difference = drift(page, snippet)
            if difference is not None:
                yield Drift(path, None, snippet.entity.value, difference)
            continue
        text, encoding = _decoded(page)
        for script in read_page(text).scripts:
            entity = _entity(script)
            if entity is None:
                continue
            language = script.attributes.get("lang")
            try:
                now = embedder.snippet(
                    ox.NamedNode(entity), language=language, full=language is None
                )
            except (UnknownEntityError, ValueError):
                difference = "the graph no longer says anything about this entity"
            else:
                difference = _difference(text, encoding, script, now)
            if difference is not None:
                yield Drift(path, text.count("\n", 0, script.start) + 1, entity, difference)


def holds_ours(path: Path) -> bool:
    """Whether a page holds JSON-LD of ours.

    Raises:
        SourceError: The page cannot be read.
    """
    text, _ = _decoded(read_file(path))
    return any(_entity(script) is not None for script in read_page(text).scripts)


def pages_in(path: Path, suffixes: Collection[str] = SUFFIXES) -> list[Path]:
    """Return ``path``, or the files with these suffixes below it where it is a folder, sorted."""
    if not path.is_dir():
        return [path]
    return sorted(
        each for each in path.rglob("*") if each.suffix.lower() in suffixes and each.is_file()
    )


def read_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", place=path) from None


def _entity(script: Script) -> str | None:
    return script.attributes.get(MARKER) if script.is_json_ld else None


def _difference(text: str, encoding: str, script: Script, snippet: Snippet) -> str | None:
    content = text[script.content : script.content_end]
    if encoding == "latin-1":
        content = content.encode("latin-1").decode("utf-8", "replace")
    try:
        document = json.loads(content)
    except ValueError as error:
        return f"the script is not JSON: {error}"
    if document == snippet.document:
        return None
    before, after = (
        json.dumps(each, ensure_ascii=False, indent=2).splitlines()
        for each in (document, snippet.document)
    )
    return "\n".join(difflib.unified_diff(before, after, "page", "graph", lineterm=""))


def _decoded(page: bytes | str) -> tuple[str, str]:
    """Return the page as text and the codec that gives its bytes back, ``str`` for none.

    All encodings of pages but UTF-16 hold ASCII as it is, so that a page can be taken apart as
    Latin-1, which has a character for every byte.
    """
    if isinstance(page, str):
        return page, "str"
    codec = _BOMS.get(page[:2])
    if codec is None:
        return page.decode("latin-1"), "latin-1"
    try:
        return page.decode(codec, "surrogatepass"), codec
    except UnicodeDecodeError as error:
        raise SourceError(f"the page begins like UTF-16 and is not: {error.reason}") from None


def _is_utf8(page: bytes) -> bool:
    if page.startswith(codecs.BOM_UTF8):
        return True
    declared = _DECLARED.search(page[:_DECLARED_WITHIN])
    if declared:
        name: bytes = declared[1] or declared[2]
        return name.lower() in {b"utf-8", b"utf8"}
    try:
        return not page.decode().isascii()
    except UnicodeDecodeError:
        return False


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"

"""``MZ102``: one prefix that stands for two namespaces, so that a name means two things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.documents import found_in_any_case
from mezan_graph.formats import TRIG, TURTLE
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.sources import Source

_BETWEEN = re.compile(rb"(?:[ \t\r\n.]++|#[^\r\n]*+)*+")
_DIRECTIVE = re.compile(rb"@?(?:prefix\s+([^\s:<>\"'#]*):|base)\s*<([^>\s]*)>", re.IGNORECASE)


class Declaration(NamedTuple):
    """One declaration of a prefix.

    Attributes:
        prefix: The prefix without its colon.
        iri: The namespace as written.
        file: Name of the source.
        line: 1-based line.
        column: 1-based column, in code points.
    """

    prefix: str
    iri: str
    file: str
    line: int
    column: int


def declarations(source: Source) -> list[Declaration]:
    """Return the prefixes that a Turtle or TriG document declares, in order; else none.

    What looks like a declaration inside of a comment or a string is none. The document is read
    token by token as far as its last likely declaration, which is mostly near the top.
    """
    if source.format not in {TURTLE, TRIG}:
        return []
    content = _content(source)
    found = []
    base = ""
    for match in _directives(content, _last_candidate(content)):
        iri = _resolved(base, match[2].decode())
        if match[1] is None:
            base = iri
        else:
            place = _place(content, match.start())
            found.append(Declaration(match[1].decode(), iri, source.name, *place))
    return found


def _directives(content: bytes, last: int) -> list[re.Match[bytes]]:
    """Return the directives up to the offset ``last``."""
    found = []
    end = 0
    while match := _DIRECTIVE.match(content, _BETWEEN.match(content, end).end()):  # type: ignore[union-attr]
        found.append(match)
        end = match.end()
    if last < end:
        return found
    # Some stand further down, among triples: only the tokens tell them from text.
    from mezan_graph.turtle.tokens import Kind, terms_pattern

    found = []
    for token in terms_pattern().finditer(content):
        if token.start() > last:
            break
        if token.lastindex == Kind.DIRECTIVE:
            match = _DIRECTIVE.match(content, token.start(Kind.DIRECTIVE))
            found += [match] if match else []
    return found


def check_prefixes(sources: Iterable[Source], known: dict[str, str]) -> Iterator[Finding]:
    """Yield ``MZ102`` for every declaration that gives a prefix a second meaning.

    Args:
        sources: Sources in the order in which they are read.
        known: Prefixes of the project, which come before any file.
    """
    first = {prefix: (iri, "this project") for prefix, iri in known.items()}
    for source in sources:
        for each in declarations(source):
            before, where = first.setdefault(each.prefix, (each.iri, f"{each.file}:{each.line}"))
            if each.iri == before:
                continue
            yield Finding(
                "MZ102",
                "violation",
                f"the prefix {each.prefix}: stands for <{each.iri}> here "
                f"and for <{before}> in {where}",
                file=each.file,
                line=each.line,
                column=each.column,
                hint="give one of the two another prefix",
            )


def _content(source: Source) -> bytes:
    """Return the document without checking it again: it has been parsed."""
    if source.path is None:
        return source.content or b""
    try:
        return source.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return source.read()


def _last_candidate(content: bytes) -> int:
    """Return where the last thing that looks like a declaration of a prefix begins, or -1."""
    found = (at for at in found_in_any_case(content, b"prefix") if _DIRECTIVE.match(content, at))
    return max(found, default=-1)


def _place(content: bytes, offset: int) -> tuple[int, int]:
    start = content.rfind(b"\n", 0, offset) + 1
    return content.count(b"\n", 0, offset) + 1, len(content[start:offset].decode("utf-8")) + 1


def _resolved(base: str, iri: str) -> str:
    if not base or ":" in iri.partition("/")[0]:
        return iri
    from urllib.parse import urljoin

    # urljoin drops an empty fragment, which in a namespace is what matters.
    return urljoin(base, iri).rstrip("#") + ("#" if iri.endswith("#") else "")

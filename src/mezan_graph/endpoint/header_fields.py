"""The header fields of answers, as they are sent."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mezan_graph.endpoint.answer import COMMON

if TYPE_CHECKING:
    from mezan_graph.endpoint.answer import Answer

    Field = tuple[bytes, bytes]

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_EMPTY = frozenset({204, 304})
"""Status codes of answers that have no body."""


def fields(answer: Answer) -> list[Field]:
    """Return the header fields of ``answer``, names in lower case."""
    return [*_fields(tuple(answer.headers.items())), *_length(answer)]


def written(answer: Answer) -> bytes:
    """Return the header fields of ``answer`` as they are sent, with the empty line after them.

    Raises:
        ValueError: One holds a control character.
    """
    if not answer.written:
        # Most answers differ from others in their validator and length only.
        headers = dict(answer.headers)
        tag = headers.pop("ETag", None)
        parts = [_lines(tuple(headers.items()))]
        if tag is not None:
            parts.append(_line(_field("ETag", tag)))
        parts += map(_line, _length(answer))
        answer.written = b"".join((*parts, b"\r\n"))
    return answer.written


@lru_cache(256)
def _lines(headers: tuple[tuple[str, str], ...]) -> bytes:
    return b"".join(map(_line, _fields(headers)))


def _line(field: Field) -> bytes:
    if _CONTROL.search(field[1]):
        raise ValueError("a header field holds a control character")
    return b"%b: %b\r\n" % field


def _fields(headers: tuple[tuple[str, str], ...]) -> list[Field]:
    """Return ``headers`` and those of every answer; one of ``headers`` may replace one of these."""
    own = [_field(*each) for each in headers]
    names = {name for name, _ in own}
    return [*(each for each in _COMMON if each[0] not in names), *own]


def _length(answer: Answer) -> list[Field]:
    if answer.pieces is not None or answer.status in _EMPTY:
        return []
    return [(b"content-length", b"%d" % len(answer.body))]


def _field(name: str, value: str) -> Field:
    return name.lower().encode(), value.encode("latin-1")


_COMMON = [_field(*each) for each in COMMON.items()]

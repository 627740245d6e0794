"""Heads of requests that were read before: all but their first line, which a client repeats.

A client sends the same header fields with every request on a connection, and most clients of one
program send the same ones. Reading them is most of what a request costs before it is understood,
so what the parser made of them is kept by their bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

END = b"\r\n\r\n"
_LINE = re.compile(rb"GET (/[A-Za-z0-9._~/-]*)(?:\?([A-Za-z0-9._~!$&'()*+,;=:@/?%-]*))? HTTP/1\.1")
"""A first line that can be read in one way only: no escape in the path, no fragment."""

_BODY = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"connection"})
"""Fields by which a request is more than its head, or the last one of its connection."""

_MOST = 512
_LONGEST = 4096

Headers = list[tuple[bytes, bytes]]


class Known(NamedTuple):
    """Header fields that were read.

    Attributes:
        headers: Names in lower case, and values.
        joined: The same by name; the values of one name joined with commas.
    """

    headers: Headers
    joined: dict[str, str]


class Heads:
    """What is known of the heads of GET requests without a body."""

    def __init__(self) -> None:
        self._known: dict[bytes, Known] = {}

    def read(self, data: bytes) -> tuple[str, bytes, Known] | None:
        """Return path, query string and headers of the one request that ``data`` is.

        Returns:
            ``None`` where it may be something else, and has to be parsed.
        """
        line, _, rest = data.partition(b"\r\n")
        known = self._known.get(rest)
        if known is None:
            return None
        match = _LINE.fullmatch(line)
        return None if match is None else (match[1].decode(), match[2] or b"", known)

    def keep(self, data: bytes, scope: Mapping[str, Any]) -> None:
        """Remember the header fields of ``data``, which was parsed as one request, and no more.

        Args:
            data: The request; it ends with the head, so that nothing can follow it.
            scope: What the parser made of it, as ASGI has it.
        """
        rest = data.partition(b"\r\n")[2]
        headers = scope["headers"]
        plain = scope["method"] == "GET" and scope["http_version"] == "1.1"
        if not plain or len(rest) > _LONGEST or any(name in _BODY for name, _ in headers):
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[rest] = Known(headers, joined(headers))


def joined(headers: Headers) -> dict[str, str]:
    """Return header fields by name, the values of one name joined with commas."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found

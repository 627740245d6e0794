"""Source texts, and the passages that selectors point to (RFC 5147, Web Annotation Data Model)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

# RFC 5147, section 3: a range, open at either end, and integrity checks that we do not need.
_FRAGMENT = re.compile(r"(line|char)=([0-9]*),([0-9]*)(?:;(?:length|md5)=[^;]*)*\Z")
_NUMBER = re.compile(r"\+?[0-9]{1,18}\Z")
_LINE_END = re.compile(r"\r\n|\n|\r")


class Text(NamedTuple):
    """A source text.

    Attributes:
        name: Name of its file.
        text: The whole text, with its line ends as in the file.
        lines: Its lines as RFC 5147 (section 2.1.2) counts them, without their ends: LF, CR and
            CRLF each end one.
    """

    name: str
    text: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Text:
        """Read a text in UTF-8.

        Raises:
            OSError: The file cannot be read.
            UnicodeDecodeError: It is not UTF-8.
        """
        return cls.of(path.name, path.read_bytes().decode("utf-8"))

    @classmethod
    def of(cls, name: str, text: str) -> Text:
        """Make a text from its characters."""
        lines = _LINE_END.split(text)
        return cls(name, text, tuple(lines[:-1] if lines[-1] == "" else lines))

    def fragment(self, identifier: str | None) -> str:
        """Return the passage that an RFC 5147 fragment identifier selects: ``line=6,7``.

        Raises:
            ValueError: It is not a range of lines or characters, or reaches outside of the text.
        """
        match = _FRAGMENT.match(identifier or "")
        if match is None or not (match[2] or match[3]):
            raise ValueError(f"{identifier!r} is not a range of lines such as line=6,7")
        length = len(self.lines) if match[1] == "line" else len(self.text)
        begin = int(match[2] or 0)
        end = int(match[3] or length)
        if not begin < end <= length:
            unit = "lines" if match[1] == "line" else "characters"
            raise ValueError(f"{identifier} is outside of {length} {unit}")
        if match[1] == "line":
            return "\n".join(self.lines[begin:end])
        return self.text[begin:end]

    def between(self, start: str | None, end: str | None) -> str:
        """Return the characters from ``start``, counted from 0, up to and without ``end``.

        Raises:
            ValueError: The bounds are not whole numbers, or reach outside of the text.
        """
        if not (start and end and _NUMBER.match(start) and _NUMBER.match(end)):
            raise ValueError("the text position selector has no whole numbers as bounds")
        if not int(start) < int(end) <= len(self.text):
            raise ValueError(f"{start} to {end} is outside of {len(self.text)} characters")
        return self.text[int(start) : int(end)]


def passage_digest(passage: str) -> str:
    """Return the SHA-256 of ``passage`` in NFC with white space collapsed, in hexadecimal."""
    collapsed = " ".join(unicodedata.normalize("NFC", passage).split())
    import hashlib

    return hashlib.sha256(collapsed.encode()).hexdigest()

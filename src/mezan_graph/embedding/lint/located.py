"""JSON read with the place of every value and key, for findings that name them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

_TOKEN = re.compile(
    r'(?P<mark>[{}\[\]:,])|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>true|false|null)\b"
)
_BLANK = re.compile(r"[ \t\n\r]*")
_TEMPLATE = ("{{", "{%")
_WORDS = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER = 4000


class FaultError(Exception):
    """The text is not JSON.

    Attributes:
        message: What is wrong.
        offset: Where, in code points from the start of the text.
        hint: What to do about it.
    """

    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


@dataclass(slots=True)
class Located:
    """A JSON value with its place.

    Attributes:
        value: A scalar as Python has it, a list of located values, or a list of members.
        offset: Where it begins, in code points from the start of the text.
    """

    value: str | float | bool | list[Located] | tuple[Member, ...] | None
    offset: int

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of an object; empty for anything else."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def items(self) -> list[Located]:
        """The items of an array; anything else is its only item."""
        return self.value if isinstance(self.value, list) else [self]

    @property
    def is_object(self) -> bool:
        """Whether it is an object."""
        return isinstance(self.value, tuple)


class Member(NamedTuple):
    """One key of an object with its value, and where the key stands."""

    key: str
    offset: int
    value: Located


def read_json(text: str, start: int = 0, end: int | None = None, nesting: int = 100) -> Located:
    """Return the JSON value between two places of ``text``.

    Raises:
        FaultError: It is not JSON, a key stands twice in one object, or it is nested too deeply.
    """
    reader = _Reader(text, start, len(text) if end is None else end, nesting)
    value = reader.value(0)
    reader.blank()
    if reader.at < reader.end:
        raise FaultError("something stands behind the JSON value", reader.at)
    return value


class _Reader:
    def __init__(self, text: str, start: int, end: int, nesting: int) -> None:
        self.text = text
        self.at = start
        self.end = end
        self.nesting = nesting

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.at, self.end)
        self.at = match.end() if match else self.at

    def token(self) -> re.Match[str]:
        self.blank()
        match = _TOKEN.match(self.text, self.at, self.end)
        if match is None or self.text.startswith(_TEMPLATE, self.at):
            raise _fault(self.text, self.at, self.end)
        self.at = match.end()
        return match

    def value(self, depth: int) -> Located:
        token = self.token()
        if depth > self.nesting:
            raise FaultError(f"nested more than {self.nesting} levels deep", token.start())
        if token["string"] is not None:
            return Located(_text(token), token.start())
        if token["number"] is not None:
            if len(token[0]) > _LONGEST_NUMBER:
                raise FaultError(f"a number of {len(token[0])} digits", token.start())
            return Located(json.loads(token[0]), token.start())
        if token["word"] is not None:
            return Located(_WORDS[token[0]], token.start())
        if token[0] == "[":
            return self._array(token.start(), depth)
        if token[0] == "{":
            return self._object(token.start(), depth)
        raise FaultError(f"{token[0]} where a value is expected", token.start())

    def _closes(self, mark: str) -> bool:
        self.blank()
        if self.text.startswith(mark, self.at) and self.at < self.end:
            self.at += 1
            return True
        return False

    def _array(self, start: int, depth: int) -> Located:
        items: list[Located] = []
        if self._closes("]"):
            return Located(items, start)
        while True:
            items.append(self.value(depth + 1))
            if self._more("]"):
                return Located(items, start)

    def _object(self, start: int, depth: int) -> Located:
        members: list[Member] = []
        seen: set[str] = set()
        if self._closes("}"):
            return Located((), start)
        while True:
            key = self.token()
            if key["string"] is None:
                raise FaultError(f"{key[0]} where a key is expected", key.start())
            name = _text(key)
            if name in seen:
                raise FaultError(f"the key {key[0]} stands twice in one object", key.start())
            seen.add(name)
            colon = self.token()
            if colon[0] != ":":
                raise FaultError("a colon is missing behind the key", colon.start())
            members.append(Member(name, key.start(), self.value(depth + 1)))
            if self._more("}"):
                return Located(tuple(members), start)

    def _more(self, closing: str) -> bool:
        """Read a comma, or the closing mark; return whether it was that."""
        token = self.token()
        if token[0] == closing:
            return True
        if token[0] != ",":
            raise FaultError("a comma is missing before this", token.start())
        comma = token.start()
        self.blank()
        if self.at < self.end and self.text[self.at] in "}]":
            raise FaultError("a comma before the end", comma, "remove the comma")
        return False


def _text(token: re.Match[str]) -> str:
    if "\\" not in token[0]:
        return token[0][1:-1]
    try:
        text: str = json.loads(token[0])
    except ValueError:
        message = "an escape that JSON does not have"
        raise FaultError(message, token.start(), r"write \\ for a backslash") from None
    return text


def _fault(text: str, at: int, end: int) -> FaultError:
    """Return the error for what no token begins with, with a hint for what people write there."""
    if at >= end:
        return FaultError("the JSON ends too early", at, "close what is open")
    known = {
        "//": ("a comment", "JSON has no comments"),
        "/*": ("a comment", "JSON has no comments"),
        "<!": ("a comment", "JSON has no comments, and a script needs none around it"),
        "{{": ("a mark of a template engine", "lint the page that it makes"),
        "{%": ("a mark of a template engine", "lint the page that it makes"),
        "<?": ("a mark of a template engine", "lint the page that it makes"),
    }
    for mark, (what, hint) in known.items():
        if text.startswith(mark, at):
            return FaultError(what, at, hint)
    if text[at] in "'“”‘’":
        return FaultError("a text in the wrong quotation marks", at, 'JSON knows only "')
    if text[at] == '"':
        hint = r"write a line break as \n, and close the text"
        return FaultError("a text that does not end on its line", at, hint)
    return FaultError("this is not JSON", at)

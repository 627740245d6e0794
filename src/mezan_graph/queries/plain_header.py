"""The nodes of a header that is written as most are, without a YAML library.

Loading one takes longer than to evaluate a query. What is read here is a small part of YAML 1.1
that means the same in the whole of it: texts on one line, ``[one, two]``, ``{key: value}``, and
mappings below one another by two spaces. Anything else is left to the library.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_ITEM = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_LIST = rf"\[{_ITEM}(?:, {_ITEM})*\]"
_QUOTED = r'"[^"\\]*"'
_KEY = r"[A-Za-z][A-Za-z0-9_-]*"
_PAIR = rf"{_KEY}: (?:{_LIST}|{_QUOTED}|{_ITEM})"
_TEXT = r"[A-Za-z](?:[^:#]|:(?=[^ ]))*"
_LINE = re.compile(
    rf"((?:  )*)({_KEY}):(?: ({_LIST}|{_QUOTED}|{_TEXT}|\{{{_PAIR}(?:, {_PAIR})*\}}))?"
)
_PAIRS = re.compile(rf"({_KEY}): ({_LIST}|{_QUOTED}|{_ITEM})")


class Mark(NamedTuple):
    """Where a node starts: the line, counted from 0."""

    line: int


class PlainNode:
    """A node of a YAML document, with what is asked of one of the library's.

    Attributes:
        id: ``scalar``, ``sequence`` or ``mapping``.
        value: The text of a scalar, the nodes of a sequence, the pairs of nodes of a mapping.
        start_mark: Where it starts.
        flow_style: Whether a collection is written in brackets.
    """

    __slots__ = ("flow_style", "id", "start_mark", "value")

    def __init__(
        self,
        id: Literal["scalar", "sequence", "mapping"],  # noqa: A002 - the library's name
        value: str | list[PlainNode] | list[tuple[PlainNode, PlainNode]],
        start_mark: Mark,
        *,
        flow_style: bool = False,
    ) -> None:
        self.id = id
        self.value = value
        self.start_mark = start_mark
        self.flow_style = flow_style


def plain_root(document: str) -> PlainNode | None:
    """Return the root node of a YAML document; ``None`` where it is not written plainly."""
    root = PlainNode("mapping", [], Mark(0))
    open_: list[PlainNode] = [root]
    for number, line in enumerate(document.split("\n")):
        if not line:
            continue
        text = line.removeprefix(" ")
        match = _LINE.fullmatch(text)
        if match is None or len(text) + 1 != len(line) or not text.isprintable():
            return None
        depth = len(match[1]) // 2
        if depth >= len(open_) or text != text.rstrip():
            return None
        if any(each.value == [] for each in open_[depth + 1 :]):
            return None
        mark = Mark(number)
        del open_[depth + 1 :]
        inside = open_[depth]
        if inside.value == []:
            inside.start_mark = mark
        value = PlainNode("mapping", [], mark) if match[3] is None else _value(match[3], mark)
        inside.value = [*inside.value, (PlainNode("scalar", match[2], mark), value)]
        if match[3] is None:
            open_.append(value)
    return None if any(each.value == [] for each in open_) else root


def _mapping(text: str, mark: Mark) -> PlainNode:
    pairs = [
        (PlainNode("scalar", match[1], mark), _value(match[2], mark))
        for match in _PAIRS.finditer(text)
    ]
    return PlainNode("mapping", pairs, mark, flow_style=True)


def _value(text: str, mark: Mark) -> PlainNode:
    if text.startswith("{"):
        return _mapping(text, mark)
    if text.startswith("["):
        items = [PlainNode("scalar", each, mark) for each in text[1:-1].split(", ")]
        return PlainNode("sequence", items, mark, flow_style=True)
    return PlainNode("scalar", text.strip('"') if text.startswith('"') else text, mark)

"""Reads a page of ours strictly: its identifiers, its links, and whatever is wrong with it.

The pages are written in a part of HTML in which nothing is left to the parser: every element is
closed, every attribute is quoted, every ampersand starts a reference. A page within it has no
parse error (HTML Living Standard, section 13.2) and is read the same by everybody; one pass of a
regular expression tells. Whatever could run or restyle a page from inside is refused as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.entities import html5
from typing import NamedTuple

from mezan_graph.site.elements import (
    CHILDREN,
    CLOSES_PARAGRAPH,
    NOT_IN_ITSELF,
    PARENTS,
    RAW,
    REFERENCES,
    SCOPES,
    VOID,
)

_TOKEN = re.compile(
    r"""<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9-]*)
        (?P<attributes>(?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)\s*(?P<empty>/)?>
    |<!--(?!>|->)(?:(?!<!--|--!>).)*?-->
    |<(?P<wrong>)
    |&(?:(?P<named>[A-Za-z][A-Za-z0-9]*;)|\#(?:[0-9]+|[xX][0-9A-Fa-f]+);|(?P<alone>))""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r'\s+([^\s"\'<>/=]+)(?:="([^"]*)")?')
_DOCTYPE = re.compile(r"<!doctype html>\s*<html[\s>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")

_ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href"})
_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class Fault(NamedTuple):
    """Something wrong with a page, and its 1-based line."""

    line: int
    message: str


@dataclass(slots=True)
class Markup:
    """What a page holds.

    Attributes:
        identifiers: Values of ``id``.
        links: Every address that it names, as written, with the position of its tag.
        faults: What is wrong with it.
    """

    identifiers: set[str] = field(default_factory=set)
    links: list[tuple[str, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Tag(NamedTuple):
    identifier: str | None
    links: tuple[str, ...]
    references: tuple[str, ...]
    faults: tuple[str, ...]


def read_markup(text: str) -> Markup:
    """Read one page."""
    return _Reader(text).read()


def line_at(text: str, position: int) -> int:
    """Return the 1-based line of ``position`` in ``text``."""
    return text.count("\n", 0, position) + 1


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Markup()
        self.open: list[str] = []
        self.references: list[tuple[str, int]] = []

    def read(self) -> Markup:
        """Return what the whole text holds."""
        if not _DOCTYPE.match(self.text):
            self.fault(0, "does not start with <!doctype html><html>")
        position = self.text.find(">") + 1
        if match := _CONTROL.search(self.text):
            self.fault(match.start(), f"holds U+{ord(match[0]):04X}")
        while match := _TOKEN.search(self.text, position):
            self.strict_text(position, match.start())
            position = self.token(match) or match.end()
        self.strict_text(position, len(self.text))
        if self.open:
            self.fault(len(self.text), f"<{self.open[-1]}> is never closed")
        for reference, position in self.references:
            if reference not in self.found.identifiers:
                self.fault(position, f"nothing here has the id {reference!r}")
        return self.found

    def token(self, match: re.Match[str]) -> int | None:
        """Read a tag or a reference; return where to go on, where that is not behind it."""
        if match["name"]:
            return self.close(match) if match["end"] else self.start(match)
        if match["wrong"] is not None or match["alone"] is not None:
            self.fault(match.start(), f"{match[0]} is not written as a reference")
        elif match["named"] and match["named"] not in html5:
            self.fault(match.start(), f"&{match['named']} is no reference")
        return None

    def fault(self, position: int, message: str) -> None:
        """Note what is wrong at ``position``."""
        self.found.faults.append(Fault(line_at(self.text, position), message))

    def strict_text(self, start: int, end: int) -> None:
        """Refuse text where the parser would move it elsewhere."""
        if start < end and (not self.open or self.open[-1] in CHILDREN):
            text = self.text[start:end]
            if not text.isspace():
                where = f"in <{self.open[-1]}>" if self.open else "outside of <html>"
                self.fault(start, f"text {where}")

    def close(self, match: re.Match[str]) -> int | None:
        """Close the open element; go on behind its tag."""
        name = match["name"]
        if self.open and self.open[-1] == name and not match["attributes"]:
            self.open.pop()
            return None
        self.fault(match.start(), f"</{name}> does not close <{(self.open or ['nothing'])[-1]}>")
        if name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name) :]
        return None

    def start(self, match: re.Match[str]) -> int | None:
        """Open an element; return where to go on, where that is not behind its tag."""
        name, at = match["name"], match.start()
        foreign = "svg" in self.open or "math" in self.open
        if match["attributes"]:
            self.attributes(name, match["attributes"], at)
        self.placed(name, at, foreign=foreign)
        if name in VOID and not foreign:
            return None
        if match["empty"]:
            if not foreign:
                self.fault(at, f"<{name}/> is not closed by its slash")
            return None
        if name in RAW and not foreign:
            return self.raw(match)
        self.open.append(name)
        return None

    def raw(self, match: re.Match[str]) -> int:
        """Read an element that holds text alone; return where it ends."""
        name, at = match["name"], match.start()
        end = self.text.find(f"</{name}>", match.end())
        if end < 0:
            self.fault(at, f"<{name}> is never closed")
            return len(self.text)
        content = self.text[match.end() : end]
        if name == "style":
            self.fault(at, "a style sheet inside the page")
        elif name == "script" and content.strip():
            if not re.search(r'\stype="application/ld\+json"', match[0]):
                self.fault(at, "a script inside the page")
            if "<" in content:
                self.fault(at, "data with < in it, to be written \\u003c")
        elif name in {"title", "textarea"} and (wrong := _wrong_reference(content)):
            self.fault(at, f"{wrong} in <{name}>")
        return end + len(name) + 3

    def placed(self, name: str, at: int, *, foreign: bool) -> None:
        """Refuse an element where the parser would close or move another."""
        if foreign:
            return
        if name != name.lower():
            self.fault(at, f"<{name}> is not in lower case")
        parent = self.open[-1] if self.open else ""
        allowed = PARENTS.get(name)
        if (allowed is not None and parent not in allowed) or (
            parent in CHILDREN and name not in CHILDREN[parent]
        ):
            self.fault(at, f"<{name}> in <{parent}>")
        if name in NOT_IN_ITSELF and name in self.open:
            self.fault(at, f"<{name}> inside of another")
        if name in CLOSES_PARAGRAPH:
            for each in reversed(self.open):
                if each == "p":
                    self.fault(at, f"<{name}> in <p>")
                if each == "p" or each in SCOPES:
                    break

    def attributes(self, name: str, text: str, at: int) -> None:
        """Note identifiers, links and references of a start tag."""
        tag = _tag(name, text)
        if tag.identifier is not None:
            if tag.identifier in self.found.identifiers:
                self.fault(at, f"the id {tag.identifier!r} is there twice")
            self.found.identifiers.add(tag.identifier)
        self.found.links += [(each, at) for each in tag.links]
        self.references += [(each, at) for each in tag.references]
        for message in tag.faults:
            self.fault(at, message)


@lru_cache(maxsize=10_000)
def _tag(name: str, text: str) -> _Tag:
    """Read the attributes of a start tag; the same ones stand on every page."""
    pairs = [(key.lower(), raw) for key, raw in _ATTRIBUTE.findall(text)]
    values = {key: unescape(raw) for key, raw in pairs}
    faults = [f"{wrong} in {key}" for key, raw in pairs if (wrong := _wrong_reference(raw))]
    if len(values) < len(pairs):
        faults.append(f"<{name}> has an attribute twice")
    identifier = values.get("id")
    if identifier is not None and (not identifier or re.search(r"\s", identifier)):
        faults.append("an id is empty or holds white space")
    links = {key: values[key] for key in values.keys() & _ADDRESSES}
    for key, value in links.items():
        scheme = _SCHEME.match(value)
        drawn = name == "img" and value.startswith("data:image/")
        if scheme and scheme[1].lower() not in _SCHEMES and not drawn:
            faults.append(f"{key} leads to {scheme[1]}:")
    runs = [key for key in values if key.startswith("on") or key == "style"]
    faults += [f"<{name}> has the attribute {key}" for key in runs]
    if name == "img" and "alt" not in values:
        faults.append("<img> has no alt")
    references = [each for key in values.keys() & REFERENCES for each in values[key].split()]
    return _Tag(identifier, tuple(links.values()), tuple(references), tuple(sorted(faults)))


def _wrong_reference(text: str) -> str | None:
    """Return what is wrong with the character references of ``text``."""
    for match in _TOKEN.finditer(text) if "&" in text else ():
        if match["alone"] is not None or (match["named"] and match["named"] not in html5):
            return "& that starts no reference"
    return None

"""Where the scripts of an HTML page are and where its head ends, found without changing a byte.

The page is scanned as the HTML standard tokenises it (section 13.2.5): comments, raw text, and the
states in which a script holds a script. What a template engine or PHP puts between its own marks is
passed over. No tree is built, because nothing but two places is wanted.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

_SPACE = "\t\n\f\r "
_TAG = re.compile(rf"<(/?)([A-Za-z][^{_SPACE}/>]*)")
_BLANK = re.compile(rf"[{_SPACE}]*")
_ATTRIBUTE = re.compile(
    rf"[{_SPACE}/]*(?:(?P<end>>)|(?P<name>=?[^{_SPACE}/>=]+)"
    rf"(?:[{_SPACE}]*=[{_SPACE}]*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    rf"|(?P<bare>[^{_SPACE}>\"'][^{_SPACE}>]*))?)?|(?P<other>[=\"']))"
)
_FOREIGN = {"<%": "%>", "<?": "?>", "{%": "%}", "{{": "}}", "{#": "#}"}
_FOREIGN_LENGTH = 20_000
_NEXT = re.compile(r"[<{]")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_SCRIPT_STEP = re.compile(rf"<!--|-->|<(/?)script(?=[{_SPACE}/>])", re.IGNORECASE)
_RAW = frozenset({"iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp"})
_HEAD = frozenset(
    {"base", "basefont", "bgsound", "head", "html", "link", "meta", "script", "template"} | _RAW
) - {"iframe", "noembed", "textarea", "xmp"}


class Script(NamedTuple):
    """A script element.

    Attributes:
        start: Where its start tag begins.
        content: Where its content begins.
        content_end: Where its content ends.
        end: Behind its end tag.
        attributes: Attributes by lower-case name, character references resolved.
    """

    start: int
    content: int
    content_end: int
    end: int
    attributes: dict[str, str]

    @property
    def is_json_ld(self) -> bool:
        """Whether it holds JSON-LD."""
        media_type = self.attributes.get("type", "").partition(";")[0]
        return media_type.strip().lower() == "application/ld+json"


@dataclass(slots=True)
class Page:
    """What was found in a page; places are offsets into its text.

    Attributes:
        scripts: Its script elements, in order, those in templates included.
        head_end: Where something can be put that belongs to the head.
    """

    scripts: list[Script] = field(default_factory=list)
    head_end: int = 0


def read_page(text: str) -> Page:
    """Return the scripts and the end of the head of ``text``."""
    return _Scanner(text).page()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found = Page()
        self.head_end: int | None = None
        self.body: int | None = None
        self.templates = 0
        self.closing: dict[str, int] = {}
        self.xml = "<?xml" in text[:8]

    def page(self) -> Page:
        # A byte order mark, as itself or as its three bytes in Latin-1.
        at = next(
            (len(mark) for mark in ("\ufeff", "\xef\xbb\xbf") if self.text.startswith(mark)), 0
        )
        while at < len(self.text):
            match = _NEXT.search(self.text, at)
            stop = match.start() if match else len(self.text)
            self._text(at, stop)
            at = self._construct(stop) if match else stop
        last = self.body if self.body is not None else len(self.text)
        self.found.head_end = self.head_end if self.head_end is not None else last
        return self.found

    def _text(self, start: int, stop: int) -> None:
        if self.body is None and not self.templates:
            shown = self.text[start:stop].lstrip(_SPACE)
            if shown:
                self.body = stop - len(shown)

    def _construct(self, at: int) -> int:
        """Return the place behind the markup, or the piece of text, that begins at ``at``."""
        text = self.text
        foreign = self._foreign(at)
        if foreign:
            return foreign
        tag = _TAG.match(text, at)
        if tag:
            end, attributes = self._attributes(tag.end())
            name = tag[2].lower()
            if tag[1]:
                self._end_tag(name, at)
                return end
            return self._start_tag(name, at, end, attributes)
        if text.startswith(("<!", "</", "<?"), at):
            comment = _COMMENT.match(text, at)
            if comment:
                return comment.end()
            close = "-->" if text.startswith("<!--", at) else ">"
            if self.xml and text.startswith("<![CDATA[", at):
                close = "]]>"
            end = text.find(close, at)
            return end + len(close) if end >= 0 else len(text)
        self._text(at, at + 1)
        return at + 1

    def _foreign(self, at: int) -> int:
        """Return the place behind what a template engine reads at ``at``; 0 where it reads nothing.

        Without its closing mark, or with that far away, it is text like any other.
        """
        close = _FOREIGN.get(self.text[at : at + 2])
        if close is None:
            return 0
        if self.closing.get(close, 0) < at + 2:
            # Looked for once for many marks, so that a page full of them takes linear time.
            end = self.text.find(close, at + 2)
            self.closing[close] = end if end >= 0 else len(self.text) + _FOREIGN_LENGTH
        end = self.closing[close]
        return end + 2 if end - at < _FOREIGN_LENGTH else 0

    def _attributes(self, at: int) -> tuple[int, dict[str, str]]:
        found: dict[str, str] = {}
        while at < len(self.text):
            match = _ATTRIBUTE.match(self.text, at)
            foreign = self._foreign(_BLANK.match(self.text, at).end())  # type: ignore[union-attr]
            if foreign:
                at = foreign
                continue
            if match is None:
                return len(self.text), found
            at = match.end()
            if match["end"]:
                return at, found
            if match["name"]:
                value = next((each for each in match.group(3, 4, 5) if each is not None), "")
                found.setdefault(match["name"].lower(), html.unescape(value))
        return at, found

    def _end_tag(self, name: str, at: int) -> None:
        if name == "template":
            self.templates = max(0, self.templates - 1)
        elif name in {"body", "html"} and self.body is None:
            self.body = at
        elif name == "head" and not self.templates and self.head_end is None:
            self.head_end = at

    def _start_tag(self, name: str, at: int, end: int, attributes: dict[str, str]) -> int:
        if self.body is None and not self.templates and name not in _HEAD:
            self.body = at
        if self.xml and self.text.endswith("/>", at, end):
            return end
        if name == "script":
            stop = self._script_end(end)
            close = self.text.find(">", stop)
            close = close + 1 if close >= 0 else len(self.text)
            self.found.scripts.append(Script(at, end, stop, close, attributes))
            return close
        if name == "template":
            self.templates += 1
        elif name == "plaintext":
            return len(self.text)
        elif name in _RAW:
            closing = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)
            match = closing.search(self.text, end)
            return match.start() if match else len(self.text)
        return end

    def _script_end(self, at: int) -> int:
        """Return where the content of a script ends (states 13.2.5.17 and following)."""
        escaped = double = False
        for step in _SCRIPT_STEP.finditer(self.text, at):
            if step[0] == "<!--":
                # The comment may be over at once: <!--> and <!---> end it.
                over = self.text.startswith((">", "->"), step.end())
                escaped = escaped or not over
            elif step[0] == "-->":
                escaped = double = False
            elif not step[1]:
                double = escaped
            elif double:
                double = False
            else:
                return step.start()
        return len(self.text)

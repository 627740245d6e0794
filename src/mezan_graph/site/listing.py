"""Lists of any length on pages of bounded size: filled one after the other, never all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mezan_graph.site.addresses import numbered
from mezan_graph.site.frame import rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

FULL = 60_000
"""Bytes of entries after which a page is full; what is around them comes on top."""


@dataclass(frozen=True)
class Section:
    """A part of a list.

    Attributes:
        id: Name for links to it.
        heading: Its heading.
        entries: Its entries as HTML, made one at a time.
        opening: What stands before its entries on each page, such as the head of a table.
        closing: What closes that.
        lead: What is to be known before reading.
        count: How many entries there are, on all pages; text where that is not known exactly.
    """

    id: str
    heading: Markup
    entries: Iterable[Markup]
    opening: Markup = field(default_factory=Markup)
    closing: Markup = field(default_factory=Markup)
    lead: Markup = field(default_factory=Markup)
    count: int | str | None = None


@dataclass
class Block:
    """The entries of one section on one page."""

    section: Section
    entries: list[Markup]


@dataclass(frozen=True)
class Place:
    """Which page of a list it is whose entries were looked up for it alone.

    Attributes:
        number: Its number, from 1.
        last: Whether it is the last one.
    """

    number: int
    last: bool


@dataclass(frozen=True)
class Around:
    """Links from one page of a list to those beside it; ``None`` at the ends."""

    number: int
    before: str | None
    after: str | None


def listing(
    view: View,
    stem: str,
    title: str,
    sections: Iterable[Section],
    *,
    template: str = "listing.html",
    iri: ox.NamedNode | None = None,
    indexed: bool = True,
    data: str | None = None,
    place: Place | None = None,
    **content: Any,
) -> Iterator[Page]:
    """Yield the pages of a list, at least one.

    Args:
        view: The language.
        stem: Path of the first page below the language, without a suffix.
        title: Its title, plain text.
        sections: What is listed.
        template: Name of the template.
        iri: What the pages are about.
        indexed: Whether search engines may list them.
        data: Path of the files with the data, without their suffixes.
        place: The only page that is made, where the sections have the entries of no other.
        content: What else the template shows.
    """

    def page(blocks: list[Block], number: int, *, last: bool) -> Page:
        def path(of: int) -> str:
            return f"{view.language}/{numbered(stem, of)}.html"

        shown = title
        if number > 1:
            words = view.gettext("%(title)s, page %(number)s")
            shown = words % {"title": title, "number": number}
        before = path(number - 1) if number > 1 else None
        around = Around(number, before, None if last else path(number + 1))
        return rendered(
            view, template, path(number), shown, iri=iri, indexed=indexed, data=data, first=path(1),
            blocks=blocks, around=around, heading=title, **content,
        )  # fmt: skip

    if place is not None:
        yield page(_held(sections, place), place.number, last=place.last)
        return
    number = 1
    filled = _filled(sections)
    blocks = next(filled, [])
    for following in filled:
        yield page(blocks, number, last=False)
        blocks = following
        number += 1
    yield page(blocks, number, last=True)


def _held(sections: Iterable[Section], place: Place) -> list[Block]:
    """Return the sections with entries on one page; on the first one also those without any."""
    blocks = [Block(each, list(each.entries)) for each in sections]
    return [
        each for each in blocks if each.entries or (place.number == 1 and not each.section.count)
    ]


def _filled(sections: Iterable[Section]) -> Iterator[list[Block]]:
    blocks: list[Block] = []
    size = 0
    for section in sections:
        block = Block(section, [])
        blocks.append(block)
        for entry in section.entries:
            if size > FULL:
                yield blocks
                block = Block(section, [])
                blocks, size = [block], 0
            block.entries.append(entry)
            size += len(entry.encode())
    if blocks:
        yield blocks

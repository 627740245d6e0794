"""The page of a search that a server answers: a form, and what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from mezan_graph.languages import LocalText, direction
from mezan_graph.site.addresses import relative
from mezan_graph.site.claims import claim, is_claim, words
from mezan_graph.site.frame import page_names, rendered
from mezan_graph.site.pages.queries import texts
from mezan_graph.site.texts import anchor, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyoxigraph as ox

    from mezan_graph.queries import StoredQuery
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

_WORD = re.compile(r"\S+")
_BEFORE, _AFTER = 10, 24
"""Words of an excerpt before the first word that was looked for, and from it on."""
_MARK = Markup("<mark>%s</mark>")
_EXCERPT = Markup('<bdi lang="%s" dir="%s">%s</bdi>')
_PLAIN = Markup("<bdi>%s</bdi>")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, as it is shown.

    Attributes:
        link: Its name, linked.
        kinds: What kind of thing it is about.
        excerpt: A part of its text with the words marked; empty where its name says all.
    """

    link: Markup
    kinds: Sequence[Markup]
    excerpt: Markup


def thing_hit(
    view: View, node: ox.NamedNode, text: ox.Literal | None, wanted: Callable[[str], bool]
) -> Hit:
    """Return a thing that was found; what a claim says stands under whose claim it is.

    Args:
        view: The language.
        node: The thing.
        text: The text in which it was found.
        wanted: Whether a word is one that was looked for.
    """
    knowledge = view.knowledge
    folder = view.language
    kinds = [view.link(each, folder) for each in knowledge.types(node)[:3]]
    named = text is not None and text.value == view.label(node).text
    part = Markup() if text is None or named else excerpt(text, wanted)
    if text is not None and is_claim(knowledge, node) and text in words(knowledge, node):
        part = view.parts.quotation(claim(view, node, folder), part)
    return Hit(view.link(node, folder), kinds, part)


def query_hit(
    view: View, query: StoredQuery, text: ox.Literal | None, wanted: Callable[[str], bool]
) -> Hit:
    """Return a stored query that was found; the arguments are those of :func:`thing_hit`."""
    path = view.addresses.query_page(query.name, view.language)
    summary, _ = texts(view, query)
    link = anchor(relative(path, f"{view.language}/-"), view.text(summary, 200))
    kind = view.text(LocalText(view.gettext("Stored query"), view.interface))
    return Hit(link, [kind], Markup() if text is None else excerpt(text, wanted))


def excerpt(text: ox.Literal, wanted: Callable[[str], bool]) -> Markup:
    """Return the part of ``text`` around the first word that is ``wanted``, such words marked."""
    tokens = _WORD.findall(text.value)
    first = next((index for index, each in enumerate(tokens) if wanted(each)), 0)
    begin, end = max(first - _BEFORE, 0), first + _AFTER
    marked = (_MARK % shown(each) if wanted(each) else shown(each) for each in tokens[begin:end])
    part = Markup(" ").join(marked)
    if begin:
        part = Markup("… ") + part
    if end < len(tokens):
        part += " …"
    if text.language is None:
        return _PLAIN % part
    return _EXCERPT % (text.language, direction(text.language), part)


def found_page(
    view: View,
    text: str,
    hits: Iterable[Hit],
    *,
    count: int | str,
    alike: Sequence[Hit] = (),
    around: tuple[str | None, str | None] = (None, None),
) -> Page:
    """Return the page of a search.

    Args:
        view: The language.
        text: What was looked for; empty where nothing was yet.
        hits: What was found, as far as this page shows it.
        count: How much was found in all; text where that is not known exactly.
        alike: Things with names that are like the text.
        around: Links to the page before and after this one, where there is one.
    """
    title = page_names(view)["search"]
    return rendered(
        view,
        "found.html",
        f"{view.language}/search.html",
        title,
        indexed=not text,
        text=text,
        said=_PLAIN % shown(text),
        hits=list(hits),
        count=count,
        alike=alike,
        around=around,
    )

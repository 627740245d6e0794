"""The time line: what the data dates, in order, and how much of it has no date at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.languages import direction
from mezan_graph.namespaces import DCT, PROV, SCHEMA
from mezan_graph.site.evidence import WHEN, Evidence, evidence
from mezan_graph.site.frame import page_names, rendered
from mezan_graph.site.lettering import direction_of, lines
from mezan_graph.site.pages.lists import Members
from mezan_graph.site.relationships import caption, relations
from mezan_graph.site.spans import span
from mezan_graph.site.texts import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markupsafe import Markup

    from mezan_graph.site.knowledge import Resource
    from mezan_graph.site.page import Page
    from mezan_graph.site.spans import Span
    from mezan_graph.site.view import View

DATES = (
    DCT.temporal, SCHEMA.temporalCoverage, SCHEMA.foundingDate, SCHEMA.dissolutionDate,
    SCHEMA.startDate, SCHEMA.endDate, SCHEMA.datePublished, PROV.startedAtTime, PROV.endedAtTime,
    DCT.date,
)  # fmt: skip
"""Properties whose literals are shown; dates of a person's life are not among them."""
MOST = 40
"""Dates that the picture and the list show."""
NAMED = 12
"""Things without a date that are named of each kind."""
_PAGES = {"funding": "funders", "offices": "people"}
_WIDTH = 720
_MARGIN = 14
_ROW = 46
_TOP = 30
_LETTER = 15
_DATE_ROOM = 150
_TICKS = 9


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the data: of what, what kind of date, what it says, where it lies, how we know."""

    name: str
    language: str | None
    link: Markup
    kind: Markup
    text: str
    span: Span | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Bar:
    """A date in the picture."""

    y: float
    x: float
    width: float
    opening: str
    closing: str
    name: str
    anchor: str
    direction: str
    text: str


@dataclass(frozen=True, slots=True)
class Undated:
    """Things of one kind without a date: how many of how many, some of them, and their list."""

    name: str
    count: int
    total: int
    links: tuple[Markup, ...]
    href: str | None


Date = tuple[ox.NamedNode, ox.NamedNode, ox.Literal]
"""What is dated, by which property, and the date."""


@dataclass(frozen=True, slots=True)
class Without:
    """Things of one kind without a date, before they are shown.

    Attributes:
        relation: What kind of relationship they are; ``None`` for anything else.
        count: How many of them there are.
        total: How many things of this kind there are.
        some: The first ones.
    """

    relation: str | None
    count: int
    total: int
    some: Sequence[Resource]


@dataclass(frozen=True, slots=True)
class Times:
    """What the data says about time.

    Attributes:
        dates: The dates, at least the first ones in time.
        count: How many dates there are.
        without: What has no date.
    """

    dates: Iterable[Date]
    count: int
    without: Sequence[Without]


def timeline_page(view: View, times: Times | None = None) -> Page:
    """Return the page of the time line in one language.

    Args:
        view: The language.
        times: What the data says about time; by default what the graph says.
    """
    known = times or _times(view)
    dated = _dated(view, known)
    placed = [each for each in dated if each.span is not None][:MOST]
    years = _years([each.span for each in placed if each.span is not None])
    step = _step(years[1] - years[0])
    rtl = direction(view.interface) == "rtl"
    ticks = range(math.ceil(years[0] / step) * step, math.floor(years[1]) + 1, step)
    return rendered(
        view,
        "timeline.html",
        f"{view.language}/timeline.html",
        page_names(view)["timeline"],
        dated=dated[:MOST],
        count=known.count,
        bars=[_bar(each, row, years, rtl=rtl) for row, each in enumerate(placed)],
        ticks=[(year, _place(year, years, rtl=rtl)) for year in ticks],
        edge=_WIDTH - _MARGIN if not rtl else _MARGIN,
        start=_MARGIN if not rtl else _WIDTH - _MARGIN,
        width=_WIDTH,
        height=_TOP + _ROW * len(placed) + _MARGIN,
        undated=[_undated(view, each) for each in known.without if each.count],
    )


def _times(view: View) -> Times:
    """Return what the graph says about time."""
    wanted = set(DATES)
    found = {
        (quad.subject, quad.predicate, quad.object): None
        for quad in view.knowledge.graph.triples()
        if quad.predicate in wanted
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.subject in view.addresses.stems
    }
    return Times(found, len(found), list(_without(view)))


def _dated(view: View, times: Times) -> list[Dated]:
    """Return every date at hand, those with a place first, in the order of time."""
    folder = view.language
    made = []
    for subject, predicate, literal in in_time(times.dates):
        label = view.label(subject)
        made.append(
            Dated(
                name=shown(label.text),
                language=label.language,
                link=view.link(subject, folder),
                kind=view.named(predicate),
                text=shown(literal.value, 40),
                span=span(literal.value),
                evidence=evidence(view, subject, folder),
            )
        )
    return made


def in_time(dates: Iterable[Date]) -> list[Date]:
    """Return ``dates`` in the order of time, those with a place first."""
    found = {key: span(key[2].value) for key in dates}

    def order(key: Date) -> tuple[bool, float, float, str]:
        at = found[key]
        begin = -math.inf if at is None or at.begin is None else at.begin
        end = math.inf if at is None or at.end is None else at.end
        return at is None, begin, end, str(key)

    return sorted(found, key=order)


def _without(view: View) -> Iterator[Without]:
    knowledge = view.knowledge
    members = Members(knowledge)
    related: set[Resource] = set()
    for each in relations(knowledge.mz.iri):
        nodes = members.related(each)
        related.update(nodes)
        without = [node for node in nodes if not knowledge.values(node, *WHEN)]
        yield Without(each.id, len(without), len(nodes), without[:NAMED])
    others = sorted(
        {
            quad.subject
            for quad in knowledge.graph.triples()
            if quad.predicate == knowledge.mz.notStated
            and quad.object in WHEN
            and isinstance(quad.subject, ox.NamedNode)
            and quad.subject not in related
            and not knowledge.values(quad.subject, *WHEN)
        },
        key=lambda node: node.value,
    )
    yield Without(None, len(others), len(others), others[:NAMED])


def _undated(view: View, without: Without) -> Undated:
    relation = without.relation
    if relation is None:
        name, href = view.gettext("Other things whose time is not stated"), None
    else:
        name, href = caption(view, relation), f"{_PAGES.get(relation, 'affiliations')}.html"
    links = tuple(view.link(node, view.language) for node in without.some)
    return Undated(name, without.count, without.total, links, href)


def _years(spans: list[Span]) -> tuple[float, float]:
    """Return the years that the picture reaches from and to, with room at open ends."""
    known = [end for each in spans for end in (each.begin, each.end) if end is not None]
    if not known:
        return 0.0, 1.0
    first, last = math.floor(min(known)), math.ceil(max(known))
    room = max(1, (last - first) // 12)
    before = room if any(each.begin is None for each in spans) else 0
    after = room if any(each.end is None for each in spans) else 0
    return float(first - before), float(last + after)


def _step(years: float) -> int:
    """Return how many years lie between two marks of the line."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if years / (factor * power) <= _TICKS:
                return factor * power
        power *= 10


def _place(year: float, years: tuple[float, float], *, rtl: bool) -> float:
    part = (year - years[0]) / (years[1] - years[0])
    across = _MARGIN + part * (_WIDTH - 2 * _MARGIN)
    return round(_WIDTH - across if rtl else across, 1)


def _bar(dated: Dated, row: int, years: tuple[float, float], *, rtl: bool) -> Bar:
    at = dated.span
    assert at is not None  # noqa: S101 - only dates with a place are drawn
    begin = _place(years[0] if at.begin is None else at.begin, years, rtl=rtl)
    end = _place(years[1] if at.end is None else at.end, years, rtl=rtl)
    written = lines(dated.name, (_WIDTH - 2 * _MARGIN - _DATE_ROOM) / _LETTER, 1)
    way = direction(dated.language)
    way = direction_of(dated.name) if way == "auto" else way  # type: ignore[assignment]
    return Bar(
        y=_TOP + row * _ROW,
        x=min(begin, end),
        width=round(max(abs(end - begin), 3), 1),
        opening=at.beginning,
        closing=at.ending,
        name=written[0] if written else "",
        anchor="start" if (way == "rtl") == rtl else "end",
        direction=way,
        text=dated.text,
    )

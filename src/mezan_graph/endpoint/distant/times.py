"""The time line of what a store dates: the first dates in time, and how much has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.endpoint.distant.lists import MOST_ORDERED, Wanted, counted, related_by
from mezan_graph.site.evidence import WHEN
from mezan_graph.site.pages.timeline import (
    DATES,
    MOST,
    NAMED,
    Times,
    Without,
    in_time,
    timeline_page,
)
from mezan_graph.site.relationships import relations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.site import Page
    from mezan_graph.site.pages.timeline import Date

_WHEN = ", ".join(map(str, WHEN))
_UNDATED = f"FILTER NOT EXISTS {{ ?node ?when ?then FILTER(?when IN ({_WHEN})) }}"


def timeline(distant: Distant, language: str) -> Page:
    """Return the page of the time line in one language."""
    listed = " ".join(map(str, DATES))
    where = (
        f"VALUES ?p {{ {listed} }} ?s ?p ?o"
        f" FILTER(isIRI(?s) && isLiteral(?o) && ({distant.within('id/', 'concept/')}))"
    )
    count = distant.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}")
    # The text of a date has the order of time; few stores sort many of them soon.
    first = "" if count <= MOST_ORDERED else f" ORDER BY STR(?o) LIMIT {MOST}"
    found = distant.rows(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {where} }}{first}")
    dates: list[Date] = in_time((node, *others) for node, others in found)[:MOST]
    without = list(_without(distant))
    nodes = [each[0] for each in dates]
    nodes += [node for each in without for node in each.some if isinstance(node, ox.NamedNode)]
    part = distant.part(Excerpts(distant).entries(dict.fromkeys(nodes)))
    return timeline_page(part.site.views[language], Times(dates, count, without))


def _without(distant: Distant) -> Iterator[Without]:
    mz = distant.site.knowledge.mz
    kinds = relations(mz.iri)
    for each in kinds:
        wanted = related_by(each)
        yield _some(distant, each.id, wanted, counted(distant, wanted))
    related = ", ".join(sorted({str(kind) for each in kinds for kind in each.types}))
    times = " ".join(map(str, WHEN))
    pattern = (
        f"VALUES ?time {{ {times} }} ?node {mz.notStated} ?time ."
        f" FILTER NOT EXISTS {{ ?node a ?type FILTER(?type IN ({related})) }}"
    )
    other = Wanted("others", (pattern,))
    yield _some(distant, None, other, None)


def _some(distant: Distant, relation: str | None, wanted: Wanted, total: int | None) -> Without:
    undated = wanted._replace(patterns=tuple(f"{each} {_UNDATED}" for each in wanted.patterns))
    count = counted(distant, undated)
    bound = "" if count <= MOST_ORDERED else f" LIMIT {NAMED}"
    found = distant.rows(f"SELECT DISTINCT ?node WHERE {{ {undated.where()} }}{bound}")
    some = sorted((node for node, _ in found), key=lambda node: node.value)[:NAMED]
    return Without(relation, count, count if total is None else total, some)

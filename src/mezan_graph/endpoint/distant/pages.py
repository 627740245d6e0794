"""The pages of a site whose data is elsewhere: those that a part of the data suffices for.

A list of everything is not made, since nobody knows how long it would be; it is not left out in
silence either.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.endpoint.pages import Site, send
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.resources import ASK_FOR_PARTS, SPACES
from mezan_graph.errors import ParameterError
from mezan_graph.queries.solutions import Solutions
from mezan_graph.site.addresses import PAGES
from mezan_graph.site.changes import FEED
from mezan_graph.site.network import Kind
from mezan_graph.site.pages.queries import MOST_ROWS, Answered, query_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.site import Page

_ANSWERS = (".csv", ".json", ".ttl", ".rq")
_OF_THE_PROJECT = frozenset({"queries", "vocabulary", "shapes", "corrections", "sparql"})


def page(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a page, or a file that pages load; as :func:`mezan_graph.endpoint.pages.page`.

    Raises:
        Problem: There is no such page, or none without the whole graph.
    """
    path = job["path"]
    content = distant.site.files.get(path)
    if content is not None and path != FEED:
        # It was made from the project alone, and says nothing about the store.
        send(distant, pieces, path, content, lasting=True)
        return
    language, _, rest = path.partition("/")
    if language in distant.site.views:
        if rest in {"", "index.html"}:
            pieces.head({"location": _first(distant, language), "stable": distant.lasting})
            return
        send(distant, pieces, path, _page(distant, path, language, rest.removesuffix(".html")))
        return
    raise _whole(path)


def _first(distant: Distant, language: str) -> str:
    """Return where the front page leads to: the page of what the data set is about."""
    project = distant.project
    if project.subject is not None:
        subject = ox.NamedNode(project.entity_iri(project.subject))
        name = subject.value.removeprefix(f"{project.base}id/")
        if name != subject.value and distant.holds(subject):
            return f"{language}/doc/{distant.stem(name)}.html"
    return f"{language}/queries.html"


def _page(distant: Distant, path: str, language: str, stem: str) -> Page | None:
    folder, _, name = stem.partition("/")
    space = next((space for space, each in SPACES.items() if each == folder), None)
    if space is not None and name:
        return _entity(distant, language, f"{distant.project.base}{space}/{name}")
    if folder == "query" and name in distant.queries:
        return _query(distant, language, name)
    if folder == "class" or (stem.partition("~")[0] in PAGES and stem not in _OF_THE_PROJECT):
        raise _whole(path)
    return next((each for each in distant.site.pages(path) if each.path == path), None)


def _entity(distant: Distant, language: str, iri: str) -> Page | None:
    try:
        entity = ox.NamedNode(iri)
    except ValueError:
        return None
    if not distant.holds(entity):
        return None
    site = Site(replace(distant, graph=distant.around_page(entity)))
    kinds = {*site.network.kinds, *(Kind("funding", each) for each in distant.funding_kinds)}
    site.network.kinds = tuple(sorted(kinds, key=lambda each: each.order))
    made = f"{language}/{site.addresses.stems[entity]}.html"
    return next(site.pages(made), None)


def _query(distant: Distant, language: str, name: str) -> Page:
    """Return the page of a stored query with the answer that the store gives."""
    query = distant.queries[name]
    try:
        answer, total = distant.stored(query, {}, 0, MOST_ROWS)
    except ParameterError:
        answer, total = None, 0
    if isinstance(answer, Solutions) and total > len(answer):
        # The page would give what is here as all there is.
        answer = None
    nodes: list[ox.NamedNode] = []
    if isinstance(answer, Solutions):
        nodes = [each for row in answer for each in row if isinstance(each, ox.NamedNode)]
    site = Site(replace(distant, graph=distant.with_names(nodes)))
    return query_page(site.views[language], Answered(query, answer, {}))


def _whole(path: str) -> Problem:
    """Return the problem of what only a whole graph could be made from."""
    parent, suffix = PurePosixPath(path).parent.name, PurePosixPath(path).suffix
    if parent == "query" and suffix in _ANSWERS:
        return Problem(501, "answers are not kept as files", hint="/api/queries answers anew")
    if suffix:
        detail = "this needs the whole graph, which is in a store elsewhere"
        return Problem(501, detail, hint=ASK_FOR_PARTS)
    return Problem(404, "there is no such page")


def nothing(_: Distant, __: Mapping[str, Any], ___: Pieces) -> None:
    """Refuse what needs an index of every name.

    Raises:
        Problem: Always.
    """
    raise Problem(501, "names are not indexed, since the graph is in a store elsewhere")

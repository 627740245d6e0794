"""The pages of a site whose data is elsewhere, each made of the part of the data that it shows."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.endpoint.distant.dumps import dump
from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.endpoint.distant.lists import (
    Listed,
    cut,
    of_class,
    roughly_counted,
    wanted_lists,
)
from mezan_graph.endpoint.distant.site_map import site_map
from mezan_graph.endpoint.distant.times import timeline
from mezan_graph.endpoint.pages import Site, send
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.resources import SPACES, check_withdrawn
from mezan_graph.endpoint.site_data import description_file
from mezan_graph.errors import LimitError, ParameterError
from mezan_graph.namespaces import RDFS
from mezan_graph.queries.solutions import Solutions
from mezan_graph.site.addresses import numbered
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.network import Kind
from mezan_graph.site.pages.classes import class_data, class_pages
from mezan_graph.site.pages.front import front_page
from mezan_graph.site.pages.lists import LISTS, list_pages
from mezan_graph.site.pages.queries import MOST_ROWS, Answered, query_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.site import Page

_ANSWERS = (".csv", ".json", ".ttl", ".rq")
_DIGITS = 8
_NAMING = (RDFS.subClassOf, RDFS.domain, RDFS.range)
_LARGEST = 12
"""Classes that a front page shows where the lists of the site have no entries."""


def page(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a page, or a file that pages load; as :func:`mezan_graph.endpoint.pages.page`.

    Raises:
        Problem: There is no such page, or none without the whole graph.
    """
    path = job["path"]
    if path.endswith("/"):
        path += "index.html"
    content = distant.site.files.get(path)
    if content is not None:
        # It was made from the project alone, and says nothing about the store.
        send(distant, pieces, path, content, lasting=True)
        return
    language, _, rest = path.partition("/")
    if language in distant.site.views and rest.endswith(".html"):
        send(distant, pieces, path, _page(distant, path, language, rest.removesuffix(".html")))
        return
    if not dump(distant, path, pieces):
        send(distant, pieces, path, _file(distant, path))


def _page(distant: Distant, path: str, language: str, stem: str) -> Page | None:
    folder, _, name = stem.partition("/")
    space = next((space for space, each in SPACES.items() if each == folder), None)
    if space is not None and name:
        if space == "id":
            check_withdrawn(distant, name)
        return _entity(distant, language, f"{distant.project.base}{space}/{name}")
    if folder == "query" and name in distant.queries:
        return _query(distant, language, name)
    first, number = _numbered(stem)
    if folder == "class":
        return _class(distant, language, stem)
    if first in LISTS:
        return _list(distant, language, first, number)
    if stem in {"index", "timeline"}:
        return (_front if stem == "index" else timeline)(distant, language)
    return next((each for each in distant.site.pages(path) if each.path == path), None)


def _numbered(stem: str) -> tuple[str, int]:
    """Return the stem of a list and the number of its page; 0 where that is none."""
    first, separator, digits = stem.rpartition("~")
    if not separator:
        return stem, 1
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _DIGITS else 0
    return first, number if numbered(first, number) == stem else 0


def _site(part: Distant) -> Site:
    """Return what the pages of a part are made from, where each kind of funding looks alike."""
    site = Site(part)
    kinds = {*site.network.kinds, *(Kind("funding", each) for each in part.funding_kinds)}
    site.network.kinds = tuple(sorted(kinds, key=lambda each: each.order))
    return site


def _front(distant: Distant, language: str) -> Page:
    """Return the front page, without a picture where there is nothing or too much to draw."""
    project = distant.project
    quads = distant.classes.marks()
    if project.subject is not None:
        with suppress(LimitError):
            subject = ox.NamedNode(project.entity_iri(project.subject))
            quads += Excerpts(distant).shown(subject)
    site = _site(distant.part(quads))
    members = Listed(site.knowledge, {}, roughly_counted(distant), None)
    largest = dict(islice(distant.classes.counts.items(), _LARGEST))
    return front_page(site.views[language], site.network, len(site.queries), members, largest)


def _list(distant: Distant, language: str, stem: str, number: int) -> Page | None:
    found = cut(distant, wanted_lists(distant)[stem], number) if number else None
    if found is None:
        return None
    nodes = [node for nodes in found.nodes.values() for node in nodes]
    site = Site(distant.part(Excerpts(distant).entries(nodes)))
    members = Listed(site.knowledge, *found)
    return next(list_pages(site.views[language], members, [stem]))


def _class(distant: Distant, language: str, path: str) -> Page | None:
    """Return a page of a class with what is of it."""
    stem, number = path, 1
    iri = distant.classes.called(stem)
    if iri is None:
        stem, number = _numbered(path)
        iri = distant.classes.called(stem) if number else None
    found = None if iri is None else cut(distant, of_class(iri), number)
    if iri is None or found is None:
        return None
    entities = Excerpts(distant)
    entities.named(found.nodes.get(iri, ()))
    quads = [*entities.of_class(iri, *_NAMING), *distant.classes.marks()]
    site = Site(distant.part(quads))
    site.addresses.stems[iri] = stem
    members = Listed(site.knowledge, *found)
    return next(class_pages(site.views[language], iri, members))


def _entity(distant: Distant, language: str, iri: str) -> Page | None:
    try:
        entity = ox.NamedNode(iri)
    except ValueError:
        return None
    if not distant.holds(entity):
        return None
    site = _site(distant.part(Excerpts(distant).shown(entity)))
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
    site = Site(distant.part(Excerpts(distant).named(nodes)))
    return query_page(site.views[language], Answered(query, answer, {}))


def _file(distant: Distant, path: str) -> bytes | None:
    """Return a file of data.

    Raises:
        Problem: Only a whole graph could give it.
    """
    parent, suffix = PurePosixPath(path).parent.name, PurePosixPath(path).suffix
    if parent == "class" and (iri := distant.classes.called(path.removesuffix(suffix))) is not None:
        graph = distant.beside_vocabulary(Excerpts(distant).of_class(iri))
        data = class_data(Knowledge(distant.project, graph), iri, path.removesuffix(suffix))
        return dict(data).get(path)
    if path.startswith("sitemap") and suffix == ".xml":
        return site_map(distant, path)
    if parent == "query" and suffix in _ANSWERS:
        raise Problem(501, "answers are not kept as files", hint="/api/queries answers anew")
    return description_file(distant.site, path)

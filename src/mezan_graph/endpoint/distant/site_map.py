"""Site maps of what a store holds, some thousand entities each.

What has a class is listed, but for people, whose pages search engines are asked not to list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.site.discovery import MODIFIED, SITEMAP, site_map_index, site_maps
from mezan_graph.site.knowledge import PERSONS
from mezan_graph.site.page import Page
from mezan_graph.site.pages import listed_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from mezan_graph.endpoint.distant.graph import Distant

MOST_LISTED = 5_000
"""Entities of one site map."""


def site_map(distant: Distant, path: str) -> bytes | None:
    """Return the site map at ``path``, the index of them or one of several; ``None`` for others.

    The first of several has the pages that every site has and the classes; those after it have
    entities, in the order of the store.
    """
    project = distant.project
    people = ", ".join(sorted(map(str, PERSONS)))
    where = (
        f"?s a ?type FILTER(isIRI(?s) && ({distant.within('id/', 'concept/')}))"
        f" FILTER NOT EXISTS {{ ?s a ?person FILTER(?person IN ({people})) }}"
    )
    inner = f"SELECT DISTINCT ?s WHERE {{ {where} }}"
    count = distant.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }}")
    maps = -(-count // MOST_LISTED)
    if path == SITEMAP and maps > 1:
        names = [f"sitemap-{number}.xml" for number in range(1, maps + 2)]
        return site_map_index(distant.site.addresses, names)
    number = next((each for each in range(1, maps + 2) if path == f"sitemap-{each}.xml"), 0)
    if path != SITEMAP and (number == 0 or maps == 1):
        return None
    pages: list[Page] = []
    if path == SITEMAP or number == 1:
        pages += _of_the_site(distant)
    graph = distant.graph
    if number != 1:
        offset = 0 if path == SITEMAP else (number - 2) * MOST_LISTED
        rows = distant.rows(f"{inner} LIMIT {MOST_LISTED} OFFSET {offset}")
        nodes = [node for node, _ in rows if node not in distant.site.addresses.stems]
        pages += _of_entities(distant, nodes)
        graph = distant.beside_vocabulary(Excerpts(distant).valued(nodes, MODIFIED))
    found = dict(site_maps(project, graph, distant.site.addresses, pages))
    return found.get(SITEMAP)


def _of_the_site(distant: Distant) -> Iterator[Page]:
    """Yield the pages that are there whatever the store holds, and those of its classes."""
    site = distant.site
    yield from listed_pages(list(site.views.values()), site.network)
    for stem, iri in distant.classes.stems.items():
        if iri not in site.addresses.stems:
            for language in site.views:
                yield Page(f"{language}/{stem}.html", b"", language, iri)


def _of_entities(distant: Distant, nodes: Iterable[ox.NamedNode]) -> Iterator[Page]:
    base = distant.project.base
    for node in nodes:
        space, _, local = node.value.removeprefix(base).partition("/")
        stem = f"{'doc' if space == 'id' else space}/{distant.stem(local)}"
        yield Page(f"{stem}.html", b"", None, node)
        for language in distant.site.views:
            yield Page(f"{language}/{stem}.html", b"", language, node)

"""The files by which machines find what is published: site map, robots, VoID, feed, citation."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Protocol
from xml.sax.saxutils import escape, quoteattr

from mezan_graph.description import dataset_iri
from mezan_graph.namespaces import DCT, SCHEMA, XSD
from mezan_graph.site.changes import FEED, feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses

SITEMAP = "sitemap.xml"
MOST_URLS = 50_000
MOST_BYTES = 50 * 1024**2
"""Bounds of one site map (sitemaps.org protocol), in addresses and in bytes."""

MODIFIED = frozenset({DCT.modified, SCHEMA.dateModified})
"""Properties that say when something was last changed."""
_DATES = frozenset({XSD.date, XSD.dateTime})
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


class Listed(Protocol):
    """What a page tells the site map about itself."""

    @property
    def path(self) -> str:
        """Path below the site, with ``/``."""

    @property
    def language(self) -> str | None:
        """Language of the page; ``None`` where it offers the choice of one."""

    @property
    def iri(self) -> ox.NamedNode | None:
        """What the page is about."""

    @property
    def indexed(self) -> bool:
        """Whether search engines may list it."""


def discovery_files(
    project: Project,
    graph: Graph,
    addresses: Addresses,
    pages: Iterable[Listed],
    previous: Path | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files by which machines find the site.

    ``.well-known/void`` holds the bytes of ``void.ttl`` and is written beside it.

    Args:
        project: What is published.
        graph: The published graph.
        addresses: Where everything stands.
        pages: Every page of the site; those that search engines may not list are left out.
        previous: Folder of the release that was published last, for the feed of changes.

    Raises:
        SourceError: ``previous`` cannot be read.
    """
    yield from site_maps(project, graph, addresses, pages)
    yield from notices(project, graph, previous)
    # GitHub Pages would otherwise run Jekyll, which drops .well-known/ and files with a leading _.
    yield ".nojekyll", b""


def site_maps(
    project: Project, graph: Graph, addresses: Addresses, pages: Iterable[Listed]
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each site map; the one called :data:`SITEMAP` is always there.

    Args:
        project: What is published.
        graph: The published graph.
        addresses: Where everything stands.
        pages: Every page of the site; those that search engines may not list are left out.
    """
    yield from _site_maps(addresses, pages, _known_dates(project, graph))


def notices(
    project: Project, graph: Graph, previous: Path | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files that say something of the data set as a whole.

    Args:
        project: What is published.
        graph: The published graph.
        previous: Folder of the release that was published last, for the feed of changes.

    Raises:
        SourceError: ``previous`` cannot be read.
    """
    yield "robots.txt", _robots(project)
    changes = feed(project, graph, previous)
    if changes is not None:
        yield FEED, changes
    yield "CITATION.cff", _citation(project)


def _known_dates(project: Project, graph: Graph) -> dict[object, str]:
    """Return the date of the last change, ISO 8601, of every IRI for which the graph states one."""
    dates: dict[object, str] = {}
    for quad in graph.triples():
        value = quad.object
        if quad.predicate in MODIFIED and getattr(value, "datatype", None) in _DATES:
            dates[quad.subject] = max(value.value[:10], dates.get(quad.subject, ""))  # type: ignore[union-attr]
    if project.issued is not None:
        dates[dataset_iri(project)] = project.issued.isoformat()
    return dates


def _site_maps(
    addresses: Addresses, pages: Iterable[Listed], dates: dict[object, str]
) -> Iterator[tuple[str, bytes]]:
    maps = _chunks(_entries(addresses, pages, dates))
    first, second = next(maps), next(maps, None)
    if second is None:
        yield SITEMAP, first
        return
    names = []
    for number, content in enumerate(chain((first, second), maps), 1):
        names.append(f"sitemap-{number}.xml")
        yield names[-1], content
    yield SITEMAP, site_map_index(addresses, names)


def site_map_index(addresses: Addresses, names: Iterable[str]) -> bytes:
    """Return the index of the site maps called ``names``."""
    listed = (
        f"<sitemap><loc>{escape(addresses.canonical(name))}</loc></sitemap>\n" for name in names
    )
    return "".join(
        [_HEAD, f'<sitemapindex xmlns="{_SITEMAPS}">\n', *listed, "</sitemapindex>\n"]
    ).encode()


def _entries(
    addresses: Addresses, pages: Iterable[Listed], dates: dict[object, str]
) -> Iterator[bytes]:
    """Yield one ``url`` element for each page, with its alternates in other languages."""
    together: dict[str, list[Listed]] = {}
    for page in pages:
        if page.indexed:
            stem = page.path if page.language is None else page.path.partition("/")[2]
            together.setdefault(stem, []).append(page)
    for stem in sorted(together):
        versions = sorted(together[stem], key=lambda page: (page.language is None, page.path))
        alternates = "".join(
            f'<xhtml:link rel="alternate" hreflang="{page.language or "x-default"}"'
            f" href={quoteattr(addresses.canonical(page.path))}/>\n"
            for page in versions
        )
        for page in versions:
            date = dates.get(page.iri)
            changed = f"<lastmod>{date}</lastmod>\n" if date else ""
            where = escape(addresses.canonical(page.path))
            yield f"<url>\n<loc>{where}</loc>\n{changed}{alternates}</url>\n".encode()


def _chunks(entries: Iterable[bytes]) -> Iterator[bytes]:
    head = f'{_HEAD}<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="{_XHTML}">\n'.encode()
    tail = b"</urlset>\n"
    parts: list[bytes] = []
    size = len(head) + len(tail)
    for entry in entries:
        if len(parts) == MOST_URLS or size + len(entry) > MOST_BYTES:
            yield b"".join([head, *parts, tail])
            parts, size = [], len(head) + len(tail)
        parts.append(entry)
        size += len(entry)
    yield b"".join([head, *parts, tail])


def _robots(project: Project) -> bytes:
    return (
        "# Pages that search engines are asked not to list say so themselves.\n"
        "User-agent: *\n"
        "Allow: /\n"
        "\n"
        f"Sitemap: {project.site}{SITEMAP}\n"
    ).encode()


def _citation(project: Project) -> bytes:
    """Return the data set in the Citation File Format 1.2.0."""
    import yaml

    title = project.title.get("en") or next(iter(project.title.values()))
    abstract = project.description.get("en") or next(iter(project.description.values()))
    document: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it as below.",
        "type": "dataset",
        "title": title,
        "abstract": abstract,
        "authors": [{"name": project.attribution}],
        "version": project.version,
    }
    if project.issued is not None:
        document["date-released"] = project.issued.isoformat()
    document |= {
        "license-url": project.license,
        "url": project.site,
        "identifiers": [{"type": "url", "value": dataset_iri(project).value}],
    }
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)
    return text.encode()

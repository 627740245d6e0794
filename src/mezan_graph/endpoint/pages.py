"""The pages of the site, each made when somebody asks for it; what pages load beside them.

Runs in a worker. A path leads to a page or to a file that ships with the package, never to a file
of the machine.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mezan_graph import site as site_package
from mezan_graph.embedding import Embedder
from mezan_graph.endpoint.finding import Finder
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.site_data import data_file
from mezan_graph.folders import context_path
from mezan_graph.site import examples
from mezan_graph.site.addresses import PAGES, Addresses
from mezan_graph.site.browser import browser_files, entry
from mezan_graph.site.discovery import notices
from mezan_graph.site.headers import EVERYWHERE, TYPES, UNLISTED
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.layout import layered
from mezan_graph.site.network import Network
from mezan_graph.site.pages.classes import class_pages
from mezan_graph.site.pages.entity import entity_page
from mezan_graph.site.pages.front import front_page
from mezan_graph.site.pages.general import general_pages
from mezan_graph.site.pages.lists import list_pages
from mezan_graph.site.pages.queries import answered, query_list, query_page
from mezan_graph.site.pages.reference import shapes_knowledge, shapes_pages, vocabulary_pages
from mezan_graph.site.pages.timeline import timeline_page
from mezan_graph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.site import Page

_ASSETS = Path(site_package.__file__).with_name("assets")


class Site:
    """What every page is made from, made once in a worker."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.project = loaded.project
        self.queries = loaded.queries
        self.graph = loaded.canonical
        self.addresses = Addresses(self.project, self.graph, loaded.stem)
        self.knowledge = Knowledge(self.project, self.graph)
        self.network = Network(self.knowledge)
        self.embedder = Embedder(self.project, self.graph)
        self.views = {
            language: View(self.knowledge, self.addresses, language)
            for language in self.project.languages
        }
        self.iris = {stem: iri for iri, stem in self.addresses.stems.items()}

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What pages load, and what says something of the whole, by its path."""
        found = {
            f"assets/{path.relative_to(_ASSETS).as_posix()}": path.read_bytes()
            for path in sorted(_ASSETS.rglob("*"))
            if path.is_file()
        }
        found |= dict(browser_files())
        found |= dict(notices(self.project, self.graph))
        context = context_path(self.project)
        if context is not None:
            found["context.jsonld"] = context.read_bytes()
        if entry("sparql") is not None:
            found[examples.PATH] = examples.examples(self.project)
        return found

    def read_templates(self) -> None:
        """Read what is read once for all pages, so that no worker has to: templates, libraries."""
        for view in self.views.values():
            for name in view.environment.list_templates():
                view.environment.get_template(name)
        layered([(1.0, 1.0)] * 2, [(0, 1)])

    @cached_property
    def finder(self) -> Finder:
        """The index of what pages are about."""
        return Finder(self.knowledge, self.addresses, self.queries, self.loaded.labels)

    def pages(self, path: str) -> Iterator[Page]:
        """Yield pages until the one at ``path`` is among them, or there is none."""
        language, _, rest = path.partition("/")
        view = self.views.get(language)
        if view is None:
            return
        stem = rest.removesuffix(".html")
        folder, _, name = stem.partition("/")
        iri = self.iris.get(stem)
        if iri is not None and folder != "class":
            yield entity_page(view, iri, self.network, self.embedder)
        elif folder == "query" and name in self.queries:
            yield query_page(view, answered(self.project, self.graph, self.queries[name]))
        elif folder == "class":
            found = [each for each in self.iris if stem.startswith(each)]
            for each in found:
                yield from class_pages(view, self.iris[each])
        elif stem.partition("~")[0] in PAGES:
            yield from self._general(view, stem.partition("~")[0])

    def _general(self, view: View, name: str) -> Iterator[Page]:
        """Yield the pages that every site has; few are made beside the one called ``name``."""
        if name == "index":
            yield front_page(view, self.network, len(self.queries))
        elif name == "timeline":
            yield timeline_page(view)
        elif name == "queries":
            yield from query_list(view, list(self.queries.values()))
        elif name == "vocabulary":
            yield from vocabulary_pages(view)
        elif name == "shapes":
            yield from shapes_pages(view, shapes_knowledge(self.project, self.knowledge))
        else:
            yield from general_pages(view, self.loaded.distributions, live=True)
            yield from list_pages(view)


def page(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a page of the site, or a file that pages load.

    Args:
        loaded: The project and its graph.
        job: ``path`` of the page or the file, relative to the root of the site.
        pieces: Where the answer goes.

    Raises:
        Problem: There is no such page.
    """
    path = job["path"]
    if path.endswith("/"):
        path += "index.html"
    site = loaded.site
    content = site.files.get(path) or data_file(site, path)
    if content is None:
        made = next((each for each in site.pages(path) if each.path == path), None)
        send(loaded, pieces, path, made)
    else:
        send(loaded, pieces, path, content)


def send(
    loaded: Loaded,
    pieces: Pieces,
    path: str,
    made: Page | bytes | None,
    *,
    lasting: bool | None = None,
) -> None:
    """Send a page or a file with the headers of its kind.

    Args:
        loaded: The project and its graph.
        pieces: Where it goes.
        path: Its path.
        made: The page or the file; ``None`` where there is none.
        lasting: Whether it stays the same until the project is loaded anew; by default as answers
            of the graph do.

    Raises:
        Problem: There is none.
    """
    if made is None:
        raise Problem(404, "there is no such page")
    headers = {"Content-Security-Policy": EVERYWHERE["Content-Security-Policy"]}
    suffix = PurePosixPath(path).suffix
    if suffix in UNLISTED:
        headers["X-Robots-Tag"] = "noindex"
    if isinstance(made, bytes):
        content = made
    else:
        content = made.content
        if made.language is not None:
            headers["Content-Language"] = made.language
        if not made.indexed:
            headers["X-Robots-Tag"] = "noindex"
    media_type = TYPES.get(suffix, "application/octet-stream")
    pieces.head({"media_type": media_type, "stable": lasting or loaded.lasting, "headers": headers})
    pieces.piece(content)

"""The pages of the site, each made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.pages.choice import choice_page
from mezan_graph.site.pages.entity import entity_page
from mezan_graph.site.pages.front import front_page
from mezan_graph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses
    from mezan_graph.site.page import Page


def site_pages(
    project: Project,
    graph: Graph,
    addresses: Addresses,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
) -> Iterator[Page]:
    """Yield every page of the site, one at a time.

    Args:
        project: What is published.
        graph: Its published graph, canonical.
        addresses: Where everything stands.
        progress: Called with a step, how much of it is done, and how much there is.
    """
    knowledge = Knowledge(project, graph)
    views = [View(knowledge, addresses, language) for language in project.languages]
    yield choice_page(views)
    for view in views:
        yield front_page(view)
    for done, (iri, stem) in enumerate(addresses.stems.items()):
        progress("pages", done, len(addresses.stems))
        if not stem.startswith("class/"):
            yield choice_page(views, iri)
        for view in views:
            yield entity_page(view, iri)

"""The pages of the site, each made when it is asked for."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from mezan_graph.embedding import Embedder
from mezan_graph.processes import in_processes
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.network import Network
from mezan_graph.site.page import Page
from mezan_graph.site.pages.choice import choice_page
from mezan_graph.site.pages.classes import class_data, class_pages
from mezan_graph.site.pages.entity import entity_page
from mezan_graph.site.pages.front import front_page
from mezan_graph.site.pages.general import general_pages, not_found_page
from mezan_graph.site.pages.lists import list_pages
from mezan_graph.site.pages.queries import all_queries, answered, query_list, query_page
from mezan_graph.site.pages.reference import shapes_knowledge, shapes_pages, vocabulary_pages
from mezan_graph.site.pages.timeline import timeline_page
from mezan_graph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyoxigraph as ox

    from mezan_graph.description import Distribution
    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.queries import StoredQuery
    from mezan_graph.site.addresses import Addresses


def made_files(
    project: Project,
    graph: Graph,
    addresses: Addresses,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
    distributions: Sequence[Distribution] = (),
    *,
    processes: int = 1,
) -> Iterator[Page | tuple[str, bytes]]:
    """Yield every page of the site, and path and content of the files that stand beside pages.

    Args:
        project: What is published.
        graph: Its published graph, canonical.
        addresses: Where everything stands.
        progress: Called with a step, how much of it is done, and how much there is.
        distributions: The files in which the whole data set can be had.
        processes: How many processes make the pages of entities.
    """
    knowledge = Knowledge(project, graph)
    views = [View(knowledge, addresses, language) for language in project.languages]
    network = Network(knowledge)
    embedder = Embedder(project, graph)
    queries = all_queries(project)
    yield choice_page(views)
    yield not_found_page(views)
    yield from _once(views, network, queries, distributions)
    for done, query in enumerate(queries):
        progress("queries", done, len(queries))
        asked = answered(project, graph, query)
        yield from (
            (addresses.query(query.name) + suffix, content)
            for suffix, content in asked.files.items()
        )
        yield from (query_page(view, asked) for view in views)

    def files(address: tuple[ox.NamedNode, str]) -> list[Page | tuple[str, bytes]]:
        iri, stem = address
        if stem.startswith("class/"):
            described = chain.from_iterable(class_pages(view, iri) for view in views)
            return [*class_data(knowledge, iri, stem), *described]
        pages = (entity_page(view, iri, network, embedder) for view in views)
        return [choice_page(views, iri), *pages]

    stems = list(addresses.stems.items())
    for done, made in enumerate(in_processes(files, stems, processes)):
        progress("pages", done, len(stems))
        yield from made


def _once(
    views: Sequence[View],
    network: Network,
    queries: Sequence[StoredQuery],
    distributions: Sequence[Distribution],
) -> Iterator[Page]:
    """Yield the pages that each language has whatever there is."""
    knowledge = views[0].knowledge
    shapes = shapes_knowledge(knowledge.project, knowledge)
    for view in views:
        yield front_page(view, network, len(queries))
        yield from list_pages(view)
        yield from query_list(view, queries)
        yield from vocabulary_pages(view)
        yield from shapes_pages(view, shapes)
        yield from general_pages(view, distributions)
        yield timeline_page(view)


def listed_pages(views: Sequence[View], network: Network) -> Iterator[Page]:
    """Yield every page of the site as a site map lists it, those of entities without content.

    The pages of entities and queries are as many as the data has, and take long; what a site map
    says of them is known without making them.

    Args:
        views: The languages.
        network: The relations of the graph.
    """
    yield choice_page(views)
    knowledge = views[0].knowledge
    queries = all_queries(knowledge.project)
    yield from _once(views, network, queries, ())
    for view in views:
        for query in queries:
            path = view.addresses.query_page(query.name, view.language)
            yield Page(path, b"", view.language)
    for iri, stem in views[0].addresses.stems.items():
        if stem.startswith("class/"):
            yield from chain.from_iterable(class_pages(view, iri) for view in views)
            continue
        indexed = not knowledge.is_person(iri)
        yield Page(f"{stem}.html", b"", None, iri, indexed)
        for view in views:
            yield Page(f"{view.language}/{stem}.html", b"", view.language, iri, indexed)

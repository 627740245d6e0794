"""The site for readers: pages in each language of the project, and what they load.

:func:`site_files` yields every file beside the data; everything is made from the graph and the
project alone, so that the same input gives the same bytes.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mezan_graph.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mezan_graph.description import Distribution
    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

__all__ = ["Page", "site_files"]

_ASSETS = Path(__file__).with_name("assets")


def site_files(
    project: Project,
    graph: Graph,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
    *,
    distributions: Sequence[Distribution] = (),
    previous: Path | None = None,
    processes: int = 1,
    written: Path | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: its path with ``/``, and its content.

    Args:
        project: What is published.
        graph: Its published graph, canonical.
        progress: Called with a step, how much of it is done, and how much there is.
        distributions: The files in which the whole data set can be had.
        previous: Folder of the release that was published last, for the feed of changes.
        processes: How many processes make the pages of entities.
        written: Folder that each file is written to before the next one is asked for, if so.
    """
    from mezan_graph.site import examples
    from mezan_graph.site.addresses import Addresses
    from mezan_graph.site.browser import browser_files, entry
    from mezan_graph.site.discovery import discovery_files
    from mezan_graph.site.hosting import hosting_files
    from mezan_graph.site.pages import made_files
    from mezan_graph.site.search import SearchIndex, available

    addresses = Addresses(project, graph)
    listed: list[Page] = []
    with ExitStack() as stack:
        # Without the script of the search there is nothing to read an index.
        searched = entry("search") is not None and available()
        index = stack.enter_context(SearchIndex(written)) if searched else None
        for made in made_files(
            project, graph, addresses, progress, distributions, processes=processes
        ):
            if isinstance(made, Page):
                yield made.path, made.content
                listed.append(replace(made, content=b""))
                if index is not None:
                    index.add(made)
            else:
                yield made
        if index is not None:
            yield from index.files()
    if entry("sparql") is not None:
        yield examples.PATH, examples.examples(project)
    for path in sorted(_ASSETS.rglob("*")):
        if path.is_file():
            yield f"assets/{path.relative_to(_ASSETS).as_posix()}", path.read_bytes()
    yield from browser_files()
    yield from discovery_files(project, graph, addresses, listed, previous)
    yield from hosting_files(project, addresses)

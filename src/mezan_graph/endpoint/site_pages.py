"""The door to the pages: their modules are imported when the first page is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces


def page(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a page; see :func:`mezan_graph.endpoint.pages.page`."""
    from mezan_graph.endpoint import pages

    pages.page(loaded, job, pieces)


def search(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the page of a search; see :func:`mezan_graph.endpoint.searching.search`."""
    from mezan_graph.endpoint import searching

    searching.search(loaded, job, pieces)


def versions(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the list of versions; see :func:`mezan_graph.endpoint.release_pages.versions`."""
    from mezan_graph.endpoint import release_pages

    release_pages.versions(loaded, job, pieces)

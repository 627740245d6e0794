"""The page that lists the released versions; runs in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.site.headers import EVERYWHERE
from mezan_graph.site.pages.versions import versions_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces


def versions(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the list of the versions.

    Args:
        loaded: The project.
        job: ``language`` of the page, and ``versions``, each with ``name``, ``issued``, ``site``
            and ``withdrawn``.
        pieces: Where the answer goes.
    """
    made = versions_page(loaded.site.views[job["language"]], job["versions"])
    headers = {
        "Content-Security-Policy": EVERYWHERE["Content-Security-Policy"],
        "Content-Language": job["language"],
    }
    pieces.head({"media_type": "text/html", "stable": True, "headers": headers})
    pieces.piece(made.content)

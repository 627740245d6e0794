"""The page of the versions that were released, where a server keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.site.frame import rendered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View


def versions_page(view: View, versions: Sequence[Mapping[str, Any]]) -> Page:
    """Return the page that lists ``versions``, the newest first.

    Args:
        view: The language.
        versions: Of each its ``name``, the date when it was ``issued`` or ``None``, whether it has
            a ``site``, and whether something in it was ``withdrawn``.
    """
    title = view.gettext("Versions")
    path = f"{view.language}/versions.html"
    return rendered(view, "versions.html", path, title, versions=versions)

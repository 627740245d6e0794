"""The front page: in one screen what this is, how much of it there is, and where to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.site.frame import rendered

if TYPE_CHECKING:
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View


def front_page(view: View) -> Page:
    """Return the front page in one language."""
    return rendered(
        view,
        "front.html",
        f"{view.language}/index.html",
        view.site_title.text,
        choice="index.html",
        lead=view.translated(view.project.description),
        figures=[],
    )

"""The search of the site, answered with a page; runs in a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mezan_graph.endpoint.finding import Words, key_of
from mezan_graph.endpoint.pages import send
from mezan_graph.endpoint.problems import Problem
from mezan_graph.site.pages.found import found_page, query_hit, thing_hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mezan_graph.endpoint.finding import Found
    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.site.pages.found import Hit
    from mezan_graph.site.view import View

LONGEST = 200
"""Most code points that are looked for."""
PER_PAGE = 20


def search(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the page of a search.

    Args:
        loaded: The project and its graph.
        job: ``language`` of the page, the ``text`` that is looked for, and the number of the
            ``page``, as the client gave them.
        pieces: Where the answer goes.

    Raises:
        Problem: There is no such page.
    """
    language, text = job["language"], job["text"][:LONGEST].strip()
    number = job["page"]
    if language not in loaded.site.views or not (
        number.isascii() and number.isdecimal() and int(number[:6]) > 0
    ):
        raise Problem(404, "there is no such page")
    start = (int(number[:6]) - 1) * PER_PAGE
    finder = loaded.finder
    found = finder.find(text, language)
    if start and start >= len(found):
        raise Problem(404, "there is no such page")
    alike = [] if found else list(finder.alike(text))
    end = start + PER_PAGE
    shown = found[start:end]
    view = loaded.view(language, [each.node for each in (*shown, *alike) if each.node is not None])
    page = found_page(
        view,
        text,
        _hits(loaded, view, shown, text),
        count=len(found) if finder.whole else f"{len(found)}+",
        alike=list(_hits(loaded, view, alike, text)),
        around=(
            _link(text, int(number) - 1) if 0 < start < len(found) else None,
            _link(text, int(number) + 1) if end < len(found) else None,
        ),
    )
    send(loaded, pieces, page.path, page)


def _link(text: str, number: int) -> str:
    return f"search.html?{urlencode({'q': text, 'page': number})}"


def _hits(loaded: Loaded, view: View, found: Iterable[Found], text: str) -> Iterable[Hit]:
    words = Words(text)
    queries = {view.addresses.query(name): query for name, query in loaded.queries.items()}

    def wanted(word: str) -> bool:
        return words.any_in(key_of(word))

    for each in found:
        if each.node is None:
            yield query_hit(view, queries[each.stem], each.text, wanted)
        else:
            yield thing_hit(view, each.node, each.text, wanted)

"""The index for search in the pages, made by Pagefind from the pages themselves.

Pagefind makes one index for each language that the pages say they are in, with its stemmer where
there is one (Arabic and English have theirs). A page loads only the part of the index that the
words asked for stand in.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from pagefind.index import IndexConfig, PagefindIndex

    from mezan_graph.site.page import Page

FOLDER = "pagefind"
"""Where the index stands in a site."""

_CONFIG: IndexConfig = {
    "root_selector": "main",
    "exclude_selectors": ["nav", ".network", "[data-unindexed]"],
    "keep_index_url": True,
}
_INTERFACE = re.compile(r"pagefind-(?:component-ui|modular-ui|ui|highlight)\.")
_ENTRY = "pagefind-entry.json"


def available() -> bool:
    """Whether Pagefind's program is installed; it has wheels for the usual systems only."""
    from importlib.util import find_spec

    return find_spec("pagefind_bin") is not None


class SearchIndex:
    """An index that pages are added to, one at a time; a context manager.

    The pages go to a program of their own, which holds what it needs of them.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._index: PagefindIndex | None = None

    def __enter__(self) -> Self:
        """Start Pagefind."""
        from pagefind.index import PagefindIndex

        self._index = PagefindIndex(config=_CONFIG)
        self._runner.run(self._index.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End Pagefind."""
        assert self._index is not None  # noqa: S101 - entered
        self._runner.run(self._index.__aexit__(kind, error, traceback))
        self._runner.close()

    def add(self, page: Page) -> None:
        """Add a page; one that belongs to no language is left out."""
        assert self._index is not None  # noqa: S101 - entered
        if page.language is not None:
            content = page.content.decode()
            self._runner.run(self._index.add_html_file(content=content, source_path=page.path))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the index and the script that reads it: path in the site, content.

        The same pages in the same order give the same bytes; Pagefind's own interface is left out.
        """
        assert self._index is not None  # noqa: S101 - entered
        files = self._runner.run(self._index.get_files())
        for each in sorted(files, key=lambda file: file["path"]):
            name = each["path"].replace("\\", "/")
            content = each["content"]
            if _INTERFACE.match(name):
                continue
            if name == _ENTRY:
                # Its languages come in the order of a hash table, which differs at every run.
                content = json.dumps(json.loads(content), sort_keys=True).encode()
            yield f"{FOLDER}/{name}", content

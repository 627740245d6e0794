"""The index for search in the pages, made by Pagefind from the pages themselves.

Pagefind makes one index for each language that the pages say they are in, with its stemmer where
there is one (Arabic and English have theirs). A page loads only the part of the index that the
words asked for stand in.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mezan_graph.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from mezan_graph.site.page import Page

FOLDER = "pagefind"
"""Where the index stands in a site."""

_OPTIONS = (
    "--silent",
    "--keep-index-url",
    "--root-selector=main",
    "--exclude-selectors=nav, .network, [data-unindexed]",
)
_INTERFACE = re.compile(r"pagefind-(?:component-ui|modular-ui|ui|highlight)\.")
_ENTRY = "pagefind-entry.json"


def available() -> bool:
    """Whether Pagefind's program is installed; it has wheels for the usual systems only."""
    return find_spec("pagefind_bin") is not None


class SearchIndex:
    """An index that pages are added to, one at a time; a context manager.

    The pages wait in a temporary folder, so that memory stays bounded.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mezan-search-")
        self._root = Path(self._folder.name)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the temporary folder."""
        self._folder.cleanup()

    def add(self, page: Page) -> None:
        """Add a page; one that belongs to no language is left out."""
        if page.language is not None:
            path = self._root / page.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.content)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the index and the script that reads it: path in the site, content.

        The same pages give the same bytes; Pagefind's own interface is left out.

        Raises:
            OutputError: Pagefind fails.
        """
        if not any(self._root.iterdir()):
            return
        from pagefind_bin import get_executable

        command = [str(get_executable()), f"--site={self._root}", *_OPTIONS]
        done = subprocess.run(command, check=False, capture_output=True, cwd=self._root)  # noqa: S603
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
            raise OutputError(
                f"Pagefind cannot make the index of the site: {said[-1] if said else 'no reason'}",
                hint="install pagefind-bin again",
            )
        bundle = self._root / "pagefind"
        for path in sorted(bundle.rglob("*")):
            name = path.relative_to(bundle).as_posix()
            if not path.is_file() or _INTERFACE.match(name):
                continue
            content = path.read_bytes()
            if name == _ENTRY:
                # Its languages come in the order of a hash table, which differs at every run.
                content = json.dumps(json.loads(content), sort_keys=True).encode()
            yield f"{FOLDER}/{name}", content

"""The index for search in the pages, made by Pagefind from the pages themselves.

Pagefind makes one index for each language that the pages say they are in, with its stemmer where
there is one (Arabic and English have theirs). A page loads only the part of the index that the
words asked for stand in. Making an index takes memory for every word, so that one language is made
after the other, and of a very large site only what a page is about is searched.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

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
)
_UNINDEXED = "nav, .network, [data-unindexed]"
_BESIDE = "section:not([aria-labelledby=claim], [aria-labelledby=note])"
MOST_WHOLE = 20_000
"""Pages of one language whose whole text is searched, at 35 kB of memory a page.

Of more pages, names, kinds, definitions, claims and notes are."""
_INTERFACE = re.compile(r"pagefind-(?:component-ui|modular-ui|ui|highlight)\.")
_ENTRY = "pagefind-entry.json"


def available() -> bool:
    """Whether Pagefind's program is installed; it has wheels for the usual systems only."""
    return find_spec("pagefind_bin") is not None


class SearchIndex:
    """An index that pages are added to, one at a time; a context manager.

    The pages are read from files, so that memory stays bounded.

    Args:
        written: Folder that every page is in when the index is made; by default a temporary one
            that :meth:`add` writes them to.
        most_whole: Pages of one language whose whole text is searched.
    """

    def __init__(self, written: Path | None = None, *, most_whole: int = MOST_WHOLE) -> None:
        self._most_whole = most_whole
        self._folder = tempfile.TemporaryDirectory(prefix="mezan-search-")
        self._written = written
        self._pages_root = written or Path(self._folder.name) / "pages"
        self._pages: Counter[str] = Counter()

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
            self._pages[page.language] += 1
            if self._written is None:
                path = self._pages_root / page.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(page.content)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the index and the script that reads it: path in the site, content.

        The same pages give the same bytes; Pagefind's own interface is left out.

        Raises:
            OutputError: Pagefind fails.
        """
        languages: dict[str, object] = {}
        entry: dict[str, Any] = {}
        made: set[str] = set()
        for language in sorted(self._pages):
            bundle = self._bundle(language)
            for path in sorted(bundle.rglob("*")):
                name = path.relative_to(bundle).as_posix()
                if not path.is_file() or _INTERFACE.match(name) or name in made:
                    continue
                if name == _ENTRY:
                    entry = json.loads(path.read_bytes())
                    languages |= entry["languages"]
                else:
                    made.add(name)
                    yield f"{FOLDER}/{name}", path.read_bytes()
        if entry:
            entry["languages"] = languages
            yield f"{FOLDER}/{_ENTRY}", json.dumps(entry, sort_keys=True).encode()

    def _bundle(self, language: str) -> Path:
        """Make the index of one language; return its folder."""
        from pagefind_bin import get_executable

        bundle = Path(self._folder.name) / "index" / language
        whole = self._pages[language] <= self._most_whole
        command = [
            str(get_executable()),
            *_OPTIONS,
            f"--site={self._pages_root}",
            f"--glob={language}/**/*.html",
            f"--output-path={bundle}",
            f"--exclude-selectors={_UNINDEXED if whole else f'{_UNINDEXED}, {_BESIDE}'}",
        ]
        done = subprocess.run(command, check=False, capture_output=True, cwd=self._folder.name)  # noqa: S603
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
            raise OutputError(
                f"Pagefind cannot make the index of the site: {said[-1] if said else 'no reason'}",
                hint="install pagefind-bin again",
            )
        return bundle

"""The scripts that pages can do without: search, the SPARQL page, the explorer of networks.

``web/`` holds their source; ``npm run build`` there puts them into ``browser/`` beside this module,
and a wheel carries them. Where nothing was built, the site has no scripts, and is whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "browser"
"""Where the scripts stand in a site."""
BUILT = Path(__file__).with_name("browser")


def browser_files(built: Path = BUILT) -> Iterator[tuple[str, bytes]]:
    """Yield every script and what it loads: path in the site, content; nothing if not built."""
    for path in sorted(built.rglob("*")):
        if path.is_file():
            yield f"{FOLDER}/{path.relative_to(built).as_posix()}", path.read_bytes()


def entry(name: str, built: Path = BUILT) -> str | None:
    """Return the path in the site of the script ``name``, or ``None`` if it was not built.

    Args:
        name: ``network``, ``search`` or ``sparql``.
        built: Where the scripts were built.
    """
    return f"{FOLDER}/{name}.js" if (built / f"{name}.js").is_file() else None

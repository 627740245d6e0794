"""Bring the fonts of the site up to date: ``npm --prefix web ci && python tools/fonts.py``.

The npm packages and their versions are pinned, with their digests, in ``web/package-lock.json``. A
licence lies beside each font.
"""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGES = CHECKOUT / "web" / "node_modules" / "@fontsource-variable"
FOLDER = CHECKOUT / "src" / "mezan_graph" / "site" / "assets" / "fonts"
SUBSETS = {"source-serif-4": ("latin", "latin-ext"), "noto-naskh-arabic": ("arabic",)}
"""The subsets of each typeface that ``assets/site.css`` names."""


def files() -> dict[str, bytes]:
    """Return the name of each file in ``assets/fonts`` with its content from the packages."""
    found = {}
    for face, subsets in SUBSETS.items():
        package = PACKAGES / face
        found[f"{face}-LICENSE.txt"] = (package / "LICENSE").read_bytes()
        for subset in subsets:
            name = f"{face}-{subset}-wght-normal.woff2"
            found[name] = (package / "files" / name).read_bytes()
    return found


if __name__ == "__main__":
    wanted = files()
    for old in FOLDER.iterdir():
        if old.name not in wanted:
            old.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)
        print(name)

"""Bring the catalogs of the site's interface up to date: ``python tools/messages.py``.

New messages of templates and modules come into each catalog without a translation, and those that
are gone go; a test fails as long as one has none.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SITE = Path(__file__).resolve().parents[1] / "src" / "mezan_graph" / "site"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "_": None}
UNSAID = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Project-Id-Version",
        "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team",
    )
)  # fmt: skip
"""Headers that would change without a change of a message, or that nobody fills in."""


def extracted() -> Catalog:
    """Return every message of the site, each with the file that it stands in first."""
    catalog = Catalog(project="mezan-graph", fuzzy=False)
    found = extract_from_dir(SITE, method_map=METHODS, keywords=KEYWORDS)
    places: dict[object, str] = {}
    for file, _, message, _, _ in found:
        places.setdefault(message, file)
    for message, file in places.items():
        catalog.add(message, locations=[(file, None)])
    return catalog


def updated(path: Path) -> bytes:
    """Return the catalog at ``path`` with the messages that there are now."""
    with path.open("rb") as stream:
        catalog = read_po(stream)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=100, sort_output=True, omit_header=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSAID)).encode()


if __name__ == "__main__":
    for each in sorted(SITE.glob("locale/*/LC_MESSAGES/*.po")):
        each.write_bytes(updated(each))
        print(each)

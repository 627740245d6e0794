"""axe-core finds nothing on the main pages: in both languages and both colour schemes."""

from __future__ import annotations

import pytest
from tests.browser.conftest import axe_script

PAGES = (
    "index", "doc/al-mezan", "doc/claim-alleged-violations", "doc/note-location",
    "doc/funding-french-consulate", "class/schema-grant", "query/funders", "people", "claims",
    "sources", "notes", "timeline", "vocabulary", "shapes", "data", "corrections",
)  # fmt: skip
MOUNTED = ("search", "sparql")
"""Pages that a script fills; they are looked at when it has."""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return axe_script()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(visit, axe, language):
    page = visit(f"{language}/index.html")
    root = page.url.removesuffix("index.html")
    found = []
    for stem in (*PAGES, *MOUNTED):
        page.emulate_media(color_scheme="light")
        page.goto(f"{root}{stem}.html")
        if stem in MOUNTED and page.locator("head script[src]").count():
            page.wait_for_selector(f"#{stem}[data-ready]")
        page.evaluate(axe)
        results = [page.evaluate("axe.run(document)")]
        page.emulate_media(color_scheme="dark")
        results.append(page.evaluate("axe.run(document, {runOnly: ['color-contrast']})"))
        found += [
            (stem, violation["id"], node["html"])
            for result in results
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
    assert found == []

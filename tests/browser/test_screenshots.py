"""The main pages as people see them: in both languages, on a desk and in a hand, light and dark."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

PAGES = (
    "index", "doc/al-mezan", "doc/ford-foundation", "doc/claim-alleged-violations",
    "doc/note-location", "doc/cite-un-status", "class/schema-grant", "query/funders", "funders",
    "claims", "sources", "notes", "timeline", "queries", "vocabulary", "shapes", "data",
)  # fmt: skip
SIZES = {"desk": {"width": 1280, "height": 900}, "hand": {"width": 390, "height": 844}}
DIRECTIONS = {"en": "ltr", "ar": "rtl"}


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """Where screenshots go: a temporary folder, or the one that MEZAN_SCREENSHOTS names."""
    named = os.environ.get("MEZAN_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("language", DIRECTIONS)
def test_pages_fit_and_read_in_their_direction(visit, pictures, language):
    page = visit(f"{language}/index.html")
    root = page.url.removesuffix("index.html")
    for stem in PAGES:
        page.goto(f"{root}{stem}.html")
        html = page.locator("html")
        assert html.get_attribute("lang") == language
        assert html.get_attribute("dir") == DIRECTIONS[language]
        assert page.locator("h1").count() == 1, stem
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.status)") == "loaded"
        for (size, viewport), scheme in product(SIZES.items(), ("light", "dark")):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            name = f"{language}-{stem.replace('/', '-')}-{size}-{scheme}.png"
            assert page.screenshot(path=pictures / name)
            too_wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert too_wide <= 0, (stem, size)


def test_a_page_in_arabic_mirrors_one_in_english(visit):
    left = visit("en/funders.html", viewport=SIZES["desk"])
    right = visit("ar/funders.html", viewport=SIZES["desk"])
    box = "document.querySelector('.brand a').getBoundingClientRect()"
    from_left = left.evaluate(f"{box}.left")
    from_right = right.evaluate(f"document.documentElement.clientWidth - {box}.right")
    assert from_left == pytest.approx(from_right, abs=2)


def test_pages_print_without_what_only_a_screen_needs(visit):
    page = visit("en/doc/al-mezan.html")
    page.emulate_media(media="print")
    assert not page.locator("nav.pages").is_visible()
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize(("wanted", "got"), [("ar-EG", "ar"), ("en-GB", "en"), ("fr", None)])
def test_a_choice_of_languages_follows_the_reader(visit, wanted, got):
    page = visit("doc/al-mezan.html", locale=wanted)
    if got is None:
        assert page.locator("main a").count() == 2
    else:
        page.wait_for_url(f"**/{got}/doc/al-mezan.html")


def test_without_scripts_pages_are_whole(visit):
    page = visit("en/doc/al-mezan.html", java_script_enabled=False)
    assert page.locator("figure.network svg").first.is_visible()
    assert page.locator("#funding-h").is_visible()
    page = visit("en/sparql.html", java_script_enabled=False)
    assert "mezan query" in page.locator("#sparql").inner_text()


def test_the_first_key_leads_past_the_navigation(visit):
    page = visit("en/claims.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

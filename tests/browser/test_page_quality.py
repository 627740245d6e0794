"""What an audit of pages looks at, its timing left out: both languages, on a desk, in a hand."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.test_accessibility import MOUNTED, PAGES, axe  # noqa: F401 -- a fixture

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page, ViewportSize

LANGUAGES = {"en": "ltr", "ar": "rtl"}
SIZES: dict[str, ViewportSize] = {
    "desk": {"width": 1200, "height": 900},
    "hand": {"width": 390, "height": 844},
}
LOOKED_AT = (*PAGES, "doc/person-p0001", "doc/cite-un-status", "queries", *MOUNTED)
OPTIONAL = ("/browser/", "/pagefind/", "/dump.nq", "/query/index.json")
"""Parts that pages can do without; they come after the page stands."""

WATCH = """
window.seen = {shift: 0, handlers: []};
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) seen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (name, ...rest) {
  if (["unload", "beforeunload"].includes(name)) seen.handlers.push(name);
  return listen.call(this, name, ...rest);
};
"""
FACTS = """async () => {
  await document.fonts.ready;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const [page] = performance.getEntriesByType("navigation");
  const meta = name => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const name = link => (link.getAttribute("aria-label") || link.textContent).trim();
  return {
    title: document.title,
    description: meta("description"),
    viewport: meta("viewport"),
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    mode: document.compatMode,
    size: page.decodedBodySize,
    files: performance.getEntriesByType("resource").map(each => ({
      url: each.name, size: each.decodedBodySize, blocking: each.renderBlockingStatus,
    })),
    shift: seen.shift,
    handlers: [...seen.handlers, ...["onunload", "onbeforeunload"].filter(each => window[each])],
    sizeless: [...document.querySelectorAll("img, main svg")].filter(
      each => !each.hasAttribute("width") || !each.hasAttribute("height")).map(
      each => each.outerHTML.slice(0, 80)),
    nameless: [...document.links].filter(link => !name(link)).map(link => link.outerHTML),
    headings: [...document.querySelectorAll("main h1, main h2, main h3")].map(
      each => Number(each.localName[1])),
  };
}"""


@pytest.fixture(scope="module")
def audited(chromium: Browser, served_site: str) -> Callable[[str, str], dict[str, Any]]:
    """Facts about each page that is looked at, for a language and a size; gathered once."""
    known: dict[tuple[str, str], dict[str, Any]] = {}

    def gathered(language: str, size: str) -> dict[str, Any]:
        found = {}
        for stem in LOOKED_AT:
            # A page that is visited first has nothing in the cache.
            context = chromium.new_context(viewport=SIZES[size])
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto(f"{served_site}{language}/{stem}.html")
            settle(page, stem)
            found[stem] = page.evaluate(FACTS)
            context.close()
        return found

    def facts(language: str, size: str) -> dict[str, Any]:
        if (language, size) not in known:
            known[language, size] = gathered(language, size)
        return known[language, size]

    return facts


def settle(page: Page, stem: str) -> None:
    """Wait for the scripts of a page to be done with it."""
    if page.locator("head script[src]").count():
        page.wait_for_selector(f"#{stem}[data-ready]" if stem in MOUNTED else "[data-ready]")


every = [
    pytest.mark.parametrize("language", LANGUAGES),
    pytest.mark.parametrize("size", SIZES),
]


def for_each(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for both languages and both sizes."""
    for mark in every:
        test = mark(test)
    return test


@for_each
def test_pages_say_what_they_are(audited, language, size):
    pages = audited(language, size)
    for stem, facts in pages.items():
        assert facts["mode"] == "CSS1Compat", stem
        assert (facts["lang"], facts["dir"]) == (language, LANGUAGES[language]), stem
        assert facts["viewport"] == "width=device-width, initial-scale=1", stem
        assert 5 <= len(facts["title"]) <= 200, stem
        assert 10 <= len(facts["description"]) <= 300, stem
    assert len({facts["title"] for facts in pages.values()}) == len(pages)


@for_each
def test_pages_are_light_and_ask_nobody_else(audited, served_site, language, size):
    for stem, facts in audited(language, size).items():
        assert [each["url"] for each in facts["files"] if not each["url"].startswith(served_site)
                ] == [], stem  # fmt: skip
        needed = [each for each in facts["files"] if not any(o in each["url"] for o in OPTIONAL)]
        blocking = [each for each in facts["files"] if each["blocking"] == "blocking"]
        assert all(each["url"].endswith(".css") for each in blocking), stem
        assert len(blocking) <= 2, stem
        assert facts["size"] + sum(each["size"] for each in blocking) < 130_000, stem
        assert facts["size"] < 100_000, stem
        assert len(needed) <= 6, (stem, needed)
        assert sum(each["size"] for each in needed) < 250_000, stem


@for_each
def test_nothing_moves_once_it_is_shown(audited, language, size):
    moved = {stem: facts["shift"] for stem, facts in audited(language, size).items()}
    assert {stem: shift for stem, shift in moved.items() if shift > 0.02} == {}


@for_each
def test_pages_can_be_left_and_come_back_to_and_read_aloud(audited, language, size):
    for stem, facts in audited(language, size).items():
        assert facts["handlers"] == [], stem
        assert facts["sizeless"] == [], stem
        assert facts["nameless"] == [], stem
        levels = facts["headings"]
        assert levels[0] == 1, stem
        assert levels.count(1) == 1, stem
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (stem, levels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finger_finds_every_target(visit, axe, language):  # noqa: F811
    page = visit(f"{language}/index.html", viewport=SIZES["hand"])
    root = page.url.removesuffix("index.html")
    found = []
    for stem in ("index", "doc/al-mezan", "claims", "people", "queries", *MOUNTED):
        page.goto(f"{root}{stem}.html")
        settle(page, stem)
        page.evaluate(axe)
        results = page.evaluate("axe.run(document, {runOnly: ['target-size']})")
        found += [(stem, node["html"]) for each in results["violations"] for node in each["nodes"]]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_first_screen_shows_the_whole_network_in_letters_that_can_be_read(
    visit, language, scripts
):
    page = visit(f"{language}/index.html", viewport=SIZES["desk"], java_script_enabled=scripts)
    box = page.locator(".network-picture > svg").bounding_box()
    assert box["y"] + box["height"] <= SIZES["desk"]["height"]
    _, _, width, height = map(float, page.get_attribute(".network svg", "viewBox").split())
    assert min(box["width"] / width, box["height"] / height) * 15 >= 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_on_paper_says_where_it_is_from_and_where_its_links_lead(visit, language):
    page = visit(f"{language}/doc/al-mezan.html")
    page.emulate_media(media="print")
    for gone in ("nav.pages", "nav.languages", ".network-tools", ".skip"):
        assert not page.locator(gone).is_visible(), gone
    canonical = page.get_attribute("link[rel=canonical]", "href")
    assert page.locator(".printed").is_visible()
    assert page.locator(".printed").inner_text() == canonical
    after = page.locator("main dd a[rel=external]").first.evaluate(
        "link => [getComputedStyle(link, '::after').content, link.getAttribute('href')]"
    )
    assert after[1] in after[0] or "attr(href)" in after[0]
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_its_index_the_search_leads_to_the_lists(chromium, served_site, language):
    page = chromium.new_page()
    page.route("**/pagefind/**", lambda route: route.fulfill(status=404))
    page.goto(f"{served_site}{language}/search.html")
    page.wait_for_selector("#search [role=alert]")
    assert not re.search("Error|import", page.locator("#search").inner_text())
    assert page.locator("#search li a").count() >= 8
    page.close()


def test_where_nothing_is_a_reader_is_led_to_the_front_page(chromium, served_site, project):
    # The copy stands below another path than the project says, so that its style is not found.
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{served_site}404.html")
    for language in LANGUAGES:
        links = page.locator(f"a[hreflang={language}]").evaluate_all(
            "all => all.map(each => each.getAttribute('href'))"
        )
        assert any(each.startswith("/") for each in links)
        assert f"{project.site}{language}/" in links
    page.close()

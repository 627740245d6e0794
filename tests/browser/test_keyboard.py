"""Every control can be reached, seen and left with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOCUS = """async () => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at === document.body) return null;
  if (!at.dataset.stop) at.dataset.stop = String(++window.stops);
  // CodeMirror takes a moment to see that it has the focus.
  for (let i = 0; i < 100 && at.closest(".cm-editor:not(.cm-focused)"); i++) {
    await new Promise(done => setTimeout(done, 20));
  }
  const ring = [at, at.closest(".cm-editor"), at.querySelector(":scope > circle")].filter(Boolean)
    .some(each => {
      const {outlineStyle, outlineWidth, strokeWidth} = getComputedStyle(each);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
        || each.localName === "circle" && parseFloat(strokeWidth) >= 3;
    });
  const box = at.getBoundingClientRect();
  return {
    stop: Number(at.dataset.stop), ring, class: at.getAttribute("class") ?? "", name: at.localName,
    inside: box.bottom > 0 && box.top < innerHeight,
    words: at.getAttribute("aria-label") ?? at.textContent.slice(0, 40),
  };
}"""
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, summary, [tabindex='0']"
  )].filter(each => !each.disabled && each.checkVisibility()).length"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top of the page to its end; each stop on the way."""
    page.evaluate("window.stops = 0")
    found: list[dict[str, Any]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or stop["stop"] <= len(found):
            return found
        found.append(stop)
    raise AssertionError("the keyboard does not come to the end of the page")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("stem", "ready"),
    [
        ("index", "figure.network[data-ready]"),
        ("sparql", "#sparql[data-ready]"),
        ("search", "#search[data-ready]"),
        ("claims", "main"),
    ],
)
def test_tab_leads_through_the_whole_page_and_shows_where_it_is(visit, language, stem, ready):
    page = visit(f"{language}/{stem}.html", reduced_motion="reduce")
    page.wait_for_selector(ready)
    stops = walk(page)
    assert stops[0]["class"] == "skip"
    assert [each for each in stops if not each["ring"]] == []
    assert [each for each in stops if not each["inside"]] == []
    editors = sum("cm-content" in each["class"] for each in stops)
    assert editors == (stem == "sparql")
    # CodeMirror stands in a shadow root, where a selector of the document does not look.
    assert len(stops) == page.evaluate(STOPS) + editors


def test_the_editor_can_be_left_both_ways_and_keeps_its_text(visit):
    page = visit("en/sparql.html")
    page.wait_for_selector("#sparql[data-ready]")
    page.evaluate("window.stops = 0")
    page.locator("#sparql-example").focus()
    page.keyboard.press("Tab")
    assert "cm-content" in page.evaluate(FOCUS)["class"]
    before = page.evaluate(
        "document.querySelector('.editor').shadowRoot.querySelector('.cm-content').innerText"
    )
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["words"] == "Run"
    page.keyboard.press("Shift+Tab")
    assert "cm-content" in page.evaluate(FOCUS)["class"]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "sparql-example"
    after = page.evaluate(
        "document.querySelector('.editor').shadowRoot.querySelector('.cm-content').innerText"
    )
    assert after == before


def test_the_keys_of_the_editor_are_told_on_the_page(visit):
    page = visit("en/sparql.html")
    page.wait_for_selector("#sparql[data-ready]")
    assert "Ctrl and Enter" in page.locator("#sparql .buttons").inner_text()


def test_kinds_of_relation_are_left_out_with_the_space_bar(visit):
    page = visit("en/index.html")
    page.wait_for_selector("figure.network[data-ready]")
    boxes = page.locator(".network-picture .box")
    before = boxes.count()
    page.get_by_label("membership", exact=True).focus()
    page.keyboard.press("Space")
    assert boxes.count() < before
    page.keyboard.press("Space")
    assert boxes.count() == before

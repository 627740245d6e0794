"""Networks as a browser draws them, with and without scripts."""

from __future__ import annotations

from itertools import combinations

import pytest

LANGUAGES = ("en", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_network_and_its_table_are_there(visit, language):
    page = visit(f"{language}/doc/al-mezan.html", java_script_enabled=False)
    picture = page.locator(".network-picture > svg")
    assert picture.is_visible()
    assert picture.locator("a.box").count() == 18
    assert picture.locator(".arrow").count() == 19
    page.locator(".network-table summary").click()
    assert page.locator(".network-table tbody tr").count() == 19
    names = picture.locator(".box").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert all(names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["al-mezan", "french-consulate", "mena-network-small-arms"])
def test_every_label_lies_inside_its_box_and_no_box_over_another(visit, language, slug):
    page = visit(f"{language}/doc/{slug}.html")
    page.evaluate("() => document.fonts.ready")
    boxes = page.locator(".network-picture .box").evaluate_all(
        """all => all.map(box => {
            const plain = ({x, y, width, height}) => ({x, y, width, height});
            return {rect: plain(box.querySelector('rect').getBBox()),
                    lines: [...box.querySelectorAll('text')].map(each => plain(each.getBBox()))};
        })"""
    )
    assert boxes
    for box in boxes:
        rect = box["rect"]
        for line in box["lines"]:
            assert line["x"] >= rect["x"], (slug, line, rect)
            assert line["x"] + line["width"] <= rect["x"] + rect["width"]
            middle = line["y"] + line["height"] / 2
            assert rect["y"] <= middle <= rect["y"] + rect["height"]
        middles = [line["y"] + line["height"] / 2 for line in box["lines"]]
        assert all(abs(one - other) >= 15 for one, other in combinations(middles, 2))
    for one, other in combinations([each["rect"] for each in boxes], 2):
        assert (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )


def test_funders_stand_where_readers_begin(visit):
    def places(language: str) -> tuple[float, float]:
        page = visit(f"{language}/doc/al-mezan.html")
        x = "all => all[0].querySelector('rect').getBBox().x"
        funder = page.locator('.box[data-iri$="/ford-foundation"]').evaluate_all(x)
        network = page.locator('.box[data-iri$="/pngo"]').evaluate_all(x)
        return funder, network

    funder, network = places("en")
    assert funder < network
    funder, network = places("ar")
    assert funder > network


def test_kinds_of_relation_differ_by_more_than_colour(visit):
    page = visit("en/doc/al-mezan.html")
    styles = page.locator(".network-legend path").evaluate_all(
        """all => all.map(path => {
            const style = getComputedStyle(path);
            return [style.strokeDasharray, style.strokeWidth].join(' ');
        })"""
    )
    assert len(styles) == 6
    assert len(set(styles)) == 6


def explored(visit, path):
    page = visit(path)
    page.wait_for_selector("figure.network[data-ready]")
    return page


def test_a_kind_of_relation_can_be_left_out(visit):
    page = explored(visit, "en/doc/al-mezan.html")
    page.get_by_label("membership", exact=True).uncheck()
    assert page.locator(".network-picture .box").count() == 13
    page.get_by_label("membership", exact=True).check()
    assert page.locator(".network-picture .box").count() == 19


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_network_of_a_neighbour_can_be_drawn_in_with_the_keyboard(visit, language):
    page = explored(visit, f"{language}/doc/ford-foundation.html")
    assert page.locator(".network-picture .box").count() == 2
    more = page.locator(".network-picture .more")
    assert more.count() == 1
    more.focus()
    page.keyboard.press("Enter")
    page.locator(".network-picture .box").nth(18).wait_for()
    assert page.locator(".network-picture .box").count() == 19
    focused = page.evaluate("() => document.activeElement.dataset.iri")
    assert focused.endswith("/id/al-mezan")
    page.locator('.box[data-iri$="/pngo"]').click()
    page.wait_for_url("**/doc/pngo.html")


def test_a_name_can_be_found_in_the_picture(visit):
    page = explored(visit, "en/doc/al-mezan.html")
    page.locator(".network-tools input").fill("mertz")
    assert page.locator(".box.found").count() == 1
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.dataset.iri").endswith(
        "mertz-gilmore-foundation"
    )


def test_a_phone_scrolls_the_picture_and_not_the_page(visit):
    page = visit("ar/doc/al-mezan.html", viewport={"width": 360, "height": 740})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360

"""The search of a running server: a page that the server makes, with or without a script."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest
from tests.browser.conftest import axe_script, pages_of

from mezan_graph.endpoint.finding import Words, key_of


def _results(reply):
    return reply.body.decode().partition('id="search"')[2].partition("</main>")[0]


def search(server, language, text, page=1):
    reply = server.get(f"{language}/search.html?q={quote(text)}&page={page}")
    links = re.findall(r'<li><a href="([^"]+)"', _results(reply))
    return reply, [unescape(each).removesuffix(".html") for each in links]


@pytest.mark.parametrize(
    ("language", "text", "page_of"),
    [
        ("en", "Mertz", "doc/mertz-gilmore-foundation"),
        ("en", "foundations mertz", "doc/mertz-gilmore-foundation"),
        ("en", "MERTZ-GILMORE", "doc/mertz-gilmore-foundation"),
        ("ar", "الميزان", "doc/al-mezan"),
        ("ar", "الإنسان الميزان", "doc/al-mezan"),
        ("ar", "مناصره", "doc/activity-advocacy"),
        ("ar", "حُقوق ميزان", "doc/al-mezan"),
        ("en", "Who supports an organisation", "query/funders"),
        ("ar", "من يدعم منظمة", "query/funders"),
    ],
)
def test_words_are_found_in_both_languages(server, language, text, page_of):
    reply, found = search(server, language, text)
    assert reply.status == 200
    assert page_of in found[:3]
    assert server.get(f"{language}/{page_of}.html").status == 200


def test_a_name_that_is_misspelt_is_found_among_names_that_are_like_it(server):
    reply, found = search(server, "en", "Frod Fundation")
    assert "Names like it" in reply.body.decode()
    assert "doc/ford-foundation" in found


def test_nothing_found_is_said_and_the_lists_are_named(server):
    reply, found = search(server, "en", "<b>zyzzyva</b> \u202e")
    text = reply.body.decode()
    assert "<b>" not in text
    assert "\u202e" not in re.sub(r'value="[^"]*"', "", text)
    assert 'role="status">Nothing was found for' in text
    assert "funders" in found
    assert reply.headers["X-Robots-Tag"] == "noindex"


def test_a_claim_that_is_found_is_shown_as_that_of_its_claimant(server):
    reply, found = search(server, "en", "violations")
    assert any(each.startswith("doc/claim-") for each in found)
    text = reply.body.decode()
    for item in re.findall(r'<li><a href="doc/claim-.*?</li>', text, re.DOTALL):
        assert "<mark>" not in item.partition("<blockquote>")[0].partition("excerpt")[2]


def test_many_pages_are_given_in_parts(server):
    _, first = search(server, "en", "the")
    reply, second = search(server, "en", "the", 2)
    assert len(first) == 20
    assert not set(first) & set(second)
    assert 'rel="prev"' in reply.body.decode()
    for page in (0, 999, "x"):
        assert search(server, "en", "the", page)[0].status == 404


def test_the_page_before_a_search_offers_it_and_can_be_kept(server):
    reply = server.get("ar/search.html")
    assert (reply.status, reply.headers["Content-Language"]) == (200, "ar")
    assert "X-Robots-Tag" not in reply.headers
    assert server.get("ar/search.html", if_none_match=reply.headers["ETag"]).status == 304
    assert server.get("xx/search.html").status == 404


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_reader_searches_without_a_script(chromium, server, language):
    with pages_of(chromium, server.url) as opened:
        page = opened(f"{language}/search.html")
        page.fill("#search-text", "الميزان")
        page.keyboard.press("Enter")
        page.wait_for_selector(".search-results a")
        assert page.input_value("#search-text") == "الميزان"
        page.evaluate(axe_script())
        assert [each["id"] for each in page.evaluate("axe.run(document)")["violations"]] == []
        page.locator(".search-results a").first.click()
        page.wait_for_load_state()
        assert page.locator("main h1").count() == 1


@pytest.mark.parametrize(
    ("text", "there", "found"),
    [
        ("foundations", "Ford Foundation", True),
        ("class", "classes", True),
        ("ford", "Stanford", False),
        ("ميزان", "للميزان", True),
        ("والميزان", "الميزان", True),
        ("café", "CAFE", True),
        ("", "anything", False),
    ],
)
def test_which_words_are_the_same(text, there, found):
    assert Words(text).all_in(key_of(there)) is found

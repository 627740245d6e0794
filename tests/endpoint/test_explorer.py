"""The SPARQL page of a running server, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.conftest import SOON, ask, axe_script, pages_of
from tests.endpoint.conftest import endless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

FUNDERS = """PREFIX s: <https://schema.org/>
SELECT ?organization ?funder { ?grant s:funder ?funder ; s:fundedItem ?organization }"""


@pytest.fixture
def visit_live(chromium: Browser, server) -> Iterator[Callable[..., Page]]:
    with pages_of(chromium, server.url) as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "picture", "name"),
    [("en", "Picture", "The Ford Foundation"), ("ar", "صورة", "مركز الميزان لحقوق الانسان")],
)
def test_the_server_answers_as_table_and_as_picture(visit_live, language, picture, name):
    page = visit_live(f"{language}/sparql.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, FUNDERS)
    page.wait_for_selector("#sparql .answer-table")
    rows = page.locator("#sparql tbody tr").count()
    assert rows == 8
    page.get_by_label(picture, exact=True).focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#sparql .drawn-answer")
    names = page.locator("#sparql .box").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert name in names
    assert {url.rpartition("/")[2] for url in asked} - {"icon.svg"} == {"sparql"}
    page.evaluate(axe_script())
    assert [each["id"] for each in page.evaluate("axe.run(document)")["violations"]] == []
    page.locator("#sparql a.box").first.click()
    page.wait_for_load_state()
    assert f"/{language}/doc/" in page.url


def test_a_graph_of_the_server_is_shown_three_ways(visit_live):
    page = visit_live("en/sparql.html")
    ask(page, 'CONSTRUCT { id:a id:b id:c , "a \\"b\\"\\n\\u00e9"@en } {}')
    page.wait_for_selector("#sparql .answer-table")
    cells = page.locator("#sparql td").all_text_contents()
    assert sorted(cells) == ['a "b"\né', *["id/a"] * 2, *["id/b"] * 2, "id/c"]
    assert page.locator("#sparql td bdi").get_attribute("lang") == "en"
    page.get_by_label("Picture").check()
    page.wait_for_selector("#sparql .drawn-answer")
    assert page.locator("#sparql .arrow").count() == 1
    page.get_by_label("Turtle", exact=True).check()
    assert "<" in str(page.text_content("#sparql pre"))


def test_a_question_is_answered_yes_or_no(visit_live):
    page = visit_live("en/sparql.html")
    ask(page, "ASK {}")
    page.wait_for_selector("#sparql .answer")
    assert page.text_content("#sparql .answer") == "yes"


@pytest.fixture
def live_page(chromium: Browser, server) -> Iterator[Callable[..., Page]]:
    """Opens a page that may complain of the answers it gets."""
    contexts = []

    def opened(path: str, **options: Any) -> Page:
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(SOON)
        page.goto(server.url + path)
        return page

    yield opened
    for each in contexts:
        each.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_refusal_of_the_server_is_shown_with_its_place(live_page, language):
    page = live_page(f"{language}/sparql.html")
    ask(page, "SELECT * {\n SERVICE <http://example.org/> { ?s ?p ?o } }")
    page.wait_for_selector("#sparql .error")
    said = page.locator("#sparql .error")
    assert "2" in (said.text_content() or "")
    assert (said.locator("bdi[lang=en]").text_content() or "").startswith("SERVICE is refused;")
    assert page.evaluate(
        "() => document.querySelector('.editor').shadowRoot.querySelector('.wrong') !== null"
    )


def test_a_query_that_is_stopped_ends_on_the_server(live_page, server):
    page = live_page("en/sparql.html")
    ask(page, endless())
    page.wait_for_selector("#sparql[aria-busy]")
    while server.metric("mezan_queries_running") == 0:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("#sparql:not([aria-busy])")
    assert page.text_content("#sparql [role=status]") == "The query was stopped."
    while server.metric("mezan_queries_running") > 0:
        page.wait_for_timeout(50)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_script_a_form_asks_the_server(live_page, language):
    page = live_page(f"{language}/sparql.html", java_script_enabled=False)
    page.fill("textarea", "ASK {}")
    page.select_option("select", "json")
    with page.expect_response("**/sparql") as answered:
        page.click("#sparql button")
    assert answered.value.json()["boolean"] is True
    page.go_back()
    page.select_option("select", "")
    with page.expect_response("**/sparql") as answered:
        page.click("#sparql button")
    assert answered.value.status == 200

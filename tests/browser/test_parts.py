"""What the scripts do, in a real browser, under the strict policy, from a subfolder."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.conftest import ask

from mezan_graph.exports import published_graph
from mezan_graph.queries import Solutions, list_queries, run_stored

if TYPE_CHECKING:
    from mezan_graph.project import Project


@pytest.mark.parametrize(
    ("language", "text", "page_of"),
    [
        ("en", "Mertz", "mertz-gilmore-foundation"),
        ("en", "foundations mertz", "mertz-gilmore-foundation"),
        ("ar", "الميزان", "al-mezan"),
        ("ar", "الإنسان الميزان", "al-mezan"),
        ("ar", "مناصره", "activity-advocacy"),
        ("ar", "حُقوق ميزان", "al-mezan"),
    ],
)
def test_search_finds_words_in_both_languages(visit, language, text, page_of):
    page = visit(f"{language}/search.html")
    page.wait_for_selector("#search[data-ready]")
    page.fill("#search-text", text)
    page.wait_for_selector(".search-results a")
    links = [
        str(each.get_attribute("href")) for each in page.query_selector_all(".search-results a")
    ]
    assert any(link.endswith(f"/{language}/doc/{page_of}.html") for link in links), links
    page.click(".search-results a")
    page.wait_for_load_state()
    assert page.query_selector("main h1")


def test_search_says_that_nothing_was_found(visit):
    page = visit("en/search.html?q=zyzzyva")
    page.wait_for_selector("#search [role=status]:has-text('zyzzyva')")


@pytest.fixture(scope="module")
def graph(project: Project) -> Any:
    return published_graph(project)


def cells(solutions: Solutions) -> list[list[str]]:
    return [
        ["" if term is None else str(getattr(term, "value", term)) for term in row]
        for row in solutions
    ]


def test_the_sparql_page_answers_every_stored_query_as_the_command_line_does(visit, project, graph):
    page = visit("en/sparql.html")
    page.wait_for_selector("#sparql[data-ready]")
    asked = 0
    for stored in list_queries(project):
        if stored.form != "SELECT" or any(
            each.required and each.default is None for each in stored.parameters
        ):
            continue
        page.select_option("#sparql-example", stored.name)
        page.click("#sparql button[type=submit]")
        page.wait_for_selector("#sparql:not([aria-busy])")
        status = page.text_content("#sparql [role=status]")
        assert page.query_selector("#sparql .answer-table"), f"{stored.name}: {status}"
        rows = page.evaluate(
            """() => [...document.querySelectorAll('#sparql tbody tr')].map(row =>
                [...row.cells].map(cell => cell.textContent))"""
        )
        answer = run_stored(graph, stored, {}, project)
        assert isinstance(answer, Solutions)
        wanted = [[each.removeprefix(project.base) for each in row] for row in cells(answer)]
        given = [[each.removeprefix(project.base) for each in row] for row in rows]
        assert sorted(given) == sorted(wanted), stored.name
        asked += 1
    assert asked > 60


def test_an_error_is_shown_with_its_place(visit):
    page = visit("en/sparql.html")
    ask(page, "SELECT * WHERE {\n ?s ?p }")
    page.wait_for_selector("#sparql .error")
    assert "2:" in str(page.text_content("#sparql .error"))
    assert page.evaluate(
        "() => document.querySelector('.editor').shadowRoot.querySelector('.wrong') !== null"
    )


def test_a_long_query_can_be_stopped_and_another_one_asked(visit):
    page = visit("ar/sparql.html")
    ask(page, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.wait_for_selector("#sparql[aria-busy]")
    page.click("#sparql button[type=button]:not([disabled])")
    page.wait_for_selector("#sparql:not([aria-busy])")
    ask(page, "ASK { ?s ?p ?o }")
    page.wait_for_selector("#sparql .answer")


GRANTS = """PREFIX s: <https://schema.org/>
CONSTRUCT { ?g s:funder ?f } WHERE { ?g a s:Grant ; s:funder ?f . OPTIONAL { ?f s:name ?name } }"""


def test_a_graph_is_shown_as_table_picture_and_turtle(visit):
    page = visit("en/sparql.html")
    ask(page, GRANTS)
    page.wait_for_selector("#sparql .answer-table")
    assert page.locator("#sparql tbody tr").count() == 7
    page.get_by_label("Picture").check()
    page.wait_for_selector("#sparql .drawn-answer")
    names = page.locator("#sparql .box").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert "The Ford Foundation" in names
    assert page.locator("#sparql .arrow").count() == 7
    page.get_by_label("Turtle", exact=True).check()
    page.wait_for_selector("#sparql pre")
    assert "ford-foundation" in str(page.text_content("#sparql pre"))


def test_answers_can_be_saved(visit):
    page = visit("en/sparql.html")
    ask(
        page, "SELECT ?f WHERE { ?g a <https://schema.org/Grant> ; <https://schema.org/funder> ?f }"
    )
    page.wait_for_selector("#sparql .answer-table")
    with page.expect_download() as saved:
        page.click("#sparql .downloads button:has-text('CSV')")
    rows = list(csv.reader(saved.value.path().read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["f"]
    assert len(rows) == 8
    with page.expect_download() as saved:
        page.click("#sparql .downloads button:has-text('JSON')")
    assert (
        len(json.loads(saved.value.path().read_text(encoding="utf-8"))["results"]["bindings"]) == 7
    )


def test_an_answer_links_to_the_pages_of_the_site(visit):
    page = visit("ar/sparql.html")
    ask(
        page, "SELECT ?f WHERE { ?g a <https://schema.org/Grant> ; <https://schema.org/funder> ?f }"
    )
    page.click("#sparql td a")
    page.wait_for_load_state()
    assert "/ar/doc/" in page.url
    assert page.get_attribute("html", "dir") == "rtl"


def test_the_examples_are_in_the_language_of_the_page(visit):
    page = visit("ar/sparql.html#funders")
    page.wait_for_selector("#sparql[data-ready]")
    option = page.locator("#sparql-example option[value=funders]")
    assert (option.get_attribute("lang"), option.text_content()) == ("ar", "من يدعم منظمة")
    question = page.locator("#sparql .question")
    assert question.get_attribute("lang") == "ar"
    assert (question.text_content() or "").startswith("أي مانحين يدرجهم المصدر")
    page = visit("en/sparql.html")
    page.wait_for_selector("#sparql[data-ready]")
    option = page.locator("#sparql-example option[value=funders]")
    assert (option.get_attribute("lang"), option.text_content()) == (
        "en",
        "Who supports an organisation",
    )

"""The pages of the stored queries: in the language of their readers, or marked with their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mezan_graph.graph import Graph
from mezan_graph.queries.stored import parse_query
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.pages.queries import all_queries, answered, query_list, query_page
from mezan_graph.site.view import View

ENGLISH = """\
#+ summary: Who is listed
#+ description: Who is listed in this role?
#+ parameters:
#+   role: {type: string, required: false, description: "The role"}
"""
ARABIC = """\
#+ translations:
#+   ar:
#+     summary: "من المدرج"
#+     description: "من المدرج بهذا الدور؟"
#+     parameters: {role: "الدور"}
"""
SELECT = "SELECT ?role { ?s ?p ?role }"


@pytest.fixture
def shown(project):
    """Makes the page of a query and the list of it alone, in a language."""

    def make(text: str, language: str) -> tuple[str, str]:
        graph = Graph.from_quads([], project.prefixes)
        view = View(Knowledge(project, graph), Addresses(project, graph), language)
        query = parse_query(project, text, place="q")
        (listed,) = query_list(view, [query])
        page = query_page(view, answered(project, graph, query))
        return page.content.decode(), listed.content.decode()

    return make


def test_arabic_readers_get_arabic(shown):
    page, listed = shown(ENGLISH + ARABIC + SELECT, "ar")
    assert '<h1><bdi dir="rtl">من المدرج</bdi></h1>' in page
    assert "<title>من المدرج" in page
    assert '<bdi dir="rtl">الدور</bdi>' in page
    for html in (page, listed):
        assert '<bdi dir="rtl">من المدرج بهذا الدور؟</bdi>' in html
        assert '<bdi lang="en"' not in html


def test_what_is_not_translated_is_marked_with_its_language(shown):
    page, listed = shown(ENGLISH + SELECT, "ar")
    for html in (page, listed):
        assert '<bdi lang="en" dir="ltr" class="other">Who is listed</bdi>' in html
        assert '<bdi lang="en" dir="ltr" class="other">Who is listed in this role?</bdi>' in html
    assert '<bdi lang="en" dir="ltr" class="other">The role</bdi>' in page


def test_english_readers_get_english(shown):
    for html in shown(ENGLISH + ARABIC + SELECT, "en"):
        assert '<bdi dir="ltr">Who is listed in this role?</bdi>' in html
        assert '<bdi dir="rtl">' not in html


def test_folders_of_queries_are_called_what_the_project_says(project):
    graph = Graph.from_quads([], project.prefixes)
    queries = [each for each in all_queries(project) if each.category == "funding"]
    for language, name in (("en", "Funding"), ("ar", "التمويل")):
        view = View(Knowledge(project, graph), Addresses(project, graph), language)
        (listed,) = query_list(view, queries)
        assert f">{name}</bdi>" in listed.content.decode()
    plain = replace(project, categories={})
    view = View(Knowledge(plain, graph), Addresses(plain, graph), "ar")
    (listed,) = query_list(view, queries)
    assert "<bdi>funding</bdi>" in listed.content.decode()

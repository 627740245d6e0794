"""The time line shows what is dated, and counts what is not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.pages.timeline import MOST, timeline_page
from mezan_graph.site.view import View


def page_of(project, turtle: str, language: str = "en") -> str:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in project.prefixes.items())
    quads = list(ox.parse((prefixes + turtle).encode(), ox.RdfFormat.TURTLE))
    graph = Graph.from_quads(quads, project.prefixes)
    view = View(Knowledge(project, graph), Addresses(project, graph), language)
    return timeline_page(view).content.decode()


@pytest.fixture(scope="module")
def page(project) -> str:
    graph = published_graph(project)
    view = View(Knowledge(project, graph), Addresses(project, graph), "en")
    return timeline_page(view).content.decode()


def test_the_dates_of_the_source_come_in_order_with_how_we_know(page):
    assert page.count('class="bar ') == 6
    assert page.index("2000/") < page.index("2002/2003") < page.index("Report of 2017")
    assert "end not known" in page
    assert "line 32" in page


def test_what_has_no_date_is_counted_and_named(page):
    assert "6 of 7 undated" in page
    assert "6 of 6 undated" in page
    assert "Core funding by Netherlands Representative Office, as listed" in page


def test_a_project_without_dates_says_so(project):
    page = page_of(project, 'id:x a schema:Organization ; schema:name "X"@en .')
    assert "The data has no dates." in page
    assert "<svg" not in page


def test_a_date_that_is_not_understood_is_listed_and_not_drawn(project):
    page = page_of(project, 'id:x schema:name "X"@en ; dct:temporal "some day" .')
    assert "not placed in the picture" in page
    assert "<svg" not in page


def test_the_life_of_a_person_is_no_part_of_it(project):
    page = page_of(project, 'id:x a schema:Person ; schema:birthDate "1950" .')
    assert "1950" not in page


def test_a_thousand_dates_are_bounded_and_counted(project):
    page = page_of(
        project, "".join(f'id:x{n} schema:datePublished "{1000 + n}" .\n' for n in range(1000))
    )
    assert page.count('class="bar ') == MOST
    assert "and 960 more dates" in page
    assert len(page) < 100_000


def test_time_runs_from_right_to_left_for_readers_of_arabic(project):
    turtle = 'id:a schema:datePublished "1900" . id:b schema:datePublished "2000" .'
    places = {}
    for language in ("en", "ar"):
        bars = page_of(project, turtle, language).split('<rect class="bar ')[1:]
        places[language] = [float(bar.split('x="')[1].split('"')[0]) for bar in bars]
    assert places["en"] == sorted(places["en"])
    assert places["ar"] == sorted(places["ar"], reverse=True)

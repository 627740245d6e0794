"""A picture says what it shows, whatever the data holds."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.network import Network
from mezan_graph.site.picture import network_figure
from mezan_graph.site.view import View


def figure_of(project, graph: Graph, slug: str, language: str = "en") -> str | None:
    knowledge = Knowledge(project, graph)
    view = View(knowledge, Addresses(project, graph), language)
    centre = ox.NamedNode(project.entity_iri(slug))
    return network_figure(view, Network(knowledge), centre, f"{language}/doc/{slug}.html")


def graph_of(project, turtle: str) -> Graph:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in project.prefixes.items())
    quads = ox.parse((prefixes + turtle).encode(), ox.RdfFormat.TURTLE)
    return Graph.from_quads(list(quads), project.prefixes)


@pytest.fixture(scope="module")
def published(project) -> Graph:
    return published_graph(project)


def test_the_picture_has_a_title_links_and_the_same_rows_as_the_table(project, published):
    figure = figure_of(project, published, "al-mezan")
    assert figure is not None
    assert "The network around Al Mezan Center for Human Rights" in figure
    assert 'href="ford-foundation.html" aria-label="The Ford Foundation"' in figure
    assert figure.count('class="arrow ') == 19 + 6  # the legend has one for each kind
    assert figure.count('<th scope="row">') == 19
    assert "The French Consulate → Library: project funding" in figure


def test_there_is_no_style_and_no_script_in_it(project, published):
    figure = figure_of(project, published, "al-mezan", "ar")
    assert figure is not None
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", figure)


def test_the_same_input_gives_the_same_bytes(project, published):
    assert figure_of(project, published, "al-mezan") == figure_of(project, published, "al-mezan")


def test_a_name_without_arabic_keeps_its_language_and_direction(project, published):
    figure = figure_of(project, published, "ford-foundation", "ar")
    assert figure is not None
    ford = figure[figure.index('data-iri="' + project.entity_iri("ford-foundation")) - 200 :]
    assert 'lang="en"' in ford
    assert 'direction="ltr"' in ford
    assert 'direction="rtl"' in figure


def test_a_thing_without_relations_has_no_picture(project, published):
    assert figure_of(project, published, "article") is None


def test_hostile_names_are_text_and_a_megabyte_is_short(project):
    hostile = '</text><script>alert(1)</script>" onload="x \\u202Eevil\\u0007'
    graph = graph_of(
        project,
        f"""
        id:g schema:funder id:f ; schema:fundedItem id:o .
        id:f schema:name "{hostile.replace('"', chr(92) + '"')}"@en .
        id:o schema:name "{"long " * 200_000}"@en .
        """,
    )
    figure = figure_of(project, graph, "o")
    assert figure is not None
    assert "<script" not in figure
    assert "\u202e" not in figure
    assert "\u0007" not in figure
    assert len(figure) < 10_000


def test_ten_thousand_relations_are_bounded_and_counted(project):
    grants = "".join(
        f"id:g{number} schema:funder id:f{number} ; schema:fundedItem id:hub ."
        for number in range(10_000)
    )
    figure = figure_of(project, graph_of(project, grants), "hub")
    assert figure is not None
    assert "and 9976 more relations" in figure
    assert len(figure) < 50_000


def test_two_relations_between_the_same_things_are_two_arrows(project):
    graph = graph_of(
        project,
        """
        id:g schema:funder id:f ; schema:fundedItem id:o .
        id:h schema:funder id:o ; schema:fundedItem id:f .
        id:i org:member id:f ; org:organization id:o .
        """,
    )
    figure = figure_of(project, graph, "o")
    assert figure is not None
    paths = re.findall(r'data-kind="[^"]+" data-source[^>]+ d="([^"]+)"', figure)
    assert len(set(paths)) == 3

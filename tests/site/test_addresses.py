"""Every IRI of the base has one path, distinct on every file system; links are relative."""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox
import pytest

from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.namespaces import RDF
from mezan_graph.site.addresses import Addresses, relative


@pytest.fixture(scope="module")
def addresses(project) -> Addresses:
    return Addresses(project, published_graph(project))


def iri(project, local: str) -> ox.NamedNode:
    return ox.NamedNode(project.base + local)


def test_an_entity_has_a_page_in_each_language_and_data_beside_none(project, addresses):
    entity = iri(project, "id/al-mezan")
    assert addresses.page(entity, "ar") == "ar/doc/al-mezan.html"
    assert addresses.data(entity, ".ttl") == "doc/al-mezan.ttl"


@pytest.mark.parametrize(
    ("local", "stem"),
    [
        ("concept/modality-alleged", "concept/modality-alleged"),
        ("def#SourceNote", "class/mz-source-note"),
    ],
)
def test_concepts_and_classes_have_pages(project, addresses, local, stem):
    assert addresses.stems[iri(project, local)] == stem


def test_a_class_of_another_vocabulary_has_a_page(addresses):
    assert addresses.stems[ox.NamedNode("https://schema.org/NGO")] == "class/schema-ngo"


def test_what_is_not_ours_has_no_page(addresses):
    stranger = ox.NamedNode("https://example.org/x")
    assert addresses.page(stranger, "en") is None
    assert addresses.data(stranger, ".nt") is None


def test_paths_are_distinct_without_letter_case(project):
    locals_ = ["id/a", "id/A", "id/../a", "id/CON", "id/é", "id/e\u0301", "id/" + "x" * 300]
    quads = [
        ox.Quad(iri(project, each), RDF.type, iri(project, name))
        for each in locals_
        for name in ("def#AbC", "def#Ab-C", "def#ABc", "def#a")
    ]
    stems = Addresses(project, Graph.from_quads(quads, dict(project.prefixes))).stems
    assert len({stem.lower() for stem in stems.values()}) == len(locals_) + 4
    assert not any(".." in stem or len(stem) > 120 for stem in stems.values())


def test_a_canonical_address_is_absolute_and_leaves_out_index(project):
    there = Addresses(dataclasses.replace(project, base="https://example.org/g/"), Graph([]))
    assert there.canonical("en/index.html") == "https://example.org/g/en/"
    assert there.canonical("en/doc/~é.html") == "https://example.org/g/en/doc/~%C3%A9.html"


@pytest.mark.parametrize(
    ("path", "page", "link"),
    [
        ("en/doc/a.html", "en/doc/b.html", "a.html"),
        ("assets/site.css", "en/doc/b.html", "../../assets/site.css"),
        ("ar/index.html", "en/index.html", "../ar/index.html"),
        ("en/index.html", "index.html", "en/index.html"),
        ("en/claims.html#c-1", "en/claims.html", "claims.html#c-1"),
    ],
)
def test_a_link_is_relative_to_its_page(path, page, link):
    assert relative(path, page) == link

"""Snippets of the Al Mezan graph, and processors that read them back without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from pyld import jsonld

from mezan_graph.embedding import Embedder, schema_org_context
from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.serialization import canonical

if TYPE_CHECKING:
    from mezan_graph.embedding import Snippet
    from mezan_graph.project import Project

BASE = "https://w3id.org/mezan-graph/"


@pytest.fixture(scope="session")
def al_mezan(project) -> Graph:
    """The published Al Mezan graph."""
    return published_graph(project)


@pytest.fixture(scope="session")
def embedder(project, al_mezan) -> Embedder:
    """Makes snippets of the Al Mezan graph."""
    return Embedder(project, al_mezan)


@pytest.fixture(scope="session")
def entities(embedder, al_mezan) -> list[ox.NamedNode]:
    """Every entity and concept of the graph, and the data set."""
    spaces = tuple(f"{BASE}{each}/" for each in ("id", "concept"))
    subjects = {quad.subject.value for quad in al_mezan if isinstance(quad.subject, ox.NamedNode)}
    own = sorted(each for each in subjects if each.startswith(spaces))
    return [*map(ox.NamedNode, own), embedder.dataset]


def entity(slug: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{slug}")


def small_embedder(project: Project, turtle: str) -> Embedder:
    """Makes snippets of a graph written for one test, in the namespaces of the project."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in project.prefixes.items())
    quads = ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)
    return Embedder(project, Graph.from_quads(quads, project.prefixes))


def offline(url: str, _options: object = None) -> dict[str, Any]:
    """A document loader that has the context of schema.org and nothing else."""
    assert url == "https://schema.org", f"fetched: {url}"
    return {
        "contextUrl": None,
        "contentType": "application/ld+json",
        "documentUrl": url,
        "document": schema_org_context(),
    }


def read_by_pyld(document: object) -> bytes:
    """The canonical N-Quads that PyLD reads from a document."""
    options = {"format": "application/n-quads", "documentLoader": offline}
    return canonical_text(jsonld.to_rdf(document, options))


def canonical_text(nquads: str) -> bytes:
    return canonical(Graph.from_quads(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))).text()


def said_by(snippet: Snippet) -> bytes:
    """The canonical N-Quads of what a snippet is meant to say."""
    return canonical(snippet.graph).text()

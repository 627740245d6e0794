"""Pages of small graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.project import Project


@pytest.fixture(scope="session")
def view_of(project: Project) -> Callable[..., View]:
    """Makes the view in a language of Turtle, in which the project's prefixes are known."""

    def made(turtle: str, language: str = "en") -> View:
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in project.prefixes.items())
        quads = list(ox.parse((prefixes + turtle).encode(), ox.RdfFormat.TURTLE))
        graph = Graph.from_quads(quads, project.prefixes)
        return View(Knowledge(project, graph), Addresses(project, graph), language)

    return made


@pytest.fixture(scope="session")
def entity(project: Project) -> Callable[[str], ox.NamedNode]:
    """Makes the IRI of an entity from its slug."""
    return lambda slug: ox.NamedNode(project.entity_iri(slug))

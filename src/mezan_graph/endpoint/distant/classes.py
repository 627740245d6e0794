"""The classes of what a store holds: how much is of each, and where the page of each stands."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.endpoint.distant.store import number
from mezan_graph.endpoint.problems import Problem
from mezan_graph.namespaces import RDF

if TYPE_CHECKING:
    from mezan_graph.endpoint.distant.graph import Distant

_MOST = 1000
_FRESH = 60.0
"""Seconds until the store is asked again for a class that is not known."""


class Classes:
    """The classes that a store knows, and those of the vocabulary.

    Attributes:
        counts: How much is of each class of the store, the largest first.
        stems: The path of the page of each class below a language, without a suffix.

    Args:
        distant: The project and its store.
    """

    def __init__(self, distant: Distant) -> None:
        self._distant = distant
        self.counts: dict[ox.NamedNode, int] = {}
        self.stems: dict[str, ox.NamedNode] = {}
        self._found = -_FRESH

    def find(self) -> None:
        """Ask the store; one that is too slow for that is served all the same."""
        text = (
            "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class FILTER(isIRI(?class)) }"
            f" GROUP BY ?class ORDER BY DESC(?n) ?class LIMIT {_MOST}"
        )
        self._found = time.monotonic()
        with suppress(Problem):
            found = self._distant.rows(text)
            self.counts = {iri: number(many) for iri, (many,) in found}
        from mezan_graph.site.addresses import Addresses

        graph = self._distant.beside_vocabulary(self.marks())
        stems = Addresses(self._distant.project, graph).stems
        self.stems = {stem: iri for iri, stem in stems.items() if stem.startswith("class/")}

    def marks(self) -> list[ox.Quad]:
        """Return triples by which a graph knows the classes, so that links lead to their pages."""
        return [ox.Quad(ox.BlankNode("any"), RDF.type, each) for each in self.counts]

    def called(self, stem: str) -> ox.NamedNode | None:
        """Return the class whose page has the path ``stem`` below a language, if there is one."""
        if stem not in self.stems and time.monotonic() - self._found > _FRESH:
            self.find()
        return self.stems.get(stem)

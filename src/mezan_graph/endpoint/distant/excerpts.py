"""What a store says that lists, search and reconciliation show: a bounded part of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.endpoint.distant.entities import BATCH, Entities, in_parts, joined
from mezan_graph.namespaces import DCT, OA, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox


class Excerpts(Entities):
    """Fetches what is said about several things at once, or about a class or a graph."""

    def entries(self, nodes: Iterable[ox.NamedNode]) -> list[ox.Quad]:
        """Return what a list says of ``nodes``: all about them, and where it stands.

        Raises:
            LimitError: It is too large.
        """
        self._fetch_whole(nodes)
        for predicate in (OA.hasTarget, DCT.source, OA.hasSelector):
            self._fetch_whole({q.object for q in self._quads if q.predicate == predicate})
        self._name(self._quads)
        return list(self._quads)

    def of_class(self, iri: ox.NamedNode, *predicates: ox.NamedNode) -> list[ox.Quad]:
        """Return what is said about a class, and what leads to it, by ``predicates`` or by any.

        Raises:
            LimitError: It is too large.
        """
        self._fetch_whole([iri])
        leading = f"FILTER(?p IN ({', '.join(map(str, predicates))}))" if predicates else ""
        self._take(f"VALUES ?o {{ {iri} }} {self._triple} {leading}")
        self._name(self._quads)
        return list(self._quads)

    def of_graph(self, name: ox.NamedNode) -> list[ox.Quad]:
        """Return all of a named graph.

        Raises:
            LimitError: It is too large.
        """
        self._take(f"GRAPH {name} {{ ?s ?p ?o }} BIND({name} AS ?g)")
        return list(self._quads)

    def told(self, nodes: Iterable[ox.NamedNode]) -> list[ox.Quad]:
        """Return names, texts and types of ``nodes``.

        Raises:
            LimitError: It is too large.
        """
        for some in in_parts(sorted(set(nodes), key=str), BATCH):
            told = f"FILTER(isLiteral(?o) || ?p = {RDF.type})"
            self._take(f"VALUES ?s {{ {joined(some)} }} {self._triple} {told}")
        return list(self._quads)

    def compared(
        self, nodes: Iterable[ox.NamedNode], predicates: Iterable[ox.NamedNode] = ()
    ) -> list[ox.Quad]:
        """Return names, texts and types of ``nodes``, values of properties, and all their names.

        Raises:
            LimitError: It is too large.
        """
        self.told(nodes)
        self.valued(nodes, predicates)
        self._name(self._quads)
        return list(self._quads)

    def valued(
        self, nodes: Iterable[ox.NamedNode], predicates: Iterable[ox.NamedNode]
    ) -> list[ox.Quad]:
        """Return the values of properties of ``nodes``.

        Raises:
            LimitError: It is too large.
        """
        wanted = sorted(set(predicates), key=str)
        if wanted:
            self._fetch_values(nodes, wanted)
        return list(self._quads)

    def named(self, nodes: Iterable[ox.NamedNode]) -> list[ox.Quad]:
        """Return names and types of ``nodes``."""
        self._fetch_names(nodes)
        return list(self._quads)

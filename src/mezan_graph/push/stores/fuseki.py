"""Apache Jena Fuseki: one update request is one transaction, but COPY and MOVE are not to be used.

Onto a graph that holds some of the same triples, Fuseki 5.6.0 with TDB2 loses triples in COPY and
MOVE: of 15 triples that were moved onto a graph with 12 of them, 8 arrived, with status 204. DELETE
and INSERT with a WHERE do the same right.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mezan_graph.push.naming import drop, pattern
from mezan_graph.push.stores.addresses import Addresses
from mezan_graph.push.stores.sparql import TRANSACTIONAL, SparqlStore

if TYPE_CHECKING:
    from mezan_graph.exchange.http import Http
    from mezan_graph.push.store import GraphIri


_CAPABILITIES = replace(
    TRANSACTIONAL,
    # A second transaction takes far longer than the first, and so does dropping a graph.
    chunk_bytes=256 << 20,
    drops_later=False,
    keeps_versions=True,
)


class FusekiStore(SparqlStore):
    """A dataset of a Fuseki server."""

    def __init__(self, http: Http) -> None:
        addresses = Addresses.below(http.url, "data", "sparql", "update", "query")
        super().__init__("fuseki", http, addresses, _CAPABILITIES)

    def moving(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with ``source``, which ceases to exist."""
        return [*self.copying(source, target), drop(source)]

    def copying(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with what ``source`` holds."""
        there, here = pattern(target, "?s ?p ?o"), pattern(source, "?s ?p ?o")
        return [f"DELETE WHERE {{ {there} }}", f"INSERT {{ {there} }} WHERE {{ {here} }}"]

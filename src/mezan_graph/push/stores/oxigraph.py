"""Oxigraph: one update request is one transaction; uploads go through its bulk loader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.push.stores.addresses import Addresses
from mezan_graph.push.stores.sparql import TRANSACTIONAL, SparqlStore

if TYPE_CHECKING:
    from mezan_graph.exchange.http import Http
    from mezan_graph.push.payload import Extent
    from mezan_graph.push.store import GraphIri


class OxigraphStore(SparqlStore):
    """An Oxigraph server."""

    def __init__(self, http: Http) -> None:
        addresses = Addresses.below(http.url, "store", "query", "update")
        super().__init__("oxigraph", http, addresses, TRANSACTIONAL)

    def add(self, graph: GraphIri, ntriples: bytes | Extent) -> None:
        """Add triples to a graph by the bulk loader, which makes no promise if it is interrupted.

        Nobody reads the graph yet, and it is read back before anybody does.
        """
        self.post(graph, ntriples, no_transaction="")

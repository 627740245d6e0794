"""Virtuoso: no transactions over several updates, answers are cut, uploads deadlock at times.

Virtuoso 7.2.5 adds the triples of one upload in several threads, which at times wait for one
another: the answer is 500 with SQL state 40001, and a part of the triples is there. The larger an
upload, the more often it happens. Nothing is wrong with the triples: they are sent again.
"""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from mezan_graph.push.store import Capabilities
from mezan_graph.push.stores.sparql import Addresses, SparqlStore

if TYPE_CHECKING:
    from mezan_graph.exchange.http import Http
    from mezan_graph.push.payload import Extent
    from mezan_graph.push.store import GraphIri

_CAPABILITIES = Capabilities(
    transactions=False,
    default_graph=False,
    row_cap=10_000,
    chunk_bytes=4 << 20,
    keeps_versions=True,
)
_DEADLOCK = b"40001"
_PAUSES = (0.1, 0.5, 2.0, 0.0)


class VirtuosoStore(SparqlStore):
    """A Virtuoso server."""

    def __init__(self, http: Http) -> None:
        base = re.sub(r"/sparql(?:-auth|-graph-crud(?:-auth)?)?\Z", "", http.url.rstrip("/"))
        end = "-auth" if http.authenticated else ""
        addresses = Addresses(
            f"{base}/sparql-graph-crud{end}",
            f"{base}/sparql{end}",
            f"{base}/sparql{end}",
            "graph-uri",
        )
        super().__init__("virtuoso", http, addresses, _CAPABILITIES)

    def add(self, graph: GraphIri, ntriples: bytes | Extent) -> None:
        """Add triples to a graph; what ended in a deadlock is sent again."""
        for pause in _PAUSES:
            response = self.post(
                graph, ntriples, accepted=frozenset({HTTPStatus.INTERNAL_SERVER_ERROR})
            )
            if response.is_success:
                return
            if _DEADLOCK not in response.content:
                break
            time.sleep(pause)
        raise self.http.refusal(response)

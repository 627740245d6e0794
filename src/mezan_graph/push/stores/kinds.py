"""The kinds of stores: where each is spoken to, what it can promise, and how it is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.push.store import Capabilities
from mezan_graph.push.stores.addresses import Addresses
from mezan_graph.push.stores.fuseki import FusekiStore
from mezan_graph.push.stores.oxigraph import OxigraphStore
from mezan_graph.push.stores.rdf4j import Rdf4jStore
from mezan_graph.push.stores.sparql import SparqlStore
from mezan_graph.push.stores.virtuoso import VirtuosoStore

if TYPE_CHECKING:
    from mezan_graph.exchange.http import Http
    from mezan_graph.push.store import Store

KINDS = ("oxigraph", "fuseki", "virtuoso", "rdf4j", "gsp")
"""Kinds of stores as they are named; ``gsp`` is any other with the standard protocols."""

_OTHER = Capabilities(
    transactions=False,
    default_graph=True,
    row_cap=1000,
    chunk_bytes=2 << 20,
)


def open_store(
    http: Http, kind: str | None = None, *, query: str | None = None, update: str | None = None
) -> Store:
    """Return the store at the address of ``http``.

    Args:
        http: Requests to it.
        kind: One of :data:`KINDS`; by default it is found out.
        query: Address for queries, for ``gsp``.
        update: Address for updates, for ``gsp``.

    Raises:
        UsageError: The kind is unknown and cannot be found out, or ``gsp`` lacks an address.
        RemoteError: The server cannot be reached.
    """
    kind = kind or ("gsp" if query or update else detected(http))
    if kind == "oxigraph":
        return OxigraphStore(http)
    if kind == "fuseki":
        return FusekiStore(http)
    if kind == "virtuoso":
        return VirtuosoStore(http)
    if kind == "rdf4j":
        return Rdf4jStore(http)
    if kind != "gsp":
        raise UsageError(f"unknown kind of store {kind!r}", hint=f"one of {', '.join(KINDS)}")
    if query is None or update is None:
        raise UsageError(
            "a store of an unknown kind needs three addresses",
            place=http.url,
            hint="name those for queries and updates with --query-url and --update-url,"
            f" or the kind with --store: {', '.join(KINDS[:-1])}",
        )
    return SparqlStore(kind, http, Addresses(http.url.rstrip("/"), query, update), _OTHER)


def detected(http: Http) -> str:
    """Return the kind of the store by what its server says about itself.

    Raises:
        RemoteError: The server cannot be reached.
    """
    if "/repositories/" in http.url:
        return "rdf4j"
    statuses = frozenset(range(400, 600)) - {429, 502, 503, 504}
    response = http.request("GET", http.url, accepted=statuses)
    server = response.headers.get("server", "")
    for kind in ("Oxigraph", "Virtuoso"):
        if server.startswith(kind):
            return kind.lower()
    if "fuseki-request-id" in response.headers or "Fuseki" in server:
        return "fuseki"
    if response.status_code in {401, 403}:
        raise RemoteError(
            f"HTTP {response.status_code}: the server does not say what it is",
            place=http.url,
            hint="name the kind with --store, and who you are with MEZAN_PUSH_USER",
        )
    return "gsp"

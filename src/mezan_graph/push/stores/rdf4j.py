"""RDF4J server, and GraphDB, which speaks the same REST API with its transactions."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mezan_graph.errors import MezanError, UnknownOutcomeError
from mezan_graph.formats import NQUADS, NTRIPLES, TURTLE
from mezan_graph.push.naming import drop, reference
from mezan_graph.push.store import Capabilities
from mezan_graph.push.stores.addresses import Addresses
from mezan_graph.push.stores.sparql import SparqlStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mezan_graph.exchange.http import Http, Response
    from mezan_graph.push.payload import Extent
    from mezan_graph.push.store import GraphIri

NIL = "http://www.openrdf.org/schema/sesame#nil"
"""RDF4J's name of the graph without a name; without it, queries see the union of all graphs."""

PING_SECONDS = 20.0
"""How often a transaction is spoken to while it works."""

_CAPABILITIES = Capabilities(
    transactions=True,
    default_graph=True,
    row_cap=None,
    # With each transaction a persistent memory store writes all that it holds.
    chunk_bytes=256 << 20,
    # The server holds them in memory until the end, as it does with the body of a PUT.
    transaction_triples=2_000_000,
)
_CHUNK = 32 << 20
"""Bytes of an upload within a transaction."""

_LINE = 120
"""Bytes of a triple, about."""

_SPACES = 3


class _Rdf4j(SparqlStore):
    """What a repository and a transaction in it have in common."""

    def query_parameters(self, graph: GraphIri) -> dict[str, str]:
        """Queries about the default graph must name it."""
        return {} if graph else {"default-graph-uri": NIL}

    def moving(self, source: GraphIri, target: GraphIri) -> list[str]:
        """RDF4J moves triple by triple; a copy and DROP take a fraction of the time."""
        return [*self.copying(source, target), drop(source)]

    def copying(self, source: GraphIri, target: GraphIri) -> list[str]:
        """RDF4J keeps all that COPY adds twice until the end; DROP and ADD do the same as one.

        What comes after DROP is read beside what is dropped, which takes longer, even of nothing.
        """
        dropped = [drop(target)] if self.count(target) else []
        return [*dropped, f"ADD {reference(source)} TO {reference(target)}"]


class Rdf4jStore(_Rdf4j):
    """A repository of an RDF4J server."""

    def __init__(self, http: Http) -> None:
        repository = http.url.rstrip("/").removesuffix("/statements")
        data = f"{repository}/rdf-graphs/service"
        addresses = Addresses(data, repository, f"{repository}/statements")
        super().__init__("rdf4j", http, addresses, _CAPABILITIES)

    def is_in_memory(self) -> bool:
        """Whether it is a memory store, as far as the server tells."""
        response = self.http.request(
            "GET",
            f"{self.addresses.query}/config",
            headers={"Accept": TURTLE.media_type},
            accepted=frozenset(range(400, 600)),
        )
        return response.is_success and b"MemoryStore" in response.content

    def place(self, graph: GraphIri) -> tuple[str, dict[str, str]]:
        """The graph without a name is a context of all statements."""
        return super().place(graph) if graph else (self.addresses.update, {"context": "null"})

    def update(self, operations: Iterable[str], *, repeatable: bool = True) -> None:
        """Run updates in one transaction of the REST API, as GraphDB has it, too."""
        with self.transaction() as inside:
            inside.update(operations, repeatable=repeatable)
            inside.commit()

    @contextmanager
    def transaction(self) -> Iterator[Rdf4jTransaction]:
        """Begin a transaction; what was not committed at the end of the block never happened."""
        started = self.http.request("POST", f"{self.addresses.query}/transactions")
        inside = Rdf4jTransaction(self, started.headers["location"])
        inside.keep_alive()
        try:
            yield inside
        finally:
            inside.end()


class Rdf4jTransaction(_Rdf4j):
    """A repository as it will be when a transaction is committed."""

    reading = "PUT"

    def __init__(self, store: Rdf4jStore, address: str) -> None:
        most = store.capabilities.chunk_bytes
        capabilities = replace(store.capabilities, chunk_bytes=min(_CHUNK, most))
        super().__init__("rdf4j", store.http, store.addresses, capabilities)
        self._store = store
        self._address = address
        self._added: Counter[GraphIri] = Counter()
        self._ended = threading.Event()

    def place(self, graph: GraphIri) -> tuple[str, dict[str, str]]:
        """A graph is read by an action of the transaction."""
        return self._address, {"action": "GET", **_context(graph)}

    def add(self, graph: GraphIri, ntriples: bytes | Extent) -> None:
        """Add triples to a graph, which may be live."""
        headers = {"Content-Type": NTRIPLES.media_type, "Content-Length": str(len(ntriples))}
        self._act("ADD", _context(graph), content=ntriples, headers=headers)
        self._added[graph] += len(ntriples)

    def lines(self, graph: GraphIri, *, parsed: bool = True) -> Iterator[list[bytes]]:
        """Yield the triples of a graph in batches.

        In memory RDF4J indexes all that was done in a transaction before it finds one graph in it,
        which takes as long as the upload. Where there is little else, all is read in place of that.
        """
        if parsed or not graph or not self._holds_little_beside(graph):
            yield from super().lines(graph, parsed=parsed)
            return
        end = f" <{graph}> .".encode()
        for whole in self.whole_lines(self._address, {"action": "GET"}, NQUADS):
            yield [
                line[: -len(end)] + b" ."
                for line in whole.split(b"\n")
                # A triple of the default graph with that object has three spaces.
                if line.endswith(end) and line.count(b" ") > _SPACES
            ]

    def _holds_little_beside(self, graph: GraphIri) -> bool:
        """Whether there are fewer other triples, here and in the store, than this graph has."""
        most = (2 * self._added[graph] - self._added.total()) // _LINE
        if most <= 0 or not self._store.is_in_memory():
            return False
        counted = f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {most} }}"
        rows = self._store.select(counted, graph)
        return int(rows[0]["n"]["value"]) < most

    def ask(self, query: str, graph: GraphIri, media_type: str) -> bytes:
        """Return the body of the answer to a query about one graph."""
        headers = {"Content-Type": "application/sparql-query", "Accept": media_type}
        parameters = self.query_parameters(graph)
        return self._act("QUERY", parameters, content=query.encode(), headers=headers).content

    def update(self, operations: Iterable[str], *, repeatable: bool = True) -> None:
        """Run updates one by one."""
        headers = {"Content-Type": "application/sparql-update"}
        for operation in operations:
            content = operation.encode()
            self._act("UPDATE", content=content, headers=headers, repeatable=repeatable)

    def commit(self) -> None:
        """Make all of it happen at once."""
        try:
            self._act("COMMIT", repeatable=False)
        except UnknownOutcomeError:
            self._ended.set()
            raise
        self._ended.set()

    def end(self) -> None:
        """Roll back what was not committed."""
        if not self._ended.is_set():
            self._ended.set()
            # The server ends what nobody commits; the reason for ending it is what counts.
            with suppress(MezanError):
                self.http.request("DELETE", self._address)

    def keep_alive(self) -> None:
        """Speak to the transaction: after a minute of silence the server ends it, even at work."""

        def speak() -> None:
            while not self._ended.wait(PING_SECONDS):
                with suppress(MezanError):
                    self._act("PING")

        threading.Thread(target=speak, daemon=True).start()

    def _act(
        self,
        action: str,
        parameters: Mapping[str, str] = MappingProxyType({}),
        *,
        repeatable: bool = True,
        **content: Any,
    ) -> Response:
        return self.http.request(
            "PUT",
            self._address,
            params={"action": action, **parameters},
            repeatable=repeatable,
            **content,
        )


def _context(graph: GraphIri) -> dict[str, str]:
    return {"context": f"<{graph}>" if graph else "null"}

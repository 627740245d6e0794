"""RDF4J server, and GraphDB, which speaks the same REST API with its transactions."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mezan_graph.errors import MezanError
from mezan_graph.push.naming import drop, reference
from mezan_graph.push.store import Capabilities
from mezan_graph.push.stores.sparql import Addresses, SparqlStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.exchange.http import Http
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
)


class Rdf4jStore(SparqlStore):
    """A repository of an RDF4J server."""

    def __init__(self, http: Http) -> None:
        repository = http.url.rstrip("/").removesuffix("/statements")
        data = f"{repository}/rdf-graphs/service"
        addresses = Addresses(data, repository, f"{repository}/statements")
        super().__init__("rdf4j", http, addresses, _CAPABILITIES)

    def place(self, graph: GraphIri) -> tuple[str, dict[str, str]]:
        """The graph without a name is a context of all statements."""
        return super().place(graph) if graph else (self.addresses.update, {"context": "null"})

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

    def update(self, operations: Iterable[str], *, repeatable: bool = True) -> None:  # noqa: ARG002
        """Run updates in one transaction of the REST API, as GraphDB has it, too."""
        started = self.http.request("POST", f"{self.addresses.query}/transactions")
        transaction = started.headers["location"]
        with self._kept_alive(transaction):
            try:
                for operation in operations:
                    self.http.request(
                        "PUT",
                        transaction,
                        params={"action": "UPDATE"},
                        content=operation.encode(),
                        headers={"Content-Type": "application/sparql-update"},
                        repeatable=False,
                    )
            except MezanError:
                self._roll_back(transaction)
                raise
            self.http.request("PUT", transaction, params={"action": "COMMIT"}, repeatable=False)

    @contextmanager
    def _kept_alive(self, transaction: str) -> Iterator[None]:
        """Speak to the transaction: after a minute of silence the server ends it, even at work."""
        done = threading.Event()

        def speak() -> None:
            while not done.wait(PING_SECONDS):
                with suppress(MezanError):
                    self.http.request("PUT", transaction, params={"action": "PING"})

        threading.Thread(target=speak, daemon=True).start()
        try:
            yield
        finally:
            done.set()

    def _roll_back(self, transaction: str) -> None:
        try:
            self.http.request("DELETE", transaction)
        except MezanError:
            # The server ends what nobody commits; the reason for ending it is what counts.
            return

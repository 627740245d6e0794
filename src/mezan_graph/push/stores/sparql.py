"""What stores have in common: SPARQL 1.1 Protocol, Update and the Graph Store Protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import RemoteError
from mezan_graph.formats import NTRIPLES
from mezan_graph.push.naming import copy, move, pattern
from mezan_graph.push.store import Capabilities
from mezan_graph.push.stores.pages import pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mezan_graph.exchange.http import Http, Response
    from mezan_graph.formats import RdfFormat
    from mezan_graph.push.payload import Extent
    from mezan_graph.push.store import GraphIri
    from mezan_graph.push.stores.addresses import Addresses

TRANSACTIONAL = Capabilities(
    transactions=True,
    default_graph=True,
    row_cap=None,
    chunk_bytes=64 << 20,
    drops_later=True,
)
"""Stores whose update requests are transactions, and whose answers are complete."""

_RESULTS = "application/sparql-results+json"
_UPDATE = "application/sparql-update"
_VALUES = 500
_HEX = "0123456789abcdef"


class SparqlStore:
    """A store that speaks the standards; kinds of stores say where they do not.

    Attributes:
        kind: Name of the kind of store.
        url: Where it is, without credentials.
        capabilities: What it can promise.
        reading: The HTTP method that reads a graph.
    """

    reading = "GET"

    def __init__(
        self, kind: str, http: Http, addresses: Addresses, capabilities: Capabilities
    ) -> None:
        self.kind = kind
        self.http = http
        self.url = http.url
        self.addresses = addresses
        self.capabilities = capabilities

    def add(self, graph: GraphIri, ntriples: bytes | Extent) -> None:
        """Add triples to a graph."""
        self.post(graph, ntriples)

    def post(
        self,
        graph: GraphIri,
        ntriples: bytes | Extent,
        accepted: frozenset[int] = frozenset(),
        **parameters: str,
    ) -> Response:
        """Add triples to a graph by POST of the Graph Store Protocol.

        Args:
            graph: The graph.
            ntriples: The triples; their length is sent ahead.
            accepted: Statuses of failure that the caller wants to see.
            **parameters: Further parameters of the request.
        """
        url, place = self.place(graph)
        return self.http.request(
            "POST",
            url,
            accepted=accepted,
            params=place | parameters,
            content=ntriples,
            headers={"Content-Type": NTRIPLES.media_type, "Content-Length": str(len(ntriples))},
        )

    def count(self, graph: GraphIri) -> int:
        """Return the number of triples in a graph."""
        return self._counted(pattern(graph, "?s ?p ?o"), graph)

    def shared(self, one: GraphIri, other: GraphIri) -> int:
        """Return the number of triples that two graphs both hold, as the store sees them."""
        return self._counted(f"{pattern(one, '?s ?p ?o')} {pattern(other, '?s ?p ?o')}", one)

    def _counted(self, where: str, graph: GraphIri) -> int:
        rows = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}", graph)
        try:
            return int(rows[0]["n"]["value"])
        except (IndexError, KeyError, ValueError):
            raise self.http.error("the answer to COUNT is not a number") from None

    def lines(self, graph: GraphIri, *, parsed: bool = True) -> Iterator[list[bytes]]:
        """Yield the triples of a graph in batches."""
        if self.capabilities.row_cap is not None:
            yield from pages(self, graph, self.capabilities.row_cap, parsed=parsed)
            return
        url, parameters = self.place(graph)
        for whole in self.whole_lines(url, parameters, NTRIPLES):
            yield self.canonical(whole) if parsed else whole.split(b"\n")

    def whole_lines(
        self, url: str, parameters: Mapping[str, str], syntax: RdfFormat
    ) -> Iterator[bytes]:
        """Yield what an address answers, in pieces that end where a line does; the last may not."""
        with self.http.stream(
            self.reading,
            url,
            params=parameters,
            headers={"Accept": syntax.media_type},
            accepted=frozenset({404}),
        ) as response:
            if response.status_code == 404:  # noqa: PLR2004 - the graph does not exist
                return
            rest = b""
            for part in self.http.bytes_of(response):
                whole, end, begun = part.rpartition(b"\n")
                if end:
                    yield rest + whole
                    rest = begun
                else:
                    rest += part
            if rest.strip():
                yield rest

    def about(
        self, graph: GraphIri, subjects: Sequence[bytes], *, parsed: bool = True
    ) -> list[bytes]:
        """Return all triples with one of ``subjects``; ``parsed`` as for :meth:`lines`."""
        found: list[bytes] = []
        for start in range(0, len(subjects), _VALUES):
            found += self._about(graph, subjects[start : start + _VALUES], parsed=parsed)
        return found

    def facts(self, graph: GraphIri) -> list[tuple[str, str, str]]:
        """Return the triples of a small graph: subject, predicate, and the object's text."""
        rows = self.select(f"SELECT ?s ?p ?o WHERE {{ {pattern(graph, '?s ?p ?o')} }}", graph)
        return sorted((row["s"]["value"], row["p"]["value"], row["o"]["value"]) for row in rows)

    def moving(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with ``source``, which ceases to exist."""
        return [move(source, target)]

    def copying(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with what ``source`` holds."""
        return [copy(source, target)]

    def update(self, operations: Iterable[str], *, repeatable: bool = True) -> None:
        """Run updates: in one request, which is one transaction, or one by one without them."""
        operations = list(operations)
        requests = [" ;\n".join(operations)] if self.capabilities.transactions else operations
        for text in requests:
            self.http.request(
                "POST",
                self.addresses.update,
                content=text.encode(),
                headers={"Content-Type": _UPDATE},
                repeatable=repeatable,
            )

    def place(self, graph: GraphIri) -> tuple[str, dict[str, str]]:
        """Return the address of a graph in the Graph Store Protocol, and its parameters."""
        return self.addresses.data, (
            {self.addresses.graph_parameter: graph} if graph else {"default": ""}
        )

    def query_parameters(self, _graph: GraphIri) -> dict[str, str]:
        """Return further parameters of a query about a graph."""
        return {}

    def select(self, query: str, graph: GraphIri) -> list[dict[str, dict[str, str]]]:
        """Return the bindings of a SELECT about one graph.

        Raises:
            RemoteError: The answer is not SPARQL results in JSON.
        """
        response = self.ask(query, graph, _RESULTS)
        try:
            bindings: list[dict[str, dict[str, str]]] = json.loads(response)["results"]["bindings"]
        except (ValueError, KeyError, TypeError):
            raise self.http.error(
                "the answer to a query cannot be read", "is this a SPARQL endpoint?"
            ) from None
        return bindings

    def ask(self, query: str, graph: GraphIri, media_type: str) -> bytes:
        """Return the body of the answer to a query about one graph."""
        response = self.http.request(
            "POST",
            self.addresses.query,
            data={"query": query, **self.query_parameters(graph)},
            headers={"Accept": media_type},
        )
        return response.content

    def canonical(
        self, written: bytes, syntax: ox.RdfFormat = ox.RdfFormat.N_TRIPLES
    ) -> list[bytes]:
        """Return triples as canonical N-Triples lines.

        Raises:
            RemoteError: They cannot be parsed.
        """
        try:
            quads = ox.parse(written, syntax)
            ntriples: Any = ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(
                f"what the store sends back is not {syntax.name}: {error}",
                place=self.url,
                hint="name the kind of store with --store",
            ) from None
        lines: list[bytes] = ntriples.split(b"\n")
        lines.pop()
        return lines

    def _about(self, graph: GraphIri, subjects: Sequence[bytes], *, parsed: bool) -> list[bytes]:
        values = b" ".join(subjects).decode()
        where = f"VALUES ?s {{ {values} }} {pattern(graph, '?s ?p ?o')}"
        found = (
            self._construct(graph, where)
            if parsed
            else self.page(graph, f"SELECT ?s ?p ?o WHERE {{ {where} }}", "?p", parsed=False)
        )
        cap = self.capabilities.row_cap
        if cap is None or len(found) < cap:
            return found
        if len(subjects) == 1:
            return self._parts(graph, values, "", cap)
        half = len(subjects) // 2
        return [
            line
            for some in (subjects[:half], subjects[half:])
            for line in self._about(graph, some, parsed=parsed)
        ]

    def _parts(self, graph: GraphIri, subject: str, prefix: str, cap: int) -> list[bytes]:
        """Return the triples of one subject with more of them than an answer may have."""
        found: list[bytes] = []
        for digit in _HEX:
            start = prefix + digit
            part = self._construct(
                graph,
                f"VALUES ?s {{ {subject} }} {pattern(graph, '?s ?p ?o')} "
                f'FILTER(STRSTARTS(MD5(STR(?o)), "{start}"))',
            )
            found += part if len(part) < cap else self._parts(graph, subject, start, cap)
        return found

    def _construct(self, graph: GraphIri, where: str, predicate: str = "?p") -> list[bytes]:
        query = f"CONSTRUCT {{ ?s {predicate} ?o }} WHERE {{ {where} }}"
        return self.canonical(self.ask(query, graph, NTRIPLES.media_type))

    def page(self, graph: GraphIri, select: str, predicate: str, *, parsed: bool) -> list[bytes]:  # noqa: ARG002
        """Return the triples that a SELECT finds.

        Args:
            graph: The graph.
            select: A SELECT of ``?s`` and ``?o``, and ``?p`` where that is what is asked for.
            predicate: The predicate of the triples, or ``?p``.
            parsed: As for :meth:`lines`.
        """
        return self._construct(graph, f"{{ {select} }}", predicate)

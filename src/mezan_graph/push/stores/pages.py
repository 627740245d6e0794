"""Graphs that are read in pages, where a store cuts its answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from mezan_graph.push.ahead import answers
from mezan_graph.push.naming import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.push.store import GraphIri
    from mezan_graph.push.stores.sparql import SparqlStore

_PREDICATES = 500
"""With as many predicates and more, a graph is read in pages of all of them."""


def pages(store: SparqlStore, graph: GraphIri, rows: int, *, parsed: bool) -> Iterator[list[bytes]]:
    """Yield the triples of a graph page by page, the next of which is made meanwhile.

    Args:
        store: The store.
        graph: The graph.
        rows: How many rows an answer may have.
        parsed: As for the lines of a store.

    Predicate by predicate the store counts its way to fewer triples, and writes less. One page
    is asked after the other: those that Virtuoso makes at once, soon after an upload, overlap
    at times. So do those whose plans were made on different days, hence the comment.
    """
    reading = uuid.uuid4().hex

    def page(part: tuple[str, int]) -> list[bytes]:
        predicate, offset = part
        terms = "?s ?p ?o" if predicate == "?p" else "?s ?o"
        where = pattern(graph, f"?s {predicate} ?o")
        select = f"SELECT {terms} WHERE {{ {where} }} LIMIT {rows} OFFSET {offset} # {reading}\n"
        return store.page(graph, select, predicate, parsed=parsed)

    parts = ((p, begin) for p, size in _sizes(store, graph) for begin in range(0, size, rows))
    yield from answers(page, parts, at_once=1)


def _sizes(store: SparqlStore, graph: GraphIri) -> list[tuple[str, int]]:
    """Return the predicates of a graph and their numbers of triples; ``?p`` for too many."""
    found = store.select(
        f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {pattern(graph, '?s ?p ?o')} }} "
        f"GROUP BY ?p LIMIT {_PREDICATES}",
        graph,
    )
    if len(found) == _PREDICATES:
        return [("?p", store.count(graph))]
    return sorted((f"<{row['p']['value']}>", int(row["n"]["value"])) for row in found)

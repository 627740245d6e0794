"""Asking the union of all graphs, in which a triple that stands in two graphs counts once.

The engine can take the union of all graphs for the default graph, but then gives such a triple
once for each graph, which falsifies every count. Where there is one, the triples are loaded a
second time into the default graph, once each.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyoxigraph as ox

if TYPE_CHECKING:
    from mezan_graph.graph import Graph

_MERGED: WeakKeyDictionary[Graph, ox.Store | None] = WeakKeyDictionary()


def ask(graph: Graph, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Evaluate ``text``, which has been checked, with the union of all graphs as default graph.

    Raises:
        SyntaxError, ValueError, RuntimeError, OSError: As the engine does.
    """
    if graph not in _MERGED:
        _MERGED[graph] = _merged(graph) if _shares_triples(graph) else None
    merged = _MERGED[graph]
    if merged is None:
        return graph.store.query(text, use_default_graph_as_union=True)
    return merged.query(text)


def _shares_triples(graph: Graph) -> bool:
    """Whether a triple stands in two graphs; looks at all graphs but the largest."""
    names = list(graph.store.named_graphs())
    if graph.store.query("ASK { ?s ?p ?o GRAPH ?g { ?s ?p ?o } }"):
        return True
    sizes = Counter[object]()
    for part in graph.parts:
        sizes[part.graph_name] += len(part.quads)
    largest = max(sizes, key=lambda name: sizes[name], default=None)
    smaller = [name for name in names if name != largest]
    if len(names) < 2 or not smaller:  # noqa: PLR2004 - one graph shares nothing
        return False
    only = ""
    if all(isinstance(name, ox.NamedNode) for name in smaller):
        only = f"VALUES ?g {{ {' '.join(map(str, smaller))} }}"
    return bool(
        graph.store.query(
            f"ASK {{ {only} GRAPH ?g {{ ?s ?p ?o }} GRAPH ?h {{ ?s ?p ?o }} FILTER(?g != ?h) }}"
        )
    )


def _merged(graph: Graph) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(graph)
    store.bulk_extend(ox.Quad(*quad.triple) for quad in graph.triples())
    return store

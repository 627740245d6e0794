"""Asking the union of all graphs, in which a triple that stands in two graphs counts once.

The engine can take the union of all graphs for the default graph, but then gives such a triple
once for each graph, which falsifies every count. Where there is one, the triples are loaded a
second time into the default graph, once each.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

if TYPE_CHECKING:
    from mezan_graph.graph import Graph

_UNION: WeakKeyDictionary[Graph, _Union] = WeakKeyDictionary()


EngineAnswer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
"""What the engine gives; solutions and triples are computed while they are read."""


class _Union(NamedTuple):
    """How the union of all graphs of a graph is asked.

    Attributes:
        merged: A store with each triple once in the default graph, where graphs share triples.
        only: The one graph that has triples; the engine need not look for others then.
    """

    merged: ox.Store | None
    only: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None


class Dataset(NamedTuple):
    """The graphs that a query is asked of, where it is not asked of all (SPARQL 1.1, section 13).

    Attributes:
        default: Graphs whose merge is the default graph.
        named: Graphs that ``GRAPH`` reaches.
    """

    default: tuple[ox.NamedNode, ...] = ()
    named: tuple[ox.NamedNode, ...] = ()


def ask(
    graph: Graph, text: str, *, dataset: Dataset | None = None, base: str | None = None
) -> EngineAnswer:
    """Evaluate ``text``, which has been checked.

    Args:
        graph: The graph.
        text: The query.
        dataset: The graphs to ask; by default the union of all graphs is the default graph.
        base: What relative IRIs are resolved against.

    Raises:
        SyntaxError, ValueError, RuntimeError, OSError: As the engine does.
    """
    merged, only = _union_of(graph)
    if dataset is not None:
        store = graph.store
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = list(dataset.default)
        if len(default) > 1 and merged is not None:
            store, default = _merge_of(store, dataset), [ox.DefaultGraph()]
        return store.query(
            text, base_iri=base, default_graph=default, named_graphs=list(dataset.named)
        )
    if only is not None:
        return graph.store.query(text, base_iri=base, default_graph=only)
    if merged is None:
        return graph.store.query(text, base_iri=base, use_default_graph_as_union=True)
    return merged.query(text, base_iri=base)


def _union_of(graph: Graph) -> _Union:
    found = _UNION.get(graph)
    if found is None:
        used: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*graph.store.named_graphs()]
        if next(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None):
            used.append(ox.DefaultGraph())
        merged = _merged(graph) if len(used) > 1 and _shares_triples(graph) else None
        found = _UNION[graph] = _Union(merged, used[0] if len(used) == 1 else None)
    return found


def count_triples(graph: Graph) -> int:
    """Return the number of distinct triples in the union of all graphs, as the store has them."""
    merged = _union_of(graph).merged
    if merged is None:
        return len(graph.store)
    return sum(1 for _ in merged.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def _merge_of(store: ox.Store, dataset: Dataset) -> ox.Store:
    """Return a store with the graphs of ``dataset``, each triple once in the default graph."""
    made = ox.Store()
    for name in dataset.default:
        made.extend(
            ox.Quad(*each.triple) for each in store.quads_for_pattern(None, None, None, name)
        )
    for name in dataset.named:
        made.extend(store.quads_for_pattern(None, None, None, name))
    return made


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

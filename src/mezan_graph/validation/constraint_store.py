"""The store that SPARQL constraints are asked of: what of the data and shapes they can match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Collection

    from mezan_graph.graph import Graph
    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.prebinding import PreboundQuery

SHAPES_GRAPH = ox.NamedNode("urn:x-mezan:shapes")
"""What ``$shapesGraph`` is bound to: the name of the shapes graph in queries that ask for it."""


def constraint_store(
    index: TripleIndex, shapes: Graph, queries: Collection[PreboundQuery]
) -> ox.Store:
    """Return the data as the default graph, and the shapes graph where it is asked.

    Of the data it holds only what the queries can match, where that can be told.
    """
    store = ox.Store()
    for each in _predicates(index, queries):
        # What is loaded in one go takes nearly twice its memory meanwhile: 130 MiB more for half a
        # million triples.
        store.bulk_extend(index.quads(each))
    if any(query.asks_shapes for query in queries):
        quads = shapes.triples()
        store.bulk_extend(
            ox.Quad(each.subject, each.predicate, each.object, SHAPES_GRAPH) for each in quads
        )
    return store


def stored(index: TripleIndex, queries: Collection[PreboundQuery]) -> int:
    """Return how many triples of the data that store has."""
    return sum(index.count(each) for each in _predicates(index, queries))


def _predicates(index: TripleIndex, queries: Collection[PreboundQuery]) -> Collection[ox.NamedNode]:
    wanted = index.reached(query.reach for query in queries)
    return index.predicates if wanted is None else sorted(wanted, key=str)

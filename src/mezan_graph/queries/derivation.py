"""Deriving triples: the CONSTRUCT queries of the category ``derive``, in a graph of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import QueryError
from mezan_graph.graph import Graph
from mezan_graph.queries.evaluation import run_stored
from mezan_graph.queries.stored import list_queries

if TYPE_CHECKING:
    from mezan_graph.project import Project

CATEGORY = "derive"
"""Category of the queries that derive triples."""

GRAPH = "derived"
"""Name of the graph that derived triples stand in."""


def derive(project: Project, graph: Graph) -> Graph:
    """Return ``graph`` with one more part: what the queries in ``derive`` construct from it.

    Every query sees the authored graph alone, so their order does not matter. A literal that a
    query copies has the lexical form of the store (``"1.5"`` for ``"1.50"``).

    Raises:
        QueryError: A query of the category is malformed, or no CONSTRUCT.
        SourceError: A file is not readable.
    """
    quads: set[ox.Quad] = set()
    for stored in list_queries(project, CATEGORY):
        answer = run_stored(graph, stored, {}, project)
        if not isinstance(answer, Graph):
            raise QueryError(
                f"{stored.form} derives nothing",
                place=stored.place,
                hint=f"queries in {CATEGORY}/ are CONSTRUCT queries",
            )
        quads.update(answer.triples())
    if not quads:
        return graph
    return graph.extended(sorted(quads, key=str), ox.NamedNode(project.graph_iri(GRAPH)))

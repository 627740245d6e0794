"""Queries: from ``.rq`` files or text to solutions, booleans and graphs."""

from __future__ import annotations

from mezan_graph.queries.evaluation import Answer, run_query, run_stored
from mezan_graph.queries.parameters import Parameter
from mezan_graph.queries.solutions import Row, Solutions
from mezan_graph.queries.stored import StoredQuery, list_queries, load_query

__all__ = [
    "Answer",
    "Parameter",
    "Row",
    "Solutions",
    "StoredQuery",
    "list_queries",
    "load_query",
    "run_query",
    "run_stored",
]

"""Queries: from ``.rq`` files or text to solutions, booleans and graphs."""

from __future__ import annotations

from mezan_graph.queries.derivation import derive
from mezan_graph.queries.evaluation import Answer, run_query, run_stored
from mezan_graph.queries.expected import QueryTest, test_queries, write_expected
from mezan_graph.queries.parameters import Parameter
from mezan_graph.queries.results import RESULT_FORMATS, write_results
from mezan_graph.queries.solutions import Row, Solutions
from mezan_graph.queries.stored import StoredQuery, list_queries, load_query

__all__ = [
    "RESULT_FORMATS",
    "Answer",
    "Parameter",
    "QueryTest",
    "Row",
    "Solutions",
    "StoredQuery",
    "derive",
    "list_queries",
    "load_query",
    "run_query",
    "run_stored",
    "test_queries",
    "write_expected",
    "write_results",
]

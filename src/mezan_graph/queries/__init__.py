"""Queries: from ``.rq`` files or text to solutions, booleans and graphs.

Each name is imported from its module when it is first used, so that a check of a validation does
not pay for tables and tests.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "RESULT_FORMATS": "results",
    "Answer": "evaluation",
    "Parameter": "parameters",
    "QueryTest": "expected",
    "Row": "solutions",
    "Solutions": "solutions",
    "StoredQuery": "stored",
    "derive": "derivation",
    "list_queries": "stored",
    "load_query": "stored",
    "run_query": "evaluation",
    "run_stored": "evaluation",
    "test_queries": "expected",
    "write_expected": "expected",
    "write_results": "results",
}


def __getattr__(name: str) -> Any:
    """Return a name of this package, importing its module now."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)

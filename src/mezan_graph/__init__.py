"""Publish hand-written Turtle as a validated, cited, queryable knowledge graph.

These are the public names; each is imported from its module when it is first used, so that
``import mezan_graph`` costs nothing. Start with a project:

>>> import mezan_graph as mg
>>> project = mg.Project.packaged()
>>> for row in mg.query(project, "funders-by-kind", {"kind": "funding-core"}):
...     print(row["name"].value)
Netherlands Representative Office
Swiss Agency for Development and Cooperation
Kerkinactie/ Global Ministries
International Commission of Jurists- Sweden
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mezan_graph.embedding import embed
    from mezan_graph.errors import MezanError
    from mezan_graph.exports import export
    from mezan_graph.graph import Graph, build_graph
    from mezan_graph.project import Project
    from mezan_graph.publication import publish
    from mezan_graph.queries.ask import query
    from mezan_graph.queries.solutions import Solutions
    from mezan_graph.serialization import serialize
    from mezan_graph.validation import validate

__all__ = [
    "Graph",
    "MezanError",
    "Project",
    "Solutions",
    "build_graph",
    "embed",
    "export",
    "publish",
    "query",
    "serialize",
    "validate",
]

_MODULES = {
    "Graph": "graph",
    "MezanError": "errors",
    "Project": "project",
    "Solutions": "queries.solutions",
    "build_graph": "graph",
    "embed": "embedding",
    "export": "exports",
    "publish": "publication",
    "query": "queries.ask",
    "serialize": "serialization",
    "validate": "validation",
}


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module now."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

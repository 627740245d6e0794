"""JSON-LD for web pages: made from the graph, put into pages, checked and linted."""

from mezan_graph.embedding.context import schema_org_context
from mezan_graph.embedding.pages import drift, drifted, insert
from mezan_graph.embedding.snippets import Embedder, Snippet, embed

__all__ = ["Embedder", "Snippet", "drift", "drifted", "embed", "insert", "schema_org_context"]

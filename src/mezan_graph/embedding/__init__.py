"""JSON-LD for web pages: made from the graph, put into pages, checked and linted."""

from mezan_graph.embedding.snippets import Embedder, Snippet, embed

__all__ = ["Embedder", "Snippet", "embed"]

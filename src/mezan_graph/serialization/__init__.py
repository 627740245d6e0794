"""Graphs as bytes: canonical, sorted, and the same for the same input."""

from mezan_graph.serialization.canonical import CanonicalGraph, canonical, digest
from mezan_graph.serialization.entities import QuadIndex, describe, describe_class, index_of
from mezan_graph.serialization.writing import serialize

__all__ = [
    "CanonicalGraph",
    "QuadIndex",
    "canonical",
    "describe",
    "describe_class",
    "digest",
    "index_of",
    "serialize",
]

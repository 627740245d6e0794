"""Graphs as bytes: canonical, sorted, and the same for the same input."""

from mezan_graph.serialization.canonical import CanonicalGraph, canonical, digest
from mezan_graph.serialization.entities import describe
from mezan_graph.serialization.writing import serialize

__all__ = ["CanonicalGraph", "canonical", "describe", "digest", "serialize"]

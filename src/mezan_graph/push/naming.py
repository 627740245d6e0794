"""Names of the graphs that a push uses beside the live one, and the operations on them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mezan_graph.push.store import GraphIri

PREFIX = "urn:x-mezan:"
"""Every graph beside the live one has a name that starts so."""

_SHORT = 16


@dataclass(frozen=True, slots=True)
class Names:
    """The graphs of one live graph.

    Attributes:
        live: The graph that readers see; empty for the default graph.
    """

    live: GraphIri

    @property
    def space(self) -> str:
        """What all names of this live graph start with."""
        return f"{PREFIX}{sha256(self.live.encode()).hexdigest()[:_SHORT]}:"

    @property
    def ledger(self) -> GraphIri:
        """The graph that says which version is live, and which one is kept."""
        return f"{self.space}ledger"

    @property
    def lock(self) -> GraphIri:
        """The graph that says who is pushing."""
        return f"{self.space}lock"

    @property
    def probe(self) -> GraphIri:
        """A graph that is thrown away."""
        return f"{self.space}probe"

    def version(self, digest: str) -> GraphIri:
        """Return the graph for the version with this digest: being filled, or kept."""
        return f"{self.space}{digest}"


def reference(graph: GraphIri) -> str:
    """Return how COPY and MOVE name a graph (SPARQL 1.1 Update, section 3.2)."""
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


def pattern(graph: GraphIri, triples: str) -> str:
    """Return ``triples`` as they stand in a group about one graph."""
    return f"GRAPH <{graph}> {{ {triples} }}" if graph else triples


def move(source: GraphIri, target: GraphIri) -> str:
    """Return the operation that replaces ``target`` with ``source``, which ceases to exist."""
    return f"MOVE {reference(source)} TO {reference(target)}"


def copy(source: GraphIri, target: GraphIri) -> str:
    """Return the operation that replaces ``target`` with what ``source`` holds."""
    return f"COPY {reference(source)} TO {reference(target)}"


def drop(graph: GraphIri) -> str:
    """Return the operation that removes a graph, if there is one."""
    return f"DROP SILENT {reference(graph)}"


def insert(graph: GraphIri, lines: list[bytes]) -> str:
    """Return the operation that adds N-Triples lines to a graph."""
    return f"INSERT DATA {{ {pattern(graph, _joined(lines))} }}"


def delete(graph: GraphIri, lines: list[bytes]) -> str:
    """Return the operation that removes N-Triples lines from a graph."""
    return f"DELETE DATA {{ {pattern(graph, _joined(lines))} }}"


def _joined(lines: list[bytes]) -> str:
    return "\n".join(line.decode() for line in lines)

"""The search of the site where the store has the texts: it gives candidates, ranked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.endpoint.distant.candidates import called_like, found_in
from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.endpoint.distant.store import number
from mezan_graph.endpoint.finding import Finder, Words
from mezan_graph.exports import shortcuts_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.endpoint.finding import Found

_MOST_WEIGHED = 100
_MOST_LEADING = 1000


class DistantFinder(Finder):
    """Finds what :class:`Finder` finds, in names and running texts, among candidates of a store.

    Args:
        distant: The project and its store.
    """

    def __init__(self, distant: Distant) -> None:
        self._distant = distant

    def find(self, text: str, language: str) -> list[Found]:
        """Return the pages that have every word of ``text``; :attr:`whole` is known then."""
        if not Words(text).needles:
            return []
        nodes, self.whole = found_in(self._distant, text)
        return self._among(nodes).find(text, language)

    def alike(self, text: str) -> Iterator[Found]:
        """Yield the things whose names are like ``text``, the nearest first."""
        nodes = called_like(self._distant, text)
        yield from self._among(nodes).alike(text) if nodes else ()

    def _among(self, nodes: list[ox.NamedNode]) -> Finder:
        part = self._distant.part(Excerpts(self._distant).told(nodes))
        site = part.site
        leading = self._leading(nodes[:_MOST_WEIGHED])
        return Finder(site.knowledge, site.addresses, site.queries, part.labels, leading)

    def _leading(self, nodes: list[ox.NamedNode]) -> dict[ox.NamedNode, int]:
        """Return how much leads to each of ``nodes``, as far as it is counted."""
        if not nodes:
            return {}
        distant = self._distant
        pattern = "?m ?p {0}"
        if distant.dataset is not None:
            derived = shortcuts_graph(distant.project)
            pattern = f"GRAPH ?g {{{{ ?m ?p {{0}} }}}} FILTER(?g != {derived})"
        counted = " UNION ".join(
            f"{{ SELECT ({each} AS ?s) (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?m ?p WHERE"
            f" {{ {pattern.format(each)} }} LIMIT {_MOST_LEADING} }} }} }}"
            for each in nodes
        )
        found = distant.rows(f"SELECT ?s ?n WHERE {{ {counted} }}")
        return {node: number(many) for node, (many,) in found}

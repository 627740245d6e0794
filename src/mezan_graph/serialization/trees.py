"""Which blank nodes can be written inside of the one statement that mentions them.

A graph is written as trees: every IRI, and every blank node that needs a label, is the root of one.
A blank node needs none if exactly one triple of the document has it as its object, it is in one
graph only, names no graph, and does not hang below itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mezan_graph.serialization.nquads import Row

TYPE, FIRST, REST, NIL = (str(RDF[name]) for name in ("type", "first", "rest", "nil"))

DEPTH = 16
"""Levels of nested blank nodes; deeper ones get a label, and a tree of their own."""

Properties = dict[str, list[str]]
"""Predicate to objects, both in code-point order."""


class Trees:
    """The trees of one document.

    Attributes:
        graphs: Graph name to subject to its properties, each in code-point order.
        nested: Blank nodes that are written inside of the statement that mentions them.
        unreferenced: Blank nodes that no statement mentions but as its subject.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.graphs: dict[str, dict[str, Properties]] = {}
        parents: dict[str, str] = {}
        homes: dict[str, str] = {}
        labelled: set[str] = set()
        for subject, predicate, value, graph in rows:
            subjects = self.graphs.get(graph)
            if subjects is None:
                subjects = self.graphs[graph] = {}
            properties = subjects.get(subject)
            if properties is None:
                properties = subjects[subject] = {}
            values = properties.get(predicate)
            if values is None:
                properties[predicate] = [value]
            else:
                values.append(value)
            if subject[0] == "_" and homes.setdefault(subject, graph) != graph:
                labelled.add(subject)
            if value[0] == "_":
                if value in parents or homes.setdefault(value, graph) != graph:
                    labelled.add(value)
                parents[value] = subject
            if graph[:1] == "_":
                labelled.add(graph)
        self.nested: set[str] = parents.keys() - labelled
        self.unreferenced: set[str] = homes.keys() - parents.keys() - labelled
        self._lists: dict[str, list[str] | None] = {}
        self._cut: list[str] = []
        _break_cycles(parents, self.nested)

    def subjects(self, graph: str) -> dict[str, Properties]:
        """Return the subjects of a graph with their properties, in code-point order."""
        return self.graphs.get(graph, {})

    def roots(self, graph: str) -> Iterator[tuple[str, Properties]]:
        """Yield the roots of the trees of a graph, and then those that became roots meanwhile.

        Writing a tree may call :meth:`cut`; the nodes that it names follow after all others.
        """
        subjects = self.subjects(graph)
        cut = self._cut = []
        for subject, properties in subjects.items():
            if subject not in self.nested:
                yield subject, properties
        while cut:
            subject = cut.pop(0)
            yield subject, subjects[subject]

    def cut(self, node: str) -> None:
        """Give a nested blank node a label, because it lies too deep."""
        self.nested.discard(node)
        self._cut.append(node)

    def items(self, node: str, subjects: Mapping[str, Properties]) -> list[str] | None:
        """Return the items of the RDF list that starts at a nested blank node.

        Returns ``None`` where ``node`` does not start a list that ends in ``rdf:nil`` and whose
        cells hold one ``rdf:first``, one ``rdf:rest`` and nothing else.
        """
        if node in self._lists:
            return self._lists[node]
        items: list[str] = []
        cells: list[str] = []
        cell = node
        while cell != NIL:
            properties = subjects.get(cell)
            if cell not in self.nested or properties is None or not _is_cell(properties):
                # No cell on the way starts a list either, and a long chain is walked only once.
                self._lists.update(dict.fromkeys([node, *cells], None))
                return None
            cells.append(cell)
            items.append(properties[FIRST][0])
            cell = properties[REST][0]
        self._lists[node] = items
        return items


def _is_cell(properties: Properties) -> bool:
    return (
        len(properties) == 2  # noqa: PLR2004 - the two of a cons cell
        and len(properties.get(FIRST, ())) == 1
        and len(properties.get(REST, ())) == 1
    )


def _break_cycles(parents: Mapping[str, str], nested: set[str]) -> None:
    """Take one node of every cycle, the first in code-point order, out of ``nested``."""
    safe: set[str] = set()
    for start in sorted(nested):
        path: dict[str, None] = {}
        node = start
        while node in nested and node not in safe and node not in path:
            path[node] = None
            node = parents[node]
        if node in path:
            steps = list(path)
            nested.discard(min(steps[steps.index(node) :]))
        safe.update(path)

"""The triples of a graph as numbers, one table for each predicate, made when first asked for.

Every distinct term has a number, so that joins compare integers and each distinct value is looked
at once. The terms are those that the parser gave: lexical forms are intact.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class TripleIndex:
    """The union of the graphs of a dataset, for work on sets of nodes.

    Attributes:
        terms: Every term that has a number, at the place of its number.
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.terms: list[ox.NamedNode | ox.BlankNode | ox.Literal] = []
        self._numbers: dict[ox.NamedNode | ox.BlankNode | ox.Literal, int] = {}
        self._forward: dict[ox.NamedNode, dict[int, tuple[int, ...]]] = {}
        self._backward: dict[ox.NamedNode, dict[int, tuple[int, ...]]] = {}
        self._instances: dict[ox.NamedNode, frozenset[int]] = {}
        by_predicate: defaultdict[ox.NamedNode, list[ox.Quad]] = defaultdict(list)
        for quad in quads:
            by_predicate[quad.predicate].append(quad)
        self._quads = dict(by_predicate)

    @property
    def predicates(self) -> tuple[ox.NamedNode, ...]:
        """Every predicate, in the order of first use."""
        return tuple(self._quads)

    def number(self, term: ox.NamedNode | ox.BlankNode | ox.Literal) -> int:
        """Return the number of ``term``, which need not stand in the data."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.terms)
            self.terms.append(term)
        return number

    def quads(self, predicate: ox.NamedNode) -> Sequence[ox.Quad]:
        """Return the quads with ``predicate`` as they were given."""
        return self._quads.get(predicate, ())

    def mentions(self, terms: Collection[ox.NamedNode | ox.BlankNode | ox.Literal]) -> bool:
        """Whether any of ``terms`` is a subject or object in the data."""
        wanted = set(terms)
        return bool(wanted) and any(
            quad.subject in wanted or quad.object in wanted
            for quads in self._quads.values()
            for quad in quads
        )

    def literals(self) -> dict[ox.Literal, None]:
        """Return every distinct literal of the data, in order."""
        return {
            value: None
            for quads in self._quads.values()
            for quad in quads
            if isinstance(value := quad.object, ox.Literal)
        }

    def values(self, node: int) -> set[int]:
        """Return every object of which ``node`` is the subject."""
        return {value for each in self._quads for value in self.forward(each).get(node, ())}

    def forward(self, predicate: ox.NamedNode) -> Mapping[int, tuple[int, ...]]:
        """Return subject to distinct objects for ``predicate``, both in the order of the data."""
        table = self._forward.get(predicate)
        if table is None:
            table = self._forward[predicate] = self._encode(self._quads.get(predicate, ()))
        return table

    def backward(self, predicate: ox.NamedNode) -> Mapping[int, tuple[int, ...]]:
        """Return object to distinct subjects for ``predicate``."""
        table = self._backward.get(predicate)
        if table is None:
            table = self._backward[predicate] = _inverted(self.forward(predicate))
        return table

    def instances(self, rdf_class: ox.NamedNode) -> frozenset[int]:
        """Return the SHACL instances of ``rdf_class`` (SHACL, section 1.1): its subclasses' too."""
        found = self._instances.get(rdf_class)
        if found is None:
            classes = {self.number(rdf_class): None}
            waiting = list(classes)
            subclasses = self.backward(RDFS.subClassOf)
            while waiting:
                for each in subclasses.get(waiting.pop(), ()):
                    if each not in classes:
                        classes[each] = None
                        waiting.append(each)
            typed = self.backward(RDF.type)
            found = frozenset().union(*(typed.get(each, ()) for each in classes))
            self._instances[rdf_class] = found
        return found

    def _encode(self, quads: Iterable[ox.Quad]) -> dict[int, tuple[int, ...]]:
        # The loop that every triple goes through: nothing in it that can stand outside.
        numbers, terms = self._numbers, self.terms
        known = numbers.get
        table: dict[int, tuple[int, ...]] = {}
        several: dict[int, dict[int, None]] = {}
        for quad in quads:
            subject: Any = quad.subject
            value: Any = quad.object
            node = known(subject)
            if node is None:
                node = numbers[subject] = len(terms)
                terms.append(subject)
            number = known(value)
            if number is None:
                number = numbers[value] = len(terms)
                terms.append(value)
            if node not in table:
                table[node] = (number,)
            else:
                several.setdefault(node, {})[number] = None
        return _with_several(table, several)


def _inverted(table: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    inverse: dict[int, tuple[int, ...]] = {}
    several: dict[int, dict[int, None]] = {}
    for node, values in table.items():
        for value in values:
            if value not in inverse:
                inverse[value] = (node,)
            else:
                several.setdefault(value, {})[node] = None
    return _with_several(inverse, several)


def _with_several(
    table: dict[int, tuple[int, ...]], several: dict[int, dict[int, None]]
) -> dict[int, tuple[int, ...]]:
    # Nearly every node has one value: a tuple of one is half the size of a list. The further
    # values of the few others are kept apart, without repetitions, until all are known.
    for node, values in several.items():
        first = table[node]
        values.pop(first[0], None)
        table[node] = (*first, *values)
    return table

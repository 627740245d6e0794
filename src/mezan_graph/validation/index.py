"""The triples of a graph as numbers, one table for each predicate, made when first asked for.

Every distinct term has a number, so that joins compare integers and each distinct value is looked
at once. The terms are those that the parser gave: lexical forms are intact.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, RDFS
from mezan_graph.numbering import NumberedQuads, Numbering
from mezan_graph.validation.value_nodes import Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.validation.query_groups import Reach

Term = ox.NamedNode | ox.BlankNode | ox.Literal


class TripleIndex:
    """The union of the graphs of a dataset, for work on sets of nodes.

    Args:
        collections: Quads. They are numbered here, unless all have one numbering already.

    Attributes:
        rows: For each of the collections, four numbers for each quad.
        terms: Every term that has a number, at the place of its number.
    """

    def __init__(self, *collections: Iterable[ox.Quad]) -> None:
        numbered = [each for each in collections if isinstance(each, NumberedQuads)]
        numberings = {each.numbering for each in numbered}
        if len(numbered) == len(collections) and len(numberings) == 1:
            (numbering,) = numberings
            self.rows = tuple(each.rows for each in numbered)
        else:
            numbering = Numbering()
            self.rows = tuple(array("I") for _ in collections)
            for rows, quads in zip(self.rows, collections, strict=True):
                numbering.extend(rows, quads)
        self._numbers = numbering.numbers
        self._further: dict[Term, int] = {}
        self.terms: list[Any] = list(numbering.terms)
        self._forward: dict[ox.NamedNode, Table] = {}
        self._backward: dict[ox.NamedNode, Table] = {}
        self._instances: dict[ox.NamedNode, frozenset[int]] = {}

    def find(self, term: object) -> int | None:
        """Return the number of ``term`` if it has one."""
        number = self._numbers.get(term)
        return self._further.get(term) if number is None else number  # type: ignore[call-overload]

    def number(self, term: Term) -> int:
        """Return the number of ``term``, which need not stand in the data."""
        number = self.find(term)
        if number is None:
            number = self._further[term] = len(self.terms)
            self.terms.append(term)
        return number

    @cached_property
    def _pairs(self) -> dict[ox.NamedNode, array[int]]:
        """Subject and object of every triple by predicate."""
        pairs: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        for rows in self.rows:
            for subject, predicate, value in zip(rows[::4], rows[1::4], rows[2::4], strict=True):
                each = pairs[predicate]
                each.append(subject)
                each.append(value)
        return {self.terms[predicate]: each for predicate, each in pairs.items()}

    @property
    def predicates(self) -> tuple[ox.NamedNode, ...]:
        """Every predicate, in the order of first use."""
        return tuple(self._pairs)

    @cached_property
    def subjects(self) -> set[int]:
        """Every subject."""
        return set().union(*(rows[::4] for rows in self.rows))

    @cached_property
    def values(self) -> set[int]:
        """Every object."""
        return set().union(*(rows[2::4] for rows in self.rows))

    def count(self, predicate: ox.NamedNode) -> int:
        """Return how many triples have ``predicate``."""
        return len(self._pairs.get(predicate, ())) // 2

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[int, int]]:
        """Yield subject and object of every triple with ``predicate``, in order."""
        numbers = iter(self._pairs.get(predicate, ()))
        return zip(numbers, numbers, strict=True)

    def reached(self, reaches: Iterable[Reach | None]) -> set[ox.NamedNode] | None:
        """Return the predicates that queries can match here; ``None`` where one may match any."""
        found: set[ox.NamedNode] = set()
        for reach in reaches:
            if reach is None:
                return None
            found |= reach.predicates
            for naming in reach.named_by:
                values = (self.terms[value] for _, value in self.pairs(naming))
                found.update(each for each in values if isinstance(each, ox.NamedNode))
        return found

    def predicates_of(
        self, nodes: Collection[int], besides: Collection[ox.NamedNode] = ()
    ) -> list[ox.NamedNode]:
        """Return the predicates of all triples whose subject is among ``nodes``, in order.

        Args:
            nodes: The subjects.
            besides: Predicates that are not asked about.
        """
        unused = frozenset(nodes).isdisjoint
        return [
            predicate
            for predicate, pairs in self._pairs.items()
            if predicate not in besides and not unused(pairs[::2])
        ]

    def quads(self, predicate: ox.NamedNode) -> Iterator[ox.Quad]:
        """Return the triples with ``predicate``, in order."""
        pairs, term = self._pairs.get(predicate, array("I")), self.terms.__getitem__
        return map(ox.Quad, map(term, pairs[::2]), repeat(predicate), map(term, pairs[1::2]))

    def mentions(self, terms: Collection[Term]) -> bool:
        """Whether any of ``terms`` is a subject or object in the data."""
        return any(
            number in self.subjects or number in self.values for number in map(self.find, terms)
        )

    def subjects_of(self, values: Collection[int]) -> dict[int, set[int]]:
        """Return the subjects of each of ``values`` along any predicate."""
        found: dict[int, set[int]] = {}
        for rows in self.rows:
            for subject, value in zip(rows[::4], rows[2::4], strict=True):
                if value in values:
                    found.setdefault(value, set()).add(subject)
        return found

    def forward(self, predicate: ox.NamedNode) -> Table:
        """Return subject to distinct objects for ``predicate``, both in the order of the data."""
        table = self._forward.get(predicate)
        if table is None:
            pairs = self._pairs.get(predicate, array("I"))
            table = self._forward[predicate] = self._table(pairs[::2], pairs[1::2])
        return table

    def backward(self, predicate: ox.NamedNode) -> Table:
        """Return object to distinct subjects for ``predicate``."""
        table = self._backward.get(predicate)
        if table is None:
            pairs = self._pairs.get(predicate, array("I"))
            table = self._backward[predicate] = self._table(pairs[1::2], pairs[::2])
        return table

    def instances(self, rdf_class: ox.NamedNode) -> frozenset[int]:
        """Return the SHACL instances of ``rdf_class`` (SHACL, section 1.1): its subclasses' too."""
        found = self._instances.get(rdf_class)
        if found is None:
            typed = self.backward(RDF.type)
            classes = self.subclasses([rdf_class])
            found = frozenset(chain.from_iterable(typed.get(each, ()) for each in classes))
            self._instances[rdf_class] = found
        return found

    def subclasses(self, classes: Iterable[ox.NamedNode]) -> Iterable[int]:
        """Return ``classes`` with all their subclasses."""
        found = dict.fromkeys(map(self.number, classes))
        waiting = list(found)
        below = self.backward(RDFS.subClassOf)
        while waiting:
            for each in below.get(waiting.pop(), ()):
                if each not in found:
                    found[each] = None
                    waiting.append(each)
        return found

    def forget_tables(self) -> None:
        """Give up the large tables; they are made again when they are asked for."""
        self._forward.clear()
        self._backward = {RDF.type: self.backward(RDF.type)}  # a row for each class
        self._instances.clear()

    @cached_property
    def _integers(self) -> list[int]:
        """One object for each number: those that come out of an array are new each time."""
        return list(self._numbers.values())

    @cached_property
    def _ones(self) -> list[tuple[int]]:
        """Each number as a tuple, for the many nodes that have one value."""
        return list(zip(self._integers, strict=True))

    def _table(self, keys: array[int], values: array[int]) -> Table:
        integer, one = self._integers.__getitem__, self._ones.__getitem__
        table = Table(zip(map(integer, keys), map(one, values), strict=True))
        if len(table) == len(keys):
            return table
        table.clear()
        several: defaultdict[int, list[int]] = defaultdict(list)
        for key, value in zip(map(integer, keys), map(integer, values), strict=True):
            several[key].append(value)
        table.update(
            (key, one(each[0]) if len(each) == 1 else tuple(dict.fromkeys(each)))
            for key, each in several.items()
        )
        table.several = frozenset(key for key, each in table.items() if len(each) > 1)
        return table


_INDEXES: WeakKeyDictionary[Graph, TripleIndex] = WeakKeyDictionary()


def index_of(graph: Graph) -> TripleIndex:
    """Return the index of ``graph``, which all who ask for it share."""
    index = _INDEXES.get(graph)
    if index is None:
        index = _INDEXES[graph] = TripleIndex(*(part.quads for part in graph.parts))
    return index

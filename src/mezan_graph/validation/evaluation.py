"""One validation by the default engine: the data as tables, and what is known so far."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, TypeGuard

import pyoxigraph as ox

from mezan_graph.validation.constraint_store import constraint_store, stored
from mezan_graph.validation.index import index_of
from mezan_graph.validation.ordering import Value, value_of
from mezan_graph.validation.paths import step, table_of
from mezan_graph.validation.prebinding import end_work
from mezan_graph.validation.results import ResultMaker
from mezan_graph.validation.shape_constraints import ConformsTo
from mezan_graph.validation.sparql import SparqlAsk, SparqlSelect
from mezan_graph.validation.value_nodes import FocusValues, PathValues, TableValues

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping

    from mezan_graph.graph import Graph
    from mezan_graph.validation.breaches import Breach
    from mezan_graph.validation.constraint import Constraint, Shape
    from mezan_graph.validation.prebinding import PreboundQuery
    from mezan_graph.validation.shapes import Shapes
    from mezan_graph.validation.value_nodes import ValueNodes

_BATCH = 500_000
_LITTLE = 150_000
"""Triples, or a quarter of all, that are loaded at any time; more come before the tables."""
_GOOD, _BAD = 1, 2


class Run:
    """One validation: the data as an index, and what is known so far about nested shapes.

    Attributes:
        shapes: The shapes graph.
        index: The data.
        asking: Shapes that have a SPARQL constraint, themselves or in a nested property shape.
        result: Returns the validation result of one finding.
    """

    def __init__(self, data: Graph, shapes: Shapes) -> None:
        self.shapes = shapes.rdf.graph
        self.index = index_of(data)
        self.result = ResultMaker(self.index.terms, shapes.rdf.short).result
        self._ordered: dict[int, Value | None] = {}
        self._queries: list[PreboundQuery] = []
        self.asking: set[Shape] = set()
        for shape in shapes.by_node.values():  # nested ones come first
            for constraint in shape.constraints:
                if isinstance(constraint, SparqlSelect | SparqlAsk):
                    self._queries.append(constraint.query)
                    self.asking.add(shape)
                elif _is_nested(constraint) and constraint.shape in self.asking:
                    self.asking.add(shape)
        # By the number of the node; sets of numbers were most of what the engine allocated.
        self._known: dict[Hashable, bytearray] = {}

    def findings(self, shape: Shape, nodes: Mapping[int, int], *, sparql: bool) -> Iterator[Breach]:
        """Yield what is wrong with ``nodes``, in the shape and its nested property shapes.

        Args:
            shape: The shape.
            nodes: Focus node to the number of times that each of its results counts.
            sparql: Whether SPARQL constraints are asked, or all others are evaluated.
        """
        if sparql and shape not in self.asking:
            return
        if shape in self._known:
            # Nothing is wrong with what is known to conform.
            known = self._states(shape)
            nodes = {each: nodes[each] for each in nodes if known[each] != _GOOD}
        own = [
            each
            for each in shape.constraints
            if not _is_nested(each) and isinstance(each, SparqlSelect | SparqlAsk) == sparql
        ]
        nested = list(filter(_is_nested, shape.constraints))
        met = nodes if shape.path is None else Counter[int]()
        for values in self._values(shape, nodes) if own or nested else ():
            for constraint in own:
                for finding in constraint.findings(self, values):
                    yield shape, constraint, finding, nodes[finding.focus]
            if nested and isinstance(met, Counter):
                for focus, each in values.pairs():
                    for value in each:
                        met[value] += nodes[focus]
        for constraint in nested:
            yield from self.findings(constraint.shape, met, sparql=sparql)

    def ordered(self, number: int) -> Value | None:
        """Return the value that ``<`` compares, worked out once for each term."""
        try:
            return self._ordered[number]
        except KeyError:
            term = self.index.terms[number]
            value = value_of(term) if isinstance(term, ox.Literal) else None
            self._ordered[number] = value
            return value

    def failing(self, shape: Shape, nodes: Collection[int]) -> set[int]:
        """Return the nodes that do not conform to ``shape``, looking at each only once."""

        def bad(new: list[int]) -> set[int]:
            return {
                finding.focus
                for values in self._values(shape, new)
                for constraint in shape.constraints
                for finding in constraint.findings(self, values)
            }

        return self.rejected(shape, nodes, bad)

    def rejected(
        self, test: Hashable, nodes: Collection[int], bad: Callable[[list[int]], Collection[int]]
    ) -> set[int]:
        """Return the nodes that ``bad`` gives, asking it about each node once for each ``test``."""
        known = self._states(test)
        new = [node for node in nodes if not known[node]]
        if new:
            found = bad(new)
            for node in new:
                known[node] = _GOOD
            for node in found:
                known[node] = _BAD
        return {node for node in nodes if known[node] == _BAD}

    def _states(self, test: Hashable) -> bytearray:
        """Return what is known of each node; nodes may have got numbers since the last time."""
        known = self._known.setdefault(test, bytearray())
        known.extend(bytes(len(self.index.terms) - len(known)))
        return known

    def _values(self, shape: Shape, nodes: Collection[int]) -> Iterator[ValueNodes]:
        """Yield the value nodes of ``nodes``, in batches that bound the memory for long paths."""
        if not shape.constraints or not nodes:
            return
        if shape.path is None:
            yield FocusValues(nodes)
            return
        table = table_of(shape.path, self.index)
        if table is not None:
            # These tuples are there already: no memory to bound.
            yield TableValues(nodes, table)
            return
        follow = step(shape.path, self.index)
        batch: dict[int, Collection[int]] = {}
        size = 0
        for node in nodes:
            values = batch[node] = follow(node)
            size += len(values)
            if size > _BATCH:
                yield PathValues(batch)
                batch, size = {}, 0
        if batch:
            yield PathValues(batch)

    @property
    def asks_little(self) -> bool:
        """Whether a store for SPARQL constraints has room beside the tables of all others."""
        most = max(_LITTLE, sum(map(len, self.index.rows)) // 4 // 4)
        return stored(self.index, self._queries) <= most

    @cached_property
    def store(self) -> ox.Store:
        """The data for SPARQL constraints."""
        return constraint_store(self.index, self.shapes, self._queries)

    def forget_store(self) -> None:
        """Give up the store and the process that is asked; they are made again when needed."""
        end_work(self)
        vars(self).pop("store", None)


def _is_nested(constraint: Constraint) -> TypeGuard[ConformsTo]:
    """Whether this is ``sh:property``, whose results are those of the nested shape."""
    return isinstance(constraint, ConformsTo) and not constraint.reports_itself

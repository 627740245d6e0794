"""What constraints found, and how one process tells it to another: by numbers.

Compiled shapes are the same in a process and its fork, and so is the number of every term of the
data; only what a query made anew is sent as a term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.errors import LimitError
from mezan_graph.validation.constraint import Finding

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Constraint, Shape, Term
    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.shapes import Shapes
    from mezan_graph.validation.shapes_graph import ShapesGraph

Breach = tuple["Shape", "Constraint", Finding, int]
"""A shape, its constraint, what is wrong, and how often it counts."""

Breaches = list[tuple["Term", list[Breach]]]
"""What was found of each shape that has a target."""


class Packed(NamedTuple):
    """Breaches for another process.

    Attributes:
        targets: The place of each shape with a target, and how many of ``rows`` are its own.
        rows: The place of the shape, that of the constraint in it, the finding, how often.
        terms: The terms that have a number in this process alone, in the order of their numbers.
    """

    targets: list[tuple[int, int]]
    rows: list[tuple[int, int, Finding, int]]
    terms: list[Term]


class Packing:
    """Packs and unpacks breaches; made before the fork, since it says what both have.

    Args:
        shapes: The shapes.
        index: The data.
        limit: How many breaches there may be.
    """

    def __init__(self, shapes: Shapes, index: TripleIndex, limit: int) -> None:
        self._rdf = shapes.rdf
        self._limit = limit
        self._nodes = list(shapes.by_node)
        self._shapes = list(shapes.by_node.values())
        self._index = index
        self._common = len(index.terms)

    def packed(self, breaches: Breaches) -> Packed:
        """Return ``breaches`` for the other process."""
        places = {node: place for place, node in enumerate(self._nodes)}
        shapes = {shape: place for place, shape in enumerate(self._shapes)}
        constraints = {
            each: place for shape in self._shapes for place, each in enumerate(shape.constraints)
        }
        return Packed(
            [(places[node], len(group)) for node, group in breaches],
            [
                (shapes[shape], constraints[constraint], finding, times)
                for _, group in breaches
                for shape, constraint, finding, times in group
            ],
            self._index.terms[self._common :],
        )

    def unpacked(self, packed: Packed) -> Breaches:
        """Return the breaches that the other process packed.

        Raises:
            LimitError: There are more than the limit.
        """
        further = list(map(self._index.number, packed.terms))
        rows = iter(packed.rows)

        def known(number: int) -> int:
            return number if number < self._common else further[number - self._common]

        def breach() -> Breach:
            place, constraint, finding, times = next(rows)
            shape = self._shapes[place]
            value = None if finding.value is None else known(finding.value)
            here = finding._replace(focus=known(finding.focus), value=value)
            return shape, shape.constraints[constraint], here, times

        breaches = [
            (self._nodes[place], [breach() for _ in range(count)])
            for place, count in packed.targets
        ]
        return within(self._limit, breaches, self._rdf)


def within(limit: int, breaches: Breaches, rdf: ShapesGraph) -> Breaches:
    """Return ``breaches``, counted.

    Raises:
        LimitError: There are more than ``limit``.
    """
    left = limit
    for node, group in breaches:
        left -= sum(each[3] for each in group)
        if left < 0:
            raise too_many_results(limit, rdf.short(node))
    return breaches


def too_many_results(limit: int, shape: str = "a shape") -> LimitError:
    """Return the error for a validation with more results than ``limit``."""
    return LimitError(
        f"with {shape} there are more than {limit:,} results, which is more than anybody reads",
        hint="validate fewer shapes at a time, or raise limits.results in mezan.toml",
    )

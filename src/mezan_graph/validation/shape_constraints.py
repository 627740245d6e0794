"""Constraints that refer to other shapes (SHACL, 4.6 and 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import (
    Constraint,
    Evaluation,
    Finding,
    Shape,
    ValueConstraint,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mezan_graph.validation.value_nodes import ValueNodes


class ConformsTo(ValueConstraint):
    """``sh:node`` (4.7.1), and ``sh:property`` (4.7.2) where only conformance is asked for."""

    shape: Shape

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what does not conform to the shape."""
        return evaluation.failing(self.shape, nodes)

    @property
    def reports_itself(self) -> bool:
        """False for ``sh:property``: the results are then those of the property shape."""
        return self.component != SH.PropertyConstraintComponent


class Logical(ValueConstraint):
    """``sh:not``, ``sh:and``, ``sh:or``, ``sh:xone`` (4.6)."""

    shapes: tuple[Shape, ...]

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject the nodes for which the combination of the shapes is false."""
        conforming = dict.fromkeys(nodes, 0)
        for shape in self.shapes:
            failing = evaluation.failing(shape, nodes)
            for node in nodes:
                if node not in failing:
                    conforming[node] += 1
        if self.component == SH.NotConstraintComponent:
            return [node for node, count in conforming.items() if count]
        if self.component == SH.AndConstraintComponent:
            return [node for node, count in conforming.items() if count < len(self.shapes)]
        if self.component == SH.OrConstraintComponent:
            return [node for node, count in conforming.items() if not count]
        return [node for node, count in conforming.items() if count != 1]


class QualifiedCount(Constraint):
    """``sh:qualifiedMinCount`` and ``sh:qualifiedMaxCount`` (4.7.3).

    Attributes:
        shape: The shape whose conforming value nodes are counted.
        siblings: With ``sh:qualifiedValueShapesDisjoint``, the shapes that a counted value node
            must not conform to.
    """

    shape: Shape
    siblings: tuple[Shape, ...]
    count: int
    lowest: bool

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield each focus node with too few or too many conforming value nodes."""
        nodes = values.distinct
        counted = set(nodes) - evaluation.failing(self.shape, nodes)
        for sibling in self.siblings:
            counted &= evaluation.failing(sibling, counted)
        if self.lowest and self.count == 1:
            enough = set(values.meeting(counted))
            yield from (Finding(focus) for focus in values.nodes if focus not in enough)
            return
        for focus, each in values.pairs():
            count = sum(value in counted for value in each)
            if count < self.count if self.lowest else count > self.count:
                yield Finding(focus)

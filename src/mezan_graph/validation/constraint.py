"""What a compiled constraint is: from the value nodes of all focus nodes to what is wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, dataclass_transform

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping

    from mezan_graph.graph import Graph
    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.ordering import Value
    from mezan_graph.validation.paths import Path
    from mezan_graph.validation.value_nodes import ValueNodes

Term = ox.NamedNode | ox.BlankNode | ox.Literal


class Finding(NamedTuple):
    """One breach of a constraint; nodes are numbers of the index.

    Attributes:
        focus: The focus node.
        value: The value at fault, if a single one is.
        path: The path where it is not the shape's own.
        bindings: For a SPARQL constraint, the row that it came from.
    """

    focus: int
    value: int | None = None
    path: str | None = None
    bindings: Mapping[str, Term] | None = None


class Evaluation(Protocol):
    """What constraints may ask while they are evaluated."""

    index: TripleIndex
    shapes: Graph

    @property
    def store(self) -> ox.Store:
        """The data for SPARQL queries."""

    def ordered(self, number: int) -> Value | None:
        """Return the value that ``<`` compares; ``None`` where the term has none."""

    def failing(self, shape: Shape, nodes: Collection[int]) -> set[int]:
        """Return the nodes that do not conform to ``shape``."""

    def rejected(
        self, test: Hashable, nodes: Collection[int], bad: Callable[[list[int]], Collection[int]]
    ) -> set[int]:
        """Return the nodes that ``bad`` gives, asking it about each node once for each ``test``."""


@dataclass_transform(eq_default=False, kw_only_default=True)
class Declared:
    """Takes its annotated attributes by name, as a dataclass does.

    Nothing is generated: thirty dataclasses take longer to define than a small graph to validate.
    """

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


class Constraint(Declared, ABC):
    """One constraint of a shape.

    Attributes:
        component: The constraint component that it belongs to.
        requirement: The message of a shape that declares none, with ``{?value}`` for the value.
        messages: Messages of the constraint itself, which go before those of its shape.
        source: The node of a SPARQL constraint, for ``sh:sourceConstraint``.
    """

    component: ox.NamedNode
    requirement: str
    messages: tuple[ox.Literal, ...] = ()
    source: Term | None = None

    @abstractmethod
    def findings(self, evaluation: Evaluation, values: ValueNodes, /) -> Iterator[Finding]:
        """Yield every breach, given the value nodes of each focus node."""


class ValueConstraint(Constraint):
    """A constraint that looks at each value node by itself, so at each distinct one once."""

    @abstractmethod
    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Return those of the distinct ``nodes`` that break the constraint."""

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield every pair of a focus node and a rejected value node."""
        rejected = set(self.rejected(evaluation, values.distinct))
        if rejected:
            for focus in values.meeting(rejected):
                yield from (Finding(focus, each) for each in values.of(focus) if each in rejected)


class Shape(Declared):
    """A compiled shape.

    Attributes:
        node: The node of the shapes graph.
        path: The property path; ``None`` for a node shape.
        severity: IRI of its severity.
        messages: Its own ``sh:message`` values.
        label: For default messages: the path, or the node shape's name, for people.
        constraints: In the order of the shapes graph; empty where it is deactivated.
    """

    node: Term
    path: Path | None
    severity: ox.NamedNode
    messages: tuple[ox.Literal, ...]
    label: str
    constraints: list[Constraint]

    @cached_property
    def path_text(self) -> str | None:
        """The property path in SPARQL's notation."""
        return None if self.path is None else str(self.path)

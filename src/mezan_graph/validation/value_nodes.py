"""The value nodes of many focus nodes (SHACL, section 3.4), and what constraints ask of them.

Most shapes follow one predicate, whose table from node to values is there already. Nothing is
copied out of it until a constraint asks for the values node by node.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from itertools import chain, compress, repeat
from operator import itemgetter, not_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from collections.abc import Set as AbstractSet


class Table(dict[int, tuple[int, ...]]):
    """Node to its distinct values along one predicate, nodes and values in the order of the data.

    Attributes:
        several: The nodes that have more than one value.
    """

    several: frozenset[int] = frozenset()


class ValueNodes(ABC):
    """The value nodes of each focus node.

    Attributes:
        nodes: The focus nodes, each once.
    """

    def __init__(self, nodes: Collection[int]) -> None:
        self.nodes = nodes

    @abstractmethod
    def of(self, focus: int) -> Collection[int]:
        """Return the value nodes of one focus node, each once."""

    def pairs(self) -> Iterator[tuple[int, Collection[int]]]:
        """Yield each focus node with its value nodes."""
        return zip(self.nodes, map(self.of, self.nodes), strict=True)

    @cached_property
    def distinct(self) -> Collection[int]:
        """Every value node, once."""
        return dict.fromkeys(chain.from_iterable(each for _, each in self.pairs()))

    def meeting(self, nodes: AbstractSet[int]) -> Iterator[int]:
        """Yield the focus nodes that have any of ``nodes`` as a value node."""
        free = map(nodes.isdisjoint, map(itemgetter(1), self.pairs()))
        return compress(self.nodes, map(not_, free))

    def fewer(self, count: int) -> list[int]:
        """Return the focus nodes that have fewer than ``count`` value nodes."""
        return [focus for focus, each in self.pairs() if len(each) < count]

    def more(self, count: int) -> list[int]:
        """Return the focus nodes that have more than ``count`` value nodes."""
        return [focus for focus, each in self.pairs() if len(each) > count]


class FocusValues(ValueNodes):
    """Of a node shape: each focus node is its own value node."""

    def of(self, focus: int) -> Collection[int]:
        """Return the focus node alone."""
        return (focus,)

    def pairs(self) -> Iterator[tuple[int, Collection[int]]]:
        """Yield each focus node with itself."""
        return zip(self.nodes, zip(self.nodes, strict=True), strict=True)

    @cached_property
    def distinct(self) -> Collection[int]:
        """The focus nodes."""
        return self.nodes

    def meeting(self, nodes: AbstractSet[int]) -> Iterator[int]:
        """Yield the focus nodes that are among ``nodes``."""
        return filter(nodes.__contains__, self.nodes)


class TableValues(ValueNodes):
    """Of a path of one predicate, forward or backward."""

    def __init__(self, nodes: Collection[int], table: Table) -> None:
        super().__init__(nodes)
        self._table = table

    def of(self, focus: int) -> Collection[int]:
        """Return the values in the table."""
        return self._table.get(focus, ())

    def pairs(self) -> Iterator[tuple[int, Collection[int]]]:
        """Yield each focus node with its values in the table."""
        return zip(self.nodes, self._values(), strict=True)

    def _values(self) -> Iterator[Collection[int]]:
        return map(self._table.get, self.nodes, repeat(()))

    @cached_property
    def distinct(self) -> Collection[int]:
        """Every value node, once."""
        return dict.fromkeys(chain.from_iterable(self._values()))

    def meeting(self, nodes: AbstractSet[int]) -> Iterator[int]:
        """Yield the focus nodes that have any of ``nodes`` as a value node."""
        return compress(self.nodes, map(not_, map(nodes.isdisjoint, self._values())))

    def fewer(self, count: int) -> list[int]:
        """Return the focus nodes that have fewer than ``count`` value nodes."""
        if count == 1:
            table = self._table
            return [focus for focus in self.nodes if focus not in table]
        return super().fewer(count)

    def more(self, count: int) -> list[int]:
        """Return the focus nodes that have more than ``count`` value nodes."""
        if count < 1:
            return super().more(count)
        table, several = self._table, self._table.several
        if not several:
            return []
        return [focus for focus in self.nodes if focus in several and len(table[focus]) > count]


class PathValues(ValueNodes):
    """Of any other path."""

    def __init__(self, values: Mapping[int, Collection[int]]) -> None:
        super().__init__(values.keys())
        self._values = values

    def of(self, focus: int) -> Collection[int]:
        """Return the value nodes that were found."""
        return self._values[focus]

"""What a repeated path leads to (``path*``, ``path+``), bounded in time and memory.

Around a cycle of n nodes each of them leads to all n: what is wrong with one value is wrong n times
over, and n² results help nobody. So the nodes of a cycle share one set of values, and a path that
leads to too many values in all is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

MAX_VALUES = 2_500_000
"""Most values of one repeated path, those of each node that it starts from added up."""

MAX_STEPS = 20_000_000
"""Most steps along one repeated path."""


class Closure:
    """The values of one or more steps along a path, found once for each node.

    Args:
        once: From a node to its values after one step.
        name: The path as people are shown it.
    """

    def __init__(self, once: Callable[[int], Collection[int]], name: str) -> None:
        self._once = once
        self._name = name
        self._known: dict[int, tuple[int, ...]] = {}
        self._cycle: dict[int, int] = {}
        self._values = 0
        self._steps = 0

    def __call__(self, node: int) -> tuple[int, ...]:
        """Return the values of ``node``, each once.

        Raises:
            LimitError: The path leads to too many values, or takes too many steps.
        """
        found = self._known.get(node)
        if found is None:
            if node not in self._cycle:
                self._find_cycles(node)
            # Of a cycle the node that stands for it is asked; all others get the same values.
            asked = self._cycle[node]
            found = self._known.get(asked)
            if found is None:
                found = self._known[asked] = self._reach(asked)
            self._known[node] = found
            self._values += len(found)
            self._check(self._values, MAX_VALUES, "values")
        return found

    def _reach(self, start: int) -> tuple[int, ...]:
        found = dict.fromkeys(self._next(start))
        waiting = list(found)
        while waiting:
            node = waiting.pop()
            known = self._known.get(node)
            if known is not None:
                found.update(dict.fromkeys(known))
                self._count(len(known))
                continue
            for value in self._next(node):
                if value not in found:
                    found[value] = None
                    waiting.append(value)
        return tuple(found)

    def _find_cycles(self, start: int) -> None:
        """Give each node below ``start`` the one that stands for its cycle, or itself (Tarjan)."""
        order: dict[int, int] = {start: 0}
        lowest = {start: 0}
        path = [start]
        open_nodes: list[tuple[int, Iterator[int]]] = [(start, iter(self._next(start)))]
        while open_nodes:
            node, values = open_nodes[-1]
            for value in values:
                if value in self._cycle:
                    continue
                if value in order:
                    lowest[node] = min(lowest[node], order[value])
                    continue
                order[value] = lowest[value] = len(order)
                path.append(value)
                open_nodes.append((value, iter(self._next(value))))
                break
            else:
                open_nodes.pop()
                if open_nodes:
                    above = open_nodes[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == order[node]:
                    while node not in self._cycle:
                        self._cycle[path.pop()] = node

    def _next(self, node: int) -> Collection[int]:
        values = self._once(node)
        self._count(len(values))
        return values

    def _count(self, steps: int) -> None:
        self._steps += steps
        self._check(self._steps, MAX_STEPS, "steps")

    def _check(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise LimitError(
                f"the path {self._name} takes more than {most:,} {what} in this data, "
                "so that nothing is decided",
                hint="look for a large cycle in the data, or write the shape without this path",
            )

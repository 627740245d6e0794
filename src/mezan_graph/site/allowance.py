"""How much one page shows: its size stays bounded whatever the graph holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Allowance:
    """What a page may still show. What does not fit stands in the data, and the page says so.

    Attributes:
        group: The most items of one group.
        most: The most items of all groups together.
        left: Items that the page may show from now on.
    """

    def __init__(self, group: int = 40, most: int = 160) -> None:
        self.group = group
        self.most = self.left = most

    def take(self, items: Sequence[T], most: int = 1 << 30) -> Sequence[T]:
        """Return the first of ``items`` that may be shown, and count them.

        Args:
            items: The items of one group.
            most: The most that are wanted.
        """
        taken = items[: min(self.group, self.left, most)]
        self.left -= len(taken)
        return taken

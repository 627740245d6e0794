"""Answers that are kept until the graph changes, the least recently used going first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Kept = TypeVar("Kept")

_SHARE = 16
"""One answer may take this part of the memory at most."""
_OVERHEAD = 2000
"""Bytes that an entry takes beside its body, about: its key, its header fields, objects."""
_MOST_ASKED = 20_000
"""Answers of which it is remembered, once or twice over, that they were asked for."""


class AnswerCache(Generic[Kept]):
    """Answers by what was asked, within a number of bytes.

    An answer that was quickly made is kept when it is asked for once more: to keep all answers
    that nobody asks for again costs more than to make the few of them twice that somebody does.
    """

    def __init__(self, size: int) -> None:
        self._limit = size
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._asked: set[int] = set()
        self._asked_before: set[int] = set()

    def get(self, key: Hashable) -> Kept | None:
        """Return the answer to ``key``, ``None`` where there is none."""
        entry = self._kept.get(key)
        if entry is None:
            return None
        self._kept.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, answer: Kept, size: int, *, quick: bool = False) -> None:
        """Keep an answer that takes ``size`` bytes, if that is not too much.

        Args:
            key: What was asked.
            answer: The answer.
            size: Bytes that it takes.
            quick: Whether it can be made again soon; it is kept if that was so before.
        """
        size += _OVERHEAD
        if size > self._limit // _SHARE or key in self._kept:
            return
        if quick and not self._asked_again(hash(key)):
            return
        self._kept[key] = (answer, size)
        self._size += size
        while self._size > self._limit:
            _, (_, gone) = self._kept.popitem(last=False)
            self._size -= gone

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._size = 0
        self._asked.clear()
        self._asked_before.clear()

    def _asked_again(self, key: int) -> bool:
        if key in self._asked or key in self._asked_before:
            return True
        if len(self._asked) >= _MOST_ASKED:
            self._asked_before, self._asked = self._asked, set()
        self._asked.add(key)
        return False

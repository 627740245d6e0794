"""Near misses: which known name a misspelt one was probably meant to be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
_COMPARED = 1_000
_SHORTEST = 3
_LONGEST = 100
_FEW = 20
_CUTOFF = 0.8


class Names(Collection[str]):
    """Known names that many others are looked up in, in an order that makes it quick."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _forwards(self) -> list[str]:
        return sorted(self._names)

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(name[::-1] for name in self._names)

    def edited_parts(self, name: str) -> Iterable[int]:
        """Yield where ``name`` may be edited: what stands before or after begins or ends a name."""
        longest = _shared(name, self._forwards)
        last = _shared(name[::-1], self._backwards)
        # An edit touches at most two letters; whatever else there is, one of the names shares it.
        return range(max(0, len(name) - last - 2), min(longest, len(name)) + 1)


def _shared(name: str, names: list[str]) -> int:
    """Return how many letters ``name`` has in common with the beginning of one of ``names``."""
    at = bisect_left(names, name)
    return max((_common(name, each) for each in names[max(0, at - 1) : at + 1]), default=0)


def _common(one: str, other: str) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the one of ``known`` that ``name`` is probably a misspelling of.

    Names that differ in one letter, or in two that stand side by side, are found in any number of
    names; more distant ones only among a thousand, because each must be compared. Every short
    name is near to every other, so names of one or two letters have no near miss.

    Args:
        name: What was written.
        known: Names that exist; a set or a dictionary where there are many.
    """
    if not _SHORTEST <= len(name) <= _LONGEST:
        return None
    if len(known) <= _FEW:
        known = Names(known)
    places = known.edited_parts(name) if isinstance(known, Names) else range(len(name) + 1)
    one_away = {each for each in _edits(name, places) if each in known and each != name}
    if one_away:
        return _best(name, one_away)
    if len(known) > _COMPARED:
        return None
    folded = name.casefold()
    same = [each for each in known if each.casefold() == folded and each != name]
    if same:
        return min(same)
    import difflib

    # What differs in length by more than half cannot be that near; most names need no comparison.
    close = [each for each in known if 2 * len(name) <= 3 * len(each) <= 4.5 * len(name)]
    near = difflib.get_close_matches(name, sorted(close), 1, _CUTOFF)
    return near[0] if near and near[0] != name else None


def _edits(name: str, places: Iterable[int]) -> Iterable[str]:
    """Yield what one slip of the hand at ``places`` makes of ``name`` (Damerau, 1964)."""
    yield name.lower()
    yield name[:1].swapcase() + name[1:]
    for at in places:
        head, tail = name[:at], name[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _ALPHABET:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _best(name: str, candidates: Iterable[str]) -> str:
    def distance(other: str) -> tuple[bool, bool, int, str]:
        return (
            name.casefold() != other.casefold(),
            name[:1] != other[:1],
            abs(len(name) - len(other)),
            other,
        )

    return min(candidates, key=distance)

"""Near misses: which known name a misspelt one was probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
_COMPARED = 5_000
_SHORTEST = 3
_LONGEST = 100


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the one of ``known`` that ``name`` is probably a misspelling of.

    Names that differ in one letter, or in two that stand side by side, are found in any number of
    names; more distant ones only among a few thousand, because each must be compared. Every short
    name is near to every other, so names of one or two letters have no near miss.

    Args:
        name: What was written.
        known: Names that exist; a set or a dictionary where there are many.
    """
    if not _SHORTEST <= len(name) <= _LONGEST:
        return None
    one_away = {each for each in _edits(name) if each in known and each != name}
    if one_away:
        return _best(name, one_away)
    if len(known) > _COMPARED:
        return None
    folded = name.casefold()
    same = [each for each in known if each.casefold() == folded and each != name]
    if same:
        return min(same)
    import difflib

    near = difflib.get_close_matches(name, sorted(known), 1, 0.8)
    return near[0] if near and near[0] != name else None


def _edits(name: str) -> Iterable[str]:
    """Yield every string that one slip of the hand away from ``name`` is (Damerau, 1964)."""
    yield name.lower()
    yield name[:1].swapcase() + name[1:]
    for at in range(len(name) + 1):
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

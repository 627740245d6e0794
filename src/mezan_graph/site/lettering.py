"""Labels in boxes: broken into lines before any browser has measured them.

Widths are upper estimates in em for the sans-serif faces that systems come with, so that a text
which fits here fits on the page; a test measures it in a browser.
"""

from __future__ import annotations

import unicodedata

_WIDE = 1.05
_CAPITAL = 0.78
_USUAL = 0.6
_NARROW = 0.36
_NARROW_LETTERS = frozenset("fijlrtI1.,:;!|'’()[]-/ اأإآ،؛")


def width(text: str) -> float:
    """Return an upper estimate of the width of ``text`` in em."""
    return sum(map(_letter, text))


def _letter(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    if unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW@%…—":
        return _WIDE
    return _CAPITAL if letter.isupper() else _USUAL


def lines(text: str, longest: float, most: int) -> list[str]:
    """Break ``text`` at its spaces into lines, and inside words only where they do not fit.

    Args:
        text: The label; white space counts as one space.
        longest: Width of a line in em.
        most: Number of lines; what does not fit is cut, and ends in ``…``.
    """
    # Each letter with a width takes at least _NARROW, so this never cuts what could be shown,
    # and a label of a megabyte costs no more than any other.
    enough = int(longest / _NARROW + 1) * (most + 1)
    words = text[: enough * 4].split()
    found: list[str] = []
    line = ""
    for word in words:
        rest = word
        if line and width(f"{line} {rest}") <= longest:
            line = f"{line} {rest}"
            continue
        if line:
            found.append(line)
        while width(rest) > longest:
            end = _fitting(rest, longest)
            found.append(rest[:end])
            rest = rest[end:]
        line = rest
        if len(found) > most:
            break
    if line:
        found.append(line)
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and width(f"{last}…") > longest:
        last = last[:-1].rstrip()
    return [*found[: most - 1], f"{last}…"]


def _fitting(word: str, longest: float) -> int:
    """Return how many letters of ``word`` fit, at least one, marks kept with their letter."""
    taken = 0.0
    for index, letter in enumerate(word):
        taken += _letter(letter)
        if taken > longest and index:
            return index
    return len(word)


def direction_of(text: str) -> str:
    """Return ``rtl`` or ``ltr`` by the first strong character (UAX #9, rule P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"

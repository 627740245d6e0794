"""Dates as stretches of years: what EDTF and the date types of XML Schema say, placed on a line.

Read are EDTF dates and intervals of levels 0 and 1 (ISO 8601-2): years, months, days, seasons (as
their year), unspecified digits (``201X``), qualifiers (``~``, ``?``, ``%``), open and unknown ends.
Anything else is a date too, but has no place on a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Ending = Literal["known", "unknown", "open"]

_DATE = re.compile(
    r"(?P<year>Y?-?[0-9][0-9X]{3,8})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?"
    r"(?:T.*|Z|[+-]\d\d:\d\d)?\Z"
)
_MONTHS = 12
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time.

    Attributes:
        begin: When it begins, in years; ``None`` where that is open or unknown.
        end: When it is over, in years, exclusive; ``None`` likewise.
        beginning: Whether the beginning is known, unknown or open.
        ending: The same of the end.
    """

    begin: float | None
    end: float | None
    beginning: Ending = "known"
    ending: Ending = "known"


def span(text: str) -> Span | None:
    """Return the stretch of time that ``text`` names, or ``None`` where it is not understood."""
    first, separator, last = text.strip().partition("/")
    if not separator:
        found = _date(first)
        return None if found is None else Span(*found)
    ends: list[tuple[float, float] | None] = []
    kinds: list[Ending] = []
    for part in (first, last):
        found = _date(part)
        if found is None and part not in {"", ".."}:
            return None
        ends.append(found)
        kinds.append("known" if found else "unknown" if part == "" else "open")
    begin, end = ends
    if begin is None and end is None:
        return None
    if begin is not None and end is not None and end[1] <= begin[0]:
        return None
    return Span(begin[0] if begin else None, end[1] if end else None, *kinds)


def _date(text: str) -> tuple[float, float] | None:
    """Return when a date begins and when it is over."""
    match = _DATE.match(re.sub(r"[~?%]", "", text))
    if match is None:
        return None
    year = match["year"].removeprefix("Y")
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    month = match["month"] or "XX"
    if "X" in month or not 1 <= int(month) <= _MONTHS:
        return float(first), float(last + 1)
    begin = first + (int(month) - 1) / _MONTHS
    day = match["day"] or "XX"
    if "X" in day or not 1 <= int(day) <= _DAYS:
        return begin, begin + 1 / _MONTHS
    start = begin + (int(day) - 1) / (_MONTHS * _DAYS)
    return start, start + 1 / (_MONTHS * _DAYS)

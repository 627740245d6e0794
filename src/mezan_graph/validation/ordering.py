"""The order of literals, as ``<`` and ``<=`` of SPARQL have it; incomparable where SPARQL raises.

SPARQL 1.1 (section 17.3) orders numbers, strings, booleans and dateTimes. Its operators may be
extended to further types (17.3.1); the dates, times, Gregorian fragments and durations of XML
Schema are ordered here as XSD 1.1 part 2 orders them. A time with a zone and one without are
compared only where no zone could change the answer (XSD 1.1, D.2.2): a result that depended on the
zone of the machine would be of no use.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.namespaces import XSD
from mezan_graph.validation.lexical import is_leap, well_formed

if TYPE_CHECKING:
    from fractions import Fraction

    import pyoxigraph as ox

_INTEGERS = frozenset(
    """
    integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short
    byte unsignedLong unsignedInt unsignedShort unsignedByte decimal
    """.split()  # noqa: SIM905
)
_CALENDAR = (
    r"(?P<year>-?\d{4,})?(?:-{1,2}(?P<month>\d\d))?(?:-{1,3}(?P<day>\d\d))?"
    r"(?:T?(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d(?:\.\d+)?))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DURATION = (
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CALENDAR_TYPES = frozenset(
    """
    date dateTime time gYear gYearMonth gMonth gMonthDay gDay
    """.split()  # noqa: SIM905
)
_DURATIONS = frozenset(["duration", "yearMonthDuration", "dayTimeDuration"])
_DIGITS = 4000
_PLAIN_DATE = len("2000-01-31")
_WIDEST_ZONE = 14 * 3600
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


class Value(NamedTuple):
    """What a literal stands for, ready to be compared.

    Attributes:
        kind: Values of different kinds are incomparable.
        low: The value itself; for a time without zone, its earliest instant; for a duration, the
            four instants that it leads to from the reference dates of XSD 1.1 (E.3.6).
        high: For a time without zone, its latest instant, else ``low``.
        zoned: Whether a time has a zone.
    """

    kind: str
    low: object
    high: object
    zoned: bool = True


def value_of(literal: ox.Literal) -> Value | None:  # noqa: PLR0911
    """Return the value of ``literal``, or ``None`` where it has none that is ordered."""
    datatype = literal.datatype
    local = datatype.value.removeprefix(XSD.iri)
    text = literal.value
    if local == datatype.value or not well_formed(datatype)(text):
        return None
    if local == "string":
        return Value("string", text, text)
    if local in _INTEGERS:
        return Value("number", Decimal(text), None)
    if local in ("double", "float"):
        return Value(local, _floating(text, local), None)
    if local == "boolean":
        return Value("boolean", text in ("true", "1"), None)
    if local == "dateTimeStamp":
        local = "dateTime"
    if len(text) > _DIGITS:
        return None
    if local in _CALENDAR_TYPES:
        return _instant(text, local)
    return _duration(text) if local in _DURATIONS else None


def less(left: Value | None, right: Value | None, *, or_equal: bool) -> bool:
    """Whether ``left < right`` (or ``<=``) is true: false where they are incomparable."""
    if left is None or right is None:
        return False
    one, other = _promoted(left, right)
    if one.kind != other.kind:
        return False
    if one.kind == "duration":
        pairs = list(zip(one.low, other.low, strict=True))  # type: ignore[call-overload]
        return all(a < b for a, b in pairs) or (or_equal and one.low == other.low)
    if one.zoned == other.zoned:
        return _before(one.low, other.low, or_equal)
    return _before(one.high, other.low, or_equal=False)


def _before(left: object, right: object, or_equal: bool) -> bool:
    return left <= right if or_equal else left < right  # type: ignore[operator,no-any-return]


def _promoted(left: Value, right: Value) -> tuple[Value, Value]:
    # Numeric type promotion (SPARQL 1.1, 17.3): decimal to float to double.
    kinds = {left.kind, right.kind}
    if len(kinds) == 1 or not kinds <= {"number", "float", "double"}:
        return left, right
    common = "double" if "double" in kinds else "float"
    return _as_floating(left, common), _as_floating(right, common)


def _as_floating(value: Value, kind: str) -> Value:
    number = float(value.low)  # type: ignore[arg-type]
    if kind == "float":
        number = _single(number)
    return Value(kind, number, None)


def _floating(text: str, local: str) -> float:
    number = float(text.replace("INF", "inf"))
    return _single(number) if local == "float" else number


def _single(number: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _instant(text: str, local: str) -> Value:
    if local == "date" and len(text) == _PLAIN_DATE:
        start = _seconds(int(text[:4]), int(text[5:7]), int(text[8:]))
        return Value(local, start - _WIDEST_ZONE, start + _WIDEST_ZONE, zoned=False)
    parts = re.fullmatch(_CALENDAR, text)
    if parts is None:  # pragma: no cover - the lexical space is checked before
        raise AssertionError(text)
    year, month, day, hour, minute, second, zone = parts.groups()
    # Missing fields as in XSD 1.1, E.3.4: a leap year, so that every month and day exists.
    seconds: int | Fraction = _seconds(int(year or 1972), int(month or 12), int(day or 1))
    if hour is not None:
        # 24:00:00 by itself is midnight at the beginning of the same day.
        hours = int(hour) % 24 if local == "time" else int(hour)
        seconds += hours * 3600 + int(minute) * 60 + _fraction(second)
    if zone is None:
        return Value(local, seconds - _WIDEST_ZONE, seconds + _WIDEST_ZONE, zoned=False)
    if zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        seconds += offset if zone[0] == "-" else -offset
    return Value(local, seconds, seconds)


def _fraction(text: str | None) -> int | Fraction:
    if text is None or "." not in text:
        return int(text or 0)
    from fractions import Fraction

    return Fraction(text)


def _seconds(year: int, month: int, day: int) -> int:
    before = year - 1
    days = 365 * before + before // 4 - before // 100 + before // 400
    days += _BEFORE[month - 1] + day - 1
    if month > 2 and is_leap(year):  # noqa: PLR2004
        days += 1
    return days * 86400


def _duration(text: str) -> Value:
    parts = re.fullmatch(_DURATION, text)
    if parts is None:  # pragma: no cover - the lexical space is checked before
        raise AssertionError(text)
    months = int(parts["years"] or 0) * 12 + int(parts["months"] or 0)
    seconds = int(parts["days"] or 0) * 86400 + int(parts["hours"] or 0) * 3600
    exact = seconds + int(parts["minutes"] or 0) * 60 + _fraction(parts["seconds"])
    if parts["sign"]:
        months, exact = -months, -exact
    reached = []
    for year, month in _REFERENCES:
        total = year * 12 + month - 1 + months
        reached.append(_seconds(total // 12, total % 12 + 1, 1) + exact)
    return Value("duration", tuple(reached), None)

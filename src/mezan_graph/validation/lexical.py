"""Lexical spaces of the XML Schema datatypes (XSD 1.1 part 2): is a literal well-formed?

SHACL counts an ill-formed literal as a violation of ``sh:datatype`` (section 4.1.2).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from mezan_graph.namespaces import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_DAY_TIME = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_INTEGER = r"[+-]?\d+"
_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = rf"{_NAME_START}\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_FLOAT = r"(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN)"
_COLLAPSED = r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}

_PATTERNS = {
    "normalizedString": r"[^\t\n\r]*",
    "token": _COLLAPSED,
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "Name": rf"[{_NAME_START}][{_NAME}]*",
    "NCName": rf"(?!.*:)[{_NAME_START}][{_NAME}]*",
    "NMTOKEN": rf"[{_NAME}]+",
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?!$){_ZONE}",
    "time": rf"{_TIME}{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?=.)(?:\d+Y)?(?:\d+M)?{_DAY_TIME}",
    "yearMonthDuration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?",
    "dayTimeDuration": rf"-?P(?=.){_DAY_TIME}",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*"
    r"(?:(?:[A-Za-z0-9+/] ?){4}|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|"
    r"[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    **dict.fromkeys(_BOUNDS, _INTEGER),
}

# Every datatype but the strings collapses white space around its lexical form (XSD 1.1, 4.3.6).
# RDF maps lexical forms as they stand (RDF 1.1 Concepts, 5.1), so that " 1" is ill-formed here.
_DATE = r"-?\d*(\d{4})-(\d\d)-(\d\d)"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether ``year`` has 366 days in the proleptic Gregorian calendar, which has a year 0."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month, 1 for January."""
    return 28 if month == 2 and not is_leap(year) else _DAYS[month - 1]  # noqa: PLR2004


def _day_exists(text: str) -> bool:
    # Four digits of the year will do: leap years repeat every 400, and int() refuses thousands.
    if text[4] == text[7] == "-" and text[8:10] <= "28":
        return True
    year, month, day = re.match(_DATE, text).groups()  # type: ignore[union-attr]
    return day <= "28" or int(day) <= days_in(int(year), int(month))


def _recurring_day_exists(text: str) -> bool:
    return int(text[5:7]) <= _DAYS[int(text[2:4]) - 1]


def _in_bounds(name: str) -> Callable[[str], bool]:
    low, high = _BOUNDS[name]

    def check(text: str) -> bool:
        digits = text.lstrip("+-").lstrip("0")
        if len(digits) > 20:  # noqa: PLR2004
            return (low if text.startswith("-") else high) is None
        number = int(text)
        return (low is None or number >= low) and (high is None or number <= high)

    return check


_FURTHER: dict[str, Callable[[str], bool]] = {
    "date": _day_exists,
    "dateTime": _day_exists,
    "dateTimeStamp": _day_exists,
    "gMonthDay": _recurring_day_exists,
    **{name: _in_bounds(name) for name in _BOUNDS},
}


@cache
def well_formed(datatype: ox.NamedNode) -> Callable[[str], bool]:
    """Return the test whether a lexical form is in the lexical space of ``datatype``.

    The test accepts everything for datatypes that are not XML Schema's.
    """
    local = datatype.value.removeprefix(XSD.iri)
    if local == datatype.value or local not in _PATTERNS:
        return lambda _: True
    match = re.compile(_PATTERNS[local], re.ASCII).fullmatch
    further = _FURTHER.get(local)
    if further is None:
        return lambda text: match(text) is not None
    return lambda text: match(text) is not None and further(text)


def has_datatype(literal: ox.Literal, datatype: ox.NamedNode) -> bool:
    """Whether ``literal`` is of ``datatype`` and well-formed (SHACL, section 4.1.2)."""
    return literal.datatype == datatype and (
        datatype == RDF.langString or well_formed(datatype)(literal.value)
    )

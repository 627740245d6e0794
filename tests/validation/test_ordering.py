"""The order of literals: SPARQL 1.1 section 17.3 and XSD 1.1 part 2."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mezan_graph.namespaces import XSD
from mezan_graph.validation.ordering import less, value_of


def literal(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=XSD[name])


def is_less(one: tuple[str, str], other: tuple[str, str], *, or_equal: bool = False) -> bool:
    return less(value_of(literal(*one)), value_of(literal(*other)), or_equal=or_equal)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("9", "integer"), ("10", "integer")),
        (("9", "byte"), ("10.5", "decimal")),
        (("1.5", "decimal"), ("1.6", "double")),
        (("9" * 6000, "integer"), ("9" * 6001, "integer")),
        (("1", "integer"), ("INF", "float")),
        (("a", "string"), ("b", "string")),
        (("Z", "string"), ("a", "string")),
        (("false", "boolean"), ("1", "boolean")),
        (("2020-01-01", "date"), ("2020-01-02", "date")),
        (("-0001-12-31", "date"), ("0000-01-01", "date")),
        (("2020-01-01T23:00:00-05:00", "dateTime"), ("2020-01-02T05:00:00Z", "dateTime")),
        (("2020-01-01T00:00:00Z", "dateTimeStamp"), ("2020-01-01T00:00:00.1Z", "dateTime")),
        # XSD 1.1 D.2.2: no zone at all could turn these round.
        (("2020-01-01T00:00:00", "dateTime"), ("2020-01-01T14:00:01Z", "dateTime")),
        (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T14:00:01", "dateTime")),
        (("10:00:00", "time"), ("11:00:00", "time")),
        (("24:00:00", "time"), ("00:00:01", "time")),
        (("1999", "gYear"), ("2000", "gYear")),
        (("1999-12", "gYearMonth"), ("2000-01", "gYearMonth")),
        (("--01", "gMonth"), ("--02", "gMonth")),
        (("--02-28", "gMonthDay"), ("--02-29", "gMonthDay")),
        (("---01", "gDay"), ("---02", "gDay")),
        (("P1M", "duration"), ("P32D", "duration")),
        (("P11M", "yearMonthDuration"), ("P1Y", "yearMonthDuration")),
        (("PT23H", "dayTimeDuration"), ("P1D", "dayTimeDuration")),
        (("-P1D", "duration"), ("PT0S", "duration")),
    ],
)
def test_less(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert is_less(one, other)
    assert not is_less(other, one)
    assert not is_less(one, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1", "integer"), ("1", "string")),
        (("2020-01-01", "date"), ("2021", "string")),
        (("2020-01-01", "date"), ("2021-01-01T00:00:00", "dateTime")),
        (("2020", "gYear"), ("2021-01", "gYearMonth")),
        (("NaN", "double"), ("1", "integer")),
        (("x", "integer"), ("1", "integer")),
        (("2020-02-30", "date"), ("2021-01-01", "date")),
        (("2020-01-01T00:00:00", "dateTime"), ("2020-01-01T10:00:00Z", "dateTime")),
        # XSD 1.1 3.3.6.2: a month is between 28 and 31 days long.
        (("P1M", "duration"), ("P30D", "duration")),
        (("a", "anyURI"), ("b", "anyURI")),
    ],
)
def test_incomparable(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not is_less(one, other, or_equal=True)
    assert not is_less(other, one, or_equal=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1.0", "decimal"), ("01", "integer")),
        (("0.1", "float"), ("0.1", "decimal")),
        (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T02:00:00+02:00", "dateTime")),
        (("2020-01-01T24:00:00", "dateTime"), ("2020-01-02T00:00:00", "dateTime")),
        (("P1Y", "duration"), ("P12M", "yearMonthDuration")),
        (("P1D", "duration"), ("PT24H", "dayTimeDuration")),
    ],
)
def test_equal(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert is_less(one, other, or_equal=True)
    assert is_less(other, one, or_equal=True)
    assert not is_less(one, other)


def less_in_oxigraph(one: ox.Literal, other: ox.Literal) -> bool:
    return bool(ox.Store().query(f"ASK {{ FILTER({one} < {other}) }}"))


numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(lambda each: literal(str(each), "integer")),
    st.decimals(-1000, 1000, places=3).map(lambda each: literal(f"{each:f}", "decimal")),
    st.floats(-1e6, 1e6).map(lambda each: literal(repr(each), "double")),
)
moments = st.datetimes().map(lambda each: literal(each.isoformat(), "dateTime"))
strings = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=3).map(ox.Literal)


@given(st.one_of([st.tuples(each, each) for each in (numbers, moments, strings)]))
def test_as_oxigraph_orders(pair: tuple[ox.Literal, ox.Literal]) -> None:
    one, other = pair
    assert less(value_of(one), value_of(other), or_equal=False) == less_in_oxigraph(one, other)


@given(st.dates(), st.dates())
def test_dates_are_ordered_as_in_the_calendar(one: object, other: object) -> None:
    assume(one != other)
    first, second = sorted([str(one), str(other)])
    assert is_less((first, "date"), (second, "date"))

"""Rows by name, position and attribute; Python values; data frames."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="operator, union-attr"
from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal

import pyoxigraph as ox
import pytest

from mezan_graph.errors import UsageError
from mezan_graph.namespaces import XSD
from mezan_graph.queries import Solutions
from mezan_graph.queries.solutions import Row, is_number, python_value

A, B = ox.NamedNode("http://e/a"), ox.Literal("b", language="en")


def literal(text, datatype):
    return ox.Literal(text, datatype=XSD[datatype])


def test_a_row_is_read_like_a_mapping_and_like_a_tuple():
    row = Row(("x", "y", "z"), [A, B, None])
    assert row["x"] == row[0] == row.x == row["?x"] == A
    assert row.z is None
    assert tuple(row) == (A, B, None)
    assert row == (A, B, None)
    assert dict(row) == {"x": A, "y": B, "z": None}
    assert (row.get("z", B), row.get("unknown"), len(row)) == (B, None, 3)
    assert repr(row) == 'Row(x=<http://e/a>, y="b"@en)'


def test_what_a_row_does_not_have():
    row = Row(("x",), [A])
    with pytest.raises(KeyError):
        row["y"]
    with pytest.raises(IndexError):
        row[1]
    with pytest.raises(AttributeError):
        row.y  # noqa: B018


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (A, "http://e/a"),
        (B, "b"),
        (literal("007", "integer"), 7),
        (literal("2003", "gYear"), 2003),
        (literal("1.50", "decimal"), Decimal("1.50")),
        (literal("1e3", "double"), 1000.0),
        (literal("1", "boolean"), True),
        (literal("false", "boolean"), False),
        (literal("2024-02-29", "date"), dt.date(2024, 2, 29)),
        (literal("2024-02-29T01:02:03+00:00", "dateTime"),
         dt.datetime(2024, 2, 29, 1, 2, 3, tzinfo=dt.UTC)),
        (literal("many", "integer"), "many"),
        (literal("9" * 5000, "integer"), "9" * 5000),
        (literal("2023-02-29", "date"), "2023-02-29"),
        (literal("yes", "boolean"), "yes"),
        (ox.Literal("x", datatype=A), "x"),
    ],
)  # fmt: skip
def test_python_values(term, value):
    assert python_value(term) == value
    assert type(python_value(term)) is type(value)


@pytest.mark.parametrize(
    ("term", "number"),
    [
        (literal("-5", "integer"), True),
        (literal("-5.0", "decimal"), True),
        (literal("-5", "string"), False),
        (literal("-x", "integer"), False),
    ],
)
def test_numbers(term, number):
    assert is_number(term) is number


def test_rows_without_order_are_sorted_by_term():
    terms = [B, literal("10", "integer"), A, literal("9", "integer"), None, ox.BlankNode()]
    solutions = Solutions(["x"], [[term] for term in terms])
    assert [row[0] for row in solutions] == [terms[4], terms[5], A, terms[3], terms[1], B]
    kept = Solutions(["x"], [[term] for term in terms], ordered=True)
    assert [row[0] for row in kept] == terms


def test_numbers_of_every_kind_sort_together():
    terms = [literal("NaN", "double"), literal("INF", "double"), literal("1.5", "decimal"),
             literal("1", "integer")]  # fmt: skip
    solutions = Solutions(["x"], [[term] for term in terms])
    assert [row[0].value for row in solutions] == ["1", "1.5", "INF", "NaN"]


MIXED = Solutions(
    ["who", "age", "mixed"],
    [[A, literal("41", "integer"), B], [A, None, literal("7", "integer")]],
    ordered=True,
)


def test_dictionaries():
    assert MIXED.to_dicts() == [
        {"who": "http://e/a", "age": 41, "mixed": "b"},
        {"who": "http://e/a", "age": None, "mixed": 7},
    ]
    assert (len(MIXED), MIXED[1].mixed) == (2, literal("7", "integer"))
    assert repr(MIXED) == "Solutions(who, age, mixed: 2 rows)"


def test_pandas():
    frame = MIXED.to_pandas()
    assert list(frame.columns) == ["who", "age", "mixed"]
    assert list(frame["mixed"]) == ["b", 7]
    assert frame["age"].isna().tolist() == [False, True]


def test_polars():
    frame = MIXED.to_polars()
    assert frame.rows() == [("http://e/a", 41, "b"), ("http://e/a", None, "7")]
    huge = Solutions(["x"], [[literal("9" * 30, "integer")]])
    assert str(huge.to_polars().rows()[0][0]) == "9" * 30


def test_no_rows_still_have_columns():
    none = Solutions(["x", "y"], [])
    assert list(none.to_pandas().columns) == ["x", "y"]
    assert none.to_polars().columns == ["x", "y"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_installed_is_named(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=f"{library} is not installed") as caught:
        getattr(MIXED, f"to_{library}")()
    assert f"mezan-graph[{library}]" in caught.value.hint

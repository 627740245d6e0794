"""Dates become stretches of years, or say that they have no place."""

from __future__ import annotations

import pytest

from mezan_graph.site.spans import Span, span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017", Span(2017, 2018)),
        ("2002/2003", Span(2002, 2004)),
        ("2000/", Span(2000, None, ending="unknown")),
        ("2000/..", Span(2000, None, ending="open")),
        ("../2000", Span(None, 2001, beginning="open")),
        ("/2000~", Span(None, 2001, beginning="unknown")),
        ("201X", Span(2010, 2020)),
        ("2017?", Span(2017, 2018)),
        ("2017-21", Span(2017, 2018)),
        ("-0043", Span(-43, -42)),
        ("2017-07", Span(2017.5, 2017.5 + 1 / 12)),
        ("2017Z", Span(2017, 2018)),
    ],
)
def test_a_date_has_a_place(text, expected):
    assert span(text) == expected


def test_a_day_lies_in_its_month():
    assert span("2017-01-03T10:00:00Z") == Span(2017 + 2 / 372, 2017 + 3 / 372)


@pytest.mark.parametrize("text", ["", "/", "../..", "soon", "[1667,1668]", "2003/2001", "2003/x"])
def test_what_is_not_understood_has_no_place(text):
    assert span(text) is None

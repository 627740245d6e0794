"""Labels are broken into lines that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.site.lettering import direction_of, lines, width


@given(st.text(max_size=200))
def test_every_line_fits_and_nothing_is_lost_that_has_room(text):
    broken = lines(text, 12, 4)
    assert len(broken) <= 4
    assert all(width(line) <= 12 or len(line) == 1 for line in broken)
    if not broken or not broken[-1].endswith("…"):
        assert "".join(broken).replace(" ", "") == "".join(text.split())


def test_words_stay_whole_where_they_fit():
    assert lines("Swiss Agency for Development and Cooperation", 12.5, 4) == [
        "Swiss Agency for",
        "Development and",
        "Cooperation",
    ]
    assert lines("مركز الميزان لحقوق الانسان", 9, 4) == ["مركز الميزان", "لحقوق الانسان"]


def test_a_word_longer_than_a_line_is_broken():
    assert lines("x" * 20, 6, 3) == ["x" * 10, "x" * 10]
    assert lines("x" * 50, 6, 2) == ["x" * 10, "x" * 8 + "…"]


def test_a_megabyte_costs_no_more_than_a_line():
    assert lines("a " * 500_000, 6, 2)[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Ford", "ltr"), ("ميزان", "rtl"), ("1948 ميزان", "rtl"), ("42", "ltr"), ("", "ltr")],
)
def test_the_direction_of_a_text_without_a_language(text, direction):
    assert direction_of(text) == direction

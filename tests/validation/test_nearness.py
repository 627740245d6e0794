"""Near misses: the quick way finds what the plain way finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.validation.nearness import Names, nearest

NAMES = st.sets(st.text("abcA1-", min_size=1, max_size=9), min_size=21, max_size=60)


@given(known=NAMES, name=st.text("abcA1-", min_size=1, max_size=9))
def test_names_kept_for_many_questions_give_the_same_answers(known, name):
    assert nearest(name, Names(known)) == nearest(name, known)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("foundre", "founder"),
        ("fouder", "founder"),
        ("Founder", "founder"),
        ("fonuder", "founder"),
        ("foundation-of-grants", "foundation-for-grants"),
        ("nothing-like-it", None),
        ("fo", None),
    ],
)
def test_slips_of_the_hand(name, found):
    known = {"founder", "foundation-for-grants"} | {f"x{n}" for n in range(30)}
    assert nearest(name, known) == nearest(name, Names(known)) == found

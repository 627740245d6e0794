"""A file name for every IRI: injective, inside the folder, safe on every file system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.filenames import file_stem

HOSTILE = [
    "..", "../../etc/passwd", "%2e%2e", ".git", "", "CON", "con", "nul", "com1", "index",
    "a/b", "a\\b", "a:b", "x" * 300, "Straße", "e\u0301", "\u00e9", "A", "a ", "a.", "~a",
]  # fmt: skip


def test_a_slug_is_its_own_name():
    assert file_stem("al-mezan") == "al-mezan"
    assert file_stem("person-p0001") == "person-p0001"


@pytest.mark.parametrize("local", HOSTILE)
def test_anything_else_gets_a_name_that_is_safe(local):
    stem = file_stem(local)
    assert stem.startswith("~")
    assert len(stem) <= 60
    assert set(stem) <= set("~-abcdefghijklmnopqrstuvwxyz0123456789")


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[a-zA-Z0-9-]{1,8}", fullmatch=True)))
def test_two_names_never_meet_even_without_letter_case(locals_):
    stems = {file_stem(local).casefold() for local in set(locals_)}
    assert len(stems) == len(set(locals_))

"""One order for missing labels: the wanted language, the project's, none, any other."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.languages import LocalText, all_preferred, direction, preferred


def literals(*pairs: tuple[str, str | None]) -> list[ox.Literal]:
    return [ox.Literal(text, language=tag) for text, tag in pairs]


LANGUAGES = ("en", "ar")


def test_the_wanted_language_comes_first():
    shown = preferred(literals(("Gaza", "en"), ("غزة", "ar")), "ar", LANGUAGES)
    assert shown == LocalText("غزة", "ar")
    assert not shown.fallen_back


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["de", None, "ar", "en-gb"], "en-gb"),
        (["de", None, "ar"], "ar"),
        (["de", None], None),
        (["fr", "de"], "de"),
        (["en", "en-gb"], "en"),
    ],
)
def test_the_order_of_fallbacks_for_an_english_reader(tags, expected):
    shown = preferred(literals(*((f"text {tag}", tag) for tag in tags)), "en", LANGUAGES)
    assert shown is not None
    assert shown.language == expected


def test_another_language_is_marked_and_no_language_is_not():
    for text, tag, fallen_back in [
        ("نص", "ar", True),
        ("A1", None, False),
        ("hue", "en-gb", False),
    ]:
        shown = preferred(literals((text, tag)), "en", LANGUAGES)
        assert shown is not None
        assert shown.fallen_back is fallen_back


def test_several_values_of_the_best_language_are_all_shown_in_order():
    shown = all_preferred(literals(("b", "en"), ("a", "en"), ("ا", "ar")), "en", LANGUAGES)
    assert [each.text for each in shown] == ["a", "b"]


def test_nothing_is_shown_where_there_is_nothing():
    assert preferred([], "en", LANGUAGES) is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ar", "rtl"),
        ("ar-PS", "rtl"),
        ("ar-Latn", "ltr"),
        ("en-Arab", "rtl"),
        ("en", "ltr"),
        (None, "auto"),
    ],
)
def test_the_direction_of_a_language_tag(tag, expected):
    assert direction(tag) == expected

"""Literals that a store keeps, and those that it rewrites."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.namespaces import XSD
from mezan_graph.validation import originals
from mezan_graph.validation.originals import rewritten

FORMS = [
    ("date", ["2020-01-31", "2020-02-30", "2020-13-01"]),
    ("dateTime", ["2020-01-31T10:20:30", "2020-01-31T10:20:30Z", "2020-02-30T23:59:59Z"]),
    ("gYear", ["2020", "9999"]),
    ("gYearMonth", ["2020-01", "2020-99"]),
    ("integer", ["0", "-1", "999999999999999999", "-999999999999999999"]),
    ("boolean", ["true", "false"]),
    ("string", ["1.50", " a\nb "]),
]


@pytest.mark.parametrize(
    "literal", [ox.Literal(form, datatype=XSD[name]) for name, forms in FORMS for form in forms]
)
def test_what_is_taken_to_be_kept_is_kept(literal, monkeypatch):
    assert rewritten([literal]) == {}
    monkeypatch.setattr(originals, "_KEPT", {})
    assert rewritten([literal]) == {}


@pytest.mark.parametrize(
    ("name", "form", "becomes"),
    [
        ("integer", "007", "7"),
        ("decimal", "1.50", "1.5"),
        ("boolean", "1", "true"),
        ("dateTime", "2020-01-31T10:20:30.10Z", "2020-01-31T10:20:30.1Z"),
    ],
)
def test_other_forms_are_rewritten(name, form, becomes):
    literal = ox.Literal(form, datatype=XSD[name])
    assert rewritten([literal]) == {literal: ox.Literal(becomes, datatype=XSD[name])}

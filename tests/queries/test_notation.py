"""Terms in expected answers: short, and nothing lost."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.namespaces import PREFIXES, XSD
from mezan_graph.queries.notation import cell, normal

EX = PREFIXES | {"ex": "http://example.org/"}


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (None, ""),
        (ox.NamedNode("http://example.org/a"), "ex:a"),
        (ox.NamedNode("http://example.org/a/b"), "<http://example.org/a/b>"),
        (ox.BlankNode("x"), "_:"),
        (ox.Literal(5), "5"),
        (ox.Literal("05", datatype=XSD.integer), "'05'^^xsd:integer"),
        (ox.Literal(True), "true"),
        (ox.Literal("5"), "'5'"),
        (ox.Literal("it's", language="en"), r"'it\'s'@en"),
        (ox.Literal('"a"\n'), r"""'"a"\n'"""),
        (ox.Literal("2003", datatype=XSD.gYear), "'2003'^^xsd:gYear"),
        (ox.Literal("x", datatype=ox.NamedNode("http://e/#y")), "'x'^^<http://e/#y>"),
    ],
)
def test_a_term_and_its_notation(term, text):
    assert cell(term, EX) == text
    assert normal(text, EX) == text


terms = st.one_of(
    st.text(st.characters(codec="utf-8")).map(ox.Literal),
    st.text(st.characters(codec="utf-8")).map(lambda text: ox.Literal(text, language="ar")),
    st.text(st.characters(codec="utf-8")).map(lambda text: ox.Literal(text, datatype=XSD.token)),
)


@given(terms, terms)
def test_different_terms_have_different_notations(one, other):
    assert (cell(one, EX) == cell(other, EX)) is (one == other)


@given(terms)
def test_n_triples_is_understood_too(term):
    assert normal(str(term), EX) == cell(term, EX)

"""From the text of a parameter to a term of its type."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="union-attr"
from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ParameterError
from mezan_graph.namespaces import XSD
from mezan_graph.queries.parameters import TYPES, Parameter, bound_values


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("iri", "anna", ox.NamedNode("https://small.example/id/anna")),
        ("iri", "ex:anna", ox.NamedNode("http://example.org/anna")),
        ("iri", "http://e/x", ox.NamedNode("http://e/x")),
        ("iri", "<http://e/x>", ox.NamedNode("http://e/x")),
        ("concept", "funding-core", ox.NamedNode("https://small.example/concept/funding-core")),
        ("concept", "ex:core", ox.NamedNode("http://example.org/core")),
        ("string", "", ox.Literal("")),
        ("string", 'a "b" } #', ox.Literal('a "b" } #')),
        ("langstring", "mail@home@en", ox.Literal("mail@home", language="en")),
        ("integer", "-012", ox.Literal("-012", datatype=XSD.integer)),
        ("decimal", "1.50", ox.Literal("1.50", datatype=XSD.decimal)),
        ("boolean", "true", ox.Literal(True)),
        ("boolean", "No", ox.Literal(False)),
        ("date", "2024-02-29", ox.Literal("2024-02-29", datatype=XSD.date)),
        ("year", "2003", ox.Literal("2003", datatype=XSD.gYear)),
        ("year", "-0044", ox.Literal("-0044", datatype=XSD.gYear)),
        ("limit", "10", ox.Literal(10)),
        ("offset", "0", ox.Literal(0)),
    ],
)
def test_values(folder, kind, text, term):
    assert Parameter("p", kind).term(text, folder) == term


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "a b"),
        ("iri", "http://e/> } #"),
        ("iri", r"http://e/\u003e"),
        ("concept", "../other"),
        ("concept", "a>b"),
        ("langstring", "no language"),
        ("langstring", "text@en us"),
        ("integer", "1.0"),
        ("integer", "١"),
        ("integer", "1 } #"),
        ("integer", "9" * 5000),
        ("integer", ""),
        ("decimal", "1e5"),
        ("decimal", "."),
        ("boolean", "maybe"),
        ("date", "2023-02-29"),
        ("date", "20230201"),
        ("year", "03"),
        ("limit", "-1"),
        ("limit", "1\n"),
        ("offset", "ten"),
    ],
)
def test_values_of_another_type(folder, kind, text):
    with pytest.raises(ParameterError) as caught:
        Parameter("p", kind).term(text, folder)
    assert caught.value.place == "p"
    assert f"is no {kind}" in caught.value.message
    assert caught.value.hint == f"expected {TYPES[kind][0]}"
    assert len(caught.value.message) < 100


def test_enumerated_values(folder):
    parameter = Parameter("kind", "concept", enum=("funding-core", "funding-project"))
    assert parameter.term("funding-core", folder).value.endswith("/funding-core")
    with pytest.raises(ParameterError) as caught:
        parameter.term("funding-cor", folder)
    assert caught.value.hint == "did you mean funding-core?"
    with pytest.raises(ParameterError) as caught:
        parameter.term("x", folder)
    assert caught.value.hint == "one of funding-core, funding-project"


DECLARED = (
    Parameter("who", "iri", required=True),
    Parameter("year", "year", default="2003"),
    Parameter("kind", "concept"),
    Parameter("rows", "limit", default="5"),
)


def test_defaults_limits_and_absent_ones(folder):
    terms, numbers = bound_values(DECLARED, {"who": "anna"}, folder)
    assert sorted(terms) == ["who", "year"]
    assert numbers == {"LIMIT": 5}
    terms, numbers = bound_values(DECLARED, {"who": "a", "kind": "b", "rows": "0"}, folder)
    assert sorted(terms) == ["kind", "who", "year"]
    assert numbers == {"LIMIT": 0}


@pytest.mark.parametrize(
    ("values", "place", "message", "hint"),
    [
        ({"whom": "x"}, "whom", "unknown parameter", "did you mean who?"),
        ({"zzz": "x"}, "zzz", "unknown parameter", "one of who, year, kind, rows"),
        ({}, "who", "a value is required", "give -p who=…, a slug"),
    ],
)
def test_unknown_and_missing_ones(folder, values, place, message, hint):
    with pytest.raises(ParameterError) as caught:
        bound_values(DECLARED, values, folder)
    assert (caught.value.place, caught.value.message) == (place, message)
    assert caught.value.hint.startswith(hint)
    assert caught.value.exit_code == 2

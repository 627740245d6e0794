"""Values are bound as terms, wherever the query mentions the variable."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="arg-type, misc, union-attr"
from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.errors import ParameterError, QueryError
from mezan_graph.graph import Graph
from mezan_graph.queries import run_query
from mezan_graph.queries.binding import bind, total_order
from mezan_graph.queries.outline import outline
from mezan_graph.queries.wording import Edits, wording

EMPTY = Graph.from_quads([], {})
SEVEN = ox.Literal(7)


def ex(name):
    return ox.NamedNode(f"http://example.org/{name}")


def names(answer):
    return [row[0].value.removeprefix("http://example.org/") for row in answer]


# What a store does not rewrite: strings, with and without language, and unknown datatypes.
texts = st.text(st.characters(codec="utf-8"))
tags = st.from_regex(r"[a-z]{2,3}(-[a-z]{4})?(-[0-9]{3})?", fullmatch=True)
iris = st.from_regex(r"[a-z]{2,5}:[A-Za-z0-9/#?=&'()$!*+,;:@~._%-]{0,30}", fullmatch=True)


def valid_iri(text):
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


terms = st.one_of(
    texts.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, tags),
    st.builds(lambda text: ox.Literal(text, datatype=ex("type")), texts),
    iris.map(valid_iri).filter(lambda term: term is not None),
)


@given(terms)
def test_any_term_comes_back_equal(term):
    (row,) = run_query(EMPTY, "SELECT ?p { }", bindings={"p": term})
    assert row.p == term


HOSTILE = [
    '"', "'", "\\", r"\u0022", r"\\u0022", r'\"', "a\nb", "\r", "#", "}", "> } {", '""" }',
    "?x", "'''", "\U0001f600", "\u0000", "\u2028", 'x" } SERVICE <http://e/> { #',
    r"\u0022 } UNION { ?s ?p ?o } #", "آنا",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_values(graph, value):
    text = "SELECT ?s ?v { ?s ex:name ?n . FILTER(STR(?n) = ?v) }"
    assert len(run_query(graph, text, bindings={"v": ox.Literal(value)})) == int(value == "آنا")


@pytest.mark.parametrize("value", HOSTILE)
def test_engines_that_replace_codepoint_escapes_first_read_the_same_value(value):
    """Section 19.2: escapes are replaced before the grammar applies."""
    query = outline("SELECT ?v { }")
    text = wording(query, {}, bind(query, {"v": ox.Literal(value)}), local=False).text
    early = text.replace("\\u0075", "u").replace("\\u0055", "U")
    store = ox.Store()
    assert [row["v"].value for row in store.query(text)] == [value]
    if "\\\\u" not in early:
        assert [row["v"].value for row in store.query(early)] == [value]


def test_select_construct_ask_describe(graph):
    age = {"age": SEVEN}
    assert names(run_query(graph, "SELECT ?s { ?s ex:age ?age }", bindings=age)) == ["bert"]
    built = run_query(graph, "CONSTRUCT { ?s ex:is ?age } WHERE { ?s ex:age ?age }", bindings=age)
    assert [quad.object for quad in built] == [SEVEN]
    short = run_query(graph, "CONSTRUCT WHERE { ?s ex:age ?age }", bindings=age)
    assert [quad.subject for quad in short] == [ex("bert")]
    assert run_query(graph, "ASK { ?s ex:age ?age }", bindings=age) is True
    assert run_query(graph, "ASK { ?s ex:age ?age }", bindings={"age": ox.Literal(8)}) is False
    described = run_query(graph, "DESCRIBE ?who", bindings={"who": ex("carl")})
    assert {quad.subject for quad in described} == {ex("carl")}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ex:age ?n FILTER(?n = ?age) }",
        "SELECT ?s { { ?s ex:age ?n FILTER(?n = ?age) } }",
        "SELECT ?s { { ?s ex:age ?n FILTER(?n = ?age) } UNION { ?s ex:none ?age } }",
        "SELECT DISTINCT ?s { GRAPH ?g { ?s ex:age ?n FILTER(?n = ?age) } }",
        "SELECT ?s { ?s ex:age ?n MINUS { ?s ex:age ?n FILTER(?n != ?age) } }",
        "SELECT ?s { ?s ex:age ?n FILTER NOT EXISTS { ?s ex:age ?x FILTER(?x != ?age) } }",
        "SELECT ?s { ?s ex:age [] OPTIONAL { ?s ex:age ?n FILTER(?n = ?age) } FILTER(BOUND(?n)) }",
        "SELECT ?s { { SELECT ?s { ?s ex:age ?age } } }",
        "SELECT ?s { { SELECT ?s ?age { ?s ex:age ?n FILTER(?n = ?age) } } }",
        "SELECT ?s { ?s ex:age ?n BIND(?age AS ?copy) FILTER(?n = ?copy) }",
        "SELECT ?s { ?s ex:age ?n } GROUP BY ?s HAVING (MAX(?n) = ?age)",
        "SELECT ?s { ?s ex:age ?n VALUES ?n { 7 41 } FILTER(?n = $age) }",
    ],
)
def test_every_group_that_mentions_the_variable_sees_the_value(graph, text):
    assert names(run_query(graph, text, bindings={"age": SEVEN})) == ["bert"]


def test_expressions_of_the_select_clause_see_the_value(graph):
    text = "SELECT ?s (MAX(?n) + ?more AS ?sum) { ?s ex:age ?n } GROUP BY ?s ORDER BY ?sum"
    answer = run_query(graph, text, bindings={"more": ox.Literal(1)})
    assert [row.sum.value for row in answer] == ["8", "42"]


def test_a_variable_without_a_value_stays_unbound(graph):
    text = "SELECT ?s { ?s ex:age ?n FILTER(!BOUND(?age) || ?n = ?age) }"
    assert names(run_query(graph, text)) == ["anna", "bert"]
    assert names(run_query(graph, text, bindings={"age": SEVEN})) == ["bert"]


def test_several_values(graph):
    text = "SELECT ?n { ?s ?p ?n FILTER(LANG(?n) = ?lang) }"
    answer = run_query(graph, text, bindings={"s": ex("anna"), "lang": ox.Literal("ar")})
    assert [row.n.value for row in answer] == ["آنا"]


@pytest.mark.parametrize(
    ("bindings", "part"),
    [({"other": SEVEN}, "does not mention"), ({"s": ox.BlankNode()}, "blank node")],
)
def test_what_cannot_be_bound(graph, bindings, part):
    with pytest.raises(ParameterError, match=part):
        run_query(graph, "SELECT ?s { ?s ?p ?o }", bindings=bindings)


@pytest.mark.parametrize(
    "text",
    ["SELECT ?s { BIND(1 AS ?s) }", "CONSTRUCT WHERE { ?s ?p ?o } VALUES ?o { 1 }"],
)
def test_what_leaves_no_room_for_a_value(graph, text):
    with pytest.raises(QueryError):
        run_query(graph, text, bindings={"s": SEVEN})


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("SELECT ?s { ?s ?p ?o } ORDER BY ?o", "SELECT ?s { ?s ?p ?o } ORDER BY ?o ?s "),
        (
            "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT 1",
            "SELECT * { ?s ?p ?o } ORDER BY ?o  ?o ?p ?s LIMIT 1",
        ),
        (
            "SELECT (COUNT(?s) AS ?n) ?o { ?s ?p ?o } GROUP BY ?o ORDER BY ?n",
            "SELECT (COUNT(?s) AS ?n) ?o { ?s ?p ?o } GROUP BY ?o ORDER BY ?n ?n ?o ",
        ),
        ("SELECT ?s { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o }"),
    ],
)
def test_an_order_is_made_total(text, sent):
    query = outline(text)
    edits = Edits()
    total_order(query, edits)
    assert wording(query, {}, edits).text == sent

"""Queries on a graph: solutions, booleans, graphs; errors with their place; the engine's bugs."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="arg-type, call-arg, misc, union-attr"
from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import QueryError
from mezan_graph.graph import Graph
from mezan_graph.queries import Solutions, run_query
from mezan_graph.queries.union import count_triples

EX = "http://example.org/"


def test_the_default_graph_is_the_union_of_all(graph):
    answer = run_query(graph, "SELECT ?s ?n { ?s ex:name ?n FILTER(LANG(?n) = '') }")
    assert isinstance(answer, Solutions)
    assert [row.n.value for row in answer] == ["Bert", "Carl"]


def test_a_triple_in_two_graphs_counts_once(graph):
    (row,) = run_query(graph, "SELECT (COUNT(*) AS ?n) { ex:bert ex:age 7 }")
    assert row.n.value == "1"
    (row,) = run_query(graph, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ex:bert ex:age 7 } }")
    assert row.n.value == "2"


def test_a_triple_in_a_named_and_in_the_default_graph_counts_once():
    terms = [ox.NamedNode(f"{EX}{name}") for name in "spo"]
    graph = Graph.from_quads([ox.Quad(*terms), ox.Quad(*terms, ox.NamedNode(f"{EX}g"))])
    (row,) = run_query(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert row.n.value == "1"


@pytest.mark.parametrize("name", ["", "<https://example.org/graph>"])
def test_where_there_is_one_graph_it_is_the_default_graph_and_keeps_its_name(name):
    only = Graph.from_quads(ox.parse(f"<x:a> <x:p> <x:b> {name} .", ox.RdfFormat.N_QUADS))
    count = "SELECT (COUNT(*) AS ?n) {{ {} }}"
    for pattern, expected in (("?s ?p ?o", 1), ("GRAPH ?g { ?s ?p ?o }", 1 if name else 0)):
        (row,) = run_query(only, count.format(pattern))
        assert row.n.value == str(expected)
    assert count_triples(only) == 1


def test_no_graph_at_all_has_no_solutions():
    empty = Graph.from_quads([])
    assert run_query(empty, "ASK { ?s ?p ?o }") is False
    assert count_triples(empty) == 0


def test_select_all_has_its_variables_in_the_order_written(graph):
    answer = run_query(graph, "SELECT * { ?who ex:knows ?friend . ?friend ex:age ?age }")
    assert answer.variables == ("who", "friend", "age")
    assert [row.age.value for row in answer] == ["7", "7"]


def test_rows_come_in_one_order_without_order_by_and_as_asked_with_it(graph):
    people = "?s ex:age|ex:since ?v"
    rows = run_query(graph, f"SELECT ?s {{ {people} }}").rows
    assert [row.s.value for row in rows] == [f"{EX}anna", f"{EX}bert", f"{EX}carl"]
    rows = run_query(graph, f"SELECT ?s {{ {people} }} ORDER BY DESC(?s)").rows
    assert [row.s.value for row in rows] == [f"{EX}carl", f"{EX}bert", f"{EX}anna"]


def test_ties_of_order_by_are_decided(graph):
    text = "SELECT ?s { ?s ex:age|ex:since ?v BIND(1 AS ?same) } ORDER BY ?same LIMIT 1"
    (row,) = run_query(graph, text)
    assert row.s.value == f"{EX}anna"


def test_ask(graph):
    assert run_query(graph, "ASK { ex:anna ex:knows ex:bert }") is True
    assert run_query(graph, "ASK { ex:bert ex:knows ex:anna }") is False


def test_construct_and_describe_give_each_triple_once(graph):
    built = run_query(graph, "CONSTRUCT { ex:all ex:has ex:friends } WHERE { ?a ex:knows ?b }")
    assert [str(quad.triple) for quad in built] == [f"<{EX}all> <{EX}has> <{EX}friends>"]
    described = run_query(graph, "DESCRIBE ex:bert")
    assert len(list(described)) == 2
    assert described.prefixes == graph.prefixes


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("SELECT ?s\n{ ?s ex:knows }", (2, 15), "} cannot stand here"),
        ("# comment\nPREFIX e: <http://e/>\nSELECT ?s WHERE ?s", (3, 17), "?s"),
        ("SELECT ?s { ?s ex:knows <relative> }", (1, 25), "<relative> is a relative IRI"),
        ("SELECT ?s { ?s ex:p 'a' 'b' }", (1, 25), "at 'b' or just after it"),
        ("SELECT ?s { ?s ex:p 1 } LIMIT", (1, 30), "the query ends too early"),
        ("SELECT ?s { ?s ex:p 1 } LIMIT ?s", (1, 31), "?s"),
        ("SELECT ?s { ?s ex:p 1 FILTER }", (1, 30), "}"),
        ("SELECT ?s { ?s ex:p 1 OPTIONAL ?s }", (1, 32), "?s"),
        ("SELECT ?s ?o { ?s ex:p ?o } GROUP BY ?s", (1, 1), "a variable that is unbound"),
        ("SELECT (1 AS ?x) (2 AS ?x) { }", (1, 1), "Duplicated variable name"),
        ("SELECT (1 ?x) { }", (1, 8), "at ( or just after it"),
    ],
)
def test_a_syntax_error_has_the_place_as_written(graph, text, place, message):
    with pytest.raises(QueryError) as caught:
        run_query(graph, text, place="q.rq")
    assert message in caught.value.message
    assert (caught.value.place, caught.value.line, caught.value.column) == ("q.rq", *place)
    assert len(str(caught.value)) < 300


def test_an_unknown_function_is_named(graph):
    with pytest.raises(QueryError, match="http://example.org/f") as caught:
        run_query(graph, "SELECT (ex:f(1) AS ?x) { }")
    assert caught.value.hint == "only the functions of SPARQL 1.1 can be called"


# Bugs of pyoxigraph 0.5.13 that a writer of queries meets. Each of these tests shows one; when an
# upgrade makes it fail, remove it, and the advice in docs/stored-queries.md.


def engine(text):
    store = ox.Store()
    store.add(ox.Quad(*[ox.NamedNode(f"{EX}{name}") for name in "spog"]))
    return [[None if term is None else term.value for term in row] for row in store.query(text)]


def test_engine_bug_values_alone_in_graph_loses_the_graph():
    assert engine("SELECT ?g { GRAPH ?g { VALUES ?x { 1 } } }") == [[None]]


def test_engine_bug_a_path_of_length_zero_from_an_absent_term_has_no_row():
    assert engine("SELECT ?x { <http://example.org/absent> <http://example.org/p>* ?x }") == []


def test_engine_bug_group_concat_of_numbers_is_unbound():
    assert engine("SELECT (GROUP_CONCAT(?x) AS ?c) { VALUES ?x { 1 2 } }") == [[None]]
    assert engine("SELECT (GROUP_CONCAT(STR(?x)) AS ?c) { VALUES ?x { 1 2 } }") == [["1 2"]]


def test_engine_bug_bnode_of_a_string_is_one_node_in_all_solutions():
    rows = engine("SELECT (BNODE('a') AS ?b) { VALUES ?x { 1 2 } }")
    assert rows[0] == rows[1]


def test_engine_bug_count_inside_of_graph_loses_the_graph():
    text = "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    assert engine(text) == [[None, "1"]]


def test_engine_bug_the_union_of_graphs_repeats_a_triple():
    store = ox.Store()
    for name in "gh":
        store.add(ox.Quad(*[ox.NamedNode(f"{EX}{each}") for each in f"spo{name}"]))
    assert len(list(store.query("SELECT * { ?s ?p ?o }", use_default_graph_as_union=True))) == 2


def test_engine_fact_the_store_rewrites_literals():
    assert engine("SELECT (1.50 AS ?x) ('a'@EN AS ?y) { }") == [["1.5", "a"]]


def test_engine_bug_the_reader_of_xml_results_trims_white_space():
    xml = (
        b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
        b'<results><result><binding name="x"><literal> a </literal></binding></result></results>'
        b"</sparql>"
    )
    (row,) = ox.parse_query_results(xml, format=ox.QueryResultsFormat.XML)
    assert row["x"].value == "a"

"""Which predicates a query can match: told from its text, or everything.

The last test holds what the others say: a query has the same results on what is loaded for it as on
the whole graph.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mezan_graph.graph import Graph
from mezan_graph.queries.evaluation import evaluate
from mezan_graph.queries.outline import Outline, outline
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.wording import Edits
from mezan_graph.validation.index import TripleIndex, index_of
from mezan_graph.validation.paths import Inverse, Path, Predicate, Repeated
from mezan_graph.validation.query_predicates import query_predicates
from mezan_graph.validation.validator import shacl

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = {"": "https://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}


def predicates(text: str, path: Path | None = None) -> set[str] | None:
    """Return the names of the predicates, with a star behind those that name predicates."""
    found = query_predicates(outline(text), PREFIXES, path)
    if found is None:
        return None
    names = {each: each.value.replace(RDF, "rdf:").rpartition("/")[2] for each in found.predicates}
    return {name + "*" * (each in found.named_by) for each, name in names.items()}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?this :p ?o", {"p"}),
        ("?this a :C ; :p 1, 2 ; :q [ :r ?x ; :s ?y ] .", {"rdf:type", "p", "q", "r", "s"}),
        ("[ :p ?this ] :q ?o . ?o :r []", {"p", "q", "r"}),
        ("?this :p/^:q|:r+ ?o", {"p", "q", "r"}),
        ("?this (:p/(:q|^:r))+ ?o", {"p", "q", "r"}),
        ("?this :p ( 1 ?x )", {"p", "rdf:first", "rdf:rest"}),
        ('?this :p "a"@en, "1"^^xsd:int, -1, true', {"p"}),
        ("?this :p ?o FILTER(?o > 1 && !bound(?z)) ?o :q ?x", {"p", "q"}),
        ("?this :p ?o FILTER REGEX(?o, 'x') . ?o :q ?x", {"p", "q"}),
        ("?this :p ?o FILTER NOT EXISTS { ?o :q ?x } ?o :r ?y", {"p", "q", "r"}),
        ("FILTER(?this = 1 || EXISTS { ?this :p ?o FILTER(?o = 1) }) ?this :q 1", {"p", "q"}),
        ("{ ?this :p 1 } UNION { ?this :q 1 } OPTIONAL { ?this :r 1 } ?this :s 2", set("pqrs")),
        ("BIND(:x AS ?y) ?this :p ?y", {"p"}),
        (
            "{ SELECT ?this (COUNT(?x) AS ?n) { ?this :p ?x } GROUP BY ?this } ?this :q ?n",
            set("pq"),
        ),
        ("?this <https://example.org/p> ?o", {"p"}),
        ("?this ?p ?o", None),
        ("?this :p ?o ; ?q 1", None),
        ("[ ?q 1 ]", None),
        ("?this :p* ?o", None),
        ("?this (:p/:q?) ?o", {"p", "q"}),
        ("?this :p*/:q?|:r ?o", None),
        ("?this :p*/^:q/:r? ?o", {"p", "q", "r"}),
        ("?this (:p|:q*)/:r? ?o", None),
        ("?this :q ?v . ?v :p* ?o", {"p", "q"}),
        ("?this :q [ :p* ?o ] . ?o :r 1", {"p", "q", "r"}),
        ("?this :q ?v . ?v :p* ?o . ?o :r? ?last", None),
        ("?this :q ?v OPTIONAL { ?v :p* ?o }", None),
        ("?this :q ?v FILTER NOT EXISTS { ?v :p* ?o }", {"p", "q"}),
        ("?this :q ?v BIND(EXISTS { ?v :p* ?o } AS ?b)", None),
        (":a :p* ?o", None),
        ("?this ?p ?o FILTER (?p IN (:q, :r))", {"q", "r"}),
        ("?this ?p ?o FILTER (?p = :q)", {"q"}),
        ("FILTER (?p IN (:q)) ?this ?p ?o ; :r ?o", {"q", "r"}),
        ("?this ?p ?o FILTER (?p NOT IN (:q, :r))", None),
        ("?this ?p ?o FILTER (?p IN (:q) || ?o = 1)", None),
        ("?this ?p ?o FILTER (?p IN (:q, ?r))", None),
        ("?this ?p ?o FILTER (?o IN (:q))", None),
        ("{ ?this ?p ?o } FILTER (?p IN (:q))", None),
        ("?this :q ?v FILTER EXISTS { ?v ?p ?o } FILTER (?p IN (:r))", {"q", "r"}),
        ("?this :q ?p . ?this ?p ?o", {"q*"}),
        ("?this :q/:r ?p . ?this ?p ?o", None),
        ("?this ^:q ?p . ?this ?p ?o", None),
        ("?this :q ?p OPTIONAL { ?this ?p ?o }", None),
        ("?this :q ?s ; :r ?p ; :t ?v FILTER NOT EXISTS { ?s ?p ?v }", {"q", "r*", "t"}),
        ("?this :r ?p . FILTER EXISTS { ?x :q 1 FILTER NOT EXISTS { ?x ?p 1 } }", {"q", "r*"}),
        ("?this :q ?x BIND(EXISTS { ?this ?p ?o } AS ?b) ?x :r ?p", None),
        ("FILTER EXISTS { ?this :r ?p } ?this ?p ?o", None),
        ("?this !:p ?o", None),
        ("GRAPH ?g { ?this :p ?o }", None),
        ("VALUES ?p { :q :r } ?this ?p ?o", {"q", "r"}),
        ("?this ?p ?o . VALUES ?p { :q } ?o :r 1", {"q", "r"}),
        ("?this :q ?x VALUES ?p { :r } FILTER EXISTS { ?x ?p 1 }", {"q", "r"}),
        ("VALUES ?p { :q UNDEF } ?this ?p ?o", None),
        ("VALUES (?p ?o) { (:q 1) } ?this ?p ?o", None),
        ("VALUES ?p { :q } OPTIONAL { ?this ?p ?o }", None),
        ("VALUES ?o { 1 } ?this :p ?o", None),
        ("?this none:p ?o", None),
        ("?this <p> ?o", None),
    ],
)
def test_predicates_of_a_pattern(pattern: str, expected: set[str] | None) -> None:
    assert predicates(f"SELECT ?this {{ {pattern} }}") == expected
    assert predicates(f"ASK {{ {{ {pattern} }} }} LIMIT 1") == expected


def test_modifiers_are_no_patterns() -> None:
    text = "SELECT ?this (SUM(?x) AS ?n) { ?this :p ?x } GROUP BY ?this HAVING(SUM(?x) > 1) LIMIT 5"
    assert predicates(text) == {"p"}
    assert predicates("SELECT ?this { ?this :p ?x } ORDER BY EXISTS { ?x ?y ?z }") is None


def test_the_path_of_the_shape_counts() -> None:
    text = "SELECT ?this { ?this $PATH/:q ?value }"
    path = Predicate(ox.NamedNode("https://example.org/p"))
    assert predicates(text, Inverse(path)) == {"p", "q"}
    assert predicates(text, Repeated(path, "+")) == {"p", "q"}
    assert predicates(text, Repeated(path, "*")) == {"p", "q"}
    assert predicates("SELECT ?this { ?this $PATH ?value }", Repeated(path, "*")) is None
    assert predicates("SELECT ?this { ?this $PATH ?v ; :q ?v }", Repeated(path, "?")) == {"p", "q"}
    assert predicates("SELECT ?this { ?this :q ?value }", Repeated(path, "*")) == {"q"}


QUERIES = [
    "$this :q ?value . ?value :p* ?around FILTER (?around = $this)",
    "$this :q ?value . ?value (:p/:q?)? $this",
    "$this :p*/^:q/:r? ?value",
    "$this :q ?o FILTER NOT EXISTS { ?o :p* $this } BIND(?o AS ?value)",
    "$this ?verb ?value FILTER (?verb IN (:p, :r))",
    "$this :q ?value . $this ?value ?given",
    "$this :p ?s ; :q ?verb ; :r ?value FILTER NOT EXISTS { ?s ?verb ?value }",
    "$this ?verb ?value FILTER (?verb = :p) FILTER NOT EXISTS { $this :q ?verb }",
]
NODES = st.sampled_from([ox.NamedNode(f"https://example.org/{name}") for name in "abpqr"])
LITERALS = st.sampled_from([ox.Literal("1", datatype=ox.NamedNode(f"{PREFIXES['xsd']}int"))])
TRIPLES = st.builds(ox.Quad, NODES, NODES, NODES | LITERALS)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(QUERIES), st.lists(TRIPLES, max_size=12))
def test_what_is_loaded_for_a_query_gives_what_the_whole_graph_gives(
    pattern: str, triples: list[ox.Quad]
) -> None:
    text = f"PREFIX : <https://example.org/> SELECT $this ?value {{ {pattern} }}"
    assert predicates(text) is not None
    shapes = f"""
        PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX : <https://example.org/>
        :S a sh:NodeShape ; sh:targetNode :a, :b, :p, :q, :r ;
            sh:sparql [ sh:select {ox.Literal(text)} ] ."""
    of_shapes = Graph.from_quads(ox.parse(shapes, ox.RdfFormat.TURTLE))
    part = shacl(Graph.from_quads(triples), of_shapes).results
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TripleIndex, "reached", lambda *_: None)
        whole = shacl(Graph.from_quads(triples), of_shapes).results
    assert sorted(part, key=str) == sorted(whole, key=str)


def test_graphs_are_followed_where_a_dataset_is_asked() -> None:
    def reached(pattern: str) -> object:
        found = query_predicates(outline(f"ASK {{ {pattern} }}"), PREFIXES, None, graphs=True)
        return found and {each.value.rpartition("/")[2] for each in found.predicates}

    assert reached("GRAPH ?g { ?s :p ?o } ?o :q ?g") == {"p", "q"}
    assert reached("GRAPH :g { VALUES ?p { :q } ?s ?p ?o }") == {"q"}
    assert reached("VALUES ?p { :q } GRAPH ?g { ?s ?p ?o }") is None
    assert reached("?s :p ?o FILTER EXISTS { GRAPH ?g { ?s :q ?x } }") == {"p", "q"}
    # Which graphs there are is seen by whoever asks for nothing in them.
    assert reached("?s :p ?g GRAPH ?g { }") is None
    assert reached("?s :p ?g GRAPH ?g { OPTIONAL { ?s :q ?x } }") is None
    assert reached("?s :p ?g GRAPH ?g { { ?s :q ?x } }") is None


def solutions(graph: Graph, query: Outline) -> Solutions:
    found = evaluate(graph, query, Edits())
    assert isinstance(found, Solutions)
    return found


DATASET_QUERIES = [
    "GRAPH ?g { ?s :p ?o } FILTER NOT EXISTS { ?o :q ?s }",
    "GRAPH ?g { VALUES ?verb { :p :q } ?s ?verb ?o } OPTIONAL { ?s :r ?x }",
    "?s :p|^:q ?o . ?o :p* ?x GRAPH :b { ?s :r ?y }",
    "?s a ?o . OPTIONAL { GRAPH ?g { ?s :p ?o ; :q ?x } } ?s ?verb ?o VALUES ?verb { :r :p }",
]
GRAPHS = st.sampled_from([ox.NamedNode("https://example.org/a"), ox.NamedNode(PREFIXES[""] + "b")])
QUADS = st.builds(
    ox.Quad, NODES, NODES | st.just(ox.NamedNode(f"{RDF}type")), NODES | LITERALS, GRAPHS
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(DATASET_QUERIES), st.lists(QUADS, max_size=12))
def test_what_a_query_reaches_of_a_dataset_gives_what_the_whole_gives(
    pattern: str, quads: list[ox.Quad]
) -> None:
    query = outline(f"PREFIX : <https://example.org/> SELECT * {{ {pattern} }}")
    whole = Graph.from_quads(quads)
    wanted = index_of(whole).reached([query_predicates(query, {}, None, graphs=True)])
    assert wanted is not None
    part = whole.with_predicates(wanted)
    rows = [sorted(map(str, solutions(each, query))) for each in (whole, part)]
    assert rows[0] == rows[1]

"""Which predicates a query can match: told from its text, or everything."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.queries.outline import outline
from mezan_graph.validation.paths import Inverse, Path, Predicate, Repeated
from mezan_graph.validation.query_predicates import query_predicates

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = {"": "https://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}


def predicates(text: str, path: Path | None = None) -> set[str] | None:
    found = query_predicates(outline(text), PREFIXES, path)
    if found is None:
        return None
    return {each.value.replace(RDF, "rdf:").rpartition("/")[2] for each in found}


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
        ("?this (:p/:q?) ?o", None),
        ("?this !:p ?o", None),
        ("GRAPH ?g { ?this :p ?o }", None),
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
    assert predicates(text, Repeated(path, "*")) is None
    assert predicates("SELECT ?this { ?this :q ?value }", Repeated(path, "*")) == {"q"}

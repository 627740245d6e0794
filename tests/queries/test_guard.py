"""What never reaches the engine: other places, updates, and what would kill or occupy it."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import json
import socket
import subprocess
import sys

import pyoxigraph as ox
import pytest

from mezan_graph.errors import QueryError, RefusedQueryError
from mezan_graph.graph import Graph
from mezan_graph.queries import run_query
from mezan_graph.queries.guard import MAX_JOINS, MAX_REPEATED_PATHS, MAX_STEPS, check
from mezan_graph.settings import Limits

LIMITS = Limits()


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("SELECT * { SERVICE <http://e/> { } }", 12, "SERVICE"),
        ("SELECT * { service SILENT ?s { } }", 12, "service"),
        ("SELECT * FROM <http://e/> { }", 10, "FROM"),
        ("SELECT * FROM NAMED <http://e/> { }", 10, "FROM"),
        ("DESCRIBE <file:///etc/passwd>", 10, "file:"),
        ("DESCRIBE <FILE:///etc/passwd>", 10, "file:"),
        (r"DESCRIBE <\u0066ile:///etc/passwd>", 10, "file:"),
        (r"DESCRIBE <f\u0069le:///etc/passwd>", 10, "file:"),
        ("ASK { } ; LOAD <http://e/>", 11, "LOAD"),
        ("ASK { } ; DROP ALL", 11, "DROP"),
    ],
)
def test_nothing_reaches_outside(text, column, part):
    with pytest.raises(RefusedQueryError) as caught:
        check(text, LIMITS, place="q.rq")
    assert part.lower() in caught.value.message.lower()
    assert (caught.value.place, caught.value.line, caught.value.column) == ("q.rq", 1, column)
    assert caught.value.hint


@pytest.mark.parametrize("verb", ["INSERT DATA", "DELETE WHERE", "CLEAR", "DROP", "LOAD", "COPY"])
def test_updates_are_no_queries(verb):
    with pytest.raises(QueryError, match="cannot stand here"):
        check(f"{verb} {{ <a> <b> <c> }}", LIMITS)


def test_the_same_words_in_strings_names_and_comments_are_no_keywords():
    text = 'SELECT * { ?service ex:load "SERVICE <file:x>" } # FROM'
    assert check(text, LIMITS).form == "SELECT"


def test_an_endpoint_may_be_asked_for_its_graphs_but_not_to_ask_others():
    assert check("SELECT * FROM <http://e/> { }", LIMITS, remote=True).form == "SELECT"
    with pytest.raises(RefusedQueryError):
        check("SELECT * { SERVICE <http://e/> { } }", LIMITS, remote=True)


# Each of these makes pyoxigraph 0.5.13 itself ask the endpoint: it knows no boundaries of
# keywords, and takes < for an operator or the start of an IRI as its grammar wants it.
DISGUISED = [
    "PREFIX : <{url}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "PREFIX e: <{url}> PREFIX SERVICEe: <{url}> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}",
    "PREFIX e: <{url}> ASK {{ ?s ?p trueSERVICEe:x {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICESILENT<{url}> {{ ?s ?p ?o }} }}",
    'SELECT * {{ ?s ?p ?o FILTER(?s<?b#>"""\n) SERVICE <{url}> {{ ?s ?p ?o }} #"""\n }}',
    "SELECT * {{ ?s ?p ?o FILTER(?s<'x>') SERVICE <{url}> {{ ?s ?p ?o }} #'\n }}",
    "PREFIX : <{url}> SELECT *FROM:g {{ ?s ?p ?o }}",
]


@pytest.mark.parametrize("template", DISGUISED)
def test_a_disguised_service_opens_no_connection(template):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        quad = ox.Quad(*[ox.NamedNode("http://e/s")] * 3)
        with pytest.raises(QueryError):
            run_query(Graph.from_quads([quad]), template.format(url=url))
        with pytest.raises(TimeoutError):
            server.accept()


P = "<http://e/p>"
LONG = {
    "or": lambda n: f"ASK {{ ?s ?p ?o FILTER({'||'.join(['?o'] * n)}) }}",
    "and": lambda n: f"ASK {{ ?s ?p ?o FILTER({'&&'.join(['?o'] * n)}) }}",
    "plus": lambda n: f"ASK {{ ?s ?p ?o FILTER({'+'.join(['?o'] * n)}) }}",
    "signed": lambda n: f"ASK {{ ?s ?p ?o FILTER(1{' -1' * n}) }}",
    "not": lambda n: f"ASK {{ ?s ?p ?o FILTER({'!' * n}?o) }}",
    "alternatives": lambda n: f"ASK {{ ?s {'|'.join([P] * n)} ?o }}",
    "union": lambda n: f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * n)} }}",
    "optional": lambda n: f"ASK {{ {'OPTIONAL { ?s ?p ?o } ' * n} }}",
    "minus": lambda n: f"ASK {{ {'MINUS { ?s ?p ?o } ' * n} }}",
    "filter": lambda n: f"ASK {{ ?s ?p ?o {'FILTER(?o) ' * n} }}",
    "bind": lambda n: f"ASK {{ {' '.join(f'BIND(1 AS ?x{i})' for i in range(n))} }}",
    "exists": lambda n: f"ASK {{ {'FILTER EXISTS { ?s ?p ?o } ' * n} }}",
    "projection": lambda n: f"SELECT {' '.join(f'(1 AS ?x{i})' for i in range(n))} {{ }}",
    "having": lambda n: f"SELECT ?o {{ ?s ?p ?o }} GROUP BY ?o HAVING {'(?o) ' * n}",
    "describe": lambda n: f"DESCRIBE {P * n}",
    "calls": lambda n: f"ASK {{ FILTER({'STR(?x) + ' * n} 1) }}",
}
JOINS = {
    "triples": lambda n: f"ASK {{ {f'?s {P} ?o . ' * n} }}",
    "objects": lambda n: f"ASK {{ ?s {P} {','.join(['?o'] * n)} }}",
    "predicates": lambda n: f"ASK {{ ?s {';'.join([f'{P} ?o'] * n)} }}",
    "steps": lambda n: f"ASK {{ ?s {'/'.join([P] * n)} ?o }}",
    "list": lambda n: f"ASK {{ ?s {P} ({'1 ' * n}) }}",
    "groups": lambda n: f"ASK {{ {'{ ?s ?p ?o } ' * n} }}",
    "graphs": lambda n: f"ASK {{ {'GRAPH ?g { ?s ?p ?o } ' * n} }}",
    "values": lambda n: f"ASK {{ {'VALUES ?s { 1 } ' * n} }}",
    "nodes": lambda n: f"ASK {{ {f'[] {P} [ {P} 1 ] . ' * n} }}",
}
NESTED = {
    "groups": lambda n: f"ASK {{ {'{' * n} {'}' * n} }}",
    "parentheses": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n}) }}",
    "functions": lambda n: f"ASK {{ FILTER({'STR(' * n}1{')' * n}) }}",
    "paths": lambda n: f"ASK {{ ?s {'(' * n}{P}{')' * n} ?o }}",
    "nodes": lambda n: f"ASK {{ {f'[ {P} ' * n}1{']' * n} }}",
    "lists": lambda n: f"ASK {{ ?s ?p {'( ' * n}1{')' * n} }}",
    "selects": lambda n: f"ASK {{ {'{ SELECT * {' * n} {'} }' * n} }}",
    "exists": lambda n: f"ASK {{ {'FILTER EXISTS { ' * n} {'}' * n} }}",
}


@pytest.mark.parametrize("name", LONG)
def test_long_chains_are_refused_and_shorter_ones_are_not(name):
    with pytest.raises(RefusedQueryError, match="too complex"):
        check(LONG[name](MAX_STEPS + 10), LIMITS)
    assert check(LONG[name](20), LIMITS).form


@pytest.mark.parametrize("name", JOINS)
def test_wide_joins_are_refused_and_narrower_ones_are_not(name):
    with pytest.raises(RefusedQueryError, match="too complex: more than 64 joins of one group"):
        check(JOINS[name](MAX_JOINS + 10), LIMITS)
    assert check(JOINS[name](15), LIMITS).form


@pytest.mark.parametrize("name", NESTED)
def test_deep_nesting_is_refused_at_its_place(name):
    with pytest.raises(RefusedQueryError) as caught:
        check(NESTED[name](LIMITS.nesting + 1), LIMITS)
    assert caught.value.column
    assert check(NESTED[name](20), LIMITS).form


def test_a_limit_raised_for_documents_does_not_endanger_the_engine():
    with pytest.raises(RefusedQueryError, match="more than 200 levels"):
        check(NESTED["functions"](2000), Limits(nesting=10_000))


def test_repeated_paths_inside_one_another_are_refused():
    text = f"ASK {{ ?s {'(' * 30}{P}{')+' * 30} ?o }}"
    with pytest.raises(RefusedQueryError, match=f"more than {MAX_REPEATED_PATHS} repeated paths"):
        check(text, LIMITS)
    assert check(f"ASK {{ ?s (({P})+/{P})* ?o }}", LIMITS).form


def test_alternatives_are_joined_apart():
    branch = " ".join(f"?s {P} ?o{number} ." for number in range(20))
    text = f"ASK {{ {' UNION '.join(f'{{ {branch} }}' for _ in range(10))} }}"
    assert check(text, LIMITS).form == "ASK"


def test_long_data_is_fine():
    numbers = " ".join(map(str, range(10_000)))
    terms = ", ".join(map(str, range(10_000)))
    assert check(f"ASK {{ VALUES ?x {{ {numbers} }} }}", LIMITS).form == "ASK"
    assert check(f"ASK {{ ?s ?p ?x FILTER(?x IN ({terms})) }}", LIMITS).form == "ASK"


def test_a_text_without_end_is_refused():
    with pytest.raises(RefusedQueryError, match="characters"):
        check("ASK { } #" + "x" * 300_000, LIMITS)


def largest(make) -> str:
    """Return the longest query of its kind that passes the checks."""
    low, high = 1, 2000
    while high - low > 1:
        middle = (low + high) // 2
        try:
            check(make(middle), LIMITS)
            low = middle
        except RefusedQueryError:
            high = middle
    return make(low)


def test_the_largest_that_passes_is_evaluated_by_the_engine():
    """What is let through neither kills the engine nor occupies it for long."""
    texts = [largest(make) for make in (LONG | JOINS | NESTED).values()]
    program = (
        "import sys, json\n"
        "from mezan_graph.graph import Graph\n"
        "from mezan_graph.queries import run_query\n"
        "for text in json.load(sys.stdin): run_query(Graph.from_quads([]), text)\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "alive\n", done.stderr[-500:]

"""Stored queries as tests: the answer against the one that stands beside the query."""

from __future__ import annotations

import pytest

from mezan_graph.errors import UnknownQueryError
from mezan_graph.queries import expected, write_expected

HEADER = "#+ summary: S\n#+ description: D\n"
NAMES = "SELECT ?s ?n { ?s ex:name ?n }"
ANSWER = "s,n\nex:anna,'Anna'@en\nex:anna,'آنا'@ar\nex:bert,'Bert'\nex:carl,'Carl'\n"


@pytest.fixture
def outcome(folder, graph, write):
    """Test a query against an expected answer; return the difference."""

    def run(query, content=None, *, suffix="csv", category=""):
        write(f"queries/{category}q.rq", HEADER + query)
        if content is not None:
            write(f"queries/{category}q.expected.{suffix}", content)
        (test,) = expected.test_queries(folder, graph)
        assert test.passed is (test.difference == "")
        assert test.seconds >= 0
        return test.difference

    return run


@pytest.mark.parametrize(
    "content",
    [
        ANSWER,
        "s,n\nex:carl,'Carl'\nex:bert,'Bert'\nex:anna,'آنا'@ar\nex:anna,'Anna'@en\n",
        ANSWER.replace("ex:anna", "<http://example.org/anna>"),
        ANSWER.replace("'Bert'", '"""Bert"""').replace("@en", "@EN"),
        ANSWER.replace("'Carl'", "'Carl'^^xsd:string").replace("\n", "\r\n"),
    ],
)
def test_the_same_rows_however_written(outcome, content):
    assert outcome(NAMES, content) == ""


@pytest.mark.parametrize(
    ("content", "difference"),
    [
        (ANSWER.replace("@en", ""), "missing: ex:anna, 'Anna'\nunexpected: ex:anna, 'Anna'@en"),
        (ANSWER.replace("ex:carl,'Carl'\n", ""), "unexpected: ex:carl, 'Carl'"),
        (ANSWER + "ex:carl,'Carl'\n", "missing: ex:carl, 'Carl'"),
        (ANSWER.replace("s,n", "s,m"), "expected the variables s, m, are s, n"),
        ("", "expected the variables , are s, n"),
    ],
)
def test_differences_are_shown(outcome, content, difference):
    assert outcome(NAMES, content) == difference


def test_only_the_first_differences_are_listed(outcome):
    rows = "".join(f"ex:x{number:02},'x'\n" for number in range(25))
    lines = outcome(NAMES, f"s,n\n{rows}").splitlines()
    assert lines[10] == "missing: … and 15 more"
    assert len(lines) == 11 + 4


def test_order_matters_where_the_query_has_one(outcome):
    query = "SELECT ?n { ?s ex:name ?n FILTER(LANG(?n) = '') } ORDER BY ?n"
    assert outcome(query, "n\n'Bert'\n'Carl'\n") == ""
    difference = outcome(query, "n\n'Carl'\n'Bert'\n")
    assert difference.splitlines()[0] == "the order differs from row 1:"


def test_datatypes_and_unbound(outcome):
    query = "SELECT ?age ?since { ex:carl ex:since ?since OPTIONAL { ex:carl ex:age ?age } }"
    assert outcome(query, "age,since\n,'2003'^^xsd:gYear\n") == ""
    assert outcome(query, "age,since\n,2003\n") != ""


def test_graphs_are_compared_by_isomorphism(outcome):
    query = "CONSTRUCT { ?s ex:called [ ex:value ?n ] } WHERE { ?s ex:name ?n }"
    turtle = """@prefix ex: <http://example.org/> .
        ex:anna ex:called [ ex:value "Anna"@en ] , [ ex:value "آنا"@ar ] .
        ex:bert ex:called [ ex:value "Bert" ] . ex:carl ex:called [ ex:value "Carl" ] ."""
    assert outcome(query, turtle, suffix="ttl") == ""
    difference = outcome(query, turtle.replace('"Carl"', '"Karl"'), suffix="ttl")
    assert 'ex:value "Carl"' not in difference
    assert "ex:value 'Carl'" in difference
    assert "missing" in difference
    assert "unexpected" in difference


@pytest.mark.parametrize(
    ("content", "difference"),
    [("true\n", ""), ("false\n", "expected false, is true"), ("yes\n", "must be true or false")],
)
def test_booleans(outcome, content, difference):
    found = outcome("ASK { ex:anna ex:knows ex:bert }", content, suffix="txt")
    assert found.endswith(difference) or difference in found
    assert bool(found) is bool(difference)


def test_without_an_expected_answer_a_query_fails(outcome):
    difference = outcome(NAMES)
    assert difference.startswith("there is no expected answer: queries/q.expected.csv")
    assert "mezan test --update q" in difference


@pytest.mark.parametrize(
    ("query", "difference"),
    [
        ("SELECT ?s { ?s ex:none ?o }", ""),
        ("SELECT ?s { ?s ex:since ?o }", "unexpected: ex:carl"),
        ("ASK { ?s ex:none ?o }", ""),
        ("ASK { ?s ex:since ?o }", "expected false, is true"),
        ("CONSTRUCT { ?s a ex:Bad } WHERE { ?s ex:since ?o }", "unexpected: ex:carl rdf:type"),
    ],
)
def test_checks_must_find_nothing_and_need_no_file(outcome, query, difference):
    found = outcome(query, category="checks/")
    assert found.startswith(difference)
    assert bool(found) is bool(difference)


@pytest.mark.parametrize(
    ("query", "content", "part"),
    [
        ("SELECT ?s { ?s ?p }", "s\n", "not SPARQL 1.1"),
        ("#+ parameters: {s: {type: iri, required: true}}\n" + NAMES, "s\n", "a value is required"),
        (NAMES, "s,n\n'open", ""),
    ],
)
def test_a_query_that_cannot_be_evaluated_fails_and_others_go_on(outcome, query, content, part):
    difference = outcome(query, content)
    assert difference
    assert part in difference


def test_an_expected_answer_that_is_no_turtle(outcome):
    difference = outcome("CONSTRUCT WHERE { ?s ex:since ?o }", "not turtle", suffix="ttl")
    assert difference.startswith("queries/q.expected.ttl: cannot be read")


def test_expected_answers_are_written_and_then_met(folder, graph, write):
    write("queries/select.rq", HEADER + NAMES)
    write("queries/ask.rq", f"{HEADER}ASK {{ ex:anna ex:knows ex:bert }}")
    write("queries/build.rq", f"{HEADER}CONSTRUCT WHERE {{ ?s ex:since ?o }}")
    write("queries/checks/none.rq", f"{HEADER}SELECT ?s {{ ?s ex:none ?o }}")
    assert not any(test.passed for test in expected.test_queries(folder, graph, ["select", "ask"]))
    written = write_expected(folder, graph)
    assert [folder.relative(path) for path in written] == [
        "queries/ask.expected.txt",
        "queries/build.expected.ttl",
        "queries/select.expected.csv",
    ]
    assert written[2].read_text() == ANSWER
    assert written[0].read_text() == "true\n"
    assert 'ex:since "2003"^^xsd:gYear' in written[1].read_text()
    assert all(test.passed for test in expected.test_queries(folder, graph))
    assert write_expected(folder, graph) == []


def test_only_the_named_ones(folder, graph, write):
    write("queries/one.rq", HEADER + NAMES)
    write("queries/two.rq", HEADER + NAMES)
    assert [path.name for path in write_expected(folder, graph, ["two"])] == ["two.expected.csv"]
    assert [test.name for test in expected.test_queries(folder, graph, ["two"])] == ["two"]
    with pytest.raises(UnknownQueryError):
        expected.test_queries(folder, graph, ["three"])

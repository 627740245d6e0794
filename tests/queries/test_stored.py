"""Stored queries: found by name, with a header that says what it must."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="arg-type, misc, operator, union-attr"
from __future__ import annotations

import pytest

from mezan_graph.errors import ProjectError, QueryError, SourceError, UnknownQueryError
from mezan_graph.graph import build_graph
from mezan_graph.project import Project
from mezan_graph.queries import list_queries, load_query, run_stored
from mezan_graph.queries.stored import parse_query

QUERY = """\
#+ summary: Who has this age
#+ description: |
#+   Which people
#+   have this age?
#+ tags: [people, age]
#+ parameters:
#+   age: {type: integer, default: 007, description: "The age, in years"}
#+   rows:
#+     type: limit
#+     default: 2

SELECT ?who ?age { ?who ex:age ?age } ORDER BY ?who LIMIT 10
"""


def header(lines, query="SELECT ?s { ?s ?p ?o }"):
    return "".join(f"#+ {line}\n" for line in lines.splitlines()) + query


GOOD = "summary: S\ndescription: D"


def test_what_a_stored_query_says(folder, write):
    write("queries/people/by-age.rq", QUERY)
    stored = load_query(folder, "by-age")
    assert (stored.name, stored.category, stored.place) == (
        "by-age",
        "people",
        "queries/people/by-age.rq",
    )
    assert stored.summary == "Who has this age"
    assert stored.description == "Which people have this age?"
    assert stored.tags == ("people", "age")
    assert [(p.name, p.type, p.default) for p in stored.parameters] == [
        ("age", "integer", "007"),
        ("rows", "limit", "2"),
    ]
    assert stored.parameters[0].description == "The age, in years"
    assert (stored.form, stored.ordered) == ("SELECT", True)
    assert stored.expected == folder.root / "queries/people/by-age.expected.csv"


def test_it_runs_with_defaults_and_with_values(folder, write, graph):
    write("queries/by-age.rq", QUERY)
    stored = load_query(folder, "by-age")
    assert [row.who.value for row in run_stored(graph, stored, {}, folder)] == [
        "http://example.org/bert"
    ]
    assert [row.who.value for row in run_stored(graph, stored, {"age": "41"}, folder)] == [
        "http://example.org/anna"
    ]
    assert len(run_stored(graph, stored, {"rows": "0"}, folder)) == 0


def test_the_limit_of_the_text_holds_where_no_default_does(folder, write, graph):
    text = header(
        f"{GOOD}\nparameters:\n  rows: {{type: limit}}\n  skip: {{type: offset}}",
        "SELECT ?s { ?s ex:age ?age } ORDER BY ?s LIMIT 1 OFFSET 0",
    )
    write("queries/q.rq", text)
    stored = load_query(folder, "q")
    for parameters, names in (({}, ["anna"]), ({"rows": "2"}, ["anna", "bert"])):
        rows = run_stored(graph, stored, parameters, folder)
        assert [row.s.value.rpartition("/")[2] for row in rows] == names
    (row,) = run_stored(graph, stored, {"skip": "1"}, folder)
    assert row.s.value.endswith("bert")


@pytest.mark.parametrize(
    ("query", "suffix"),
    [
        ("ASK { }", ".txt"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ".ttl"),
        ("DESCRIBE <http://e/>", ".ttl"),
        ("SELECT * { }", ".csv"),
    ],
)
def test_the_expected_answer_stands_beside_it(folder, write, query, suffix):
    write("queries/q.rq", header(GOOD, query))
    assert load_query(folder, "q").expected.name == f"q.expected{suffix}"


def test_all_are_listed_by_category_and_name(folder, write):
    for path in ("b/two", "a/three", "one", "a/.hidden", ".git/x"):
        write(f"queries/{path}.rq", header(GOOD))
    assert [query.name for query in list_queries(folder)] == ["three", "two", "one"]
    assert [query.name for query in list_queries(folder, "a")] == ["three"]
    assert [query.category for query in list_queries(folder)] == ["a", "b", ""]


def test_one_broken_file_is_no_obstacle_to_another(folder, write):
    write("queries/good.rq", header(GOOD))
    write("queries/bad.rq", "SELECT")
    assert load_query(folder, "good").name == "good"
    with pytest.raises(QueryError):
        list_queries(folder)


def test_unknown_names_get_near_ones(folder, write):
    write("queries/funders.rq", header(GOOD))
    with pytest.raises(UnknownQueryError) as caught:
        load_query(folder, "funder")
    assert (caught.value.place, caught.value.hint) == ("funder", "did you mean funders?")
    assert caught.value.exit_code == 2
    with pytest.raises(UnknownQueryError) as caught:
        load_query(folder, "../../etc/passwd")
    assert caught.value.hint == "mezan query --list shows them all"


def test_two_files_of_one_name(folder, write):
    write("queries/a/q.rq", header(GOOD))
    write("queries/b/q.rq", header(GOOD))
    with pytest.raises(QueryError, match="two queries are called q") as caught:
        load_query(folder, "q")
    assert caught.value.place == "queries/b/q.rq"


def test_a_link_out_of_the_project_is_refused(folder, write, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "q.rq"
    outside.write_text(header(GOOD))
    (folder.root / "queries/q.rq").symlink_to(outside)
    with pytest.raises(SourceError, match="a symbolic link leaves the project"):
        load_query(folder, "q")


def test_no_folder(tmp_path):
    settings = '[project]\nname = "x"\nbase = "https://x.example/"\n'
    (tmp_path / "mezan.toml").write_text(settings)
    assert list_queries(Project.open(tmp_path)) == []
    (tmp_path / "mezan.toml").write_text(f'{settings}[folders]\nqueries = "named"\n')
    with pytest.raises(ProjectError, match="folder for queries does not exist: named"):
        list_queries(Project.open(tmp_path))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"# \xff\nASK { }", "not UTF-8"),
        (b"x" * 900_000, "large"),
    ],
)
def test_unreadable_files(folder, content, part):
    (folder.root / "queries/q.rq").write_bytes(content)
    with pytest.raises((SourceError, QueryError), match=part) as caught:
        load_query(folder, "q")
    assert caught.value.place == "queries/q.rq"


BAD_HEADERS = [
    ("", None, 1, "no header", "#+ summary"),
    ("summary: S", None, 1, "has no description", "add #+ description"),
    ("description: D", None, 1, "has no summary", "add #+ summary"),
    (f"{GOOD}\nsumary: x", None, 3, "unknown key 'sumary'", "did you mean summary?"),
    (f"{GOOD}\nsummary: x", None, 3, "'summary' is written twice", None),
    (f"{GOOD}\ntags: one", None, 3, "tags must be a list", None),
    ("summary: [S]\ndescription: D", None, 1, "summary must be a text", None),
    ("summary: a: b\ndescription: D", None, 1, "not YAML", "quotes"),
    ("- summary", None, 1, "must be a mapping", None),
    ("summary: &x S\ndescription: *x", None, 2, "aliases", "write it out"),
    (f"{GOOD}\nparameters:\n  s: integer", None, 4, "must be a mapping", None),
    (f"{GOOD}\nparameters:\n  s: {{}}", None, 4, "has no type", "one of iri"),
    (f"{GOOD}\nparameters:\n  s: {{type: intger}}", None, 4, "unknown type", "mean integer?"),
    (f"{GOOD}\nparameters:\n  s: {{type: iri, defalt: x}}", None, 4, "unknown key", "default?"),
    (f"{GOOD}\nparameters:\n  s:\n    type: year\n    default: x", None, 6, "is no year", "year"),
    (f"{GOOD}\nparameters:\n  s: {{type: year, enum: [2003, x]}}", None, 4, "is no year", None),
    (f"{GOOD}\nparameters:\n  s: {{type: string, default: c, enum: [a, b]}}", None, 4,
     "'c' is no string", "one of a, b"),
    (f"{GOOD}\nparameters:\n  s: {{type: iri, required: maybe}}", None, 4, "true or false", None),
    (f"{GOOD}\nparameters:\n  s: {{type: iri, default: [a]}}", None, 4, "must be one value", None),
    (f"{GOOD}\nparameters:\n  s-t: {{type: iri}}", None, 4, "no name for a parameter", None),
    (f"{GOOD}\nparameters:\n  other: {{type: iri}}", None, 4, "does not use", "use ?other"),
    (f"{GOOD}\nparameters:\n  other:\n    type: iri", None, 4, "does not use", "use ?other"),
    (f"{GOOD}\nparameters:\n  n: {{type: limit}}", None, 4, "does not use", "LIMIT and a number"),
    (f"{GOOD}\nparameters:\n  x: {{type: iri}}", "SELECT ?x { BIND(1 AS ?x) }", 5,
     "cannot be assigned", "another name"),
    (GOOD, "SELECT ?s { ?s ?p ?o } LIMIT 5", 3, "LIMIT without ORDER BY", "ORDER BY"),
    (GOOD, "SELECT ?s { ?s ex2:p ?o }", 3, "ex2: is not declared", "did you mean ex:?"),
    (GOOD, "SELECT ?s { SERVICE <http://e/> { } }", 3, "SERVICE is refused", None),
]  # fmt: skip


@pytest.mark.parametrize("case", BAD_HEADERS, ids=lambda case: case[3])
def test_a_bad_header_is_an_error_with_its_line(folder, write, case):
    lines, query, line, part, hint = case
    write("queries/q.rq", header(lines, query or "SELECT ?s { ?s ?p ?o }"))
    with pytest.raises(QueryError) as caught:
        load_query(folder, "q")
    assert part in caught.value.message
    assert (caught.value.place, caught.value.line) == ("queries/q.rq", line)
    if hint:
        assert hint in caught.value.hint
    assert caught.value.exit_code == 3


def test_names_are_slugs(folder, write):
    write("queries/Bad Name.rq", header(GOOD))
    with pytest.raises(QueryError, match="no name for a query"):
        load_query(folder, "Bad Name")


def test_the_lines_of_errors_are_those_of_the_file(folder, write, graph):
    write("queries/q.rq", header(GOOD, "\nSELECT ?s {\n  ?s ex:p 'a' . . }"))
    with pytest.raises(QueryError) as caught:
        run_stored(graph, load_query(folder, "q"), {}, folder)
    assert (caught.value.place, caught.value.line, caught.value.column) == ("queries/q.rq", 5, 17)


def test_a_header_in_a_text_works_like_one_in_a_file(folder, graph):
    stored = parse_query(folder, QUERY, place="-")
    assert len(run_stored(graph, stored, {"age": "41"}, folder)) == 1
    assert stored.place == "-"


def test_the_example_of_the_documentation_runs(project):
    page = (project.root / "docs/stored-queries.md").read_text(encoding="utf-8")
    example = page.partition("```sparql\n")[2].partition("```")[0]
    stored = parse_query(project, example, place="example")
    assert [parameter.name for parameter in stored.parameters] == ["organization", "year", "rows"]
    everyone = run_stored(build_graph(project), stored, {}, project)
    one = run_stored(build_graph(project), stored, {"year": "2003"}, project)
    assert 0 < len(one) < len(everyone)

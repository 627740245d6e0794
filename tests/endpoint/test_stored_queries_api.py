"""Stored queries over HTTP: parameters, pages, formats, and the document that describes them."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.queries import list_queries, run_stored, write_results


def rows(reply):
    return list(csv.reader(io.StringIO(reply.body.decode(), newline="")))


def test_every_stored_query_answers_as_the_command_line_does(server, project):
    graph = published_graph(project)
    for query in list_queries(project):
        reply = server.get(f"api/queries/{query.name}?per-page=10000")
        assert reply.status == 200, (query.name, reply.body)
        if query.form in {"SELECT", "ASK"}:
            answer = run_stored(graph, query, {}, project)
            assert not isinstance(answer, Graph)
            assert reply.body == write_results(answer, "json"), query.name


def test_parameters_are_typed(server):
    reply = server.get("api/queries/supported-by-funder?funder=ford-foundation", accept="text/csv")
    assert (reply.status, len(rows(reply)) > 1) == (200, True)
    unknown = server.get("api/queries/funders?organisation=al-mezan")
    assert (unknown.status, "organization" in unknown.json()["hint"]) == (400, True)
    wrong = server.get("api/queries/funders-in-year?year=next")
    assert (wrong.status, "year" in wrong.json()["detail"]) == (400, True)
    assert server.get("api/queries/funders?format=csv&format=tsv").status == 400
    assert server.get("api/queries/nothing").status == 404
    injected = server.get("api/queries/funders?organization=x%3E%20%7D%20DROP%20ALL%20%23")
    assert injected.status in {200, 400}


def test_a_long_answer_comes_in_pages(server):
    whole = rows(server.get("api/queries/funders?format=csv"))
    first = server.get("api/queries/funders?format=csv&per-page=2")
    assert rows(first) == whole[:3]
    assert first.headers["X-Total-Count"] == str(len(whole) - 1)
    links = dict(
        reversed(each) for each in re.findall(r'<([^>]+)>; rel="(\w+)"', first.headers["Link"])
    )
    assert set(links) == {"first", "next", "last"}
    collected = whole[:1]
    reply = first
    while True:
        collected += rows(reply)[1:]
        links = dict(
            reversed(each) for each in re.findall(r'<([^>]+)>; rel="(\w+)"', reply.headers["Link"])
        )
        if "next" not in links:
            break
        reply = server.get(f"api/queries/funders?{urlsplit(links['next']).query}")
    assert collected == whole
    for wrong in ("page=0", "page=x", "per-page=999999999", "page=%D9%A3"):
        assert server.get(f"api/queries/funders?{wrong}").status == 400


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_formats_by_name_and_by_header(server, name):
    by_name = server.get(f"api/queries/funders?format={name}")
    media_type = by_name.headers["Content-Type"].split(";")[0]
    assert by_name.body == server.get("api/queries/funders", accept=media_type).body


def test_the_list_of_queries(server, project):
    listed = server.get("api/queries").json()["queries"]
    assert [each["name"] for each in listed] == [each.name for each in list_queries(project)]
    assert all(each["summary"] for each in listed)


def test_the_openapi_document_is_complete(server, project):
    document = server.get("openapi.json").json()
    assert document["openapi"] == "3.1.0"
    for query in list_queries(project):
        operation = document["paths"][f"/api/queries/{query.name}"]["get"]
        given = {each["name"] for each in operation["parameters"]}
        assert {each.name for each in query.parameters} <= given


@pytest.mark.parametrize(
    "options",
    [
        ["--include-path", "/api/queries/typed"],
        ["--exclude-path", "/sparql", "--exclude-path", "/api/queries/typed"],
        # A schema cannot say what a SPARQL query is.
        ["--include-path", "/sparql", "--exclude-checks", "positive_data_acceptance"],
    ],
    ids=["typed", "others", "queries"],
)
def test_schemathesis_finds_nothing_that_the_document_does_not_say(funding_server, options):
    url = funding_server.url
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("run", f"{url}openapi.json", "--url", url.rstrip("/")),
            *(
                "--phases",
                "examples,coverage,fuzzing,stateful",
                "--seed",
                "1",
                "--max-examples",
                "15",
            ),
            *("--no-color", "--generation-database", "none", "--suppress-health-check", "all"),
            *options,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=funding_server.root,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


@pytest.fixture(scope="module")
def funding_server(start_shared_server, copy_project, tmp_path_factory):
    """A server with a few stored queries, most types of parameters among them."""
    root = copy_project(tmp_path_factory.mktemp("funding") / "project")
    for path in (root / "queries").rglob("*.rq"):
        if path.stem != "funders-in-year":
            path.unlink()
    (root / "queries" / "typed.rq").write_text(TYPED, encoding="utf-8")
    return start_shared_server(root, "--unchecked")


TYPED = """#+ summary: Several types of parameters
#+ description: What are the values?
#+ parameters:
#+   count: {type: integer}
#+   open: {type: boolean}
#+   day: {type: date}
#+   node: {type: iri, required: true}
#+   kind: {type: string, enum: [core, project]}
#+   rows: {type: limit, default: 5}
SELECT * {
  VALUES ?x { 1 }
  BIND(CONCAT(STR(?count), STR(?open), STR(?day)) AS ?a)
  BIND(CONCAT(STR(?node), STR(?kind)) AS ?b)
}
ORDER BY ?x LIMIT 5
"""

"""A store behind the server: the same answers, the same limits, and no failure that looks whole."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from tests.conftest import free_port
from tests.endpoint.distant.conftest import load
from tests.stores.proxy import (
    Proxy,
    Reply,
    answers,
    cut_answer,
    cut_before,
    late,
    passed,
)

from mezan_graph.queries import list_queries

SELECT = "SELECT ?s WHERE { ?s a <https://schema.org/Grant> } ORDER BY ?s"
LONG = "SELECT * WHERE { ?s ?p ?o . ?a ?b <https://schema.org/Grant> }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://schema.org/Grant> }"
ENTITIES = [
    "doc/al-mezan",
    "doc/ford-foundation",
    "doc/funding-ford-foundation",
    "doc/cite-aim-and-focus",
    "doc/affiliation-escr-network",
    "concept/funding-core",
]


def test_every_stored_query_answers_as_it_does_at_home(either, server, project):
    for query in list_queries(project):
        path = f"api/queries/{query.name}?per-page=10000"
        here, there = server.get(path), either.get(path)
        assert (there.status, there.headers["X-Total-Count"]) == (
            200,
            here.headers["X-Total-Count"],
        )
        if query.form in {"SELECT", "ASK"}:
            assert there.body == here.body, query.name


def test_pages_of_an_answer_are_asked_for_one_by_one(proxied, server):
    far, proxy = proxied()
    for number in (1, 2, 40):
        path = f"api/queries/funders?per-page=3&page={number}&format=csv"
        here, there = server.get(path), far.get(path)
        assert (there.status, there.body) == (200, here.body)
        for name in ("Link", "X-Total-Count"):
            assert there.headers[name] == here.headers[name]
    asked = [each.body.decode() for each in proxy.log]
    assert ["LIMIT+4+OFFSET+3" in each for each in asked].count(True) == 1
    assert not any("LIMIT" not in each and "COUNT" not in each for each in asked)


@pytest.mark.parametrize("path", ENTITIES)
def test_an_entity_has_the_document_that_it_has_at_home(either, server, path):
    for suffix in (".ttl", ".jsonld", ".nt", ".rdf"):
        here, there = server.get(path + suffix), either.get(path + suffix)
        assert (there.status, there.headers["Content-Type"]) == (200, here.headers["Content-Type"])
        assert there.headers["Link"] == here.headers["Link"]
        if suffix != ".rdf":
            assert there.body == here.body


@pytest.mark.parametrize("path", [each for each in ENTITIES if "cite" not in each])
def test_an_entity_has_the_page_that_it_has_at_home(either, server, path):
    for language in ("en", "ar"):
        here, there = (each.get(f"{language}/{path}.html") for each in (server, either))
        assert there.status == 200
        assert there.body == here.body
        assert there.headers["Content-Language"] == language


def test_a_page_names_what_it_links_to_and_shows_its_sources(distant):
    page = distant.get("en/doc/al-mezan.html").body.decode()
    assert "ford-foundation.html" in page
    assert "Ford Foundation" in page
    assert re.search(r">line \d+", page)


def test_identifiers_and_negotiation(distant):
    found = distant.get("id/al-mezan")
    assert (found.status, found.headers["Location"]) == (303, "../doc/al-mezan")
    page = distant.get("doc/al-mezan", accept="text/html", accept_language="ar")
    assert (page.status, page.headers["Location"]) == (303, "../ar/doc/al-mezan.html")
    data = distant.get("doc/al-mezan", accept="application/ld+json;q=0.9, text/turtle;q=0.2")
    assert data.headers["Content-Type"] == "application/ld+json"
    fresh = distant.get("doc/al-mezan.ttl")
    again = distant.get("doc/al-mezan.ttl", if_none_match=fresh.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert distant.get("concept/funding-core", accept="text/turtle").status == 303
    for path in ("id/nothing", "doc/nothing", "en/doc/nothing.html", "concept/nothing.ttl"):
        assert distant.get(path).status == 404


def test_what_is_of_the_project_is_there(distant):
    for path in ("def.ttl", "shapes.ttl", "graph/ontology", "en/vocabulary.html", "ar/shapes.html",
                 "en/queries.html", "openapi.json", "assets/site.css", "robots.txt", "void.ttl",
                 "en/sparql.html", "sparql", "api/queries"):  # fmt: skip
        assert distant.get(path).status == 200, path
    page = distant.get("en/query/funders.html")
    assert (page.status, b"Ford Foundation" in page.body) == (200, True)
    assert distant.get("health").json()["triples"] is None
    paths = distant.get("openapi.json").json()["paths"]
    assert "502" in paths["/sparql"]["get"]["responses"]


@pytest.mark.parametrize("path", ["dump.jsonld", "query/funders.csv"])
def test_what_only_a_whole_graph_gives_is_refused_in_words(distant, path):
    reply = distant.get(path)
    assert reply.status == 501
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["detail"]


@pytest.mark.parametrize(
    "accept",
    ["application/sparql-results+json", "application/sparql-results+xml", "text/csv",
     "text/tab-separated-values"],
)  # fmt: skip
def test_solutions_in_every_format(either, server, accept):
    here, there = server.query(SELECT, accept=accept), either.query(SELECT, accept=accept)
    assert (there.status, there.headers["Content-Type"]) == (200, here.headers["Content-Type"])
    assert there.body == here.body
    asked = either.query("ASK { ?s ?p ?o }", accept=accept)
    assert (asked.status, b"true" in asked.body) == (200, True)


@pytest.mark.parametrize(
    "accept",
    ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
)
def test_graphs_in_every_format(either, server, accept):
    replies = [each.query(CONSTRUCT, accept=accept) for each in (server, either)]
    assert [each.status for each in replies] == [200, 200]
    parts = []
    for each in replies:
        media_type = each.headers["Content-Type"].partition(";")[0]
        assert media_type == accept
        form = ox.RdfFormat.from_media_type(media_type)
        parts.append({quad.triple for quad in ox.parse(each.body, form)})
    assert parts[0] == parts[1] != set()


def test_a_large_answer_is_streamed(distant):
    reply = distant.query(LONG)
    assert (reply.status, "Content-Length" in reply.headers) == (200, False)
    assert len(reply.json()["results"]["bindings"]) > 2728


def test_graphs_are_chosen_by_name(distant, project):
    graph = f"{project.base}graph/ontology"
    counted = "SELECT (COUNT(*) AS ?n) {0} WHERE {{ {1} }}"

    def number(text, field=""):
        reply = distant.request(f"sparql?query={quote(text)}{field}")
        assert reply.status == 200, reply.body
        return int(reply.json()["results"]["bindings"][0]["n"]["value"])

    one = number(counted.format(f"FROM <{graph}>", "?s ?p ?o"))
    assert one == number(counted.format("", f"GRAPH <{graph}> {{ ?s ?p ?o }}"))
    assert one == number(counted.format("", "?s ?p ?o"), f"&default-graph-uri={quote(graph)}")
    assert one < number(counted.format("", "?s ?p ?o"))
    elsewhere = f"sparql?query={quote(SELECT)}&default-graph-uri=http%3A%2F%2Fexample.org%2Fg"
    assert distant.get(elsewhere).status == 400


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:1/data.ttl> WHERE { ?s ?p ?o }",
        "SELECT * WHERE { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
        "INSERT DATA { <http://a.example/> <http://b.example/> 1 }",
        "LOAD <http://127.0.0.1:1/data.ttl>",
        "SELECT (<java:java.lang.Runtime>(1) AS ?x) WHERE {}",
        "PREFIX b: <bif:> SELECT * WHERE { ?s b:contains 'x' }",
        "SELECT (<http://example.org/function>(1) AS ?x) WHERE {}",
        "DEFINE get:soft 'soft' SELECT * WHERE { ?s ?p ?o }",
        "SELECT * WHERE { ?s ?p }",
        "SELECT * WHERE " + "{" * 3000 + "}" * 3000,
    ],
)
def test_what_is_refused_reaches_no_store(fronted, text):
    server, proxy = fronted
    before = len([each for each in proxy.log if b"ASK" not in each.body])
    reply = server.query(text)
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")
    assert len([each for each in proxy.log if b"ASK" not in each.body]) == before


def with_answer(change):
    """Forwards, and gives the answer as ``change`` leaves it."""

    def action(handler, request):
        handler.reply(change(handler.forward(request)))

    return action


def body(text, kind="application/sparql-results+json", **headers):
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return lambda handler, _: handler.reply(Reply(200, [("Content-Type", kind), *named], text))


def without_length(handler, request):
    """Half of the answer, ended by the end of the connection as HTTP/1.0 has it."""
    reply = handler.forward(request)
    handler.send_response(200)
    handler.send_header("Content-Type", dict(reply.headers).get("content-type", "text/plain"))
    handler.send_header("Connection", "close")
    handler.end_headers()
    half = reply.body[: len(reply.body) // 2]
    handler.wfile.write(half[: half.rfind(b"\n") + 1] or half)
    handler.close_connection = True


def half(reply):
    return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])


FAULTS = {
    "refused": cut_before,
    "cut": cut_answer,
    "400": answers(400),
    "401": answers(401),
    "404": answers(404),
    "500": answers(500),
    "503": answers(503),
    "page": body(b"<!DOCTYPE html><p>Please log in", "text/html"),
    "text": body(b"s\r\nhttp://example.org/\r\n", "text/csv"),
    "nothing": body(b""),
    "half": with_answer(half),
    "no length": without_length,
    "an end": with_answer(lambda r: Reply(r.status, r.headers, r.body + b"\ncancelled")),
    "cut on purpose": with_answer(
        lambda r: Reply(200, [*r.headers, ("X-SQL-State", "S1TAT")], r.body)
    ),
    "cut in rows": with_answer(
        lambda r: Reply(200, [*r.headers, ("X-SPARQL-MaxRows", "3")], r.body)
    ),
    "packed": with_answer(lambda r: Reply(200, [*r.headers, ("Content-Encoding", "br")], r.body)),
    "elsewhere": answers(307, Location="http://127.0.0.1:1/sparql"),
    "in a circle": answers(307, Location="/query"),
    "by GET": answers(303, Location="/query"),
    "another kind": body(b'{"head":{},"boolean":true}'),
}


ASKED = [
    f"sparql?query={quote(SELECT)}",
    f"sparql?query={quote(CONSTRUCT)}",
    "api/queries/funders",
    "doc/al-mezan.ttl",
    "en/doc/al-mezan.html",
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ASKED)
def test_no_failure_of_the_store_looks_like_an_answer(fronted, fault, path):
    server, proxy = fronted
    failures = server.metric("mezan_store_failures")
    proxy.rules.clear()
    proxy.on(lambda _: True, FAULTS[fault], times=100)
    reply = server.get(path)
    proxy.rules.clear()
    assert reply.status == 502, reply.body[:300]
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["detail"].startswith("the store behind this server fails")
    assert str(proxy.port) not in reply.body.decode()
    assert server.metric("mezan_store_failures") == failures + 1
    assert server.get("assets/site.css").status == 200
    assert server.get("health").json()["store"] == "failing"
    assert server.get(path).status == 200
    assert server.get("health").json()["store"] == "ok"


def test_too_much_data_is_refused(fronted):
    server, proxy = fronted
    endless = b'{"head":{"vars":["s"]},"results":{"bindings":[' + b" " * (2 << 20)
    proxy.on(lambda _: True, body(endless))
    reply = server.query(SELECT)
    assert (reply.status, "larger" in reply.json()["detail"]) == (502, True)


def test_a_failure_in_the_middle_of_a_long_answer_cuts_the_connection(proxied):
    server, proxy = proxied(seconds=60)
    proxy.on(lambda _: True, with_answer(half))
    with pytest.raises(http.client.IncompleteRead):
        server.query(LONG)
    server.wait_for("store failed")
    assert server.query(SELECT).status == 200


def test_a_store_that_hangs_costs_one_request_its_time(proxied):
    server, proxy = proxied(seconds=1, workers=2)
    proxy.on(lambda _: True, late(6, forwarded=False))
    began = time.monotonic()
    reply = server.query(SELECT)
    assert (reply.status, time.monotonic() - began < 4) == (504, True)
    assert server.query(SELECT).status == 200


def test_credentials_go_to_the_store_alone(proxied, monkeypatch):
    monkeypatch.setenv("MEZAN_ENDPOINT_USER", "ann")
    monkeypatch.setenv("MEZAN_ENDPOINT_PASSWORD", "hunter2")
    server, proxy = proxied()

    def challenged(handler, request):
        given = request.headers.get("Authorization")
        if given is None:
            handler.reply(Reply(401, [("WWW-Authenticate", "Basic realm=x")], b""))
        else:
            passed(handler, request)

    proxy.on(lambda _: True, challenged, times=100)
    assert server.query(SELECT).status == 200
    assert any(each.headers.get("Authorization", "").startswith("Basic ") for each in proxy.log)
    with Proxy(free_port()) as other:
        proxy.rules.clear()
        proxy.on(lambda _: True, answers(307, Location=f"http://127.0.0.1:{other.port}/query"))
        assert server.query(SELECT).status == 502
        assert other.log == []
    said = server.log_path.read_text()
    assert "hunter2" not in said
    assert [each["event"] for each in server.log()].count("store failed") == 1


def test_the_project_is_read_again_and_the_store_asked_again(proxied, copied):
    server, proxy = proxied()
    query = copied / "queries" / "funding" / "new-question.rq"
    query.write_text((copied / "queries" / "funding" / "funders.rq").read_text())
    assert server.get("api/queries/new-question").status == 404
    subprocess.run(
        [sys.executable, "-m", "mezan_graph", "-C", str(copied), "reload"],
        check=True,
        capture_output=True,
    )
    server.wait_for("reloaded")
    assert server.get("api/queries/new-question").status == 200
    proxy.on(lambda _: True, answers(500), times=100)
    server.process.send_signal(1)
    server.wait_for("reload failed")
    proxy.rules.clear()
    assert server.get("health").json()["reload_failed"] is True
    assert server.query(SELECT).status == 200


def test_a_store_that_cannot_be_asked_is_no_server(copied, new_store, store):
    def serve(*options):
        command = [sys.executable, "-m", "mezan_graph", "-C", str(copied), "serve", "--port", "0"]
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=60, check=False,
            env=os.environ | {"NO_COLOR": "1"},
        )  # fmt: skip
        return done.returncode, done.stderr

    code, said = serve("--endpoint", f"http://127.0.0.1:{free_port()}/query")
    assert (code, "cannot be reached" in said) == (4, True)
    code, said = serve("--endpoint", new_store().query_url)
    assert (code, "nothing in its default graph" in said) == (4, True)
    code, said = serve("--endpoint", store.query_url, "--graph", "https://example.org/g")
    assert (code, "no graph https://example.org/g" in said) == (4, True)
    code, said = serve("--endpoint", "https://ann:hunter2@example.org/sparql")
    assert (code, "hunter2" in said) == (2, False)
    code, said = serve("--endpoint", "http://example.org/sparql")
    assert (code, "--insecure-http" in said) == (2, True)
    assert serve("--graph", "https://example.org/g")[0] == 2
    assert serve("--endpoint", store.query_url, "--graph", "no IRI")[0] == 2


def test_only_the_graphs_that_are_named_are_served(start_shared_server, store, project):
    graph = f"{project.base}graph/ontology"
    server = start_shared_server(None, "--endpoint", store.query_url, "--graph", graph)
    assert server.get("doc/al-mezan.ttl").status == 404
    assert server.query(f"ASK FROM <{project.base}graph/data> {{ ?s ?p ?o }}").status == 400
    assert (
        server.query("ASK { GRAPH ?g { ?s a <https://schema.org/Grant> } }").json()["boolean"]
        is False
    )


def test_what_is_too_large_or_too_deep_is_refused_and_not_cut(
    start_shared_server, new_store, project
):
    space, of = f"{project.base}id/", "<https://example.org/of>"
    lines = [f"<{space}part-{number}> {of} <{space}hub> ." for number in range(20_001)]
    lines += [
        f'<{space}hub> {of} "1" .',
        f"<{space}chain> {of} _:b0 .",
        f"<{space}leaf> {of} _:c .",
    ]
    lines += [f"_:b{number} {of} _:b{number + 1} ." for number in range(12)]
    lines += [
        f"<{space}nested> {of} _:d .",
        f"_:d {of} _:e .",
        f"_:e {of} _:f .",
        f'_:f {of} "7" .',
    ]
    store = new_store()
    load(store, "\n".join(lines).encode() + b"\n", "/store?default", "n-triples")
    server = start_shared_server(None, "--endpoint", store.query_url, seconds=60)
    for name in ("hub", "chain"):
        for path in (f"doc/{name}.ttl", f"en/doc/{name}.html"):
            reply = server.get(path)
            assert (reply.status, "more than" in reply.json()["detail"]) == (422, True)
    for name, count in (("leaf", 1), ("nested", 4)):
        data = server.get(f"doc/{name}.nt")
        assert (data.status, data.body.count(b" .\n")) == (200, count)
        assert server.get(f"en/doc/{name}.html").status == 200

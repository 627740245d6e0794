"""Queries on an endpoint: a real server, and servers that misbehave."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="arg-type, attr-defined, misc, operator, union-attr"
from __future__ import annotations

import base64
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mezan_graph.errors import ParameterError, QueryError, RefusedQueryError, RemoteError
from mezan_graph.graph import Graph
from mezan_graph.queries import Solutions, run_query, run_stored
from mezan_graph.queries.remote import LONG, run_remote, run_stored_remote
from mezan_graph.queries.stored import parse_query
from mezan_graph.settings import Limits

PREFIXES = {"ex": "http://example.org/"}


@pytest.fixture(scope="session")
def endpoint(graph, start_oxigraph):
    """An Oxigraph server with the small graph in its default graph."""
    triples = {quad.triple for quad in graph.triples()}
    return start_oxigraph(ox.serialize(triples, format=ox.RdfFormat.TURTLE))


QUERIES = [
    "SELECT ?s ?n { ?s ex:name ?n }",
    "SELECT ?s { ?s ex:age ?age FILTER(?age = ?v) }",
    "ASK { ?s ex:age ?v }",
    "CONSTRUCT { ?s ex:is ?v } WHERE { ?s ex:age ?v }",
    "DESCRIBE ?s { ?s ex:age ?v }",
]


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("padding", ["", "\n#" + "x" * LONG], ids=["get", "post"])
def test_an_endpoint_answers_like_the_local_engine(endpoint, graph, text, padding):
    bindings = {"v": ox.Literal(7)} if "?v" in text else {}
    local = run_query(graph, text, bindings=bindings)
    remote = run_remote(endpoint, text + padding, bindings=bindings, prefixes=PREFIXES)
    if isinstance(local, Solutions):
        assert remote.variables == local.variables
        assert remote.rows == local.rows
    elif isinstance(local, Graph):
        assert list(remote) == list(local)
    else:
        assert remote is local


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_string_comes_back_equal(endpoint, text):
    (row,) = run_remote(endpoint, "SELECT ?v { }", bindings={"v": ox.Literal(text)})
    assert row.v == ox.Literal(text)


def test_stored_queries(endpoint, folder, graph):
    text = (
        "#+ summary: S\n#+ description: D\n#+ parameters:\n"
        "#+   age: {type: integer, required: true}\n#+   rows: {type: limit, default: 1}\n"
        "SELECT ?s { ?s ex:age ?n FILTER(?n < ?age) } ORDER BY ?s LIMIT 9"
    )
    stored = parse_query(folder, text, place="-")
    for parameters in ({"age": "50"}, {"age": "50", "rows": "2"}, {"age": "8"}):
        remote = run_stored_remote(endpoint, stored, parameters, folder)
        assert remote.rows == run_stored(graph, stored, parameters, folder).rows
    with pytest.raises(ParameterError):
        run_stored_remote(endpoint, stored, {}, folder)


def test_nothing_is_sent_that_the_checks_refuse():
    for text in ("SELECT * { SERVICE <http://e/> { } }", "ASK { } ; LOAD <http://e/>"):
        with pytest.raises(RefusedQueryError):
            run_remote("http://127.0.0.1:9/", text)
    with pytest.raises(QueryError, match="cannot stand here"):
        run_remote("http://127.0.0.1:9/", "DROP ALL")


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its own way, and keeps what it was asked."""

    asked: list[tuple[str, str, dict[str, str], str]]
    other: str

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.answer("")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.answer(self.rfile.read(length).decode())

    def answer(self, body: str) -> None:
        path = urlsplit(self.path).path
        self.asked.append((self.command, self.path, dict(self.headers), body))
        json_type = "application/sparql-results+json"
        answers = {
            "/ok": (200, json_type, b'{"head":{},"boolean":true}'),
            "/html": (200, "text/html", b"<html>"),
            "/broken": (200, json_type, b'{"head":{"vars":["x"]},"results":'),
            "/select": (200, json_type, b'{"head":{"vars":[]},"results":{"bindings":[]}}'),
            "/dtd": (200, "application/sparql-results+xml", b"<!DOCTYPE x []><sparql/>"),
            "/large": (200, json_type, b" " * 4096),
            "/500": (500, "text/plain", b"out of\n\x1b[31mmemory"),
            "/400": (400, "text/html", b"<html>"),
            "/401": (401, "text/plain", b"who?"),
            "/turtle": (200, "text/turtle; charset=utf-8", b"<http://e/a> a <http://e/B> ."),
            "/badturtle": (200, "text/turtle", b"<http://e/a> a"),
            "/context": (200, "application/ld+json", b'{"@context": "http://e/c"}'),
        }
        if path == "/slow":
            time.sleep(1.5)
        if path == "/drip":
            self.drip()
            return
        if path.startswith("/to-"):
            self.redirect(path)
            return
        status, media_type, content = answers.get(path, answers["/ok"])
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def redirect(self, path: str) -> None:
        query = urlsplit(self.path).query
        code = 303 if path == "/to-see-other" else 307
        host = self.other if path == "/to-other-host" else ""
        self.send_response(code)
        self.send_header("Location", f"{host}/ok?{query}" if path != "/to-loop" else path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        try:
            for _ in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass


@pytest.fixture
def server():
    """A server on this machine, and what it was asked."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        handler = type(
            "Here", (Handler,), {"asked": [], "other": f"http://localhost:{other.getsockname()[1]}"}
        )
        httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
        thread.start()
        httpd.asked = handler.asked
        httpd.url = f"http://127.0.0.1:{httpd.server_port}"
        yield httpd
        httpd.shutdown()
        httpd.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("path", "text", "message", "hint"),
    [
        ("/html", "ASK { }", "the answer is text/html, not the result of a query", "a page about"),
        ("/broken", "SELECT * { }", "the answer cannot be read", "try again"),
        ("/select", "ASK { }", "it is no answer to ASK", "try again"),
        ("/ok", "SELECT * { }", "it is no answer to SELECT", "try again"),
        ("/dtd", "ASK { }", "has a DTD", None),
        ("/500", "ASK { }", r"HTTP 500 Internal Server Error: out of \x1b[31mmemory", None),
        ("/400", "ASK { }", "HTTP 400 Bad Request", "does not take the query"),
        ("/401", "ASK { }", "HTTP 401 Unauthorized: who?", "name a user"),
        ("/badturtle", "DESCRIBE <http://e/a>", "the answer cannot be read", None),
        ("/context", "DESCRIBE <http://e/a>", "remote JSON-LD context", None),
        ("/ok", "DESCRIBE <http://e/a>", "not the result of a query", None),
        ("/to-loop", "ASK { }", "HTTP 307", None),
        ("/to-other-host", "ASK { }", "redirects to another host", "if you trust it, ask http"),
    ],
)
def test_each_failure_is_one_clear_message(server, path, text, message, hint):
    url = server.url.replace("//", "//user:secret@")
    with pytest.raises(RemoteError) as caught:
        run_remote(f"{url}{path}", text, timeout=5)
    assert message in caught.value.message
    assert caught.value.place == f"{server.url}{path}"
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 4
    if hint:
        assert hint in caught.value.hint


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_an_endpoint_that_takes_too_long(server, path):
    started = time.monotonic()
    with pytest.raises(RemoteError, match=r"no answer within 0\.3 seconds"):
        run_remote(f"{server.url}{path}", "ASK { }", timeout=0.3)
    assert time.monotonic() - started < 1.4


def test_an_answer_that_is_too_large(server):
    with pytest.raises(RemoteError, match="over 1,000 bytes"):
        run_remote(f"{server.url}/large", "ASK { }", limits=Limits(document_bytes=1000))


def test_a_dead_port_and_an_unknown_host(unused_port):
    with pytest.raises(RemoteError, match="cannot be reached: Connection refused"):
        run_remote(f"http://127.0.0.1:{unused_port}/", "ASK { }")
    with pytest.raises(RemoteError, match="cannot be reached"):
        run_remote("http://nowhere.invalid/", "ASK { }")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://e/", "/etc/passwd", "http://", "http://[::1", "http://e:x/",
     "http://a b/", "", "http://user:secret@"],
)  # fmt: skip
def test_only_http(url):
    with pytest.raises(RemoteError, match="URL") as caught:
        run_remote(url, "ASK { }")
    assert "secret" not in str(caught.value)


def test_short_queries_are_sent_with_get_and_long_ones_with_post(server):
    assert run_remote(f"{server.url}/ok", "ASK { }") is True
    assert run_remote(f"{server.url}/ok", f"ASK {{ ?s ?p '{'x' * LONG}' }}") is True
    (get, address, headers, _), (post, _, _, body) = server.asked
    assert (get, post) == ("GET", "POST")
    assert parse_qs(urlsplit(address).query)["query"] == ["ASK { }"]
    assert parse_qs(body)["query"][0].startswith("ASK")
    assert "application/sparql-results+json" in headers["Accept"]
    assert "Authorization" not in headers


def test_credentials_go_to_their_host_alone_and_a_key_stays_out_of_messages(server):
    url = server.url.replace("//", "//user:p%40ss@")
    assert run_remote(f"{url}/ok?key=hidden", "ASK { }") is True
    (_, address, headers, _) = server.asked[0]
    wanted = base64.b64encode(b"user:p@ss").decode()
    assert headers["Authorization"] == f"Basic {wanted}"
    assert parse_qs(urlsplit(address).query)["key"] == ["hidden"]
    with pytest.raises(RemoteError) as caught:
        run_remote(f"{url}/html?key=hidden", "ASK { }")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("path", ["/to-same-host", "/to-see-other"])
@pytest.mark.parametrize("padding", ["", "x" * LONG])
def test_redirects_on_the_same_host_are_followed(server, path, padding):
    assert run_remote(f"{server.url}{path}", f"ASK {{ ?s ?p '{padding}' }}") is True
    methods = [asked[0] for asked in server.asked]
    followed = "GET" if path == "/to-see-other" or not padding else "POST"
    assert methods == ["POST" if padding else "GET", followed]


def test_a_graph_is_read_with_the_checks_of_any_document(server):
    described = run_remote(f"{server.url}/turtle", "DESCRIBE <http://e/a>", prefixes=PREFIXES)
    assert isinstance(described, Graph)
    assert len(list(described)) == 1
    assert described.prefixes == PREFIXES

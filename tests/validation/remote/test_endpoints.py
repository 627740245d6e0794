"""Endpoints that cut, rename, refuse and fail: a real server behind what stores do in the wild."""

# The server between has what a test gives it.
# mypy: disable-error-code="attr-defined"
from __future__ import annotations

import json
import re
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

from mezan_graph.errors import LimitError, RemoteError
from mezan_graph.graph import Graph
from mezan_graph.namespaces import SH
from mezan_graph.settings import Limits
from mezan_graph.validation.remote import asking, shacl_remote

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = PREFIXES + "".join(
    f'ex:p{number} a ex:Person ; ex:knows [ ex:age "old" ] ; ex:name "{number}" .\n'
    for number in range(10)
)
SHAPES = """
ex:person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:named , ex:known .
ex:named a sh:PropertyShape ; sh:path ex:name ; sh:pattern "^[a-z]" .
ex:known a sh:PropertyShape ; sh:path ( ex:knows ex:age ) ; sh:datatype xsd:integer .
"""
NAMED = ox.NamedNode("http://example.org/named")


def shapes_of(text):
    parser = ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE)
    quads = list(parser)
    return Graph.from_quads(quads, dict(parser.prefixes))


class Between(BaseHTTPRequestHandler):
    """Passes queries on to the real server, and does to its answers what ``server.deed`` says."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.answer(None)

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        self.server.asked += 1
        query = self.path.partition("?")[2]
        request = urllib.request.Request(
            f"{self.server.real}?{query}", body, {"Accept": "application/sparql-results+json"}
        )
        if body is not None:
            request.add_header("Content-Type", self.headers["Content-Type"])
        text = urllib.parse.unquote_plus(query or (body or b"").decode())
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = json.loads(response.read())
        status, kind, content = self.server.deed(text, answer, self.server)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def as_json(answer):
    return 200, "application/sparql-results+json", json.dumps(answer).encode()


def faithful(_text, answer, _server):
    return as_json(answer)


def cutting(text, answer, _server):
    """No answer has more than three rows, with status 200."""
    answer["results"]["bindings"] = answer["results"]["bindings"][:3]
    return as_json(answer)


def cutting_all(text, answer, _server):
    """Only the first rows can be had, however they are asked for."""
    if "ORDER BY" in text and "OFFSET 0" not in text:
        answer["results"]["bindings"] = []
    return cutting(text, answer, _server)


def repeating(text, answer, server):
    """Every page is the first one."""
    if "ORDER BY" not in text:
        return cutting(text, answer, server)
    if "OFFSET 0" in text:
        server.first = answer["results"]["bindings"]
    answer["results"]["bindings"] = server.first
    return as_json(answer)


def renaming(_text, answer, server):
    """Blank nodes have other labels in each answer."""
    content = json.dumps(answer)
    content = re.sub(r'("type": "bnode", "value": ")', rf"\g<1>answer{server.asked}", content)
    return as_json(json.loads(content))


def refusing(text, answer, _server):
    """REGEX is not known."""
    return (400, "text/plain", b"no REGEX here") if "REGEX(STR" in text else as_json(answer)


def failing_later(text, answer, server):
    return (500, "text/plain", b"no memory") if server.asked > 4 else as_json(answer)


def html(_text, _answer, _server):
    return 200, "text/html", b"<html>Welcome</html>"


def nothing(_text, answer, _server):
    answer["results"]["bindings"] = []
    return as_json(answer)


def slow(text, answer, server):
    time.sleep(1)
    return as_json(answer)


@pytest.fixture(scope="module")
def real(start_oxigraph):
    return start_oxigraph(DATA.encode())


@pytest.fixture
def between(real):
    """Starts a server between us and the real one, that does a deed; returns its URL."""
    servers = []

    def start(deed):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
        server.daemon_threads = True
        server.real, server.deed, server.asked = real, deed, 0
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def found(outcome):
    return {
        (each.source_shape.value.rpartition("/")[2], str(each.focus_node), str(each.value))
        for each in outcome.results
    }


@pytest.fixture(scope="module")
def everything(real):
    outcome = shacl_remote(real, shapes_of(SHAPES))
    assert len(outcome.results) == 20
    return found(outcome)


def test_answers_that_are_cut_are_asked_for_in_pages(between, everything):
    outcome = shacl_remote(between(cutting), shapes_of(SHAPES))
    assert found(outcome) == everything
    assert outcome.not_carried == ()


@pytest.mark.parametrize("deed", [faithful, cutting])
def test_pages_of_a_size_of_our_own(between, everything, deed, monkeypatch):
    monkeypatch.setattr(asking, "PAGE", 4)
    assert found(shacl_remote(between(deed), shapes_of(SHAPES))) == everything


@pytest.mark.parametrize("deed", [cutting_all, repeating])
def test_pages_that_do_not_add_up_are_an_error(between, deed):
    with pytest.raises(RemoteError, match="the answers are cut: 10 rows were announced") as caught:
        shacl_remote(between(deed), shapes_of(SHAPES))
    assert caught.value.exit_code == 4


def test_a_query_that_is_refused_is_named(between, everything):
    outcome = shacl_remote(between(refusing), shapes_of(SHAPES))
    refused = {(shape, component) for shape, component, _ in outcome.not_carried}
    assert refused == {
        (NAMED, "PatternConstraintComponent"),
        (ox.NamedNode("http://example.org/known"), "DatatypeConstraintComponent"),
    }
    assert "no REGEX here" in outcome.not_carried[0][2]
    assert outcome.results == ()


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        (failing_later, "HTTP 500 .*no memory"),
        (html, "the answer is text/html"),
        (nothing, "the answer to a COUNT is not one number"),
        (slow, "no answer within 0.4 seconds"),
    ],
)
def test_a_failure_is_an_error_of_the_network(between, deed, message):
    url = between(deed).replace("//", "//ann:secret@")
    with pytest.raises(RemoteError, match=message) as caught:
        shacl_remote(url, shapes_of(SHAPES), timeout=0.4 if deed is slow else 10)
    assert caught.value.exit_code == 4
    assert "secret" not in f"{caught.value} {caught.value.place}"


NAMELESS = """
ex:nameless a sh:NodeShape ; sh:targetSubjectsOf ex:age ;
    sh:not [ sh:property [ sh:path ex:name ; sh:maxCount 0 ] ] .
ex:named a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path ex:age ; sh:minCount 1 ] .
"""


def test_blank_nodes_need_labels_that_last(between):
    kept = shacl_remote(between(faithful), shapes_of(NAMELESS))
    assert len(kept.results) == 20
    renamed = shacl_remote(between(renaming), shapes_of(NAMELESS))
    assert len(renamed.results) == 10
    [(shape, component, reason)] = renamed.not_carried
    assert (shape.value, component) == ("http://example.org/nameless", "NotConstraintComponent")
    assert "names anew in each answer" in reason


def test_no_triples_and_a_graph_that_is_not_there(real):
    with pytest.raises(RemoteError, match="there are no triples"):
        shacl_remote(real, shapes_of(SHAPES), graphs=[ox.NamedNode("http://example.org/none")])


def test_more_rows_than_anybody_reads(real):
    with pytest.raises(LimitError, match="10 rows, over 9"):
        shacl_remote(real, shapes_of(SHAPES), limits=Limits(results=9))


def test_shapes_that_are_not_compiled_are_named(real):
    outcome = shacl_remote(
        real,
        shapes_of(
            "ex:person a sh:NodeShape ; sh:targetClass ex:Person ;"
            " sh:property [ sh:path ex:knows ; sh:node ex:person ] ."
            "ex:idle a sh:NodeShape ; sh:targetNode ex:nobody ; sh:nodeKind sh:Literal ."
            "ex:limited a sh:NodeShape ; sh:targetClass ex:Person ;"
            ' sh:sparql [ sh:select "SELECT $this { $this ?p ?o } LIMIT 1" ] .'
        ),
    )
    assert {shape.value.rpartition("/")[2]: reason for shape, _, reason in outcome.not_carried} == {
        "person": "it refers to itself, directly or through other shapes",
        "limited": "its query has a LIMIT, which is for one node at a time",
    }
    assert outcome.unmatched == (ox.NamedNode("http://example.org/idle"),)
    assert {each.component for each in outcome.results} == {SH.NodeKindConstraintComponent}

"""Requests whose head is known and answers that are kept: nothing is different but the time."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import time
from urllib.parse import quote

import pytest
from tests.endpoint.conftest import endless, settles

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 9000"


def asked(query):
    return f"/sparql?query={quote(query)}"


PATHS = (
    *(asked(COUNT), asked(LONG), asked("SELECT ?x { ?x "), asked("ASK { ?s ?p ?o }")),
    *(asked("SELECT (NOW() AS ?now) { }") + "&format=nothing", "/sparql", "/sparql?query="),
    *("/sparql?update=x", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "/doc/nothing", "/id/nothing"),
    *(asked("ASK {}") + "&format=xml", "/shapes.ttl", "/", "/openapi.json", "/health", "/no/such"),
)


@contextlib.contextmanager
def connected(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    with contextlib.closing(connection):
        yield connection


@pytest.fixture
def kept_open(server):
    with connected(server) as connection:
        yield connection


def ask(connection, path, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    reply = connection.getresponse()
    fields = sorted((k.lower(), v) for k, v in reply.getheaders() if k.lower() != "date")
    return reply.status, fields, reply.read()


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_the_same_each_time_and_on_every_connection(server, kept_open, path):
    first = ask(kept_open, path)
    again = [ask(kept_open, path) for _ in range(3)]
    alone = server.get(path)
    assert again == [first] * 3
    fields = sorted((k.lower(), v) for k, v in alone.headers.items())
    assert first == (
        alone.status,
        [each for each in fields if each[0] not in {"date", "connection"}],
        alone.body,
    )


def test_methods_and_conditions_are_looked_at(kept_open):
    path = asked(COUNT)
    status, fields, body = [ask(kept_open, path) for _ in range(3)][2]
    assert status == 200
    assert {"access-control-allow-origin", "vary", "etag", "content-security-policy"} <= {
        *dict(fields)
    }
    for _ in range(3):
        assert ask(kept_open, path, "HEAD") == (200, fields, b"")
        assert ask(kept_open, path, "OPTIONS")[0] == 204
        assert ask(kept_open, path, "DELETE")[0] == 405
        fresh = ask(kept_open, path, If_None_Match=dict(fields)["etag"])
        assert (fresh[0], fresh[2]) == (304, b"")
        assert dict(fresh[1])["etag"] == dict(fields)["etag"]
        assert ask(kept_open, path, If_None_Match='"another"')[2] == body
        assert ask(kept_open, path, Accept="text/csv")[2] != body
        assert ask(kept_open, path, Accept="application/pdf")[0] == 406


def test_every_answer_is_counted_and_logged(served):
    server = served()
    with connected(server) as connection:
        for _ in range(4):
            ask(connection, asked(COUNT))
    assert server.metric('mezan_requests_total{route="/sparql",status="200"}') == 4
    settles(lambda: sum(each.get("path") == "/sparql" for each in server.log()) == 4)
    logged = [each for each in server.log() if each.get("path") == "/sparql"]
    assert {(each["method"], each["status"], each["client"]) for each in logged} == {
        ("GET", 200, "127.0.0.0")
    }
    assert len({each["bytes"] for each in logged}) == 1
    assert "COUNT" not in server.log_path.read_text()


@pytest.mark.parametrize("warm", [False, True])
def test_the_time_of_a_request_counts_from_its_beginning(served, warm):
    server = served(seconds=2, short_milliseconds=1_000)
    with connected(server) as connection:
        for _ in range(2 if warm else 0):
            ask(connection, asked(COUNT))
        assert ask(connection, asked(endless()))[0] == 504
    settles(lambda: any(each.get("status") == 504 for each in server.log()))
    (logged,) = (each for each in server.log() if each.get("status") == 504)
    assert logged["milliseconds"] >= 2_000


def test_answers_that_are_kept_take_a_token_too(served):
    server = served(requests_per_second=1, burst=5)
    with connected(server) as connection:
        answers = [ask(connection, asked(COUNT)) for _ in range(12)]
    statuses = [status for status, _, _ in answers]
    assert statuses[:3] == [200] * 3
    assert statuses[-1] == 429
    assert "retry-after" in dict(answers[-1][1])


def test_after_a_reload_no_old_answer_is_given(served, copied):
    server = served("--no-watch", "--unchecked")
    path = copied / "data" / "one-more.ttl"
    with connected(server) as connection:
        before = [ask(connection, asked(COUNT)) for _ in range(3)]
        path.write_text("<https://w3id.org/mezan-graph/id/more> a <https://schema.org/Thing> .\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("reloaded")
        after = [ask(connection, asked(COUNT)) for _ in range(3)]
    assert after[0][2] != before[0][2]
    assert after == after[:1] * 3


def test_an_answer_that_was_cut_or_refused_is_not_kept(served):
    server = served(answer_mebibytes=1)
    path = asked("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000")
    with connected(server) as connection:
        for _ in range(3):
            with pytest.raises(http.client.IncompleteRead):
                ask(connection, path)
            connection.close()
    assert server.metric('mezan_requests_total{route="/sparql",status="422"}') == 3


def test_a_connection_at_rest_is_closed(served):
    server = served(idle_seconds=1)
    for requests in (1, 3):
        with connected(server) as connection:
            for _ in range(requests):
                ask(connection, asked(COUNT))
            began = time.monotonic()
            assert connection.sock.recv(1) == b""
            assert time.monotonic() - began > 0.5


KNOWN = b"GET %b HTTP/1.1\r\nHost: known\r\nAccept: text/csv\r\n\r\n"


@pytest.fixture
def raw(server):
    """A connection on which the head of KNOWN has been read before."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        for _ in range(2):
            connection.sendall(KNOWN % b"/health")
            received(connection, 1)
        yield connection


def received(connection, count, patience=120):
    """Return the status of each answer, until there are ``count`` or the connection is closed."""
    connection.settimeout(patience)
    data = b""
    while len(re.findall(rb"HTTP/1\.1 \d+", data)) < count or not data.endswith(b"\n"):
        try:
            more = connection.recv(1 << 16)
        except TimeoutError:
            break
        if not more:
            break
        data += more
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d+)", data)], data


def test_a_body_is_never_taken_for_a_request(raw):
    body = KNOWN % b"/shapes.ttl"
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    raw.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body))
    time.sleep(0.2)
    raw.sendall(body)
    raw.sendall(KNOWN % b"/health")
    statuses, data = received(raw, 2)
    assert statuses == [415, 200]
    assert b"sh:" not in data


def test_what_is_left_of_a_body_after_its_answer_is_no_request(raw):
    body = KNOWN % b"/shapes.ttl"
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    raw.sendall(head + b"Content-Length: %d\r\n\r\n" % ((1 << 20) + 2 * len(body)))
    statuses, _ = received(raw, 1)
    assert statuses == [413]
    raw.sendall(body)
    statuses, data = received(raw, 1, patience=1)
    assert (statuses, b"sh:" in data) == ([], False)


def test_requests_may_come_together_and_in_parts(raw):
    raw.sendall((KNOWN % b"/health") * 3)
    assert received(raw, 3)[0] == [200] * 3
    whole = KNOWN % b"/no/such"
    for cut in (1, 10, whole.index(b"\r\n") + 2, len(whole) - 1):
        raw.sendall(whole[:cut])
        time.sleep(0.05)
        raw.sendall(whole[cut:])
        assert received(raw, 1)[0] == [404]
    slow = KNOWN % asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?t ?q ?o }").encode()
    raw.sendall(slow)
    raw.sendall(KNOWN % b"/no/such")
    assert received(raw, 2)[0] == [200, 404]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /health HTTP/1.0", 200),
        (b"GET /he%61lth HTTP/1.1", 200),
        (b"GET /health HTTP/9.9", 400),
        (b"GET  HTTP/1.1", 400),
        (b"get /health HTTP/1.1", 400),
        (b"GET /doc/../../etc/passwd HTTP/1.1", 404),
        (b"GET /sparql?query=\xff HTTP/1.1", 400),
    ],
)
def test_a_line_that_is_not_plain_is_parsed(raw, line, status):
    raw.sendall((KNOWN % b"/health").replace(b"GET /health HTTP/1.1", line))
    assert received(raw, 1)[0] == [status]


@pytest.mark.parametrize("warm", [False, True])
def test_whoever_has_left_the_queue_costs_no_worker(served, warm):
    limits = {"seconds": 12, "short_milliseconds": 20_000, "waiting_seconds": 60}
    server = served("--no-watch", workers=1, **limits)
    running, waiting = "mezan_queries_running", "mezan_requests_waiting"
    with contextlib.ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            for _ in range(7)
        ]
        for connection in opened[: 7 if warm else 0]:
            connection.sendall(KNOWN % b"/health")
            received(connection, 1)
        for number, connection in enumerate(opened):
            connection.sendall(KNOWN % asked(endless(number)).encode())
            # The first one is slow, so that another worker comes for the second.
            settles(lambda: server.metric(running) == min(number + 1, 2))  # noqa: B023
        settles(lambda: server.metric(waiting) == 5)
        for connection in opened[2:]:
            connection.close()
        left = 'mezan_requests_total{route="/sparql",status="499"}'
        settles(lambda: server.metric(left) == 5)
        assert [received(connection, 1)[0] for connection in opened[:2]] == [[504], [504]]
    assert server.query("ASK { }").status == 200

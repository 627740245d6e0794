"""What strangers send, against the real process: each time the next question finds its answer."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.endpoint.conftest import DOOMED, STARTING, endless, settles

GOOD = "SELECT ?name { id:al-mezan schema:name ?name }"

CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


@pytest.fixture(scope="module")
def shared_guarded(start_shared_server):
    return start_shared_server(
        seconds=2,
        memory_mebibytes=256,
        short_milliseconds=200,
        workers=2,
        long_queries=1,
        idle_seconds=2,
    )


@pytest.fixture
def guarded(shared_guarded):
    """A server with short limits, so that the tests are short, and with nothing to do."""
    settles(lambda: shared_guarded.metric("mezan_queries_running") == 0)
    settles(lambda: shared_guarded.metric("mezan_workers") == 2)
    return shared_guarded


@pytest.fixture(scope="module")
def bounded(start_shared_server):
    """A server with small limits but on time: what is ended for them has time to come so far."""
    return start_shared_server(
        seconds=15,
        memory_mebibytes=256,
        answer_mebibytes=2,
        short_milliseconds=200,
        workers=2,
        long_queries=1,
    )


NUMBERS = itertools.count()


def answers(server, within=None):
    """The next well-behaved request is answered; ``within`` seconds where they are given."""
    started = time.monotonic()
    # Each is another text, so that a worker and not the cache must answer.
    reply = server.query(f"{GOOD} # {next(NUMBERS)}")
    assert reply.status == 200, reply.body
    assert "Al Mezan" in reply.body.decode()
    seconds = time.monotonic() - started
    assert within is None or seconds < within
    return seconds


def patience(server):
    """Seconds that stand for "at once" on this machine, as busy as it is."""
    return 1 + 20 * max(answers(server) for _ in range(5))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 100_000 + "}" * 100_000,
        "SELECT * { BIND(" + "(" * 100_000 + "1" + ")" * 100_000 + " AS ?x) }",
        "SELECT * { ?s " + "(" * 5_000 + "<p:p>" + ")+" * 5_000 + " ?o }",
        "ASK { " + "OPTIONAL { " * 5_000 + "}" * 5_000 + " }",
        "SELECT * { ?s ?p ?o " + "FILTER(?o) " * 9_000 + "}",
    ],
    ids=["groups", "parentheses", "paths", "optionals", "filters"],
)
def test_deep_queries_are_refused_before_the_engine_sees_them(server, query):
    reply = server.query(query)
    assert reply.status == 400
    assert reply.json()["line"] == 1
    answers(server)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "INSERT DATA { <s:s> <p:p> 1 }",
        "SELECT * FROM <http://127.0.0.1:9/data> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:9/data> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "ASK { <file:///etc/passwd> ?p ?o }",
    ],
)
def test_nothing_outside_is_reached(server, query):
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        reply = server.query(query.replace(":9/", f":{trap.getsockname()[1]}/"))
        assert reply.status == 400, reply.body
        assert reply.json()["column"] >= 1
        with pytest.raises(TimeoutError):
            trap.accept()


def test_a_regular_expression_that_backtracks_elsewhere_is_answered_at_once(server):
    reply = server.query(f'ASK {{ FILTER(REGEX("{"a" * 40}!", "(a+)+$")) }}')
    assert (reply.status, reply.json()["boolean"]) == (200, False)


@pytest.mark.parametrize(
    ("query", "statuses"),
    [(DOOMED, {500, 504}), (CROSS, {500, 504}), (endless(), {504})],
    ids=["doubled", "cross product", "endless"],
)
def test_a_query_over_its_limit_is_ended_in_time_and_its_memory_is_given_back(
    guarded, query, statuses
):
    soon = patience(guarded)
    before = guarded.resident()
    started = time.monotonic()
    reply = guarded.query(query)
    assert reply.status in statuses, reply.body
    assert time.monotonic() - started < 2 + soon
    assert reply.headers["Content-Type"] == "application/problem+json"
    answers(guarded, within=soon)
    settles(lambda: guarded.resident() < before + (48 << 20))
    settles(lambda: guarded.metric("mezan_workers") == 2)


def test_a_query_that_takes_too_much_memory_is_told_so(bounded):
    reply = bounded.query(DOOMED)
    assert reply.status == 500
    assert "256 MiB" in reply.json()["detail"]
    answers(bounded)


def test_an_answer_that_breaks_off_never_looks_whole(bounded):
    server = bounded
    query = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            + f"Content-Length: {len(query)}\r\n\r\n".encode()
            + query
        )
        answer = read_to_end(client)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in answer
    assert not answer.endswith(b"0\r\n\r\n")
    answers(server)


def test_without_chunks_an_answer_that_is_too_large_is_an_error(bounded):
    server = bounded
    target = b"/sparql?query=SELECT%20*%20%7B%20?a%20?b%20?c%20.%20?d%20?e%20?f%20%7D"
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET " + target + b" HTTP/1.0\r\n\r\n")
        answer = read_to_end(client)
    assert answer.startswith(b"HTTP/1.1 422")


def read_to_end(client):
    client.settimeout(STARTING)
    parts = []
    while part := client.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def test_light_queries_are_answered_while_heavy_ones_are_ended(bounded):
    stop = threading.Event()
    statuses = []

    def attack():
        while not stop.is_set():
            statuses.append(bounded.query(endless()).status)

    attackers = [threading.Thread(target=attack) for _ in range(6)]
    for each in attackers:
        each.start()
    try:
        settles(lambda: statuses)
        waits = [answers(bounded) for _ in range(11)]
    finally:
        stop.set()
        for each in attackers:
            each.join()
    # In one queue for two workers, each would wait for three times the 15 seconds of a heavy one.
    assert sorted(waits)[5] < 5
    assert set(statuses) <= {503, 504}


KILLED = 'mezan_queries_ended{reason="killed"}'


def processor_ticks(process):
    return sum(
        map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13])
    )


def kill_the_busy_one(server):
    """Kill the worker that has a long query."""
    settles(lambda: server.metric("mezan_queries_running") == 1)
    earlier = {each: processor_ticks(each) for each in server.workers()}

    def work():
        return {each: processor_ticks(each) - earlier.get(each, 0) for each in server.workers()}

    settles(lambda: max(work().values()) > 20)
    before = server.metric(KILLED)
    found = work()
    os.kill(max(found, key=found.__getitem__), signal.SIGKILL)
    settles(lambda: server.metric(KILLED) > before)


def test_a_request_whose_worker_is_killed_by_hand_is_answered_by_another_one(bounded):
    """Until the 15 seconds of the server are over; killed twice, its client is told."""
    with ThreadPoolExecutor() as executor:
        pending = executor.submit(bounded.query, endless())
        kill_the_busy_one(bounded)
        assert not pending.done()
        kill_the_busy_one(bounded)
        assert pending.result().status == 503
    answers(bounded)


def test_no_request_is_lost_while_workers_are_killed(bounded):
    """Each worker is killed again and again, whatever it does; every client has its answer."""
    stop = threading.Event()

    def kill():
        while not stop.wait(0.2):
            with contextlib.suppress(OSError):
                os.kill(bounded.workers()[0], signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        with ThreadPoolExecutor(4) as executor:
            texts = [f"{GOOD} # {next(NUMBERS)}" for _ in range(200)]
            replies = list(executor.map(bounded.query, texts))
    finally:
        stop.set()
        killing.join()
    assert {reply.status for reply in replies} == {200}


def test_killed_workers_are_replaced(guarded):
    killed = set(guarded.workers())
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    settles(lambda: not killed & set(guarded.workers()))
    answers(guarded)
    settles(lambda: guarded.metric("mezan_workers") == 2)


def test_a_nursery_killed_by_hand_is_replaced(guarded):
    old = set(guarded.descendants())
    nursery = next(each for each in old if each not in guarded.workers())
    os.kill(nursery, signal.SIGKILL)
    guarded.wait_for("reloaded")
    answers(guarded)
    settles(lambda: not old & set(guarded.descendants()))
    settles(lambda: guarded.get("health").json()["pages"])


def test_a_client_that_leaves_takes_its_query_with_it(guarded):
    ended = 'mezan_queries_ended{reason="%s"}'
    before = guarded.metric(ended % "abandoned"), guarded.metric(ended % "time")
    with pytest.raises(TimeoutError):
        guarded.query(endless(), timeout=0.5)
    settles(lambda: guarded.metric("mezan_queries_running") == 0)
    after = guarded.metric(ended % "abandoned"), guarded.metric(ended % "time")
    assert after == (before[0] + 1, before[1])


SLOW = {
    "nothing": b"",
    "half a request line": b"GET /spar",
    "half a head": b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_a_client_that_does_not_finish_its_request_is_closed(guarded, sent):
    with socket.create_connection(("127.0.0.1", guarded.port)) as client:
        client.sendall(sent)
        answer = read_to_end(client)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408")
    answers(guarded)


def test_a_body_that_does_not_come_is_waited_for_only_so_long(guarded):
    with socket.create_connection(("127.0.0.1", guarded.port)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 100\r\n\r\nASK"
        )
        assert read_to_end(client).startswith(b"HTTP/1.1 408")
    answers(guarded)


def test_a_drip_of_bytes_does_not_keep_a_request_open(guarded):
    with socket.create_connection(("127.0.0.1", guarded.port)) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
        started = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - started < STARTING:
                client.sendall(b"x")
                time.sleep(0.1)


def test_a_client_that_does_not_read_is_closed(guarded):
    query = b"SELECT%20*%20%7B%20?a%20?b%20?c%20%7D"
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", guarded.port))
        request = b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        client.sendall(request * 5)
        assert connections(guarded)
        settles(lambda: connections(guarded) == 0)
    answers(guarded)


def connections(server):
    """Established connections of the server, as the kernel counts them, but for this look."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{server.port:04X}"
    return sum(each[1].endswith(port) and each[3] == "01" for each in lines)


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 100_000), b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: %s\r\n\r\n" % (b"a" * 100_000), b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X-Many: 1\r\n" * 10_000 + b"\r\n", b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    ],
    ids=["URL", "header", "headers", "nonsense", "version", "TLS"],
)
def test_malformed_and_oversized_requests(server, request_bytes, status):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        try:
            client.sendall(request_bytes)
            answer = read_to_end(client)
        except ConnectionError:
            answer = b""
    # A client that is still sending may lose the answer to the reset of the connection.
    assert answer == b"" or answer.split()[1] == status
    answers(server)


def test_a_body_that_is_too_large_is_refused(server):
    body = b"query=" + b"a" * (2 << 20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        reply = server.request("sparql", method="POST", body=body, headers=headers)
    except OSError:
        pass
    else:
        assert reply.status == 413
    answers(server)


def test_five_hundred_clients_at_once_are_all_answered(server):
    barrier = threading.Barrier(500)

    def ask(number):
        barrier.wait()
        return server.query(f"{GOOD} # of {number}").status

    with ThreadPoolExecutor(500) as executor:
        statuses = list(executor.map(ask, range(500)))
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) > 400
    answers(server)


def test_too_many_requests_of_one_client_are_refused_for_a_while(served):
    server = served("--no-watch", requests_per_second=1, burst=5)
    replies = [server.get("id/al-mezan") for _ in range(10)]
    assert [each.status for each in replies[:5]] == [303] * 5
    assert replies[-1].status == 429
    assert int(replies[-1].headers["Retry-After"]) >= 1
    assert server.get("health").status == 200
    time.sleep(int(replies[-1].headers["Retry-After"]))
    assert server.get("id/al-mezan").status == 303


def test_a_full_queue_is_an_error_that_says_when_to_come_back(served):
    server = served(
        "--no-watch", requests_per_second=0, workers=1, long_queries=1, waiting=1, seconds=20,
        waiting_seconds=1, short_milliseconds=60_000,
    )  # fmt: skip
    with ThreadPoolExecutor() as executor:
        # The first one is slow, so that a worker comes for others; the second one is slow, too.
        slow = []
        for _ in range(2):
            slow.append(executor.submit(server.query, endless()))
            settles(lambda: server.metric("mezan_queries_running") == len(slow))
            settles(lambda: server.metric("mezan_workers") == 2)
        replies = list(executor.map(lambda _: server.query(endless()), range(3)))
        assert [each.status for each in replies] == [503] * 3
        assert all("Retry-After" in each.headers for each in replies)
        assert {each.result().status for each in slow} == {504}
    answers(server)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "PROPFIND"])
@pytest.mark.parametrize("path", ["doc/al-mezan", "id/al-mezan", "api/queries/funders", "health"])
def test_nothing_can_be_written(server, method, path):
    reply = server.request(path, method=method, body=b"x")
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "doc/../../../../etc/passwd",
        "doc/..%2f..%2f..%2fetc%2fpasswd",
        "doc/%2e%2e/%2e%2e/etc/passwd",
        "doc//etc/passwd",
        "doc/%00",
        "graph/..%2fdata",
        "etc/passwd",
        "doc/%ff%fe.ttl",
        "doc/<script>.ttl",
        "concept/../../mezan.toml",
    ],
)
def test_no_path_leads_out(server, path):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        request = f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        client.sendall(request.encode())
        answer = read_to_end(client)
    assert answer.split()[1] == b"404", answer


def test_a_forged_host_changes_nothing(server):
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    for path in ("doc/al-mezan", "sparql", "id/al-mezan", "api/queries/funders"):
        reply = server.request(path, headers=forged)
        assert reply.status in {200, 303}
        assert b"evil" not in reply.body + str(reply.headers).encode()


def test_the_log_holds_no_query_strings(server):
    server.get("sparql?query=ASK%7B%7D%23secret")
    settles(lambda: any(each.get("path") == "/sparql" for each in server.log()))
    assert "secret" not in server.log_path.read_text()

"""Which worker has which job, on a real server: nobody waits behind a slow or a doomed query."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import selectors
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from tests.endpoint.conftest import DOOMED, endless, settles

HEAD = b"GET %b HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
LIGHT = "SELECT ?name { id:al-mezan schema:name ?name }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a a ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"
CLIENTS = 9
NUMBERS = itertools.count()


def request(query):
    """A request for ``query`` that no cache has an answer to."""
    return HEAD % f"/sparql?query={quote(f'{query} # {next(NUMBERS)}')}".encode()


@pytest.fixture(scope="module")
def small(start_shared_server):
    """A server on which no query of these tests counts as long."""
    return start_shared_server(
        workers=2, seconds=20, short_milliseconds=20_000, memory_mebibytes=256
    )


@pytest.fixture
def clients(small):
    """Connections whose requests take the short way, since their head is known."""
    with contextlib.ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", small.port), timeout=120))
            for _ in range(CLIENTS)
        ]
        for client in opened:
            for _ in range(2):
                client.sendall(request(LIGHT))
                assert status_of(client) == 200
        yield opened


def status_of(client):
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(1 << 16)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    assert length is not None
    left = int(length[1]) - len(body)
    while left:
        left -= len(client.recv(left))
    return int(head.split()[1])


def in_order(clients):
    """Return numbers of clients and their statuses in the order in which they are answered."""
    with selectors.DefaultSelector() as selector:
        for number, client in enumerate(clients):
            selector.register(client, selectors.EVENT_READ, number)
        found: list[tuple[int, int]] = []
        while len(found) < len(clients):
            ready = selector.select(120)
            assert ready, f"only {len(found)} answers came"
            for key, _ in ready:
                selector.unregister(key.fileobj)
                found.append((key.data, status_of(key.fileobj)))
        return found


def test_light_queries_do_not_wait_behind_a_slow_one(clients):
    for _ in range(6):
        first, *others = clients
        first.sendall(request(SLOW))
        for client in others:
            client.sendall(request(LIGHT))
        found = in_order(clients)
        assert found[-1] == (0, 200)
        assert {status for _, status in found} == {200}


def test_a_query_that_kills_its_worker_takes_no_other_with_it(clients):
    for place in (0, 4, 8, 2):
        for number, client in enumerate(clients):
            client.sendall(request(DOOMED if number == place else LIGHT))
        found = dict(in_order(clients))
        assert found.pop(place) == 500
        assert set(found.values()) == {200}


def test_requests_that_wait_at_a_worker_go_with_their_clients(small, clients):
    """Whoever leaves is not answered, and whoever stays is."""
    for _ in range(4):
        for client in clients:
            client.sendall(request(LIGHT))
        with socket.create_connection(("127.0.0.1", small.port)) as leaving:
            leaving.sendall(request(LIGHT))
        assert {status for _, status in in_order(clients)} == {200}
    settles(lambda: small.metric("mezan_queries_running") == 0)
    settles(lambda: small.metric("mezan_workers") == 2)


def test_queries_like_one_that_took_long_wait_for_their_turn(start_shared_server):
    server = start_shared_server(
        workers=2, long_queries=1, seconds=3, short_milliseconds=300, waiting_seconds=60
    )
    crowded_out = 'mezan_queries_ended{reason="crowded out"}'
    assert server.query(endless()).status == 504
    with ThreadPoolExecutor() as executor:
        pending = [executor.submit(server.query, endless(n + 1)) for n in range(3)]
        settles(lambda: server.metric("mezan_requests_waiting") == 2)
        if sys.platform == "linux":
            settles(lambda: any(map(gives_way, server.workers())))
        assert server.query(LIGHT).status == 200
        assert {each.result().status for each in pending} == {504}
    assert server.metric(crowded_out) == 0


def gives_way(process):
    with contextlib.suppress(ProcessLookupError):
        return os.sched_getscheduler(process) == os.SCHED_IDLE
    return False

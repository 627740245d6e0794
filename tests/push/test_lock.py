"""One push at a time: who holds the lock, who waits, who takes over."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="method-assign"
from __future__ import annotations

import time
from copy import copy

import pytest
from tests.stores.servers import Oxigraph

from mezan_graph.errors import RemoteError
from mezan_graph.exchange.http import Http
from mezan_graph.namespaces import DCT
from mezan_graph.push.lock import LEASE, Lock, locked
from mezan_graph.push.naming import Names, insert
from mezan_graph.push.payload import write_payload
from mezan_graph.push.pushing import push
from mezan_graph.push.staging import Options
from mezan_graph.push.stores import open_store

NAMES = Names("https://example.org/graph/locked")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    server = Oxigraph(tmp_path_factory.mktemp("oxigraph"))
    server.start()
    http = Http(server.url)
    yield open_store(http)
    http.close()
    server.kill()


def foreign(store, seconds, host="0" * 12, process=1):
    """The lock of another machine, for so many seconds from now."""
    holder = f"urn:x-mezan:holder:{host}:{process}:x"
    line = f'<{holder}> {DCT.valid} "{time.time() + seconds:.0f}" .'
    store.update([insert(NAMES.lock, [line.encode()])])


def own_host(store):
    return Lock(store, NAMES).name.split(":")[3]


@pytest.fixture(autouse=True)
def unlocked(store):
    store.update([f"DROP SILENT GRAPH <{NAMES.lock}>"])


def test_only_one_holds_it(store):
    late = locked(store, NAMES, wait=0.01, sleep=lambda _: None)
    with locked(store, NAMES, wait=0), pytest.raises(RemoteError, match="another push"), late:
        pass
    with locked(store, NAMES, wait=0):
        pass
    assert store.facts(NAMES.lock) == []


def test_another_one_is_waited_for(store):
    foreign(store, 100)
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        store.update([f"DROP GRAPH <{NAMES.lock}>"])

    with locked(store, NAMES, wait=10, sleep=sleep):
        assert len(waited) == 1
        assert 0.5 <= waited[0] <= 1.5


def test_one_that_ran_out_counts_no_more(store):
    foreign(store, -1)
    with locked(store, NAMES, wait=0):
        pass
    assert store.facts(NAMES.lock) == []


def test_one_of_a_dead_process_on_this_machine_counts_no_more(store):
    foreign(store, 100, own_host(store), 2**22 + 1)
    with locked(store, NAMES, wait=0):
        pass
    foreign(store, 100, own_host(store), 1)
    with pytest.raises(RemoteError), locked(store, NAMES, wait=0, sleep=lambda _: None):
        pass


def test_one_that_a_push_of_this_process_could_not_release_counts_no_more(store):
    def unreachable(_graph):
        raise RemoteError("the store is gone")

    with locked(store, NAMES, wait=0) as lock:
        lock.store = copy(store)
        lock.store.facts = unreachable
    assert store.facts(NAMES.lock)
    with locked(store, NAMES, wait=0):
        pass


def early_to_look(lock):
    """Make ``lock`` find nobody at its first look."""
    holders = lock.holders

    def first_look():
        lock.holders = holders
        return set()

    lock.holders = first_look


@pytest.mark.parametrize("smaller_name_first", [True, False])
def test_of_two_in_the_same_moment_never_both_go_on(store, smaller_name_first):
    locks = sorted((Lock(store, NAMES) for _ in range(2)), key=lambda lock: lock.name)
    first, second = locks if smaller_name_first else reversed(locks)
    early_to_look(second)
    assert first.take()
    assert not second.take()
    assert {holder for holder, _, _ in store.facts(NAMES.lock)} == {first.name}
    first.release()
    assert second.take()
    second.release()


def test_one_whose_line_is_dropped_with_the_lock_of_another_does_not_hold_it(store):
    lock = Lock(store, NAMES)
    renew = lock.renew

    def renewed_and_dropped(seconds=LEASE):
        renew(seconds)
        store.update([f"DROP GRAPH <{NAMES.lock}>"])

    lock.renew = renewed_and_dropped
    assert not lock.take()


def test_it_is_renewed_in_time(store):
    lock = Lock(store, NAMES)
    assert lock.take()
    until = lock.until
    lock.renew()
    assert lock.until == until
    lock.renew(10_000)
    assert lock.until > until + 5000
    lock.release()


@pytest.mark.parametrize(("lines", "seconds"), [(1, LEASE), (20, 500), (50, 600)])
def test_it_is_held_while_a_large_chunk_is_on_its_way(store, monkeypatch, tmp_path, lines, seconds):
    """As long as the slowest store may take, but no longer than others wait."""
    monkeypatch.setattr("mezan_graph.push.staging._SLOWEST", 1)
    sent = [b"<x:%04d> <x:p> <x:%03d> ." % (number, lines) for number in range(lines)]
    made = write_payload(sent, tmp_path / "large.nt")
    assert made.manifest.triples == lines
    held = []
    watched = copy(store)

    def add(graph, ntriples):
        held.append(float(store.facts(NAMES.lock)[-1][2]) - time.time())
        store.add(graph, ntriples)

    watched.add = add
    push(watched, {NAMES.live: made}, Options(wait=600))
    assert held == [pytest.approx(seconds, abs=10)]

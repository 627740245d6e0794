"""RDF4J's transactions: what is pushed in one, and that the server ends one that is silent."""

# Stores carry what a test gives them.
# mypy: disable-error-code="misc"

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from tests.stores import proxy as fate
from tests.stores import servers
from tests.stores.conftest import LIVE, people
from tests.stores.test_push import graphs, options, triples

from mezan_graph.errors import RemoteError
from mezan_graph.exchange.http import Http
from mezan_graph.push.naming import Names, drop, insert
from mezan_graph.push.pushing import push
from mezan_graph.push.stores import open_store, rdf4j

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.push.store import Store

NEXT = "https://example.org/graph/next"
SILENCE = 2


class Impatient(servers.Rdf4j):
    """A server that ends a transaction after two seconds of silence, in place of sixty."""

    def command(self) -> list[str]:
        java, *options = super().command()
        return [java, f"-Drdf4j.server.txn.registry.timeout={SILENCE}", *options]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    server = Impatient(tmp_path)
    server.start()
    http = Http(server.url)
    yield open_store(http)
    http.close()
    server.stop()


def slowly() -> Iterator[str]:
    yield insert(LIVE, [b"<urn:x:a> <urn:x:p> 1 ."])
    time.sleep(3 * SILENCE)
    yield insert(LIVE, [b"<urn:x:b> <urn:x:p> 2 ."])


def test_transaction_that_works_for_long_is_kept_alive(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RemoteError):
        store.update(slowly())
    assert store.count(LIVE) == 0
    monkeypatch.setattr(rdf4j, "PING_SECONDS", SILENCE / 4)
    store.update(slowly())
    assert store.count(LIVE) == 2


@pytest.fixture
def server(running):
    return running("rdf4j")


def uploads(proxy, graph):
    """Uploads in a transaction, and those of the Graph Store Protocol, into a graph."""
    sent = [each for each in proxy.log if b"person-0003" in each.body]
    named = [each for each in sent if quote(graph, safe="") in each.path]
    inside = [each for each in named if "action=ADD" in each.path]
    return len(inside), len(named) - len(inside)


def test_a_graph_is_filled_where_it_goes_live(clean, payload, proxy, server, connect):
    made = payload(people(40))
    push(connect(server, proxy, chunk_bytes=9000), {LIVE: made}, options())
    staging = Names(LIVE).version(made.manifest.sha256[:32])
    assert uploads(proxy, LIVE) == (1, 0)
    assert uploads(proxy, staging) == (0, 0)
    assert triples(clean) == list(made.all_lines())


def test_what_is_too_large_for_a_transaction_is_staged_in_a_graph(
    clean, payload, proxy, server, connect
):
    made = payload(people(40))
    store = connect(server, proxy, chunk_bytes=9000)
    for most, filled in ((made.manifest.triples - 1, False), (made.manifest.triples, True)):
        clean.update([drop(graph) for graph in graphs(clean)])
        proxy.log.clear()
        store.capabilities = dataclasses.replace(store.capabilities, transaction_triples=most)
        push(store, {LIVE: made}, options())
        assert uploads(proxy, LIVE) == (int(filled), 0)
        assert triples(clean) == list(made.all_lines())


def test_several_graphs_are_too_large_together(clean, payload, proxy, server, connect):
    made = {LIVE: payload(people(40)), NEXT: payload(people(40, 2001))}
    store = connect(server, proxy, chunk_bytes=9000)
    most = made[LIVE].manifest.triples + 1
    store.capabilities = dataclasses.replace(store.capabilities, transaction_triples=most)
    push(store, made, options())
    assert [uploads(proxy, graph) for graph in made] == [(0, 0), (0, 0)]
    assert [triples(clean, graph) for graph in made] == [
        list(each.all_lines()) for each in made.values()
    ]


def test_a_transaction_that_does_not_show_what_was_done_in_it(
    clean, payload, proxy, server, connect
):
    """As in stores whose changes are seen after COMMIT alone: a staging graph is used there."""
    made = payload(people(40))
    proxy.on(
        lambda request: "action=QUERY" in request.path,
        fate.answered(lambda body: body.replace(b'"1"', b'"0"')),
        times=999,
    )
    push(connect(server, proxy, chunk_bytes=9000), {LIVE: made}, options())
    assert uploads(proxy, LIVE) == (0, 0)
    assert uploads(proxy, Names(LIVE).version(made.manifest.sha256[:32])) == (0, 1)
    assert triples(clean) == list(made.all_lines())
    assert graphs(clean) == {LIVE, Names(LIVE).ledger}


def test_the_lock_ends_with_the_transaction(clean, payload, proxy, server, connect):
    """A persistent memory store writes all that it holds once more for each transaction."""
    push(connect(server, proxy), {LIVE: payload(people(3))}, options())
    asked = [each.path.split("?") for each in proxy.log if "?action=" in each.path]
    filled = [where for where, action in asked if action.startswith("action=ADD")]
    committed = [where for where, action in asked if action == "action=COMMIT"]
    assert filled[-1] == committed[-1]
    assert graphs(clean) == {LIVE, Names(LIVE).ledger}


def test_another_push_goes_live_before_the_first_is_proved(clean, payload, server, connect):
    first, second = payload(people(3)), payload(people(5))

    def overtaken(step, done, _total):
        if (step, done) == ("prove", 0):
            push(connect(server), {LIVE: second}, options(wait=0))

    receipt = push(clean, {LIVE: first}, options(progress=overtaken))
    assert triples(clean) == list(second.all_lines())
    assert receipt.graphs[0].live.sha256 == second.manifest.sha256
    assert receipt.graphs[0].previous
    assert receipt.graphs[0].previous.sha256 == first.manifest.sha256


@pytest.mark.parametrize(("others", "told"), [(1, True), (200, True), (1, False)])
def test_a_graph_is_found_among_little_else_by_reading_all(
    others, told, clean, payload, proxy, server, connect
):
    """Without a context a memory store needs no index of what was done in the transaction."""
    if not told:
        proxy.on(lambda request: request.path.endswith("/config"), fate.answers(404))
    made = payload(people(20))
    about = f"<x:graph> <x:is> <{LIVE}> .".encode()
    clean.add("", about + b"\n")
    clean.update([insert(NEXT, [b"<x:%d> <x:p> <x:o> ." % each for each in range(others)])])
    with connect(server, proxy).transaction() as inside:
        inside.add(LIVE, made.path.read_bytes())
        inside.update([insert(LIVE, [about])])
        wanted = sorted([about, *made.all_lines()])
        proxy.log.clear()
        read = [line for lines in inside.lines(LIVE, parsed=False) for line in lines if line]
        assert sorted(read) == sorted(triples(inside)) == wanted
        first, second = (each.path for each in proxy.log if "action=GET" in each.path)
        assert ("context=" in first) == (others > 1 or not told)
        assert "context=" in second

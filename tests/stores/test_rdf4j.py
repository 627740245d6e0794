"""RDF4J's transactions: the server ends one that nobody has spoken to, even while it works."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.stores import servers
from tests.stores.conftest import LIVE

from mezan_graph.errors import RemoteError
from mezan_graph.exchange.http import Http
from mezan_graph.push.naming import insert
from mezan_graph.push.stores import open_store, rdf4j

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.push.store import Store

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

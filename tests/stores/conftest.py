"""Every store, started once for all tests; small graphs; pushes through a proxy."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="misc"
from __future__ import annotations

import dataclasses

import pytest
from tests.stores.proxy import Proxy
from tests.stores.servers import STORES

from mezan_graph.exchange.http import Http
from mezan_graph.exchange.refusals import Patience
from mezan_graph.push.payload import write_payload
from mezan_graph.push.stores import open_store

IMPATIENT = Patience(seconds=30, connect=5, tries=3, pause=0.02, longest=0.1)
LIVE = "https://example.org/graph/live"


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """Starts a server of a kind when it is first asked for; stops all of them at the end."""
    servers = {}

    def start(kind):
        if kind not in servers:
            server = STORES[kind](tmp_path_factory.mktemp(kind))
            server.start()
            servers[kind] = server
        return servers[kind]

    yield start
    for server in servers.values():
        server.kill()


@pytest.fixture(params=list(STORES))
def server(request, running):
    """A running server of each kind."""
    return running(request.param)


@pytest.fixture
def connect():
    """Opens the store of a server, directly or through the proxy; chunks are small."""
    opened = []

    def open_(server, proxy=None, *, chunk_bytes=3000, patience=IMPATIENT):
        url = server.url if proxy is None else server.url.replace(str(server.port), str(proxy.port))
        http = Http(url, server.credentials, patience=patience)
        opened.append(http)
        store = open_store(http, server.kind)
        store.capabilities = dataclasses.replace(
            store.capabilities, chunk_bytes=chunk_bytes, **server.changes
        )
        return store

    yield open_
    for http in opened:
        http.close()


@pytest.fixture
def proxy(server):
    """A proxy before the server, that does what a test tells it to."""
    with Proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def payload(tmp_path, monkeypatch):
    """Makes a payload of N-Triples lines."""
    monkeypatch.setattr("mezan_graph.push.payload.BUCKET", 10)

    def make(lines):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.nt"
        return write_payload(sorted(line.encode() for line in lines), path)

    return make


def people(count, year=2000):
    """Lines about so many people, in a form that every store keeps."""
    for number in range(count):
        person = f"<https://example.org/id/person-{number:04d}>"
        yield f'{person} <https://schema.org/name> "Person {number} — شخص"@en .'
        yield f"{person} <https://schema.org/knows> <https://example.org/id/person-0000> ."
        yield (
            f'{person} <https://schema.org/birthDate> "{year}"^^'
            "<http://www.w3.org/2001/XMLSchema#gYear> ."
        )


@pytest.fixture
def clean(server, connect):
    """The store of the server with nothing of ours in it."""
    store = connect(server)
    rows = store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "x")
    for row in rows:
        name = row["g"]["value"]
        if name.startswith(("urn:x-mezan:", "https://example.org/")):
            store.update([f"DROP SILENT GRAPH <{name}>"])
    if store.capabilities.default_graph:
        store.update(["DROP SILENT DEFAULT"])
    return store

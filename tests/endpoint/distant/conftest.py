"""Stores with the Al Mezan graph, and servers in front of them."""

from __future__ import annotations

import urllib.request

import pyoxigraph as ox
import pytest
from tests.stores.proxy import Proxy
from tests.stores.servers import Oxigraph

from mezan_graph.exports import published_graph

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def load(store: Oxigraph, quads: bytes | None, path: str = "/store", kind: str = "n-quads") -> None:
    headers = {"Content-Type": f"application/{kind}"}
    request = urllib.request.Request(store.url + path, quads, headers, method="PUT")
    urllib.request.urlopen(request, timeout=60).close()


@pytest.fixture(scope="module")
def new_store(tmp_path_factory):
    """Starts a store with nothing in it."""
    stores = []

    def start():
        store = Oxigraph(tmp_path_factory.mktemp("store"))
        store.start()
        stores.append(store)
        return store

    yield start
    for each in stores:
        each.kill()


@pytest.fixture(scope="module")
def store(new_store, project):
    """A store with the Al Mezan graph, each named graph apart."""
    store = new_store()
    load(store, ox.serialize(published_graph(project), format=ox.RdfFormat.N_QUADS))
    return store


@pytest.fixture(scope="module")
def merged_store(new_store, project):
    """A store with the Al Mezan graph in its default graph."""
    store = new_store()
    triples = {quad.triple for quad in published_graph(project).triples()}
    load(store, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), "/store?default", "n-triples")
    return store


@pytest.fixture(scope="module")
def distant(start_shared_server, store):
    """A server in front of the store."""
    return start_shared_server(None, "--endpoint", store.query_url, seconds=60)


@pytest.fixture(scope="module")
def merged(start_shared_server, merged_store):
    """A server in front of the store with one graph."""
    return start_shared_server(None, "--endpoint", merged_store.query_url, seconds=60)


@pytest.fixture(params=["distant", "merged"])
def either(request):
    """A server in front of a store of either kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def proxied(store, start_server, copied):
    """A server, and a proxy between it and the store; the log of the proxy begins empty."""
    with Proxy(store.port) as proxy:

        def start(*options, **settings):
            lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
            with (copied / "mezan.toml").open("a", encoding="utf-8") as stream:
                stream.write(f"\n[serve]\n{lines}")
            url = f"http://127.0.0.1:{proxy.port}/query"
            server = start_server(copied, "--endpoint", url, "--no-watch", *options)
            proxy.log.clear()
            return server, proxy

        yield start


@pytest.fixture(scope="module")
def fronted(start_shared_server, store):
    """A server and a proxy between it and the store, for tests that leave no rule behind."""
    with Proxy(store.port) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/query"
        yield start_shared_server(None, "--endpoint", url, answer_mebibytes=1, seconds=20), proxy


@pytest.fixture(scope="module")
def crowd(start_shared_server, new_store, project):
    """A server of 250 reports in an order, and of more people than a list puts in order."""
    about, name = f"{project.base}id/", "<https://schema.org/name>"
    lines = []
    for number in range(250):
        report = f"<{about}report-{number}>"
        position = f'"{250 - number}"^^<http://www.w3.org/2001/XMLSchema#integer>'
        lines += [
            f"{report} {TYPE} <https://schema.org/Report> .",
            f"{report} <https://schema.org/position> {position} .",
        ]
    for number in range(20_120):
        person = f"<{about}person-{number}>"
        lines += [
            f"{person} {TYPE} <https://schema.org/Person> .",
            f'{person} {name} "P {number}" .',
        ]
    store = new_store()
    load(store, "\n".join([*lines, ""]).encode(), "/store?default", "n-triples")
    return start_shared_server(None, "--endpoint", store.query_url, seconds=60)

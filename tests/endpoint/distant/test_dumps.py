"""Files of everything that a store holds: whole, or seen to be cut."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json

import pyoxigraph as ox
import pytest
from tests.endpoint.distant.conftest import load
from tests.stores.proxy import Reply

FORMATS = {
    "dump.nt": ox.RdfFormat.N_TRIPLES,
    "dump.nq": ox.RdfFormat.N_QUADS,
    "dump.ttl": ox.RdfFormat.TURTLE,
    "dump.trig": ox.RdfFormat.TRIG,
    "dump.rdf": ox.RdfFormat.RDF_XML,
    "dump.nq.gz": ox.RdfFormat.N_QUADS,
}


@pytest.fixture(scope="module")
def narrow(start_shared_server, new_store, project):
    """A server whose answers may have 1 MiB, of a store that has more than that, also packed."""
    space, text = f"{project.base}id/", "<https://schema.org/text>"
    digests = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(40_000))
    lines = [
        f'<{space}{each[:8]}> {text} "{each}" <{project.base}graph/data> .' for each in digests
    ]
    store = new_store()
    load(store, "\n".join([*lines, ""]).encode())
    options = ("--endpoint", store.query_url)
    return start_shared_server(None, *options, seconds=60, answer_mebibytes=1)


def lines(body, form):
    """What a file holds, but for labels of blank nodes and spellings of numbers and durations."""
    data = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    found = ox.Store()
    found.extend(ox.parse(data, form, base_iri="https://example.org/"))
    dataset = ox.Dataset(found)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(each) for each in dataset}


@pytest.mark.parametrize("name", FORMATS)
def test_a_dump_holds_what_it_holds_at_home(distant, server, name):
    here, there = (each.get(name) for each in (server, distant))
    assert there.status == 200
    assert there.headers["Content-Type"] == here.headers["Content-Type"]
    assert there.headers["X-Robots-Tag"] == here.headers["X-Robots-Tag"]
    assert lines(here.body, FORMATS[name]) == lines(there.body, FORMATS[name])
    if not name.endswith((".gz", ".rdf")):
        assert there.body.splitlines()[:2] == here.body.splitlines()[:2]


def test_a_store_with_one_graph_gives_it(merged, server):
    for name in ("dump.nt", "dump.nq"):
        here, there = server.get("dump.nt").body, merged.get(name).body
        assert lines(here, ox.RdfFormat.N_TRIPLES) == lines(there, ox.RdfFormat.N_TRIPLES)
    assert merged.get("graphs/data.ttl").status == 404
    assert merged.get("graph/data").status == 404


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("graphs/data.ttl", "text/turtle"),
        ("graph/data", "text/turtle"),
        ("graph/data", "application/n-triples"),
    ],
)
def test_a_named_graph(distant, server, path, media_type):
    here, there = (each.get(path, accept=media_type) for each in (server, distant))
    assert (there.status, there.headers["Content-Type"]) == (200, here.headers["Content-Type"])
    form = ox.RdfFormat.from_media_type(media_type)
    assert lines(here.body, form) == lines(there.body, form)
    assert distant.get("graphs/nothing.ttl").status == 404


def test_what_describes_the_data_set(distant):
    for name in ("catalog.ttl", "dataset.nt"):
        assert b"void#sparqlEndpoint" in distant.get("dataset.nt").body
        assert distant.get(name).status == 200
    assert json.loads(distant.get("dataset.jsonld").body)
    page = distant.get("en/data.html").body.decode()
    assert "dump.nt" in page
    assert "dump.jsonld" not in page


def test_a_dump_in_json_ld_is_refused_in_words(distant):
    reply = distant.get("dump.jsonld")
    assert (reply.status, reply.headers["Content-Type"]) == (501, "application/problem+json")
    assert "dump.nt" in reply.json()["hint"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_dump_that_breaks_off_ends_with_the_connection(fronted, name):
    server, proxy = fronted

    def halved(handler, request):
        reply = handler.forward(request)
        handler.reply(Reply(reply.status, reply.headers, reply.body[: len(reply.body) * 3 // 4]))

    proxy.on(lambda each: b"CONSTRUCT" in each.body or b"GRAPH+%3Fg" in each.body, halved)
    _is_no_file(server, name)
    proxy.rules.clear()


@pytest.mark.parametrize("name", FORMATS)
def test_a_dump_over_the_limit_ends_with_the_connection(narrow, name):
    _is_no_file(narrow, name)


def _is_no_file(server, name):
    try:
        reply = server.get(name)
    except http.client.IncompleteRead:
        return
    assert reply.status in {422, 502}
    assert reply.headers["Content-Type"] == "application/problem+json"

"""Where a store is spoken to, whichever of its addresses was named."""

from __future__ import annotations

from contextlib import closing

import pytest

from mezan_graph.exchange.http import Http
from mezan_graph.push.stores import open_store
from mezan_graph.push.stores.addresses import Addresses
from mezan_graph.push.stores.sparql import SparqlStore

BASE = "http://127.0.0.1:7878"
FUSEKI = Addresses(f"{BASE}/ds/data", f"{BASE}/ds/sparql", f"{BASE}/ds/update")
OXIGRAPH = Addresses(f"{BASE}/store", f"{BASE}/query", f"{BASE}/update")
NAMED = [
    *(("oxigraph", f"{BASE}{end}", OXIGRAPH) for end in ("", "/store", "/query", "/update")),
    *(
        ("fuseki", f"{BASE}/ds{end}", FUSEKI)
        for end in ("", "/data", "/sparql", "/query", "/update")
    ),
]


@pytest.mark.parametrize("slash", ["", "/", "//"])
@pytest.mark.parametrize(("kind", "url", "addresses"), NAMED)
def test_any_address_of_a_store_leads_to_the_others(kind, url, addresses, slash):
    with closing(Http(url + slash)) as http:
        store = open_store(http, kind)
        assert isinstance(store, SparqlStore)
        assert store.addresses == addresses


def test_a_dataset_may_be_called_like_a_service():
    with closing(Http(f"{BASE}/data/data")) as http:
        store = open_store(http, "fuseki")
        assert isinstance(store, SparqlStore)
        assert store.addresses.data == f"{BASE}/data/data"

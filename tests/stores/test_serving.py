"""Every store behind the server: entities, pages, queries and stored queries come through."""

# A server is of each kind.
from __future__ import annotations

import pytest
from tests.endpoint.conftest import Servers
from tests.stores.conftest import LIVE, people

QUESTION = """#+ summary: Names of people
#+ description: What are people called?

PREFIX schema: <https://schema.org/>

SELECT ?person ?name WHERE { ?person schema:name ?name } ORDER BY ?name
"""


@pytest.fixture
def front(server, clean, copied):
    """A server of a project in front of each kind of store."""
    lines = [*people(20)]
    clean.add(LIVE, "\n".join([*lines, ""]).encode())
    settings = copied / "mezan.toml"
    text = settings.read_text(encoding="utf-8")
    base = next(line for line in text.splitlines() if line.startswith("base = "))
    settings.write_text(text.replace(base, 'base = "https://example.org/"'), encoding="utf-8")
    (copied / "queries" / "people" / "called.rq").write_text(QUESTION, encoding="utf-8")
    servers = Servers()
    options = ("--endpoint", server.query_url, "--graph", LIVE, "--no-watch")
    yield servers.start(copied, *options), lines
    servers.end()


def test_a_store_answers_through_the_server(front):
    far, lines = front
    counted = far.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()
    assert int(counted["results"]["bindings"][0]["n"]["value"]) == len(lines)
    assert far.query("ASK { GRAPH ?g { ?s ?p ?o } }").json()["boolean"] is True
    built = far.query("CONSTRUCT WHERE { ?s <https://schema.org/name> ?o }", accept="text/turtle")
    assert (built.status, built.body.count(b'"Person ')) == (200, 20)

    named = far.get("api/queries/called?per-page=3&page=7&format=csv")
    assert (named.status, named.headers["X-Total-Count"]) == (200, "20")
    assert named.body.decode().count("Person") == 2

    known = far.get("doc/person-0000.nt").body.decode().splitlines()
    assert {each for each in lines if "knows" in each} <= set(known)
    assert 'Person 7 — شخص"@en' in far.get("doc/person-0007.ttl").body.decode()
    assert far.get("doc/person-0020.ttl").status == 404
    page = far.get("en/doc/person-0000.html")
    assert (page.status, page.body.decode().count("person-0007.html") > 0) == (200, True)

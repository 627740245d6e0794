"""Entities, concepts, graphs and the data set over HTTP, as people and machines ask for them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import urldefrag, urljoin

import pyoxigraph as ox
import pytest

from mezan_graph.exports import export, published_graph
from mezan_graph.formats import FORMATS, JSONLD, NTRIPLES, RDFXML, TURTLE
from mezan_graph.publication import published_files
from mezan_graph.site.addresses import PAGES

SITE = "https://w3id.org/mezan-graph/"


def canonical(content, rdf_format):
    dataset = ox.Dataset(ox.parse(content, rdf_format.oxigraph, base_iri="http://base/"))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_an_identifier_redirects_to_its_document(server):
    reply = server.get("id/al-mezan")
    assert (reply.status, reply.body) == (303, b"")
    assert urljoin(f"{server.url}id/al-mezan", reply.headers["Location"]) == (
        f"{server.url}doc/al-mezan"
    )
    assert reply.headers["Vary"] == "Accept, Accept-Language"
    assert server.get("id/al-mezan?format=jsonld").headers["Location"].endswith("?format=jsonld")


@pytest.mark.parametrize("rdf_format", [TURTLE, JSONLD, NTRIPLES, RDFXML], ids=lambda f: f.name)
def test_a_document_is_the_same_however_it_is_asked_for(server, project, rdf_format):
    expected = export(project, "al-mezan", rdf_format=rdf_format)
    sibling = server.get(f"doc/al-mezan{rdf_format.suffix}")
    negotiated = server.get("doc/al-mezan", accept=f"{rdf_format.media_type}, */*;q=0.1")
    named = server.get(f"doc/al-mezan?format={rdf_format.name}", accept="text/nothing")
    assert sibling.body == negotiated.body == named.body == expected
    for reply in (sibling, negotiated, named):
        assert reply.status == 200
        assert reply.headers["Content-Type"].split(";")[0] == rdf_format.media_type
        assert f'<{SITE}doc/al-mezan>; rel="canonical"' in reply.headers["Link"]
        assert 'rel="license"' in reply.headers["Link"]
        assert 'rel="describedby"' in reply.headers["Link"]
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in sibling.headers
    assert negotiated.headers["Vary"] == "Accept, Accept-Language"
    assert negotiated.headers["Content-Location"] == f"{SITE}doc/al-mezan{rdf_format.suffix}"


def test_every_format_of_a_document_says_the_same(server):
    turtle = canonical(server.get("doc/al-mezan.ttl").body, TURTLE)
    assert canonical(server.get("doc/al-mezan.nt").body, NTRIPLES) == turtle
    assert canonical(server.get("doc/al-mezan.rdf").body, RDFXML) == turtle


FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "language", "place"),
    [
        ("doc/al-mezan", "ar-PS,ar;q=0.9,en;q=0.5", "../ar/doc/al-mezan.html"),
        ("doc/al-mezan", "fr", "../en/doc/al-mezan.html"),
        ("doc/al-mezan.html", "en", "../en/doc/al-mezan.html"),
        ("concept/funding-core", "en", "../en/concept/funding-core.html"),
        ("", "ar", "ar/index.html"),
    ],
)
def test_a_browser_is_led_to_the_page_in_its_language(server, path, language, place):
    reply = server.get(path, accept=FIREFOX, accept_language=language)
    assert (reply.status, reply.headers["Location"]) == (303, place)
    assert reply.headers["Vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    "path",
    ["en/doc/al-mezan.html", "ar/doc/al-mezan.html", "en/", "ar/queries.html", "assets/site.css"],
)
def test_the_pages_of_the_site_are_served(server, path):
    reply = server.get(path)
    assert reply.status == 200, reply.body
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    again = server.get(path, if_none_match=reply.headers["ETag"])
    assert again.status == 304
    if path.startswith("ar"):
        assert reply.headers["Content-Language"] == "ar"
        assert 'dir="rtl"' in reply.body.decode()


def test_no_link_of_a_page_is_dead(server):
    """One page of each kind, in one language, and everything that it links to here."""
    kinds = ("doc/al-mezan", "concept/funding-core", "class/schema-organization", "query/funders")
    pages = [f"en/{stem}.html" for stem in (*PAGES, *kinds)]
    linked = {f"{server.url}dump.nq", f"{server.url}query/index.json"}
    for path in pages:
        reply = server.get(path)
        assert reply.status == 200, path
        found = re.findall(r' (?:href|src)="([^"]+)"', reply.body.decode())
        linked |= {urldefrag(urljoin(server.url + path, unescape(each)))[0] for each in found}
    ours = sorted(each.removeprefix(server.url) for each in linked if each.startswith(server.url))
    kinds_of = {re.sub(r"[^/]*(?=\.\w+$)", "", each): each for each in ours if "~" not in each}
    asked = {*kinds_of.values(), *(each for each in ours if not each.endswith(".html"))}
    with ThreadPoolExecutor(4) as executor:
        replies = executor.map(lambda each: (server.get(each).status, each), asked)
    assert [each for each in replies if each[0] != 200] == []
    assert {"query/funders.csv", "query/funders.rq", "class/schema-organization.ttl"} <= asked


def test_the_files_of_data_are_those_that_are_published(server, project):
    asked = ("dump.nq", "dump.nq.gz", "dump.rdf", "graphs/links.ttl")
    files = published_files(project, published_graph(project))
    published = {path: content for path, content in files if path in asked}
    assert {path: server.get(path).body for path in asked} == published


def test_what_machines_look_for_is_as_it_is_published(server, project):
    """Site map, robots, feed, citation, context and descriptions have the bytes of a build."""
    asked = (
        *("sitemap.xml", "robots.txt", "changes.atom", "CITATION.cff", "context.jsonld"),
        *(".well-known/void", "void.ttl", "catalog.ttl", "dataset.jsonld", "dataset.nt"),
    )
    files = published_files(project, published_graph(project), site=True)
    published = {path: content for path, content in files if path in asked}
    replies = {path: server.get(path) for path in published}
    assert {path: reply.body for path, reply in replies.items()} == published
    types = {path: reply.headers["Content-Type"].split(";")[0] for path, reply in replies.items()}
    assert types["sitemap.xml"] == "application/xml"
    assert types["changes.atom"] == "application/atom+xml"
    assert types[".well-known/void"] == "text/turtle"
    assert len(published) > 8
    assert server.get("sitemap-2.xml").status == 404


def test_the_answer_of_a_stored_query_stands_beside_its_page(server):
    reply = server.get("query/funders.csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.body == server.get("api/queries/funders?format=csv").body
    assert server.get("query/funders.docx").status == 404
    assert server.get("query/nothing.csv").status == 404


@pytest.mark.parametrize("path", ["en/nothing.html", "xx/doc/al-mezan.html", "assets/../x", "en"])
def test_there_are_no_other_pages(server, path):
    assert server.get(path).status == 404


def test_what_cannot_be_had_is_said(server):
    reply = server.get("doc/al-mezan", accept="image/png")
    assert reply.status == 406
    assert "text/turtle" in reply.json()["hint"]
    assert server.get("doc/al-mezan?format=docx").status == 400


def test_what_is_known_already_is_not_sent_again(server):
    reply = server.get("doc/al-mezan.ttl")
    etag = reply.headers["ETag"]
    assert etag.startswith('"')
    again = server.get("doc/al-mezan.ttl", if_none_match=f'"other", {etag}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert "Content-Type" not in again.headers
    assert server.get("doc/al-mezan.ttl", if_none_match='"other"').status == 200
    assert server.get("doc/al-mezan.jsonld", if_none_match=etag).status == 200
    assert "Last-Modified" in reply.headers


def test_head_is_get_without_the_body(server):
    got = server.get("doc/al-mezan.ttl")
    head = server.request("doc/al-mezan.ttl", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Link"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("path", "methods"),
    [("doc/al-mezan", {"GET", "HEAD", "OPTIONS"}), ("sparql", {"GET", "HEAD", "POST", "OPTIONS"})],
)
def test_a_browser_may_ask_from_another_origin(server, path, methods):
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    reply = server.request(path, method="OPTIONS", headers=headers)
    assert reply.status == 204
    assert set(reply.headers["Allow"].split(", ")) == methods
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in reply.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["doc/nobody", "id/nobody", "doc/nobody.ttl", "concept/none", "x"])
def test_what_does_not_exist_is_not_found(server, path):
    reply = server.get(path)
    assert reply.status == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_what_was_withdrawn_is_gone(start_server, copied):
    text = (copied / "mezan.toml").read_text()
    withdrawn = text.replace("[project]\n", '[project]\nwithdrawn = ["al-mezan"]\n', 1)
    (copied / "mezan.toml").write_text(withdrawn)
    server = start_server(copied, "--no-watch")
    assert [server.get(path).status for path in ("id/al-mezan", "doc/al-mezan.ttl")] == [410, 410]
    assert server.get("doc/ford-foundation").status == 200


def test_a_concept_redirects_to_its_data(server):
    reply = server.get("concept/funding-core", accept="application/ld+json")
    assert (reply.status, reply.headers["Location"]) == (303, "funding-core.jsonld")
    assert b"skos" in server.get("concept/funding-core.jsonld").body


@pytest.mark.parametrize("path", ["graph/links", "def", "shapes", "dataset/al-mezan"])
def test_other_iris_of_the_project_lead_to_their_triples(server, path):
    reply = server.get(path, accept="text/turtle")
    assert reply.status == 200
    assert canonical(reply.body, TURTLE)


@pytest.mark.parametrize("path", [".well-known/void", "void.ttl", "def.ttl", "shapes.nt"])
def test_well_known_places(server, path):
    assert server.get(path).status == 200


def test_health_and_figures(server):
    health = server.get("health")
    assert health.json()["status"] == "ok"
    assert health.headers["Cache-Control"] == "no-store"
    server.get("doc/al-mezan")
    figures = server.get("metrics").body.decode()
    assert 'mezan_requests_total{route="/doc/{name:path}",status="200"}' in figures
    assert "mezan_triples 2" in figures


@pytest.mark.parametrize("path", ["doc/al-mezan", "sparql?query=ASK%7B%7D", "nothing", "health"])
def test_security_headers_are_on_every_answer(server, path):
    headers = server.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "Server" not in headers


def test_every_format_of_the_table_can_be_had(server):
    for rdf_format in FORMATS.values():
        reply = server.get(
            "sparql?query=CONSTRUCT%20WHERE%20%7B%20id:al-mezan%20a%20?x%20%7D",
            accept=rdf_format.media_type,
        )
        assert reply.headers["Content-Type"].split(";")[0] == rdf_format.media_type
        assert canonical(reply.body, rdf_format)

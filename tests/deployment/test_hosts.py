"""The settings for hosts, tried on the real servers: redirects, negotiation, headers, types."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatchcase
from urllib.parse import quote, urljoin

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mezan_graph.endpoint.negotiation import choose, choose_language
from mezan_graph.graph import Graph
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.hosting import hosting_files
from mezan_graph.site.routes import OFFERED

SERVERS = ["nginx", "apache"]
SUFFIXES = dict(zip(OFFERED, (".html", ".ttl", ".jsonld", ".nt"), strict=True))


@pytest.fixture(scope="module", params=SERVERS)
def client(request, made_site):
    url = request.getfixturevalue(f"start_{request.param}")(made_site)
    # A client that sends nothing of its own accord.
    with httpx.Client(base_url=url, timeout=10) as client:
        client.headers.clear()
        yield client


def location(response: httpx.Response) -> str:
    """The path below the site that a redirect leads to."""
    url = urljoin(str(response.url), response.headers["Location"])
    assert "/g/" in url
    return url.partition("/g/")[2]


def vary(response: httpx.Response) -> set[str]:
    listed = ",".join(response.headers.get_list("Vary"))
    return {each.strip() for each in listed.split(",")} - {"", "Accept-Encoding"}


NEGOTIATED = {"Accept", "Accept-Language"}


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "text/turtle", "application/ld+json"])
def test_an_entity_answers_303_to_its_document(client, accept):
    response = client.get("id/al-mezan", headers={"Accept": accept} if accept else {})
    assert (response.status_code, location(response)) == (303, "doc/al-mezan")
    assert vary(response) == NEGOTIATED
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "media_type", "suffix"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", ".ttl"),
        ("application/ld+json", "application/ld+json", ".jsonld"),
        ("application/n-triples", "application/n-triples", ".nt"),
        ("text/html;q=0.8, text/turtle;q=0.9", "text/turtle; charset=utf-8", ".ttl"),
        ("TEXT/TURTLE;version=1.1;q=1.0", "text/turtle; charset=utf-8", ".ttl"),
    ],
)
def test_a_document_is_data_where_data_is_wanted(client, made_site, accept, media_type, suffix):
    response = client.get("doc/al-mezan", headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Location"] == f"/g/doc/al-mezan{suffix}"
    assert vary(response) == NEGOTIATED
    assert response.headers["ETag"]
    assert response.content == (made_site / f"g/doc/al-mezan{suffix}").read_bytes()


@pytest.mark.parametrize(
    ("languages", "page"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-PS, en;q=0.9", "ar"),
        ("en;q=0.2, AR;q=0.3", "ar"),
        ("de, *;q=0.5", "en"),
        ("ar;q=0, fr", "en"),
    ],
)
def test_a_document_is_the_page_in_the_readers_language(client, languages, page):
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": languages}
    response = client.get("doc/al-mezan", headers=headers)
    assert (response.status_code, location(response)) == (302, f"{page}/doc/al-mezan.html")
    assert vary(response) == NEGOTIATED


@pytest.mark.parametrize(
    "path", ["doc/al-mezan", "concept/funding-core", "def", "dataset/al-mezan"]
)
def test_what_nobody_can_give_is_not_acceptable(client, path):
    response = client.get(path, headers={"Accept": "image/png, text/turtle;q=0"})
    assert response.status_code == 406


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("concept/funding-core", "text/html", "en/concept/funding-core.html"),
        ("concept/funding-core", "application/n-triples", "concept/funding-core.nt"),
        ("def", "text/html", "en/vocabulary.html"),
        ("def", "application/ld+json", "graphs/ontology.ttl"),
        ("shapes", "text/turtle", "shapes.ttl"),
        ("graph/links", "text/turtle", "graphs/links.ttl"),
        ("dataset/al-mezan", "text/turtle", "void.ttl"),
        ("dataset/al-mezan/2026.11.22", "application/ld+json", "dataset.jsonld"),
    ],
)
def test_other_names_answer_303(client, path, accept, target):
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, location(response)) == (303, target)
    assert client.get(target).status_code == 200


def test_a_name_that_is_no_file_name_leads_to_its_own_data(client, hosted, addresses):
    tried = 0
    for iri, stem in addresses.stems.items():
        local = iri.value.removeprefix(hosted.base)
        if "/~" in stem and local.startswith(("id/", "concept/")) and "/../" not in local:
            path = quote(local, safe="/~%")
            response = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
            assert response.status_code == 200, local
            assert response.text.startswith(f"# {iri.value}\n"), local
            tried += 1
    assert tried == 7


@pytest.mark.parametrize("path", ["id/nobody", "doc/nobody", "concept/nobody", "graph/nobody"])
def test_what_does_not_exist_is_not_found_in_the_end(client, path):
    response = client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("dump.nq.gz", "application/gzip"),
        ("dump.trig", "application/trig"),
        ("SHA256SUMS.nothing", None),
        (".well-known/void", "text/turtle; charset=utf-8"),
        ("en/doc/al-mezan.html", "text/html; charset=utf-8"),
        ("context.jsonld", "application/ld+json"),
    ],
)
def test_files_have_their_media_types(client, path, media_type):
    response = client.get(path)
    if media_type is None:
        assert response.status_code == 404
        return
    assert response.headers["Content-Type"] == media_type
    assert "Content-Encoding" not in response.headers


def test_pages_and_data_carry_their_headers(client):
    response = client.get("ar/doc/al-mezan.html")
    assert not vary(response)
    page = response.headers
    assert page["Content-Language"] == "ar"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "X-Robots-Tag" not in page
    for each in (page["Link"], client.get("doc/al-mezan.ttl").headers["Link"]):
        assert '</g/doc/al-mezan.nt>; rel="alternate"; type="application/n-triples"' in each
        assert '</g/void.ttl>; rel="describedby"' in each
        assert 'rel="license"' in each
    assert client.get("doc/al-mezan.ttl").headers["X-Robots-Tag"] == "noindex"
    assert 'rel="alternate"' not in client.get("dump.nq").headers["Link"]


weights = st.sampled_from(["", ";q=1", ";q=0.7", "; q=0.35", ";q=0.1", ";q=0", ";q=0.0"])


def distinct(members):
    """Members with weights that differ, so that only weight decides."""
    shown = [re.sub(r"^$|^;q=1$", "1", weight) for _, weight in members]
    return len(set(shown)) == len(shown)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ranges=st.lists(
        st.tuples(st.sampled_from([*OFFERED, "image/png"]), weights), unique_by=lambda each: each[0]
    ).filter(distinct),
    languages=st.lists(
        st.tuples(st.sampled_from(["en", "ar", "ar-PS", "de"]), weights),
        unique_by=lambda each: each[0][:2],
    ).filter(distinct),
)
def test_hosts_choose_as_the_live_server_does(client, ranges, languages):
    accept = ", ".join(map("".join, ranges))
    accepted = ",".join(map("".join, languages))
    response = client.get("doc/al-mezan", headers={"Accept": accept, "Accept-Language": accepted})
    chosen = choose(accept, OFFERED)
    if chosen is None:
        assert response.status_code == 406
    elif chosen == "text/html":
        language = choose_language(accepted, ["en", "ar"])
        assert location(response) == f"{language}/doc/al-mezan.html"
    else:
        assert response.headers["Content-Location"].endswith(SUFFIXES[chosen])


@pytest.fixture(scope="module")
def w3id(start_apache, made_site):
    """The folder of w3id.org, on a host of its own; the site itself lies elsewhere."""
    root = made_site.parent / f"{made_site.name}-w3id"
    shutil.copytree(made_site / "g/hosting/w3id", root / "g")
    root.chmod(0o755)
    with httpx.Client(base_url=start_apache(root), timeout=10) as client:
        client.headers.clear()
        yield client
    shutil.rmtree(root)


@pytest.mark.parametrize(
    ("path", "accept", "status", "target"),
    [
        ("id/al-mezan", "text/turtle", 303, "doc/al-mezan.ttl"),
        ("id/al-mezan", "text/html", 303, "ar/doc/al-mezan.html"),
        ("id/Q42", "application/ld+json", 303, "doc/~q42-*.jsonld"),
        ("doc/al-mezan", "application/n-triples", 303, "doc/al-mezan.nt"),
        ("concept/funding-core", "text/html", 303, "ar/concept/funding-core.html"),
        ("def", "text/turtle", 303, "graphs/ontology.ttl"),
        ("", "*/*", 302, ""),
        ("doc/al-mezan.ttl", "*/*", 302, "doc/al-mezan.ttl"),
        ("context.jsonld", "*/*", 302, "context.jsonld"),
    ],
)
def test_w3id_leads_to_the_host(w3id, path, accept, status, target):
    response = w3id.get(path, headers={"Accept": accept, "Accept-Language": "ar"})
    assert response.status_code == status
    assert fnmatchcase(response.headers["Location"], f"https://host.example/g/{target}")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert vary(response) == NEGOTIATED


def test_without_another_host_there_is_nothing_for_w3id(project):
    files = dict(hosting_files(project, Addresses(project, Graph([]))))
    assert not [name for name in files if "w3id" in name]
    assert b"error_page 404 /mezan-graph/404.html;" in files["hosting/nginx-server.conf"]


def test_netlify_is_told_what_it_can_be_told(made_site, hosted):
    lines = (made_site / "g/_redirects").read_text().splitlines()
    rules = [line.split() for line in lines]
    assert {rule[2] for rule in rules} == {"302"}
    froms = [rule[0] for rule in rules]
    assert froms.index("/g/id/Q42") < froms.index("/g/id/*")
    assert rules[froms.index("/g/doc/*")] == ["/g/doc/*", "/g/ar/doc/:splat", "302", "Language=ar"]
    headers = (made_site / "g/_headers").read_text()
    assert headers.startswith("/g/*\n  Access-Control-Allow-Origin: *\n")
    assert "/g/.well-known/void\n  Content-Type: text/turtle; charset=utf-8\n" in headers

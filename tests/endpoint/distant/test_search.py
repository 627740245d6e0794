"""Search and reconciliation of a store: the hits that they have at home."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_plus

import pytest
from tests.endpoint.distant.conftest import load

WORDS = [
    *("ford foundation", "mezan", "gaza", "human rights", "funding", "united"),
    *("ngo", "claims about"),
    *("الميزان", "مؤسسة فورد", "حقوق", "حُقوق ميزان", "مناصره", "من يدعم منظمة"),
    *("MERTZ-GILMORE", "Who supports an organisation", "Ghaza", "fjord foundatoin"),
    *("'\"\\ } UNION", "x"),
]  # fmt: skip


def hits(server, text, language="en", page=1):
    reply = server.get(f"{language}/search.html?q={quote(text)}&page={page}")
    assert reply.status == 200, reply.body
    body = reply.body.decode()
    found = re.search(r'role="status">(.*?)</p>', body)
    assert found
    results = body.partition('<ol class="search-results">')[2].partition("</ol>")[0]
    return found[1], re.findall(r'<li><a href="([^"]+)"', results), body


@pytest.mark.parametrize("text", WORDS)
def test_a_search_finds_what_it_finds_at_home(either, server, text):
    for language in ("en", "ar"):
        here, there = (hits(each, text, language) for each in (server, either))
        assert here[1][:5] == there[1][:5]


def test_the_words_of_a_hit_are_marked_and_there_are_further_pages(distant, server):
    said, first, body = hits(distant, "rights")
    assert "<mark>" in body
    assert said == hits(server, "rights")[0]
    _, second, _ = hits(distant, "rights", page=2)
    assert len(first) == 20
    assert set(first).isdisjoint(second)
    assert distant.get("en/search.html?q=rights&page=99").status == 404
    form = distant.get("ar/search.html")
    assert (form.status, b'name="q"' in form.body) == (200, True)
    assert distant.get("xx/search.html?q=a").status == 404


def test_no_text_is_a_query(fronted):
    server, proxy = fronted
    for text in ('a" ) } DELETE', "a\\", "(a+)+$", "\x00\x07", "{}<>", "𝔘"):
        reply = server.get(f"en/search.html?q={quote(text)}")
        assert reply.status == 200, reply.body
    proxy.log.clear()
    server.get(f"en/search.html?q={quote('(a+)+$ ]b')}")
    asked = [unquote_plus(each.body.decode()) for each in proxy.log]
    assert asked
    assert not any("(a+)" in each or "]b" in each for each in asked)


def test_more_than_a_bound_is_said_to_be_more(start_shared_server, new_store, project):
    space, name = f"{project.base}id/", "<https://schema.org/name>"
    lines = [
        f'<{space}person-{number}> {name} "Person {number} of many" .' for number in range(900)
    ]
    lines += [f'<{space}the-person> {name} "The person" .', ""]
    store = new_store()
    load(store, "\n".join(lines).encode(), "/store?default", "n-triples")
    server = start_shared_server(None, "--endpoint", store.query_url, seconds=60)
    said, first, _ = hits(server, "person")
    assert re.search(r"\d+\+", said)
    assert first[0] == "doc/the-person.html"
    said, first, _ = hits(server, "person 777")
    assert first == ["doc/person-777.html"]
    assert re.search(r"\b1$", said)

"""Content negotiation, with the headers that real clients send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.endpoint.negotiation import choose, choose_language, matches, parse_accept

OFFERED = [
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
    "text/html",
]
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.9, */*;q=0.1"
JENA = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,*/*;q=0.3"
)


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/*", "text/turtle"),
        ("application/*", "application/ld+json"),
        (FIREFOX, "text/html"),
        (RDFLIB, "text/turtle"),
        (JENA, "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("Application/LD+JSON", "application/ld+json"),
        ("text/turtle;q=0.5, application/n-triples", "application/n-triples"),
        ("text/turtle; q=0.5 , application/n-triples ; q=0.6", "application/n-triples"),
        ("text/turtle;q=0, */*", "application/ld+json"),
        ("*/*;q=0.1, text/*;q=0.2, text/html;q=0.05", "text/turtle"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("text/turtle;version=1.2", None),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', None),
        ('text/plain;x="a,b", text/html', "text/html"),
        ("text/turtle;q=2", None),
        ("nonsense, text/html;q=0.3", "text/html"),
        (",,,text/html", "text/html"),
        ("*/html, application/n-triples", "application/n-triples"),
    ],
)
def test_the_media_type_that_is_chosen(header, chosen):
    assert choose(header, OFFERED) == chosen


def test_a_profile_is_matched_where_it_is_offered():
    offered = ['application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"']
    header = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
    assert choose(header, offered) == offered[0]


@given(st.text())
def test_no_header_fails(text):
    assert choose(text, OFFERED) in {*OFFERED, None}
    assert choose_language(text, ["en", "ar"]) in {"en", "ar"}
    assert parse_accept(text)


@given(st.lists(st.sampled_from(OFFERED), min_size=1, unique=True), st.randoms())
def test_the_order_of_members_does_not_matter(types, random):
    members = [f"{each};q=0.{index + 1}" for index, each in enumerate(types)]
    random.shuffle(members)
    assert choose(",".join(members), OFFERED) == types[-1]


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "en"),
        ("ar", "ar"),
        ("ar-PS,ar;q=0.9,en;q=0.8", "ar"),
        ("AR", "ar"),
        ("fr, ar;q=0.5", "ar"),
        ("fr", "en"),
        ("*", "en"),
        ("en;q=0, *", "ar"),
        ("en;q=0.1, ar;q=0.2", "ar"),
        ("ar;q=0", "en"),
        ("zh-Hant-TW, *;q=0.1", "en"),
    ],
)
def test_the_language_that_is_chosen(header, chosen):
    assert choose_language(header, ["en", "ar"]) == chosen


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, False),
        ("*", True),
        ('"a"', True),
        ('W/"a"', True),
        ('"b"', False),
        ('"b", "a"', True),
        ("a", False),
    ],
)
def test_the_etags_that_match(header, found):
    assert matches(header, '"a"') is found

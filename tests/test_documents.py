"""Checks on whole documents: nesting, XML, JSON-LD contexts and identifiers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.documents import (
    check_nesting,
    check_xml,
    found_in_any_case,
    load_json,
    localise_contexts,
)
from mezan_graph.errors import LimitError, ParseError, SourceError
from mezan_graph.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

THREE = Limits(nesting=3)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"((((", 1),
        (b"[\n[\n[\n[", 4),
        (b"{ ( [ { ", 1),
        (b"[ ] [ ] [ ]\n[[[[", 2),
        (b'\'[\' [ """\n[""" [ [\n[', 3),
        (b"<a#[> [[[[", 1),
    ],
)
def test_nesting_is_counted_outside_of_strings_iris_and_comments(text: bytes, line: int):
    with pytest.raises(LimitError) as caught:
        check_nesting(text, "x.ttl", THREE)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        b"[[[]]] [[[]]]",
        b"# [[[[\n[[[",
        b'"[[[[" \'((((\' """{{"{{""" [[[',
        b"<http://a/#((((> [[[",
        b'"a\\"[[[[" [[[',
        b"[] " * 100,
    ],
)
def test_nesting_within_the_limit_passes(text: bytes):
    check_nesting(text, "x.ttl", THREE)
    with pytest.raises(LimitError):
        check_nesting(text + b"[[[[", "x.ttl", THREE)


TOKENS = (
    *(b"[", b"]", b"(", b")", b"{", b"}", b" ", b"\n", b",", b"a:b", b"# [ \" '\n"),
    *(b'"a[b"', b"']x('", b'"\'"', b"'\"'", b'" "', b"<http://a/(b)#'c>", "'é['".encode()),
)


@given(st.lists(st.sampled_from(TOKENS)))
def test_nesting_is_the_same_whether_or_not_all_of_the_text_is_read(tokens: list[bytes]):
    def outcome(text: bytes) -> tuple[str, int | None] | None:
        try:
            check_nesting(text, "x.ttl", THREE)
        except LimitError as error:
            return error.message, error.line
        return None

    text = b"".join(tokens)
    assert outcome(text) == outcome(text + b"\n# \\")


@pytest.mark.parametrize("size", [1, 4, 1 << 20])
def test_a_word_is_found_in_any_case_and_across_pieces(size: int, monkeypatch):
    monkeypatch.setattr("mezan_graph.documents._PIECE", size)
    content = b"@Prefix prefiPREFIX\nprefix"
    assert list(found_in_any_case(content, b"prefix")) == [1, 13, 20]


def test_xml_nesting_is_counted_by_open_elements():
    check_xml(b"<a><b/><b/><b><c/></b></a>", "x.rdf", THREE)
    with pytest.raises(LimitError) as caught:
        check_xml(b"<a><b>\n<c><d/></c></b></a>", "x.rdf", THREE)
    assert caught.value.line == 2


def test_an_entity_bomb_is_refused_before_it_expands():
    bomb = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'">'
    for number in range(20):
        bomb += b'<!ENTITY c%d "%s">' % (number, b"&b;" * 100)
    with pytest.raises(SourceError, match="the document has a DTD"):
        check_xml(bomb + b"]><a>&c19;</a>", "x.rdf", Limits())


def test_an_external_entity_is_refused():
    with pytest.raises(SourceError, match="the document has a DTD"):
        check_xml(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "x.rdf", Limits())


def test_a_document_without_contexts_stays_as_it_is():
    content = b'{ "@id" :"a:b", "a:c":1.0 }'
    assert localise_contexts(content, "x.jsonld", {}, Limits()) == content


def test_a_known_context_is_written_into_the_document(tmp_path: Path):
    path = tmp_path / "context.jsonld"
    path.write_text('{"@context": {"name": "a:name"}}')
    content = b'[{"@context": ["http://x/c", {"b": "a:b"}]}, {"a:p": {"@context": "http://x/c"}}]'
    found = json.loads(localise_contexts(content, "x.jsonld", {"http://x/c": path}, Limits()))
    assert found == [
        {"@context": [{"name": "a:name"}, {"b": "a:b"}]},
        {"a:p": {"@context": [{"name": "a:name"}]}},
    ]


def test_an_alias_of_id_in_a_known_context_is_checked_too(tmp_path: Path):
    path = tmp_path / "context.jsonld"
    path.write_text('{"@context": {"id": "@id"}}')
    content = b'{"@context": "http://x/c",\n"id": "not absolute"}'
    with pytest.raises(SourceError) as caught:
        localise_contexts(content, "x.jsonld", {"http://x/c": path}, Limits())
    assert caught.value.message == 'id is not an absolute IRI: "not absolute"'
    assert caught.value.line == 2


@pytest.mark.parametrize("value", ["a:b", "_:b0", "http://a/\u00a0é", "urn:x:%20"])
def test_identifiers_that_are_absolute_or_blank_pass(value: str):
    content = json.dumps({"@id": value}).encode()
    assert localise_contexts(content, "x.jsonld", {}, Limits()) == content


@pytest.mark.parametrize(
    "value", ["", "a", "/a", "#a", "a b:c", "http://a/{b}", "1:a", None, [], {}]
)
def test_other_identifiers_are_refused(value: object):
    with pytest.raises(SourceError, match="is not an absolute IRI"):
        localise_contexts(json.dumps({"@id": value}).encode(), "x.jsonld", {}, Limits())


def test_json_strings_do_not_count_as_nesting():
    assert load_json(b'{"a": "[[[[[", "b": "\\"[[[["}', "x.json", THREE)["a"] == "[[[[["


@pytest.mark.parametrize("text", [b"", b"{", b'{"a": Infinity}', b"[1,]", b'{"a":1,"a":2}'])
def test_what_is_not_json_is_refused_with_the_file(text: bytes):
    with pytest.raises(ParseError) as caught:
        load_json(text, "x.json", Limits())
    assert caught.value.place == "x.json"

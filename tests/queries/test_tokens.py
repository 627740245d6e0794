"""The lexer: every kind of token of SPARQL 1.1, its place, and what it refuses."""

from __future__ import annotations

import time

import pytest

from mezan_graph.errors import QueryError
from mezan_graph.queries.tokens import Kind, line_and_column, tokenize


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<http://e/a#b?c>", Kind.IRI),
        ("<>", Kind.IRI),
        (r"<http://e/\u0041>", Kind.IRI),
        ("ex:name", Kind.NAME),
        (":", Kind.NAME),
        ("ex:", Kind.NAME),
        ("ex:a.b:c", Kind.NAME),
        (r"ex:a\~b\'c%20", Kind.NAME),
        ("عربي:اسم", Kind.NAME),
        ("_:b1.x", Kind.BLANK),
        ("?name", Kind.VARIABLE),
        ("$اسم", Kind.VARIABLE),
        ("SELECT", Kind.WORD),
        ("a", Kind.WORD),
        ("Group_Concat", Kind.WORD),
        ("'short'", Kind.STRING),
        (r'"with \" and \u0022"', Kind.STRING),
        ('"""long "" and\nlines"""', Kind.STRING),
        ("'''it's'''", Kind.STRING),
        ("''", Kind.STRING),
        ("@ar-Latn", Kind.LANGUAGE),
        ("12", Kind.NUMBER),
        (".5", Kind.NUMBER),
        ("1.5e-3", Kind.NUMBER),
        ("1.e5", Kind.NUMBER),
        ("^^", Kind.PUNCTUATION),
        ("||", Kind.PUNCTUATION),
        ("<=", Kind.PUNCTUATION),
    ],
)
def test_one_token(text, kind):
    (token,) = tokenize(text)
    assert (token.kind, token.text, token.start, token.end) == (kind, text, 0, len(text))


def test_a_dot_after_a_name_or_a_number_ends_the_triple():
    assert [token.text for token in tokenize("?s ex:p ex:o. ?s ex:p 1.")] == [
        "?s", "ex:p", "ex:o", ".", "?s", "ex:p", "1", "."
    ]  # fmt: skip


def test_less_than_is_an_operator_where_no_iri_starts():
    assert [token.text for token in tokenize("?a < ?b && ?c >= 3")] == [
        "?a", "<", "?b", "&&", "?c", ">=", "3"
    ]  # fmt: skip


def test_comments_hide_nothing_but_themselves():
    tokens = tokenize("SELECT # SERVICE 'x\n* # end")
    assert [token.text for token in tokens] == ["SELECT", "*"]


def test_a_hash_inside_an_iri_or_a_string_is_no_comment():
    assert [token.kind for token in tokenize("<http://e/#x> '#y'")] == [Kind.IRI, Kind.STRING]


def test_places_count_code_points_and_lines():
    text = "SELECT\n'😀' ?x"
    assert line_and_column(text, tokenize(text)[2].start) == (2, 5)


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("SELECT 'open", (1, 8), "not closed"),
        ("SELECT 'two\nlines'", (1, 8), "not closed"),
        ('"""a', (1, 3), "quote directly after a string"),
        ('"a""b"', (1, 4), "quote directly after a string"),
        ("\n  SELCT", (2, 3), "SELCT is no keyword"),
        ("SELECT * { SERVICESILENT ?x {} }", (1, 12), "SERVICESILENT is no keyword"),
        (r"SEL\u0045CT", (1, 1), "SEL is no keyword"),
        (r"?x\u0041", (1, 3), "unexpected character \\"),
        ("?x \x00", (1, 4), "U+0000"),
        ("<< ?s ?p ?o >>", (1, 1), "not SPARQL 1.1"),
        ("?s ?p ?o {| ?p ?o |}", (1, 10), "not SPARQL 1.1"),
    ],
)
def test_what_is_refused_and_where(text, place, part):
    with pytest.raises(QueryError) as caught:
        tokenize(text, "q.rq")
    assert (caught.value.place, caught.value.line, caught.value.column) == ("q.rq", *place)
    assert part in caught.value.message


def test_a_misspelt_keyword_gets_a_hint():
    with pytest.raises(QueryError) as caught:
        tokenize("SELECT * WHERE { OPTINAL { } }")
    assert caught.value.hint == "did you mean OPTIONAL?"


@pytest.mark.parametrize(
    "text", ["a." * 20_000, "a:b" + "." * 40_000, "<a" * 20_000, "_:a." * 9_000]
)
def test_hostile_texts_take_linear_time(text):
    started = time.perf_counter()
    assert tokenize(text)
    assert time.perf_counter() - started < 5

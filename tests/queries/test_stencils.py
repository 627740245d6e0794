"""Queries that are alike are checked once, and nothing else about them changes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mezan_graph.errors import MezanError, QueryError, RefusedQueryError
from mezan_graph.queries.evaluation import PADDING, ordered_wording
from mezan_graph.queries.guard import check
from mezan_graph.queries.outline import outline
from mezan_graph.queries.stencils import checking
from mezan_graph.queries.tokens import VARYING, Kind
from mezan_graph.queries.wording import Edits
from mezan_graph.settings import Limits

PREFIXES = {"ex": "http://example.org/"}
LIMITS = Limits()

QUERIES = (
    "SELECT ?p ?o { <http://e/a> ?p ?o }",
    "PREFIX s: <http://s/> SELECT ?n { ?x s:name ?n ; ex:kind <b> } ORDER BY ?n LIMIT 2",
    "ASK { ?s ?p 'a', \"b\"@en, '''c'd''', \"\"\"e\"f\"\"\"^^<http://t> }",
    "SELECT ?a { ?a ?b ?c FILTER(?a<?b && ?c>3 || ?c<'d') } # the end",
    "ASK { <> <#x> <http://é/> # <not:an-iri> 'nor a string\n , <y> }",
    "CONSTRUCT WHERE { ?s <http://e/p> ?o }",
    "DESCRIBE <http://e/a> <FILE-not:x>",
    "SELECT * { VALUES ?x { <a> 'b' 1 } ?x (<p>/<q>)+ ?y } GROUP BY ?x",
)


def begun(text):
    """Return what is found out about a query by itself, and what the engine gets."""
    query = check(text, LIMITS, remote=True, based=True)
    return query.form, ordered_wording(query, PREFIXES, Edits()).text + PADDING


@pytest.mark.parametrize("text", QUERIES)
def test_the_engine_gets_what_it_would_get_without_stencils(text):
    checked = checking(LIMITS, PREFIXES)
    for asked in (text, text.replace("http://e/a", "http://e/other"), text + "# one more"):
        found = checked(asked)
        assert (found.outline.form, found.sent) == begun(asked)


def test_queries_that_are_alike_are_checked_once():
    checked = checking(LIMITS, PREFIXES)
    first = checked("SELECT ?o { <http://e/a> <http://e/name> ?o FILTER(?o != 'x') } # 1")
    second = checked('SELECT ?o { <http://e/b> <http://e/p> ?o FILTER(?o != "y") } # 22')
    assert first.outline is second.outline
    assert checked("SELECT ?o { ?s <http://e/p> ?o }").outline is not first.outline


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE <file:///etc/passwd>",
        "DESCRIBE <FiLe:///etc/passwd>",
        r"DESCRIBE <\u0066ile:///etc/passwd>",
    ],
)
def test_an_iri_of_a_file_is_refused_after_its_like_was_allowed(text):
    checked = checking(LIMITS, PREFIXES)
    assert checked("DESCRIBE <http://e/a>").sent is not None
    with pytest.raises(RefusedQueryError) as caught:
        checked(text)
    assert caught.value.column == 10


@pytest.mark.parametrize(
    "text",
    ["SELECT * FROM <http://e/g> { ?s ?p ?o }", r"ASK { ex:a\#b ?p ?o }", f"ASK {{ }}{' ' * 4000}"],
)
def test_queries_that_have_to_be_looked_at_are(text):
    found = checking(LIMITS, PREFIXES)(text)
    assert (found.sent, found.outline.text) == (None, text)


FRAGMENTS = (
    *("ASK", "SELECT", "*", "WHERE", "FILTER", "SERVICE", "ORDER BY", "LIMIT 1", "FROM", "a"),
    *("{", "}", "(", ")", "[", "]", ".", ";", ",", "<", ">", "<=", "^^", "&&", "+", "/", "|", "!="),
    *("?x", "?y", "$z", "ex:a", "zz:b", "_:c", "1", "2.5", "@en", "<a>", "<>", "<file:b>", "<c d>"),
    *("'", '"', "'''", '"""', "'s'", '"t"', "#", "# c", "\n", " ", "  ", "é", "\\", "\\u0041"),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25), st.sampled_from(["", " "]), st.booleans())
@example(["ASK", " ", "{", "?x", " ", "a", " ", "'s'", '"t"', "'s'", "}"], "", False)
@example(["ASK", "{", '"', '"', '"', '"', '"t"', "}"], "", False)
@example(["ASK", "{", "?x", "<", "?y", "#", ">", "}"], "", False)
@example(["ASK", "{", "?x", "?x", "<", "<a>", "}"], "", False)
def test_no_text_passes_that_would_not_pass_by_itself(fragments, between, inside):
    text = between.join(["ASK {", *fragments, "}"] if inside else fragments)
    checked = checking(LIMITS, PREFIXES)
    try:
        expected = begun(text)
    except MezanError as error:
        try:
            found = checked(text)
        except QueryError as raised:
            assert (raised.message, raised.line, raised.column) == (  # noqa: PT017
                error.message,
                error.line,
                error.column,
            )
        else:
            assert found.sent is None
    else:
        found = checked(text)
        assert (found.outline.form, found.sent or expected[1]) == expected


@given(st.sampled_from(QUERIES), st.data())
def test_what_varies_is_found_where_the_tokens_are(text, data):
    spot = data.draw(st.integers(0, len(text)))
    text = text[:spot] + data.draw(st.sampled_from(FRAGMENTS)) + text[spot:]
    try:
        tokens = outline(text).tokens
    except QueryError:
        return
    if "\\" in text:
        return
    wanted = [each.start for each in tokens if each.kind in {Kind.IRI, Kind.STRING}]
    found = [each.start() for each in VARYING.finditer(text) if each[0][0] != "#"]
    assert found == wanted

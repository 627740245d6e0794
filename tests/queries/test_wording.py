"""The text that an engine gets, and the way back from its places to those as written."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import QueryError
from mezan_graph.queries.outline import outline
from mezan_graph.queries.wording import Edits, serialised, wording

PREFIXES = {"ex": "http://example.org/"}


def words(text, *, local=True, edits=None):
    return wording(outline(text), PREFIXES, edits or Edits(), local=local)


def test_prefixes_are_added_where_the_query_does_not_declare_them():
    sent = words("ASK { ex:a a ex:B }", local=False).text
    assert sent == "PREFIX ex: <http://example.org/> ASK { ex:a a ex:B }"
    declared = "PREFIX ex: <http://other/> ASK { ex:a a ex:B }"
    assert words(declared, local=False).text == declared


def test_a_prefix_is_added_only_where_it_is_used():
    assert words("ASK { ?s ?p ?o }").text == "ASK { ?s ?p ?o }"


def test_for_the_engine_no_name_starts_like_a_keyword_and_no_iri_like_an_expression():
    sent = words("PREFIX service: <http://s/> ASK { service:x ex:y <http://o/#> }").text
    assert sent == (
        r"PREFIX p1: <http://example.org/> PREFIX p0: <\u0068ttp://s/> "
        r"ASK { p0:x p1:y <\u0068ttp://o/#> }"
    )


def test_comments_are_not_sent_and_lines_stay():
    assert words("ASK # why\n{ } # so").text == "ASK \n{ }"


def test_an_undeclared_prefix_has_a_place_and_a_hint():
    with pytest.raises(QueryError) as caught:
        words("ASK {\n ?s exx:p 1 }")
    assert (caught.value.line, caught.value.column) == (2, 5)
    assert caught.value.hint == "did you mean ex:?"
    with pytest.raises(QueryError) as caught:
        words("ASK { ?s zz:p 1 }")
    assert caught.value.hint == "write PREFIX zz: <…> at the top of the query"


def test_places_lead_back_to_the_text_as_written():
    text = "ASK {\n  ?s ex:p <http://o/> . ?x\n}"
    edits = Edits()
    edits.before[3] = "VALUES (?s) { (1) } "
    sent = words(text, edits=edits)
    for token, start in zip(sent.query.tokens, sent.starts, strict=True):
        line = sent.text.count("\n", 0, start) + 1
        column = start - sent.text.rfind("\n", 0, start)
        assert sent.token_at(line, column) == token
        assert sent.token_at(line, column + 3, back=3) == token
    assert sent.token_at(1, 1).text == "ASK"
    assert sent.token_at(9, 9) is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", '"plain"'),
        ('say "no"', r'"say \"no\""'),
        (r"\u0022", r'"\\\u00750022"'),
        (r"\\u0022", r'"\\\\\u00750022"'),
        ("\\\u0007", r'"\\\u0007"'),
        ("two\nlines", r'"two\nlines"'),
    ],
)
def test_terms_are_written_so_that_no_escape_appears_or_vanishes(value, written):
    assert serialised(ox.Literal(value)) == written

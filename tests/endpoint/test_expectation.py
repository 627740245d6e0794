"""What a job is expected to take, from what those took that were like it."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest

from mezan_graph.endpoint.expectation import Expectation
from mezan_graph.endpoint.frames import write_job


def asked(query):
    return write_job({"job": "query", "url": f"query={quote_plus(query)}".encode()})


def posted(query):
    return json.dumps({"job": "query", "operation": {"query": query}}).encode()


def stored(name, **fields):
    return json.dumps({"job": "stored", "name": name, "fields": fields}).encode()


LONG = 'SELECT * { <https://example.org/1> ?p "one" } LIMIT 10 # first'


@pytest.fixture
def expectation():
    made = Expectation()
    made.took_long(asked(LONG), now=100)
    made.took_long(stored("funders", year="2003"), now=100)
    return made


@pytest.mark.parametrize(
    "job",
    [
        asked(LONG),
        asked('SELECT * { <https://example.org/2> ?p "two ؟" } LIMIT 200 # second'),
        stored("funders", year="2004"),
    ],
)
def test_what_is_alike_is_expected_to_take_as_long(expectation, job):
    assert expectation.is_long(job, now=101)


@pytest.mark.parametrize(
    "job",
    [
        asked("SELECT * { <https://example.org/1> ?q 'one' } LIMIT 10"),
        asked("ASK { }"),
        stored("networks", year="2003"),
        json.dumps({"job": "manifest"}).encode(),
    ],
)
def test_nothing_else_is(expectation, job):
    assert not expectation.is_long(job, now=101)


def test_queries_that_are_posted_are_remembered_too():
    made = Expectation()
    made.took_long(posted(LONG), now=0)
    assert made.is_long(posted(LONG.replace("one", "two")), now=1)


def test_it_is_forgotten_after_a_while_and_where_one_was_short(expectation):
    assert expectation.is_long(asked(LONG), now=159)
    assert not expectation.is_long(asked(LONG), now=160)
    expectation.took_long(asked(LONG), now=200)
    expectation.was_short(asked(LONG.replace("10", "11")))
    assert not expectation.is_long(asked(LONG), now=201)


def test_only_so_many_are_remembered():
    made = Expectation()
    for number in range(300):
        made.took_long(stored(f"query-{'a' * number}"), now=number / 1000)
    assert not made.is_long(stored("query-"), now=1)
    assert made.is_long(stored(f"query-{'a' * 299}"), now=1)

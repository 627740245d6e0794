"""Messages between the server and its workers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.endpoint.frames import (
    Kind,
    Note,
    Reader,
    pack,
    pack_whole,
    read_job,
    read_note,
    read_whole,
    write_job,
)


@pytest.mark.parametrize(
    "job",
    [
        {
            "job": "query",
            "accept": None,
            "base": "https://example.org/",
            "url": b"query=ASK\n%7B\xff",
        },
        {"job": "query", "url": b""},
        {"job": "query", "operation": {"query": "ASK\n{ }"}},
    ],
)
def test_a_job_is_read_as_it_was_written(job):
    assert read_job(write_job(job)) == job


def test_a_job_can_be_changed_without_changing_the_next_one():
    written = write_job({"job": "query", "accept": None, "url": b"query="})
    read_job(written)["accept"] = "text/csv"
    assert read_job(written)["accept"] is None


MESSAGES = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=20)), max_size=6)


@given(MESSAGES, st.lists(st.integers(1, 30)))
def test_messages_are_read_in_whatever_pieces_they_come(messages, sizes):
    data = b"".join(pack(*each) for each in messages)
    reader = Reader()
    found = []
    for size in sizes:
        found += reader.feed(data[:size])
        data = data[size:]
    assert found + reader.feed(data) == messages


def test_a_whole_answer_says_what_the_worker_says_of_itself():
    note = Note(retiring=False, quick=True, processor_seconds=1.5)
    [(kind, payload)] = Reader().feed(pack_whole(note, b'{"media_type": "text/csv"}', b"a\r\n"))
    assert kind is Kind.WHOLE
    assert read_note(payload) == note
    assert read_whole(payload) == ({"media_type": "text/csv"}, b"a\r\n")

"""Work in a process of its own: answers and errors come back, what takes too much is ended."""

from __future__ import annotations

import os
import time

import pytest

from mezan_graph.errors import LimitError, ShapeError
from mezan_graph.queries.bounded import Bounded


def work(name):
    if name == "wait":
        time.sleep(60)
    if name == "fill":
        return len(bytes(600 << 20))
    if name == "leave":
        os._exit(3)
    if name == "fail":
        raise ShapeError("wrong", place="here", hint="mend it")
    return name, os.getpid()


def ask(bounded, name, seconds=20):
    return bounded(name, seconds=seconds, what="the work")


def test_it_is_done_elsewhere_and_in_one_process():
    bounded = Bounded(work, mebibytes=512)
    name, process = ask(bounded, "é")
    assert name == "é"
    assert process != os.getpid()
    assert ask(bounded, "x" * 5_000_000) == ("x" * 5_000_000, process)


def test_what_it_raises_is_raised_here():
    bounded = Bounded(work, mebibytes=512)
    with pytest.raises(ShapeError) as raised:
        ask(bounded, "fail")
    assert str(raised.value) == "here: wrong\n  hint: mend it"
    assert ask(bounded, "next")[0] == "next"


@pytest.mark.parametrize(
    ("name", "words"),
    [("wait", "longer than 1 seconds"), ("fill", "more than 512 MiB"), ("leave", "more than 512")],
)
def test_too_much_is_an_error_and_the_process_is_gone(name, words):
    bounded = Bounded(work, mebibytes=512)
    process = ask(bounded, "first")[1]
    with pytest.raises(LimitError, match=words) as raised:
        ask(bounded, name, seconds=1 if name == "wait" else 20)
    assert raised.value.exit_code == 3
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert ask(bounded, "again")[0] == "again"


def test_the_process_ends_with_what_it_is_for():
    bounded = Bounded(work, mebibytes=512)
    process = ask(bounded, "first")[1]
    del bounded
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_without_fork_it_is_done_here(monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert ask(Bounded(work, mebibytes=1), "here") == ("here", os.getpid())


def test_it_holds_nothing_open_that_was_open_here():
    reading, writing = os.pipe()
    bounded = Bounded(work, mebibytes=512)
    ask(bounded, "x")
    os.close(writing)
    os.set_blocking(reading, False)
    # With the other end still open somewhere there would be nothing to read yet: an error.
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert ask(bounded, "y")[0] == "y"

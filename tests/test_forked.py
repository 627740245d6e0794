"""Work in another process: same results and errors, whatever becomes of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mezan_graph.errors import LimitError
from mezan_graph.forked import Forked

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are forked on Linux alone"
)


def test_what_is_told_last_is_done_first_in_one_other_process():
    done = []

    def work(name):
        done.append(name)
        return os.getpid(), tuple(done)

    with Forked(apart=True) as other:
        early, late = other.later(lambda: work("early")), other.later(lambda: work("late"))
        assert other.begin()
        (process, all_done), (same, first_done) = early(), late()
    assert process == same != os.getpid()
    assert (first_done, all_done) == (("late",), ("late", "early"))
    assert not done


def test_without_another_process_it_is_done_here_when_it_is_asked():
    with Forked(apart=False) as other:
        result = other.later(os.getpid)
        assert not other.begin()
        assert result() == os.getpid()


def test_a_process_that_cannot_begin(monkeypatch):
    def refuse():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    with Forked(apart=True) as other:
        result = other.later(os.getpid)
        assert not other.begin()
        assert result() == os.getpid()


def test_an_error_is_raised_here_with_its_place():
    def fail():
        raise LimitError("too much", place="shapes.ttl", line=3, hint="less")

    with Forked(apart=True) as other:
        result, sound = other.later(fail), other.later(lambda: "sound")
        other.begin()
        assert sound() == "sound"
        with pytest.raises(LimitError) as raised:
            result()
    error = raised.value
    assert (error.place, error.line, error.hint) == ("shapes.ttl", 3, "less")


@pytest.mark.parametrize("when", ["before", "while it answers"])
def test_what_a_killed_process_owes_is_done_here(when):
    here = os.getpid()

    class Deadly:
        def __reduce__(self):
            if os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            return (Deadly, ())

    def work():
        if os.getpid() != here and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        return "x" * 1_000_000, Deadly(), os.getpid()

    with Forked(apart=True) as other:
        result = other.later(work)
        assert other.begin()
        assert result()[2] == here


def test_what_cannot_be_sent_or_has_no_room_is_done_here():
    here = os.getpid()

    def work():
        if os.getpid() != here:
            raise MemoryError
        return "done"

    with Forked(apart=True) as other:
        full, unsendable = other.later(work), other.later(lambda: lambda: "done")
        assert other.begin()
        assert (full(), unsendable()()) == ("done", "done")


def children() -> set[str]:
    """The processes that this one has started and not waited for."""
    threads = Path("/proc/self/task").glob("*/children")
    return {each for path in threads for each in path.read_text().split()}


def test_no_process_is_left_at_the_end_of_the_block():
    before = children()
    with Forked(apart=True) as other:
        other.later(lambda: time.sleep(600))
        assert other.begin()
        (begun,) = children() - before
        began = time.monotonic()
    assert time.monotonic() - began < 60
    assert begun not in children()


PROGRAM = """
import os, sys, time
from mezan_graph.forked import Forked, end_with_fork

def work():
    if os.fork() == 0:
        end_with_fork()
    sys.stdout.write(f"{os.getpid()}\\n")
    sys.stdout.flush()
    time.sleep(600)

with Forked(apart=True) as other:
    result = other.later(work)
    other.begin()
    result()
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_parent_ends_all(sent):
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    with parent.stdout as lines:
        processes = {int(lines.readline()) for _ in range(2)}
        parent.send_signal(sent)
        parent.wait(60)
        # Nobody may write any more: all that had a copy of the pipe have ended.
        assert lines.read() == b""
    assert len(processes) == 2
    deadline = time.monotonic() + 60
    while any(map(_is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(_is_alive, processes))


def _is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(") ")[2][0]
    except OSError:
        return False
    return state not in "ZX"

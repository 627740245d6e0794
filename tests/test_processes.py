"""The same work in several processes: same results, in order, bounded, with the same errors."""

from __future__ import annotations

import os
import signal
import sys
import time
from itertools import islice

import pytest

from mezan_graph.errors import LimitError, UnknownEntityError
from mezan_graph.processes import available_processors, in_processes

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="processes are forked on Linux alone"
)


def test_results_come_in_the_order_of_the_items():
    items = list(range(1000))
    found = list(in_processes(lambda item: (item * item, os.getpid()), items, 3))
    assert [square for square, _ in found] == [item * item for item in items]
    assert len({process for _, process in found}) > 1
    assert os.getpid() not in {process for _, process in found}


@pytest.mark.parametrize(("count", "processes"), [(1000, 1), (32, 8), (0, 8)])
def test_little_work_is_done_here(count, processes):
    found = list(in_processes(lambda _: os.getpid(), list(range(count)), processes))
    assert found == [os.getpid()] * count


def test_what_is_there_is_shared_and_not_sent():
    graph = {"never": open(os.devnull)}  # noqa: SIM115, PTH123 - what no pickle can hold
    try:
        names = list(in_processes(lambda _: graph["never"].name, list(range(100)), 2))
    finally:
        graph["never"].close()
    assert names == [os.devnull] * 100


def test_work_is_done_only_a_little_ahead(tmp_path):
    def leave_a_mark(item):
        (tmp_path / str(item)).touch()

    results = in_processes(leave_a_mark, list(range(10_000)), 2)
    next(results)
    time.sleep(1)
    assert len(list(tmp_path.iterdir())) < 1000
    results.close()


def test_an_error_is_raised_with_its_place():
    def describe(item):
        if item == 500:
            raise UnknownEntityError("nothing is said", place="https://example.org/x", hint="look")
        return item

    results = in_processes(describe, list(range(1000)), 2)
    assert list(islice(results, 480)) == list(range(480))
    with pytest.raises(UnknownEntityError) as raised:
        list(results)
    assert (raised.value.place, raised.value.hint) == ("https://example.org/x", "look")


def test_a_process_that_is_killed_is_an_error_that_says_what_to_do():
    def kill(item):
        if item == 500:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(LimitError, match="was killed") as raised:
        list(in_processes(kill, list(range(1000)), 2))
    assert "--jobs 1" in str(raised.value)


def test_there_is_a_processor():
    assert 1 <= available_processors() <= (os.cpu_count() or 1)

"""The same work on many items, in several processes that share what this one has read.

The processes are forks, so that nothing is sent to them but the items. Results come back in the
order of the items, and are made only a little ahead of where they are taken, so that memory stays
bounded. Systems other than Linux do the work here: their libraries do not promise to live on in a
fork.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections import deque
from itertools import count, islice
from typing import TYPE_CHECKING, Any, TypeVar

from mezan_graph.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCH = 32
_WAITING = 3
"""Batches of a process that may be done and not taken."""
_numbers = count()
_functions: dict[int, Callable[[Any], Any]] = {}


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    function: Callable[[Item], Result], items: Sequence[Item], processes: int = 1
) -> Generator[Result]:
    """Yield ``function(item)`` for each of ``items``, in their order.

    Args:
        function: What is done, the same wherever it is done. It sees everything as it is at the
            first result; what it changes stays in its process. What it returns and raises is
            pickled.
        items: Of what; each is pickled.
        processes: How many processes do it; with one, it is done in this one.

    Raises:
        LimitError: A process was killed, by the system for want of memory as a rule.
    """
    processes = min(processes, -(-len(items) // _BATCH))
    if processes < 2 or not sys.platform.startswith("linux"):  # noqa: PLR2004
        yield from map(function, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    number = next(_numbers)
    _functions[number] = function
    # What is there is left alone by the collectors of all processes, so that they share it.
    gc.freeze()
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"))
    try:
        starts = range(0, len(items), _BATCH)
        asked = (pool.submit(_batch, number, items[each : each + _BATCH]) for each in starts)
        waiting = deque(islice(asked, processes * _WAITING))
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(islice(asked, 1))
    except BrokenProcessPool:
        raise LimitError(
            f"one of {processes} processes was killed, by the system for want of memory as a rule",
            hint="use fewer processes, each of which needs memory of its own: --jobs 1",
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()
        del _functions[number]


def _batch(number: int, items: Sequence[Any]) -> list[Any]:
    return [_functions[number](item) for item in items]

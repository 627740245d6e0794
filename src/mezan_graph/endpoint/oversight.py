"""One look at all jobs from time to time: what takes too long makes way, or is ended."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from mezan_graph.endpoint import problems
from mezan_graph.endpoint.problems import too_busy

if TYPE_CHECKING:
    from mezan_graph.endpoint.crew import Worker
    from mezan_graph.endpoint.pool import Pool

_STEP = 0.05
"""Seconds between two looks at the jobs, at most."""
_BEHIND = 0.01
"""Seconds that a job waits at a worker, at most, before it is given to another one."""


class Oversight:
    """Looks at the jobs of a pool while there are any: cheaper than a timer for each."""

    def __init__(self, pool: Pool) -> None:
        limits = pool.limits
        self._pool = pool
        self._limits = limits
        self._short_seconds = min(limits.short_milliseconds / 1000, limits.seconds)
        self._step = min(self._short_seconds / 4, _STEP)
        self._clock: asyncio.TimerHandle | None = None
        self._closely = False

    def watch(self, *, closely: bool = False) -> None:
        """Look a little later; ``closely`` where a job waits at a worker."""
        if self._clock is not None:
            if self._closely or not closely:
                return
            self._clock.cancel()
        self._closely = closely
        step = min(_BEHIND, self._step) if closely else self._step
        self._clock = asyncio.get_running_loop().call_later(step, self._look)

    def _look(self) -> None:
        self._clock = None
        pool, now = self._pool, time.monotonic()
        behind = False
        for worker in list(pool.workers.values()):
            if len(worker.jobs) > 1:
                behind = True
                if now - worker.started >= _BEHIND:
                    pool.take_back(worker, 1)
            if worker.due is not None and worker.due <= now:
                self._grown_long(worker, now)
        for row in (pool.waiting, pool.expected_long):
            while row and row[0].deadline <= now:
                row.popleft().fail(too_busy("no worker became free in time"))
        pool.hand_out()
        if pool.busy or pool.in_line:
            self.watch(closely=behind)

    def _grown_long(self, worker: Worker, now: float) -> None:
        pool = self._pool
        elapsed = now - worker.started
        reply = worker.serving()
        if reply is None:
            # It does what was taken back from it, or what nobody waits for any more.
            pool.end(worker, problems.client_gone(), "abandoned")
            return
        if elapsed < self._short_seconds:
            worker.due = worker.started + self._short_seconds
            if worker.processor_seconds() < pool.slow_seconds / 2:
                worker.due = min(worker.due, now + pool.slow_seconds)
            elif not worker.long:
                pool.make_slow(worker)
            return
        reply.grow_long()
        if elapsed >= self._limits.seconds:
            pool.expectation.took_long(reply.job, now)
            pool.end(worker, problems.out_of_time(self._limits.seconds), "time")
        elif worker.long:
            worker.due = worker.started + self._limits.seconds
        elif worker.processor_seconds() < self._short_seconds / 2:
            self._look_again(worker, now)
        elif pool.long < self._limits.long_queries:
            pool.expectation.took_long(reply.job, now)
            pool.make_long(worker)
            worker.due = worker.started + self._limits.seconds
        elif pool.idle and not pool.waiting:
            self._look_again(worker, now)
        else:
            pool.expectation.took_long(reply.job, now)
            problem = too_busy("too many long queries are being answered", 5)
            pool.end(worker, problem, "crowded out")

    def _look_again(self, worker: Worker, now: float) -> None:
        worker.due = min(now + self._short_seconds, worker.started + self._limits.seconds)

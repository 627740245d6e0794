"""The workers of one load of the graph, as the server sees them: who is free, who takes too long.

A query that goes on for longer than a tenth of a second, and is not merely kept waiting by a busy
machine, gets a lower priority, so that short ones find the processors. After ``short_milliseconds``
it becomes a long one: its worker gets a still lower one and a successor, so that short ones find a
worker. Only so many may be long at once; one more goes on while workers are free, else it is ended.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter, deque
from typing import TYPE_CHECKING

from mezan_graph.endpoint import problems
from mezan_graph.endpoint.crew import Worker
from mezan_graph.endpoint.problems import Problem, WorkerKilled, too_busy

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.endpoint.generation import Generation
    from mezan_graph.endpoint.reply import Reply
    from mezan_graph.service_limits import ServiceLimits

_NICE, _NICER = 10, 19
_SLOW = 0.1
"""Seconds after which a job gets a lower priority, and its worker is not used again."""
_STEP = 0.05
"""Seconds between two looks at the jobs, at most."""
_ABORTED, _KILLED = -signal.SIGABRT, -signal.SIGKILL


class Pool:
    """The workers of one generation."""

    def __init__(self, generation: Generation, limits: ServiceLimits) -> None:
        self.limits = limits
        self.workers: dict[int, Worker] = {}
        self.waiting: deque[tuple[asyncio.Future[Worker], float]] = deque()
        self._generation = generation
        self._wanted = limits.workers or 2 * (os.cpu_count() or 1)
        self._short_seconds = min(limits.short_milliseconds / 1000, limits.seconds)
        self._slow_seconds = min(_SLOW, self._short_seconds)
        self._step = min(self._short_seconds / 4, _STEP)
        self._clock: asyncio.TimerHandle | None = None
        self._idle: list[Worker] = []
        self._short = self._long = self._number = 0
        self._busy = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.killed = Counter[str]()

    @property
    def busy(self) -> int:
        """Number of jobs that are being done."""
        return self._busy

    async def open(self) -> None:
        """Fork the workers, and wait until the first ones are there."""
        self._short += self._wanted
        await asyncio.gather(*(self._fork() for _ in range(self._wanted)))

    async def ask(
        self, job: bytes, left: Callable[[], bool] = bool, *, again: bool = False
    ) -> tuple[Worker, Reply]:
        """Give ``job`` to a worker as soon as one is free.

        Args:
            job: The job.
            left: Whether nobody waits for it any more; asked when a worker is free.
            again: Whether a worker was killed that had it. Others may have been at the same time,
                so that it is looked up which ones live.

        Raises:
            Problem: Too many requests wait, this one waited for too long, or its client has gone.
        """
        worker = await self._next()
        while not worker.alive or (again and not worker.runs()):
            worker = await self._next()
        if left():
            self._free(worker)
            self._settle()
            raise problems.client_gone()
        self._busy += 1
        reply = worker.begin(job)
        worker.due = worker.started + self._slow_seconds
        self._watch()
        return worker, reply

    async def _next(self) -> Worker:
        return self._idle.pop() if self._idle else await self._next_free()

    async def _next_free(self) -> Worker:
        if len(self.waiting) >= self.limits.waiting:
            raise too_busy("too many requests wait for an answer")
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        entry = future, time.monotonic() + self.limits.waiting_seconds
        self.waiting.append(entry)
        self._watch()
        try:
            return await future
        except asyncio.CancelledError:
            if entry in self.waiting:
                self.waiting.remove(entry)
            elif not future.cancelled() and future.exception() is None:
                self._free(future.result())
            raise

    def _free(self, worker: Worker) -> None:
        while self.waiting:
            future, _ = self.waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def finished(self, worker: Worker, *, retiring: bool) -> None:
        """Take back a worker whose job is done."""
        worker.due = None
        worker.reply = None
        self._busy -= 1
        if worker.long or worker.old or retiring or worker.ending is not None:
            worker.close()
        else:
            self._free(worker)
        self._settle()

    def lost(self, worker: Worker) -> None:
        """Do without a worker that has gone."""
        worker.due = None
        if worker in self._idle:
            self._idle.remove(worker)
        if worker.long:
            self._long -= 1
        elif worker.ending is None:
            self._short -= 1
        self._keep_up()
        self._settle()

    def ended(self, number: int, status: int) -> None:
        """Tell the client of a worker that died by itself why there is no answer."""
        worker = self.workers.pop(number, None)
        if worker is None:
            return
        worker.dead = True
        if worker.reply is None:
            return
        if status == _ABORTED:
            self.killed["memory"] += 1
            problem = problems.out_of_memory(self.limits.memory_mebibytes)
        elif status == _KILLED:
            self.killed["killed"] += 1
            problem = WorkerKilled()
        else:
            self.killed["crashed"] += 1
            problem = Problem(500, "the query engine failed", hint="simplify the query")
        self._drop(worker, problem)
        self._settle()

    def _drop(self, worker: Worker, problem: Problem) -> None:
        if worker.reply is not None:
            worker.reply.fail(problem)
            worker.reply = None
            self._busy -= 1

    def abandon(self, worker: Worker, reply: Reply) -> None:
        """End a job whose answer nobody waits for any more."""
        if worker.reply is reply:
            self.end(worker, problems.client_gone(), "abandoned")

    def end(self, worker: Worker, problem: Problem, reason: str) -> None:
        """Kill a worker; ``problem`` is the answer to its job."""
        self.killed[reason] += 1
        if worker.ending is None and not worker.long:
            self._short -= 1
        worker.ending = problem
        worker.due = None
        self._drop(worker, problem)
        self._generation.order({"kill": worker.number})
        self._keep_up()

    def renew(self) -> None:
        """Have new workers in the place of all that there are, each when it has nothing to do."""
        for worker in self.workers.values():
            worker.old = True
        while self._idle:
            self._idle.pop().close()

    def fail(self) -> None:
        """Answer every job, since the workers cannot be replaced any more."""
        self._closed = True
        for worker in self.workers.values():
            self._drop(worker, too_busy("the graph is being loaded again"))
            worker.close()
        for future, _ in self.waiting:
            if not future.done():
                future.set_exception(too_busy("the graph is being loaded again"))

    def close(self) -> None:
        """Let every worker end as soon as its job is done."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        self._settle()

    def _settle(self) -> None:
        if self._closed and not self._busy and not self.waiting:
            self._generation.end()

    def _watch(self) -> None:
        """Look at all jobs and all that wait a little later: cheaper than a timer for each."""
        if self._clock is None:
            self._clock = asyncio.get_running_loop().call_later(self._step, self._look)

    def _look(self) -> None:
        self._clock = None
        now = time.monotonic()
        for worker in list(self.workers.values()):
            if worker.due is not None and worker.due <= now:
                self._grown_long(worker)
        while self.waiting and self.waiting[0][1] <= now:
            future, _ = self.waiting.popleft()
            if not future.done():
                future.set_exception(too_busy("no worker became free in time"))
        if self._busy or self.waiting:
            self._watch()

    def _grown_long(self, worker: Worker) -> None:
        elapsed = time.monotonic() - worker.started
        if elapsed < self._short_seconds:
            if worker.processor_seconds() >= self._slow_seconds / 2:
                worker.old = True
                worker.lower_priority(_NICE)
            worker.due = worker.started + self._short_seconds
            return
        if worker.reply is not None:
            worker.reply.grown_long()
        if elapsed >= self.limits.seconds:
            self._out_of_time(worker)
        elif worker.processor_seconds() < self._short_seconds / 2:
            self._look_again(worker, elapsed)
        elif self._long < self.limits.long_queries:
            worker.long = True
            self._long += 1
            self._short -= 1
            worker.lower_priority(_NICER)
            worker.due = worker.started + self.limits.seconds
            self._keep_up()
        elif self._idle and not self.waiting:
            self._look_again(worker, elapsed)
        else:
            problem = too_busy("too many long queries are being answered", 5)
            self.end(worker, problem, "crowded out")

    def _look_again(self, worker: Worker, elapsed: float) -> None:
        step = min(self._short_seconds, self.limits.seconds - elapsed)
        worker.due = time.monotonic() + step

    def _out_of_time(self, worker: Worker) -> None:
        self.end(worker, problems.out_of_time(self.limits.seconds), "time")

    def _keep_up(self) -> None:
        if self._closed and not self.waiting:
            return
        while self._short < self._wanted:
            task = asyncio.get_running_loop().create_task(self._fork())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._short += 1

    async def _fork(self) -> None:
        self._number += 1
        worker = Worker(self, self._number)
        self.workers[worker.number] = worker
        await self._generation.fork(worker)
        self._welcome(worker)

    def forked(self, number: int, process: int) -> None:
        """Take a worker that has begun to live; only now can it be given work."""
        worker = self.workers.get(number)
        if worker is not None:
            worker.process = process
            self._welcome(worker)

    def _welcome(self, worker: Worker) -> None:
        """Take a worker when it is both connected and alive, whichever comes last."""
        if worker.transport is None or not worker.process or worker.known:
            return
        worker.known = True
        if self._closed and not self.waiting:
            worker.close()
        else:
            self._free(worker)

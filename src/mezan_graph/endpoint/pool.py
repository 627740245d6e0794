"""The workers of one load of the graph, as the server sees them: who is free, who takes too long.

A query that goes on for longer than a tenth of a second, and is not merely kept waiting by a busy
machine, gets a lower priority, so that short ones find the processors. After ``short_milliseconds``
it becomes a long one: its worker gets the lowest one and a successor, so that short ones find a
worker. Only so many may be long at once; one more goes on while workers are free, else it is ended.
Queries like one that took long are long ones from the start, and wait for their turn.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from typing import TYPE_CHECKING

from mezan_graph.endpoint import problems
from mezan_graph.endpoint.assignment import Assignment
from mezan_graph.endpoint.crew import Worker
from mezan_graph.endpoint.oversight import Oversight
from mezan_graph.endpoint.problems import too_busy

if TYPE_CHECKING:
    from mezan_graph.endpoint.generation import Generation
    from mezan_graph.endpoint.problems import Problem
    from mezan_graph.endpoint.reply import Reply
    from mezan_graph.service_limits import ServiceLimits

_PARTING = 0.2
"""Seconds in which what a worker sent before its end arrives, if it does not come at once."""


class Pool(Assignment):
    """The workers of one generation.

    Attributes:
        killed: Number of jobs that were ended, by reason.
    """

    def __init__(self, generation: Generation, limits: ServiceLimits) -> None:
        super().__init__(limits)
        self._generation = generation
        self._wanted = limits.workers or 2 * (os.cpu_count() or 1)
        self._oversight = Oversight(self)
        self._short = self._number = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.killed = Counter[str]()

    async def open(self) -> None:
        """Fork the workers, and wait until the first ones are there."""
        self._short += self._wanted
        await asyncio.gather(*(self._fork() for _ in range(self._wanted)))

    def watch(self, *, closely: bool) -> None:
        """Look at the jobs a little later; ``closely`` where one waits at a worker."""
        self._oversight.watch(closely=closely)

    def make_long(self, worker: Worker) -> None:
        """Let a worker have a long job: it makes way, and another one comes in its place."""
        worker.long = True
        self.long += 1
        worker.make_way(entirely=True)
        self.replace(worker)

    def make_slow(self, worker: Worker) -> None:
        """Let a job take longer: its worker is not used again, and another one comes before.

        Only so many come before: who asks slow queries only must not have ever more processes.
        """
        worker.old = True
        worker.make_way()
        if sum(each.old and bool(each.jobs) for each in self.workers.values()) <= self._wanted:
            self.replace(worker)

    def replace(self, worker: Worker) -> None:
        """Have another worker for short jobs in the place of this one."""
        if worker.short:
            worker.short = False
            self._short -= 1
        self._keep_up()

    def finished(self, worker: Worker, reply: Reply, *, retiring: bool) -> None:
        """Take back a worker whose job is done."""
        self.set_due(worker)
        self.release(worker, reply)
        if worker.long and worker.quick:
            self.expectation.was_short(reply.job)
        if worker.long or worker.old or retiring or worker.ending is not None:
            self.take_back(worker, 0)
            worker.close()
        elif not worker.jobs:
            self.idle.append(worker)
        if self.in_line:
            self.hand_out()
        self._settle()

    def returned(self, worker: Worker, reply: Reply) -> None:
        """Take back a job that a worker has not begun."""
        self.set_due(worker)
        if self.release(worker, reply):
            self.put_first(reply)
        if not worker.jobs and worker.alive and not worker.old and worker.ending is None:
            self.idle.append(worker)
        self.hand_out()
        self._settle()

    def lost(self, worker: Worker) -> None:
        """Do without a worker that has gone."""
        worker.due = None
        if worker in self.idle:
            self.idle.remove(worker)
        self.long -= worker.long
        if worker.status is not None:
            self._bury(worker)
        self.replace(worker)
        self.hand_out()
        self._settle()

    def ended(self, number: int, status: int) -> None:
        """Note how a worker ended; its last words may still be on their way."""
        worker = self.workers.pop(number, None)
        if worker is None:
            return
        lost = not worker.alive
        worker.status = status
        if lost:
            self._bury(worker)
        else:
            asyncio.get_running_loop().call_later(_PARTING, self._bury, worker)

    def _bury(self, worker: Worker) -> None:
        """Tell the client of a worker that died by itself why there is no answer."""
        reply = worker.serving()
        if reply is not None and worker.status:
            reason, problem = problems.of_death(worker.status, self.limits.memory_mebibytes)
            self.killed[reason] += 1
            self.release(worker, reply)
            reply.fail(problem)
        self.take_back(worker, 0)
        worker.jobs.clear()
        self.hand_out()
        self._settle()

    def end(self, worker: Worker, problem: Problem, reason: str) -> None:
        """Kill a worker; ``problem`` is the answer to its job."""
        self.killed[reason] += 1
        worker.ending = problem
        worker.due = None
        reply = worker.serving()
        if reply is not None:
            self.release(worker, reply)
            reply.fail(problem)
        self.take_back(worker, 0)
        worker.jobs.clear()
        self._generation.order({"kill": worker.number})
        self.replace(worker)
        self.hand_out()

    def renew(self) -> None:
        """Have new workers in the place of all that there are, each when it has nothing to do."""
        for worker in self.workers.values():
            worker.old = True
        while self.idle:
            self.idle.pop().close()

    def fail(self) -> None:
        """Answer every job, since the workers cannot be replaced any more."""
        self._closed = True
        waiting = [*self.waiting, *self.expected_long]
        self.waiting.clear()
        self.expected_long.clear()
        for worker in self.workers.values():
            waiting += [each for each in worker.jobs if self.release(worker, each)]
            worker.close()
        for reply in waiting:
            reply.fail(too_busy("the graph is being loaded again"))

    def close(self) -> None:
        """Let every worker end as soon as its job is done."""
        self._closed = True
        while self.idle:
            self.idle.pop().close()
        self._settle()

    def _settle(self) -> None:
        if self._closed and not self.busy and not self.in_line:
            self._generation.end()

    def _keep_up(self) -> None:
        if self._closed and not self.in_line:
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
        if self._closed and not self.in_line:
            worker.close()
        else:
            self.idle.append(worker)
            self.hand_out()

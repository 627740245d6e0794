"""Which worker has which job: what is given at once, what waits where, and what is taken back.

A job goes to a worker that has nothing to do, or waits at one that is quick, so that neither side
has to sleep between two light queries; where the one before it takes longer, it is taken back.
Jobs like one that took long wait for their turn, so that they only take what nobody else needs.
"""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING

from mezan_graph.endpoint import problems
from mezan_graph.endpoint.expectation import Expectation
from mezan_graph.endpoint.problems import Problem, too_busy
from mezan_graph.endpoint.reply import Reply
from mezan_graph.endpoint.worker import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.endpoint.crew import Worker
    from mezan_graph.service_limits import ServiceLimits

_AT_ONCE = 8
"""Jobs that a worker has at most: the one that it does, and those that wait for it."""

_SLOW = 0.1
"""Seconds after which a job gets a lower priority, and its worker is not used again."""


class Assignment(ABC):
    """Workers and the jobs that they have.

    Attributes:
        limits: What the service bears.
        workers: Those that live, by number.
        idle: Those that have nothing to do.
        waiting: Jobs that wait for a worker.
        expected_long: Jobs that wait until another long one may begin.
        expectation: Which jobs are expected to be long.
        long: Number of workers with a long job.
        busy: Number of jobs that workers have.
        slow_seconds: Time after which a job is looked at for the first time.
    """

    def __init__(self, limits: ServiceLimits) -> None:
        self.limits = limits
        self.workers: dict[int, Worker] = {}
        self.idle: list[Worker] = []
        self.waiting: deque[Reply] = deque()
        self.expected_long: deque[Reply] = deque()
        self.expectation = Expectation()
        self.long = self.busy = 0
        self.slow_seconds = min(_SLOW, limits.short_milliseconds / 1000, limits.seconds)
        # One processor is the server's own.
        self._side_by_side = max(1, (os.cpu_count() or 1) - 1)

    @property
    def in_line(self) -> int:
        """Number of jobs that wait for a worker, or for their turn."""
        return len(self.waiting) + len(self.expected_long)

    @abstractmethod
    def watch(self, *, closely: bool) -> None:
        """Look at the jobs a little later; ``closely`` where one waits at a worker."""

    @abstractmethod
    def make_long(self, worker: Worker) -> None:
        """Let a worker have a long job: it makes way, and another one comes in its place."""

    @abstractmethod
    def end(self, worker: Worker, problem: Problem, reason: str) -> None:
        """Kill a worker; ``problem`` is the answer to its job."""

    def ask(self, job: bytes, left: Callable[[], bool] = bool, *, again: bool = False) -> Reply:
        """Give ``job`` to a worker, now or as soon as there is one.

        Args:
            job: The job.
            left: Whether nobody waits for it any more; asked when a worker is free.
            again: Whether a worker was killed that had it. Others may have been at the same time,
                so that it is looked up which ones live.

        Returns:
            Where its answer comes, or the problem that it waited for too long.

        Raises:
            Problem: Too many requests wait.
        """
        reply = Reply(job, left, again=again)
        now = time.monotonic()
        long = self.expectation.is_long(job, now)
        worker = None if long or self.waiting else self._found(reply)
        if worker is not None:
            self._begin(worker, reply)
        else:
            if self.in_line >= self.limits.waiting:
                raise too_busy("too many requests wait for an answer")
            reply.deadline = now + self.limits.waiting_seconds
            (self.expected_long if long else self.waiting).append(reply)
            if long:
                self.hand_out()
            self.watch(closely=False)
        return reply

    def _found(self, reply: Reply) -> Worker | None:
        """Return a worker that has room for a job."""
        # More workers than processors would only take turns.
        if len(self.workers) - len(self.idle) - self.long < self._side_by_side or reply.again:
            return self._found_idle(reply) or (None if reply.again else self._found_quick())
        return self._found_quick() or self._found_idle(reply)

    def _found_idle(self, reply: Reply) -> Worker | None:
        while self.idle:
            worker = self.idle.pop()
            if worker.alive and (not reply.again or worker.runs()):
                return worker
        return None

    def _found_quick(self) -> Worker | None:
        """Return the one with the fewest jobs of the workers that will have done theirs soon."""
        now = time.monotonic()
        best: Worker | None = None
        for worker in self.workers.values():
            size = len(worker.jobs)
            if (
                0 < size < (len(best.jobs) if best is not None else _AT_ONCE)
                and worker.quick
                and now - worker.started < QUICK
                and not (worker.old or worker.long or worker.ending)
                and worker.alive
            ):
                best = worker
        return best

    def _begin(self, worker: Worker, reply: Reply) -> None:
        self.busy += 1
        worker.begin(reply)
        if len(worker.jobs) == 1:
            self.set_due(worker)
        self.watch(closely=len(worker.jobs) > 1)

    def set_due(self, worker: Worker) -> None:
        """Have the job that a worker begins looked at in time, if it has one."""
        worker.due = worker.started + self.slow_seconds if worker.jobs else None

    def hand_out(self) -> None:
        """Give jobs that wait to workers that have room."""
        while self.expected_long and self.idle and self.long < self.limits.long_queries:
            reply = self.expected_long.popleft()
            if _is_left(reply):
                continue
            worker = self._found_idle(reply)
            if worker is None:
                self.expected_long.appendleft(reply)
                break
            self.make_long(worker)
            self._begin(worker, reply)
        while self.waiting:
            if _is_left(self.waiting[0]):
                self.waiting.popleft()
                continue
            worker = self._found(self.waiting[0])
            if worker is None:
                return
            self._begin(worker, self.waiting.popleft())

    def abandon(self, reply: Reply) -> None:
        """End a job whose answer nobody waits for any more."""
        worker = reply.worker
        if worker is not None and worker.serving() is reply:
            self.end(worker, problems.client_gone(), "abandoned")
            return
        for row in (self.waiting, self.expected_long):
            if reply in row:
                row.remove(reply)
        if worker is not None:
            self.release(worker, reply)
        reply.fail(problems.client_gone())

    def release(self, worker: Worker, reply: Reply) -> bool:
        """Note that ``worker`` does not have this job any more; whether it had it."""
        if reply.worker is not worker:
            return False
        reply.worker = None
        self.busy -= 1
        return True

    def put_first(self, reply: Reply) -> None:
        """Have a job wait before all others."""
        if not reply.done:
            reply.deadline = reply.deadline or time.monotonic() + self.limits.waiting_seconds
            self.waiting.appendleft(reply)

    def take_back(self, worker: Worker, first: int) -> None:
        """Take back the jobs that wait at a worker, from the one with this number on."""
        for reply in reversed(list(worker.jobs)[first:]):
            if self.release(worker, reply):
                self.put_first(reply)


def _is_left(reply: Reply) -> bool:
    """Whether nobody waits for a job any more, which is noted then."""
    if not reply.done and reply.left():
        reply.fail(problems.client_gone())
    return reply.done

"""A worker as the server sees it: a connection, its jobs, and what it has taken so far.

A worker does one job after the other; a few more may wait at it, so that it need not sleep between
them. A job that was taken back meanwhile stays in its row, as what comes for it has to be passed
over; a reply belongs to the worker that it names.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mezan_graph.endpoint.frames import Kind, Reader, pack, read_note

if TYPE_CHECKING:
    from mezan_graph.endpoint.pool import Pool
    from mezan_graph.endpoint.problems import Problem
    from mezan_graph.endpoint.reply import Reply

_LOWER, _LOWEST = 10, 19
"""Niceness of a process that makes way."""
_LAST = frozenset({Kind.END, Kind.WHOLE})
_ENDED = frozenset("XZ")
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker(asyncio.Protocol):
    """A connection to one worker.

    Attributes:
        number: Its number in the nursery.
        process: Its process id, 0 until the nursery has said it.
        short: Whether it is one of those that short jobs are kept for.
        long: Whether its query has become a long one.
        known: Whether it has been given to the pool.
        old: Whether a newer one is to take its place.
        quick: Whether its last job was done soon, so that another one may wait for it.
        status: How its process ended; ``None`` while it lives, as far as is known.
        jobs: The job that it does, and those that wait for it.
        started: When it began with its job, monotonic, in seconds.
        due: When its job has to be looked at; ``None`` while it has none.
        ending: Why it is being killed.
    """

    def __init__(self, pool: Pool, number: int) -> None:
        self.number = number
        self.process = 0
        self.long = self.old = self.known = False
        self.short = self.quick = True
        self.status: int | None = None
        self.jobs: deque[Reply] = deque()
        self.transport: asyncio.Transport | None = None
        self.due: float | None = None
        self.started = 0.0
        self.ending: Problem | None = None
        self._pool = pool
        self._reader = Reader()
        self._spent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand what has come to the replies."""
        for kind, payload in self._reader.feed(data):
            if not self.jobs:
                return
            reply = self.jobs[0]
            note = read_note(payload) if kind in _LAST else None
            if reply.worker is self:
                reply.quick = note is not None and note.quick
                reply.take(kind, payload)
            if kind is Kind.RETURNED:
                self.jobs.popleft()
                self._pool.returned(self, reply)
            elif note is not None:
                self._spent = note.processor_seconds
                self.quick = note.quick
                self.started = time.monotonic()
                self.jobs.popleft()
                self._pool.finished(self, reply, retiring=note.retiring)

    def connection_lost(self, _: Exception | None) -> None:
        """The worker has gone, and its jobs with it."""
        self._pool.lost(self)

    @property
    def alive(self) -> bool:
        """Whether it could be given a job, as far as is known."""
        if self.status is not None or self.transport is None:
            return False
        return not self.transport.is_closing()

    def runs(self) -> bool:
        """Whether its process has not ended, as the system tells it."""
        try:
            status = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii")
        except OSError:
            return not sys.platform.startswith("linux")
        return status.rpartition(")")[2].split()[0] not in _ENDED

    def begin(self, reply: Reply) -> None:
        """Send a job, which it does when those before are done."""
        assert self.transport is not None  # noqa: S101 - it is in the pool since it is connected
        reply.worker = self
        if not self.jobs:
            self.started = time.monotonic()
        self.jobs.append(reply)
        self.transport.write(pack(Kind.JOB, reply.job))

    def serving(self) -> Reply | None:
        """Return the job that it does, unless nobody waits for it here."""
        reply = self.jobs[0] if self.jobs else None
        return reply if reply is not None and reply.worker is self else None

    def processor_seconds(self) -> float:
        """Return the processor time that its job has taken, as far as the system tells it.

        On a machine that is busy with other things a short query takes long, and is short still.
        """
        try:
            status = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii")
        except OSError:
            return time.monotonic() - self.started
        user, system = status.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / _TICKS - self._spent

    def make_way(self, *, entirely: bool = False) -> None:
        """Let others go first; ``entirely`` so that it only has what nobody else wants.

        A process that has no rights never gets its priority back.
        """
        with contextlib.suppress(OSError):
            if self.process and entirely and hasattr(os, "SCHED_IDLE"):
                os.sched_setscheduler(self.process, os.SCHED_IDLE, os.sched_param(0))
            elif self.process:
                os.setpriority(os.PRIO_PROCESS, self.process, _LOWEST if entirely else _LOWER)

    def close(self) -> None:
        """Let the worker end."""
        if self.transport is not None:
            self.transport.close()

"""A worker as the server sees it: a connection, its job, and what it has taken so far."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mezan_graph.endpoint.frames import Kind, Reader, pack
from mezan_graph.endpoint.reply import Reply

if TYPE_CHECKING:
    from mezan_graph.endpoint.pool import Pool
    from mezan_graph.endpoint.problems import Problem

_LAST = frozenset({Kind.END, Kind.WHOLE})
_ENDED = frozenset("XZ")
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker(asyncio.Protocol):
    """A connection to one worker.

    Attributes:
        number: Its number in the nursery.
        process: Its process id, 0 until the nursery has said it.
        long: Whether its query has become a long one.
        known: Whether it has been given to the pool.
        old: Whether a newer one is to take its place.
        dead: Whether its process has ended.
        reply: Where the answer to its job goes; ``None`` while it has none.
        due: When its job has to be looked at; ``None`` while it has none.
    """

    def __init__(self, pool: Pool, number: int) -> None:
        self.number = number
        self.process = 0
        self.long = self.old = self.known = self.dead = False
        self.reply: Reply | None = None
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
        """Hand what has come to the reply."""
        for kind, payload in self._reader.feed(data):
            reply = self.reply
            if reply is None:
                continue
            reply.take(kind, payload)
            if kind in _LAST:
                note = reply.head if kind is Kind.WHOLE else json.loads(payload)
                self._spent = note["processor_seconds"]
                self._pool.finished(self, retiring=note["retiring"])

    def connection_lost(self, _: Exception | None) -> None:
        """The worker has gone, and its job with it."""
        self._pool.lost(self)

    @property
    def alive(self) -> bool:
        """Whether it could be given a job, as far as is known."""
        return not self.dead and self.transport is not None and not self.transport.is_closing()

    def runs(self) -> bool:
        """Whether its process has not ended, as the system tells it."""
        try:
            status = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii")
        except OSError:
            return not sys.platform.startswith("linux")
        return status.rpartition(")")[2].split()[0] not in _ENDED

    def begin(self, job: bytes) -> Reply:
        """Send a job; return where its answer will be."""
        assert self.transport is not None  # noqa: S101 - it is in the pool since it is connected
        self.reply = Reply()
        self.started = time.monotonic()
        self.transport.write(pack(Kind.JOB, job))
        return self.reply

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

    def lower_priority(self, nice: int) -> None:
        """Let others go first; a process that has no rights never gets its priority back."""
        with contextlib.suppress(OSError):
            if self.process:
                os.setpriority(os.PRIO_PROCESS, self.process, nice)

    def close(self) -> None:
        """Let the worker end."""
        if self.transport is not None:
            self.transport.close()

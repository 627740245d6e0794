"""The answer of a worker as the server receives it: whole, or in pieces while it is made."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.frames import Kind, read_whole
from mezan_graph.endpoint.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from mezan_graph.endpoint.crew import Worker

HELD = 1 << 18
"""Bytes that are held back before an answer is sent, so that most failures can still be told."""


class Reply:
    """A job, and what comes back for it.

    Attributes:
        job: The job.
        worker: Who does it, or will; ``None`` while it waits for a worker, and when it is done.
        deadline: Monotonic time in seconds after which it waits no more.
        again: Whether a worker was killed that had it.
        left: Whether nobody waits for it any more; asked when a worker is free.
        head: What the worker says of the answer: ``media_type``, ``stable`` and others.
        problem: Why there is no answer, or no more of it.
        whole: Whether everything has come.
        quick: Whether the worker did the job so soon that another one might have waited for it.
        long: Whether the job has been going on for a while.
        grown_long: Called when that is so.
        changed: Called whenever something has happened; ``None`` where a task waits.
        buffered: Bytes that have come and were not taken yet.
    """

    def __init__(self, job: bytes, left: Callable[[], bool], *, again: bool = False) -> None:
        self.job = job
        self.left = left
        self.again = again
        self.worker: Worker | None = None
        self.deadline = 0.0
        self.head: dict[str, Any] = {}
        self.problem: Problem | None = None
        self.trace: str | None = None
        self.whole = self.quick = False
        self.long = False
        self.grown_long: Callable[[], object] = lambda: None
        self.changed: Callable[[], None] | None = None
        self.buffered = 0
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._changed: asyncio.Future[None] | None = None

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.whole or self.problem is not None

    def take(self, kind: Kind, payload: bytes) -> None:
        """Take a message of the worker."""
        if kind is Kind.WHOLE:
            self.head, body = read_whole(payload)
            self._pieces.append(body)
            self.buffered = len(body)
            self.whole = True
        elif kind is Kind.PIECE:
            self._pieces.append(payload)
            self._size += len(payload)
            self.buffered += len(payload)
        elif kind is Kind.HEAD:
            self.head = json.loads(payload)
        elif kind is Kind.PROBLEM:
            document = json.loads(payload)
            self.problem = Problem.read(document)
            self.problem.headers = document.get("headers") or {}
            self.trace = document.get("trace")
        elif kind is Kind.END:
            self.whole = True
        self._wake()

    def fail(self, problem: Problem) -> None:
        """Say that nothing more will come, and why."""
        if not self.done:
            self.problem = problem
            self._wake()

    def grow_long(self) -> None:
        """Note that the job has been going on for a while."""
        self.long = True
        self.grown_long()
        if self.changed is not None:
            self.changed()

    def is_large(self) -> bool:
        """Whether too much has come for it to be held back."""
        return self._size > HELD

    def _wake(self) -> None:
        if self.changed is not None:
            self.changed()
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    async def _change(self) -> None:
        self._changed = asyncio.get_running_loop().create_future()
        await self._changed

    async def begun(self) -> bytes | None:
        """Wait until the answer is whole or too large to be held back.

        Returns:
            The body where it is whole, ``None`` where :meth:`pieces` gives it.

        Raises:
            Problem: There is no answer.
        """
        while not self.done and not self.is_large():
            await self._change()
        if self.problem is not None:
            raise self.problem
        return self.body() if self.whole else None

    def body(self) -> bytes:
        """Return all that has come."""
        self.buffered = 0
        pieces, self._pieces = self._pieces, deque()
        return b"".join(pieces)

    async def rest(self) -> bytes:
        """Return everything that was not taken yet, when it has come.

        Raises:
            Problem: There is no more.
        """
        return b"".join([piece async for piece in self.pieces()])

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces as they come.

        Raises:
            Problem: There is no more.
        """
        while True:
            while self._pieces:
                piece = self._pieces.popleft()
                self.buffered -= len(piece)
                yield piece
            if self.problem is not None:
                raise self.problem
            if self.whole:
                return
            await self._change()

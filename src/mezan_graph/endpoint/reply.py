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

HELD = 1 << 18
"""Bytes that are held back before an answer is sent, so that most failures can still be told."""


class Reply:
    """What comes back for one job.

    Attributes:
        head: What the worker says of the answer: ``media_type``, ``stable`` and others.
        problem: Why there is no answer, or no more of it.
        whole: Whether everything has come.
        grown_long: Called when the job has been going on for a while.
        buffered: Bytes that have come and were not taken yet.
    """

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        self.problem: Problem | None = None
        self.trace: str | None = None
        self.whole = False
        self.grown_long: Callable[[], object] = lambda: None
        self.buffered = 0
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._changed: asyncio.Future[None] | None = None

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
        if not self.whole and self.problem is None:
            self.problem = problem
            self._wake()

    def _wake(self) -> None:
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
        while not self.whole and self.problem is None and self._size <= HELD:
            await self._change()
        if self.problem is not None:
            raise self.problem
        if not self.whole:
            return None
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

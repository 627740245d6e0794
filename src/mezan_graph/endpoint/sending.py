"""Sending an answer by ASGI, and remembering how much of it went out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mezan_graph.endpoint.header_fields import fields, written
from mezan_graph.endpoint.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Send

    from mezan_graph.endpoint.answer import Answer
    from mezan_graph.endpoint.application import Application

    Whole = Callable[[int, bytes, bytes], Awaitable[None]]
    """Sends status, header fields and body at once."""


class Sending:
    """Sends an answer and remembers how much of it went out."""

    def __init__(self, application: Application, send: Send, whole: Whole | None) -> None:
        self._application = application
        self._send = send
        self._whole = whole
        self.status = self.size = 0

    async def answer(self, answer: Answer, *, head: bool) -> None:
        """Send ``answer``; a broken one ends with the connection, so that no part looks whole."""
        self.status = answer.status
        if self._whole is not None and answer.pieces is None and not head:
            self.size = len(answer.body)
            await self._whole(answer.status, written(answer), answer.body)
            return
        headers = fields(answer)
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )
        if answer.pieces is None or head:
            if answer.pieces is not None:
                await answer.pieces.aclose()  # type: ignore[attr-defined]
            self.size = len(answer.body)
            await self._send({"type": "http.response.body", "body": answer.body})
            return
        try:
            async for piece in answer.pieces:
                self.size += len(piece)
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                async with asyncio.timeout(self._application.patience(len(piece))):
                    await self._send(message)
        except (Problem, TimeoutError) as error:
            self.status = error.status if isinstance(error, Problem) else 408
            await answer.pieces.aclose()  # type: ignore[attr-defined]
            raise BrokenAnswer(str(error)) from None
        await self._send({"type": "http.response.body", "body": b""})


class BrokenAnswer(Exception):  # noqa: N818 - it tells the server to cut the connection
    """An answer of which a part was sent cannot be completed."""

"""Where the engine writes an answer to: pieces of a fair size, up to a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.endpoint.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable


class Sink:
    """A file for the engine to write to: hands on pieces of a fair size, up to a limit."""

    PIECE = 1 << 18

    def __init__(self, send: Callable[[bytes], object], limit: int) -> None:
        self._send = send
        self._limit = limit
        self._buffer: list[bytes] = []
        self._buffered = self.size = 0

    def write(self, data: bytes) -> int:
        """Take ``data``.

        Raises:
            Problem: The answer is larger than the limit.
        """
        self.size += len(data)
        if self.size > self._limit:
            raise Problem(
                422,
                f"the answer is larger than {self._limit:,} bytes",
                hint="ask for less, with LIMIT or a filter",
            )
        self._buffer.append(data)
        self._buffered += len(data)
        if self._buffered >= self.PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand on what is left."""
        if self._buffer:
            # Most answers are one piece, which needs not be copied.
            self._send(b"".join(self._buffer))
            self._buffer.clear()
            self._buffered = 0

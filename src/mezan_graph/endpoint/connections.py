"""HTTP connections with limits in time and size: the one module that knows uvicorn.

uvicorn bounds neither the head of a request nor the time that a client takes to send one or to
read an answer, so that a few slow clients could hold every connection. What is missing is added to
its protocol here, and one look at all connections each second takes the place of timers.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable, Iterator

    from mezan_graph.service_limits import ServiceLimits

_TICKS = 10
"""uvicorn's ticks, a tenth of a second each, between two looks at the connections."""

_CLOSING = 4
"""A connection that is being closed may take so many times ``idle_seconds``."""

_ANSWER = (
    "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n"
    "access-control-allow-origin: *\r\n\r\n"
)
LATE = _ANSWER.format(status="408 Request Timeout").encode()
LARGE = _ANSWER.format(status="431 Request Header Fields Too Large").encode()
FULL = _ANSWER.format(status="503 Service Unavailable\r\nretry-after: 5").encode()


class LimitedProtocol(HttpToolsProtocol):
    """One connection of a client."""

    bounds: ServiceLimits
    """Set by :func:`serve` on a subclass."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the connection; one too many is turned away."""
        super().connection_made(transport)
        self._awaiting: float | None = time.monotonic()
        self._head = 0
        self._left = 0
        self._moved = time.monotonic()
        self._closing: float | None = None
        if len(self.connections) > self.bounds.connections:
            self._refuse(FULL)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends, unless its head is too large."""
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle
        if self._awaiting is None and (cycle is None or cycle.response_complete):
            self._awaiting = time.monotonic()
        if self._awaiting is not None:
            self._head += len(data)
            # A body may come with the head: what counts is what is read without one ending.
            piece = self.bounds.header_kibibytes << 10
            while len(data) > piece and not self.transport.is_closing():
                super().data_received(data[:piece])
                data = data[piece:]
                if self._awaiting is not None:
                    self._refuse(LARGE)
                    return
        super().data_received(data)
        if self._awaiting is not None and self._head > self.bounds.header_kibibytes << 10:
            self._refuse(LARGE)

    def on_headers_complete(self) -> None:
        """The head is there; the body has a time limit of its own."""
        self._awaiting = None
        self._head = 0
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """An answer is complete; the next request may come."""
        super().on_response_complete()
        self._moved = time.monotonic()

    def look(self, now: float) -> None:
        """Close the connection if its client is too slow."""
        idle = self.bounds.idle_seconds
        if self.transport.is_closing():
            self._closing = now if self._closing is None else self._closing
        left = self.transport.get_write_buffer_size()
        if left != self._left or not left:
            self._left, self._moved = left, now
        if (left and now - self._moved > idle) or (
            self._closing is not None and now - self._closing > _CLOSING * idle
        ):
            self.transport.abort()
        elif self._awaiting is not None and now - self._awaiting > idle and self._closing is None:
            self._refuse(LATE)

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which looks after its connections and says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM; uvicorn would raise them again when everything has ended."""
        handled = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(each, self.handle_exit) for each in handled]
        try:
            yield
        finally:
            for each, handler in zip(handled, before, strict=True):
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Look at every connection once a second."""
        if counter % _TICKS == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, LimitedProtocol):
                    connection.look(now)
        return await super().on_tick(counter)


async def serve(
    application: Any, listening: socket.socket, limits: ServiceLimits, ready: Callable[[], object]
) -> None:
    """Serve an ASGI application until the process is told to end with SIGINT or SIGTERM.

    Args:
        application: The application.
        listening: A socket that is bound.
        limits: Bounds on connections.
        ready: Called when connections are taken.
    """
    protocol = type("BoundProtocol", (LimitedProtocol,), {"bounds": limits})
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    config = uvicorn.Config(
        application,
        http=protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.seconds + 1,
        backlog=2048,
    )
    await _Server(config, ready).serve([listening])

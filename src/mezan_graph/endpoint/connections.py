"""HTTP connections with limits in time and size, and the short ways of light requests.

uvicorn bounds neither the head of a request nor the time that a client takes to send one or to
read an answer, so that a few slow clients could hold every connection. What is missing is added to
its protocol here, and one look at all connections each second takes the place of timers.
"""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from mezan_graph.endpoint.header_fields import written
from mezan_graph.endpoint.heads import END, Heads
from mezan_graph.endpoint.inquiry import Inquiry

if TYPE_CHECKING:
    from mezan_graph.endpoint.answer import Answer
    from mezan_graph.endpoint.application import Application
    from mezan_graph.endpoint.heads import Known
    from mezan_graph.endpoint.inquiry import Line
    from mezan_graph.service_limits import ServiceLimits

_CLOSING = 4
"""A connection that is being closed may take so many times ``idle_seconds``."""

_ANSWER = (
    "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n"
    "access-control-allow-origin: *\r\n\r\n"
)
_CLOSE = b"connection: close\r\n"
LATE = _ANSWER.format(status="408 Request Timeout").encode()
LARGE = _ANSWER.format(status="431 Request Header Fields Too Large").encode()
FULL = _ANSWER.format(status="503 Service Unavailable\r\nretry-after: 5").encode()


@lru_cache(1)
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(b"%b: %b\r\n" % each for each in headers)


class LimitedProtocol(HttpToolsProtocol):
    """One connection of a client."""

    bounds: ServiceLimits
    heads: Heads
    application: Application
    """Set, as the other two, by :func:`serve` on a subclass."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the connection; one too many is turned away."""
        super().connection_made(transport)
        self._between = True
        self._messages = 0
        self._resting: float | None = None
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
        self._resting = None
        cycle: Any = self.cycle
        free = cycle is None or cycle.response_complete
        alone = free and self._between and not self._head and data.endswith(END)
        if alone and len(data) <= self.bounds.header_kibibytes << 10 and self._short_way(data):
            return
        if self._awaiting is None and free:
            self._awaiting = time.monotonic()
        self._messages = 0
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
        elif alone and self._between and self._messages == 1:
            self.heads.keep(data, self.scope)

    def _short_way(self, data: bytes) -> bool:
        """Begin to answer ``data`` if it is one request whose head is known but for its line."""
        read = self.heads.read(data)
        if read is None:
            return False
        self._awaiting = None
        path, query_string, known = read
        line = {"method": "GET", "path": path, "query_string": query_string}
        if not self.flow.write_paused:
            kept = self.application.kept(line, known.joined, self.client)
            if kept is not None:
                self._write(kept.status, written(kept), kept.body)
                self.on_response_complete()
                return True
            inquiry = Inquiry(self.application, line, known.joined, self.client)
            inquiry.answered = self._answered
            inquiry.otherwise = partial(self._start, line, known)
            if inquiry.begin():
                self.cycle = inquiry  # type: ignore[assignment]
                return True
        self._start(line, known)
        return True

    def _answered(self, inquiry: Inquiry, answer: Answer) -> None:
        """Send the answer to a query that had no task."""
        inquiry.response_complete = True
        if not self.transport.is_closing():
            head = written(answer)
            self._write(answer.status, head if inquiry.keep_alive else _CLOSE + head, answer.body)
            if not inquiry.keep_alive:
                self.transport.close()
        self.on_response_complete()

    def _start(self, line: Line, known: Known, begun: Inquiry | None = None) -> None:
        """Have the application answer a request whose head is known."""
        extension: dict[object, object] = {"joined": known.joined, "begun": begun}
        self.scope = {
            "method": "GET",
            "path": line["path"],
            "query_string": line["query_string"],
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme or "http",
            "root_path": self.root_path,
            "headers": known.headers,
            "state": {},
            "raw_path": line["path"].encode(),
            "extensions": {"client": extension},
        }
        cycle = RequestResponseCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=begun is None or begun.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        cycle.message_event.set()
        current: object = self.cycle
        if begun is None or current is begun:
            self.cycle = cycle
        if begun is not None:
            cycle.disconnected = begun.disconnected
        extension["whole"] = partial(self._whole, cycle)
        extension["left"] = lambda: cycle.disconnected
        self._start_asgi_task(cycle, self.app)

    async def _whole(
        self, cycle: RequestResponseCycle, status: int, head: bytes, body: bytes
    ) -> None:
        """Send a whole answer, its head and body at once, where ASGI has two messages."""
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        self._write(status, head if cycle.keep_alive else _CLOSE + head, body)
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def _write(self, status: int, head: bytes, body: bytes) -> None:
        """Write an answer; ``head`` has its fields, and ends with the empty line."""
        # All that uvicorn adds is the date, which it writes anew each second.
        own = _lines(tuple(self.server_state.default_headers))
        self.transport.write(b"".join((STATUS_LINE[status], own, head, body)))

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        self._messages += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request has come whole; what is next is another one."""
        self._between = True
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """The head is there; the body has a time limit of its own."""
        self._awaiting = None
        self._head = 0
        super().on_headers_complete()
        cycle = self.cycle
        self.scope["extensions"] = {"client": {"left": lambda: cycle.disconnected}}

    def on_response_complete(self) -> None:
        """An answer is complete; the next request may come."""
        self.server_state.total_requests += 1
        self._moved = time.monotonic()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            # uvicorn has a timer for each connection here.
            self._resting = self._moved

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
        elif self._resting is not None and now - self._resting > idle:
            self.transport.close()

    def _refuse(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()

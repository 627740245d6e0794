"""uvicorn's server: it takes connections, looks after them and says when it is ready."""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from typing import TYPE_CHECKING

import uvicorn

from mezan_graph.endpoint.connections import LimitedProtocol
from mezan_graph.endpoint.heads import Heads

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from mezan_graph.endpoint.application import Application
    from mezan_graph.service_limits import ServiceLimits

_TICKS = 10
"""uvicorn's ticks, a tenth of a second each, between two looks at the connections."""


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
    application: Application,
    listening: socket.socket,
    limits: ServiceLimits,
    ready: Callable[[], object],
) -> None:
    """Serve an ASGI application until the process is told to end with SIGINT or SIGTERM.

    Args:
        application: The application.
        listening: A socket that is bound.
        limits: Bounds on connections.
        ready: Called when connections are taken.
    """
    bound = {"bounds": limits, "heads": Heads(), "application": application}
    protocol = type("BoundProtocol", (LimitedProtocol,), bound)
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

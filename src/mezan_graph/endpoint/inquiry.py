"""A query on its short way: no task, event or future is made while nothing unusual happens.

Most queries are GET requests that a worker answers within a millisecond, and what asyncio and ASGI
need for a request is then more than everything else that the server does. An inquiry is given to
the pool as it is read, and its answer is written when the worker's message comes. Where it takes
longer, is large or has to be asked again, it goes on as any other request does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.answer import of_problem
from mezan_graph.endpoint.problems import Problem, WorkerKilled

if TYPE_CHECKING:
    from mezan_graph.endpoint.answer import Answer
    from mezan_graph.endpoint.application import Application
    from mezan_graph.endpoint.generation import Generation
    from mezan_graph.endpoint.reply import Reply

Line = Mapping[str, Any]
"""``method``, ``path`` and ``query_string`` of a request, as ASGI has them."""
Peer = tuple[str, int] | None


class Inquiry:
    """A query whose answer is waited for; to uvicorn it is what a cycle is.

    Attributes:
        line: What is asked for.
        headers: Header fields by name.
        client: What the client is counted as.
        started: When it came, as :func:`time.perf_counter` has it.
        generation: The load of the graph that is asked.
        reply: Where its answer comes.
        answered: Sends the answer.
        otherwise: Has the request answered in the common way.
        response_complete: Whether it has been answered.
        keep_alive: Whether the connection is to stay open after it.
        disconnected: Whether the client has gone.
    """

    def __init__(
        self, application: Application, line: Line, headers: dict[str, str], peer: Peer
    ) -> None:
        self.line = line
        self.headers = headers
        self.started = time.perf_counter()
        self.client = application.client(peer, headers)
        self.answered: Callable[[Inquiry, Answer], None]
        self.otherwise: Callable[[Inquiry], None]
        self.generation: Generation
        self.reply: Reply
        self.response_complete = self.disconnected = False
        self.keep_alive = True
        self._application = application

    def begin(self) -> bool:
        """Give the query to the pool; whether this way is one for the request."""
        try:
            begun = self._application.begin(self)
        except Problem:
            return False
        if begun is None:
            return False
        self.generation, self.reply = begun
        self.reply.changed = self._changed
        return True

    @property
    def message_event(self) -> Inquiry:
        """What uvicorn sets when the client has gone."""
        return self

    def set(self) -> None:
        """The client has gone; what it asked for is not needed any more."""
        if self.disconnected and not self.response_complete:
            self.generation.pool.abandon(self.reply)

    def left(self) -> bool:
        """Whether the client has gone."""
        return self.disconnected

    def _changed(self) -> None:
        reply = self.reply
        if not reply.done and not reply.long and not reply.is_large():
            return
        reply.changed = None
        if not reply.done or isinstance(reply.problem, WorkerKilled):
            self.otherwise(self)
            return
        # Without a cycle both go at once, and the collector has nothing to look for.
        reply.left = bool
        try:
            answer = self._application.finish(self)
        except Exception as error:  # noqa: BLE001 - the client gets an answer, the log the reason
            self._application.service.report("internal error", repr(error))
            answer = of_problem(Problem(500, "an internal error"))
        self.answered(self, answer)

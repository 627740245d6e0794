"""The service as an ASGI application: routes, limits, and what is counted and logged."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.routing import Match, Route

from mezan_graph.endpoint import handlers
from mezan_graph.endpoint.answer import Answer, Request, of_problem
from mezan_graph.endpoint.clients import TokenBuckets, client_of
from mezan_graph.endpoint.header_fields import written
from mezan_graph.endpoint.heads import joined
from mezan_graph.endpoint.metrics import Metrics
from mezan_graph.endpoint.negotiation import matches
from mezan_graph.endpoint.problems import Problem, client_gone
from mezan_graph.endpoint.protocol import METHODS, has_query
from mezan_graph.endpoint.routes import POSTED, table
from mezan_graph.endpoint.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Scope, Send

    from mezan_graph.endpoint.access_log import AccessLog
    from mezan_graph.endpoint.generation import Generation
    from mezan_graph.endpoint.inquiry import Inquiry, Line, Peer
    from mezan_graph.endpoint.reply import Reply
    from mezan_graph.endpoint.service import Service

_SPARQL = "/sparql"
_UNLIMITED = frozenset({"/health", "/metrics"})
_SLOWEST = 8192
"""Bytes each second that a client must take at least, in the long run."""
_KEPT = frozenset({"GET", "HEAD", "POST"})


class Application:
    """Routes requests, counts and limits them, and sends what the handlers answer."""

    def __init__(self, service: Service, log: AccessLog) -> None:
        self.service = service
        self.metrics = Metrics(service)
        self._log = log
        limits = service.limits
        self._buckets = TokenBuckets(limits.requests_per_second, limits.burst)
        self._routes = [
            Route(path, handler, methods=None, name=path)
            for path, handler in table(service, self.metrics).items()
        ]
        self._exact = {route.path: route for route in self._routes if "{" not in route.path}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        route, parts = self._route(scope)
        known = scope.get("extensions", {}).get("client", {})
        headers = known.get("joined") or joined(scope["headers"])
        begun: Inquiry | None = known.get("begun")
        # A query that goes on here after its short way has been waited for since it began.
        started = time.perf_counter() if begun is None else begun.started
        client = self.client(scope.get("client"), headers) if begun is None else begun.client
        sent = Sending(self, send, known.get("whole"))
        try:
            left = known.get("left", bool)
            asked = _Asked(route, parts, headers, client, started, left, begun)
            answer = _fresh(await self._answer(scope, receive, asked), headers)
        except Problem as problem:
            answer = of_problem(problem)
        except Exception as error:  # noqa: BLE001 - the client gets an answer, the log the reason
            self.service.report("internal error", repr(error))
            answer = of_problem(Problem(500, "an internal error"))
        try:
            await sent.answer(answer, head=scope["method"] == "HEAD")
        finally:
            seconds = time.perf_counter() - started
            name = route.path if route is not None else "none"
            self.metrics.count(name, sent.status, seconds, sent.size)
            self._log.write(scope, client, sent.status, sent.size, seconds)

    def kept(self, asked: Line, headers: dict[str, str], peer: Peer) -> Answer | None:
        """Return the answer to a GET that is kept, counted and logged.

        Args:
            asked: What is asked for.
            headers: Header fields by name.
            peer: The other end of the connection.

        Returns:
            ``None`` where none is kept, or the client has asked too often.
        """
        started = time.perf_counter()
        found = self.service.cache.get(_key("GET", asked, b"", headers))
        if found is None:
            return None
        client = self.client(peer, headers)
        if self._buckets.take(client, started):
            return None
        answer = _fresh(found, headers)
        self._note(found.route, asked, client, answer, started)
        return answer

    def begin(self, asked: Inquiry) -> tuple[Generation, Reply] | None:
        """Give a query to a worker.

        Returns:
            The graph that is asked and where the answer comes; ``None`` where it is no query, or
            its client has asked too often.

        Raises:
            Problem: Too many requests wait.
        """
        query_string = asked.line["query_string"]
        if asked.line["path"] != _SPARQL or not has_query(query_string):
            return None
        # What fails before a token is taken costs none: the common way takes one for it.
        generation = self.service.generation()
        if self._buckets.take(asked.client, asked.started):
            return None
        job = handlers.query_job(self.service, query_string, asked.headers.get("accept"))
        return generation, generation.pool.ask(job, asked.left)

    def finish(self, asked: Inquiry) -> Answer:
        """Return the answer to a query that :meth:`begin` began, counted and logged."""
        reply = asked.reply
        if reply.problem is not None:
            self.service.tell(reply)
            answer = of_problem(reply.problem)
        else:
            own = handlers.BY_ACCEPT
            answer = self.service.made(asked.generation, reply, reply.body(), own)
            if answer.keep:
                self._keep(answer, _SPARQL, _key("GET", asked.line, b"", asked.headers))
            answer = _fresh(answer, asked.headers)
        # What cannot be written is found out here, where the client can still be told.
        written(answer)
        self._note(_SPARQL, asked.line, asked.client, answer, asked.started)
        return answer

    def _keep(self, answer: Answer, route: str, key: tuple[Any, ...]) -> None:
        answer.route = route
        written(answer)
        size = len(answer.body) + len(key[2]) + len(key[3])
        self.service.cache.put(key, answer, size, quick=answer.quick)

    def _note(self, route: str, line: Line, client: str, answer: Answer, started: float) -> None:
        seconds, size = time.perf_counter() - started, len(answer.body)
        self.metrics.count(route, answer.status, seconds, size)
        self._log.write(line, client, answer.status, size, seconds)

    def client(self, peer: Peer, headers: dict[str, str]) -> str:
        """Return what a client is counted as."""
        proxies = self.service.limits.proxies
        forwarded = headers.get("x-forwarded-for") if proxies else None
        return client_of(peer[0] if peer else "", forwarded, proxies)

    def _route(self, scope: Scope) -> tuple[Route | None, dict[str, str]]:
        route = self._exact.get(scope["path"])
        if route is not None:
            return route, {}
        for each in self._routes:
            match, child = each.matches(scope)
            if match is not Match.NONE:
                return each, child["path_params"]
        return None, {}

    async def _answer(self, scope: Scope, receive: Receive, asked: _Asked) -> Answer:
        if scope["path"] not in _UNLIMITED and asked.begun is None:
            wait = self._buckets.take(asked.client, asked.started)
            if wait:
                retry = {"Retry-After": str(wait)}
                raise Problem(429, "too many requests", hint="ask less often", headers=retry)
        route, headers, method = asked.route, asked.headers, scope["method"]
        if route is None:
            raise Problem(404, "there is nothing here")
        if method == "OPTIONS":
            posted = route.path in POSTED
            return handlers.preflight(METHODS if posted else handlers.READING)
        body = await self._body(receive, headers) if method == "POST" else b""
        key = _key("POST" if method == "POST" else "GET", scope, body, headers)
        kept = self.service.cache.get(key) if method in _KEPT else None
        if kept is not None:
            return kept
        query_string = scope["query_string"].decode("latin-1")
        request = Request(
            method,
            scope["path"],
            query_string,
            headers,
            body,
            asked.parts,
            asked.left,
            asked.begun,
        )
        # HTTP/1.0 has no way to tell a client that the rest of an answer is missing.
        stream = scope.get("http_version") != "1.0"
        answer: Answer = await route.endpoint(request, receive, stream)
        if answer.keep:
            self._keep(answer, route.path, key)
        return answer

    async def _body(self, receive: Receive, headers: dict[str, str]) -> bytes:
        limit = self.service.limits.body_kibibytes << 10
        too_large = Problem(413, f"the body is larger than {limit:,} bytes")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            raise too_large
        parts = bytearray()
        try:
            async with asyncio.timeout(self.service.limits.idle_seconds):
                while True:
                    message: Message = await receive()
                    if message["type"] == "http.disconnect":
                        raise client_gone()
                    parts += message.get("body", b"")
                    if len(parts) > limit:
                        raise too_large
                    if not message.get("more_body"):
                        return bytes(parts)
        except TimeoutError:
            close = {"Connection": "close"}
            raise Problem(408, "the body did not come in time", headers=close) from None

    def patience(self, size: int) -> float:
        """Return the longest time in seconds for a client to take ``size`` bytes."""
        return self.service.limits.idle_seconds + size / _SLOWEST


class _Asked(NamedTuple):
    """What is known of a request before it is looked at."""

    route: Route | None
    parts: dict[str, str]
    headers: dict[str, str]
    client: str
    started: float
    left: Callable[[], bool]
    begun: Inquiry | None


def _key(method: str, asked: Line, body: bytes, headers: dict[str, str]) -> tuple[object, ...]:
    """Return all that an answer depends on."""
    choosing = headers.get("accept"), headers.get("accept-language"), headers.get("content-type")
    return (method, asked["path"], asked["query_string"], body, choosing)


def _fresh(answer: Answer, headers: dict[str, str]) -> Answer:
    """Return ``answer``, or 304 where the client has it already (RFC 9110, section 13)."""
    wanted = headers.get("if-none-match")
    if wanted is None or not matches(wanted, answer.headers.get("ETag", "")):
        return answer
    kept = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
    return Answer(304, kept)

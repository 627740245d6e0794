"""A proxy between us and a store, that breaks one exchange at a time."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What goes back."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


Action = Callable[["Handler", Request], None]


@dataclass
class Rule:
    """Does ``action`` with the matching requests number ``skip`` to ``skip + times``."""

    matches: Callable[[Request], bool]
    action: Action
    times: int
    skip: int
    seen: int = 0


class Proxy:
    """Forwards every request; :meth:`on` says which ones meet another fate."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.rules: list[Rule] = []
        self.log: list[Request] = []
        self.guard = threading.Lock()
        handler = type("Here", (Handler,), {"proxy": self})
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.httpd.daemon_threads = True
        self.port = self.httpd.server_port
        self.thread = threading.Thread(target=self.httpd.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()
        self.thread.join()

    def on(
        self,
        matches: Callable[[Request], bool],
        action: Action,
        *,
        times: int = 1,
        skip: int = 0,
    ) -> None:
        self.rules.append(Rule(matches, action, times, skip))

    def action_for(self, request: Request) -> Action:
        with self.guard:
            self.log.append(request)
            for rule in self.rules:
                if rule.matches(request):
                    rule.seen += 1
                    if rule.skip < rule.seen <= rule.skip + rule.times:
                        return rule.action
        return passed


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, http.client.HTTPException):
            self.close_connection = True

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        request = Request(self.command, self.path, dict(self.headers), body)
        self.proxy.action_for(request)(self, request)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the library's names

    def forward(self, request: Request) -> Reply:
        upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=60)
        try:
            headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP}
            upstream.request(request.method, request.path, request.body, headers)
            answer = upstream.getresponse()
            kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in HOP]
            return Reply(answer.status, kept, answer.read())
        finally:
            upstream.close()

    def reply(self, reply: Reply, length: int | None = None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) if length is None else length))
        self.end_headers()
        self.wfile.write(reply.body)

    def cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def passed(handler: Handler, request: Request) -> None:
    handler.reply(handler.forward(request))


def answers(status: int, **headers: str) -> Action:
    """Answers with a status, and nothing reaches the store."""

    def action(handler: Handler, request: Request) -> None:
        said = [(name.replace("_", "-"), value) for name, value in headers.items()]
        handler.reply(Reply(status, [*said, ("Content-Type", "text/plain")], b"no"))

    return action


def cut_before(handler: Handler, request: Request) -> None:
    """Nothing reaches the store, the connection breaks."""
    handler.cut()


def cut_after(handler: Handler, request: Request) -> None:
    """The store does it, and its answer is lost."""
    handler.forward(request)
    handler.cut()


def cut_answer(handler: Handler, request: Request) -> None:
    """Half of the answer arrives."""
    reply = handler.forward(request)
    half = Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
    handler.reply(half, len(reply.body) + 1)
    handler.cut()


def cut_upload(handler: Handler, request: Request) -> None:
    """The store gets half of the body, and its connection breaks."""
    with socket.create_connection(("127.0.0.1", handler.proxy.upstream)) as upstream:
        head = [f"{request.method} {request.path} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in request.headers.items()]
        upstream.sendall("\r\n".join([*head, "", ""]).encode())
        upstream.sendall(request.body[: len(request.body) // 2])
    handler.cut()


def late(seconds: float, *, forwarded: bool) -> Action:
    """Answers too late; the store has done it or not."""

    def action(handler: Handler, request: Request) -> None:
        if forwarded:
            handler.forward(request)
        time.sleep(seconds)
        handler.cut()

    return action


def twice(handler: Handler, request: Request) -> None:
    """The store gets the request twice."""
    handler.forward(request)
    passed(handler, request)


def changed(change: Callable[[bytes], bytes]) -> Action:
    """The store gets another body, and all seems well."""

    def action(handler: Handler, request: Request) -> None:
        body = change(request.body)
        headers = request.headers | {"Content-Length": str(len(body))}
        passed(handler, Request(request.method, request.path, headers, body))

    return action


def swallowed(handler: Handler, request: Request) -> None:
    """The store gets nothing, and all seems well."""
    handler.reply(Reply(204))


def answered(change: Callable[[bytes], bytes]) -> Action:
    """The store does it, and another answer arrives."""

    def action(handler: Handler, request: Request) -> None:
        reply = handler.forward(request)
        handler.reply(Reply(reply.status, reply.headers, change(reply.body)))

    return action


def partial_failure(handler: Handler, request: Request) -> None:
    """The store takes half, and answers 500."""
    lines = request.body.splitlines(keepends=True)
    half = b"".join(lines[: len(lines) // 2])
    handler.forward(Request(request.method, request.path, request.headers, half))
    answers(500)(handler, request)


def deadlock(handler: Handler, request: Request) -> None:
    """The store takes half, and answers as Virtuoso does when its own threads wait for another."""
    half = request.body[: request.body.index(b"\n", len(request.body) // 2) + 1]
    handler.forward(Request(request.method, request.path, request.headers, half))
    said = b"<h3>Error 40001</h3><xmp>SR172: Transaction deadlocked</xmp>"
    handler.reply(Reply(500, [("Content-Type", "text/html; charset=UTF-8")], said))


def first(does: Callable[[], None], then: Action = passed) -> Action:
    """Does something before ``then``."""

    def action(handler: Handler, request: Request) -> None:
        does()
        then(handler, request)

    return action


def after(does: Callable[[], None]) -> Action:
    """Forwards, does something, and the answer is lost."""

    def action(handler: Handler, request: Request) -> None:
        handler.forward(request)
        does()
        handler.cut()

    return action

"""Requests and answers without a framework: what the handlers take and give."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from mezan_graph.endpoint.inquiry import Inquiry
    from mezan_graph.endpoint.problems import Problem

COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of every answer; an answer of its own kind may replace one."""

PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@dataclass(slots=True)
class Request:
    """What is asked.

    Attributes:
        method: HTTP method.
        path: Path of the URL, decoded.
        query_string: What stands after ``?``, as it was sent.
        headers: Headers by lower-case name; several of one name are joined with commas.
        body: The body.
        parts: Parts of the path that the route names.
        left: Whether the client has gone.
        begun: The query where a worker has it already.
    """

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""
    parts: Mapping[str, str] = field(default_factory=dict)
    left: Callable[[], bool] = bool
    begun: Inquiry | None = None


@dataclass(slots=True)
class Answer:
    """What is answered.

    Attributes:
        status: HTTP status code.
        headers: Headers, beside :data:`COMMON`.
        body: The body, where it is whole.
        pieces: The body in pieces, where it is not.
        keep: Whether the same request has this answer until the graph changes.
        quick: Whether it was quickly made.
        route: The route that gave it, where it is kept.
        written: Its header fields as they are sent, once they were.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: AsyncIterator[bytes] | None = None
    keep: bool = False
    quick: bool = False
    route: str = ""
    written: bytes = b""


def of_problem(problem: Problem) -> Answer:
    """Return the answer that tells of a problem."""
    headers = {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        **problem.headers,
    }
    return Answer(problem.status, headers, problem.body())


def etag_of(body: bytes, media_type: str) -> str:
    """Return a strong validator for a representation."""
    return f'"{hashlib.sha256(media_type.encode() + b" " + body).hexdigest()[:32]}"'

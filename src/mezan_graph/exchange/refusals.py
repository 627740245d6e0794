"""Failures of HTTP in words: what is final, how long to wait, what to do about a status."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from mezan_graph.display import visible

HINTS = {
    400: "the server does not take the request; is the kind of store right? name it with --store",
    401: "set MEZAN_PUSH_USER and MEZAN_PUSH_PASSWORD, or MEZAN_PUSH_TOKEN",
    403: "this user may not write there",
    404: "check the path of the URL",
    405: "the server does not let this address be written; is the kind of store right?",
    413: "raise the largest request that the server, or a proxy before it, accepts",
    415: "the server does not take N-Triples there; is the kind of store right?",
    429: "the server is busy; try again later",
    503: "the server is busy or starting; try again later",
}
"""What to do about a status."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait.

    Attributes:
        seconds: Longest wait for a byte of an answer.
        connect: Longest wait for a connection, in seconds.
        tries: How often a request is sent at most.
        pause: Seconds before the second try; each further pause is twice as long.
        longest: Longest pause in seconds, also where Retry-After asks for more.
    """

    seconds: float = 600
    connect: float = 10
    tries: int = 6
    pause: float = 0.5
    longest: float = 60


def _cause(error: BaseException) -> BaseException:
    """Return the error of the operating system at the root of one of httpx's."""
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return error


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: an untrusted certificate, an unknown host."""
    return isinstance(_cause(error), (ssl.SSLError, socket.gaierror))


def reason_of(error: Exception) -> str:
    """Return why a connection failed, in the words of the operating system."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    said = getattr(cause, "strerror", None) or str(cause) or str(error) or type(error).__name__
    return visible(said)


def retry_after(said: str) -> float:
    """Return the seconds that a Retry-After header asks for: a number or a date (RFC 9110)."""
    if said.isdecimal():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return 0
    return max(0.0, moment.timestamp() - time.time())

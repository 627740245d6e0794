"""What went wrong, as an HTTP answer: status, headers and problem details (RFC 9457)."""

from __future__ import annotations

import json
import signal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from mezan_graph.errors import (
    InputError,
    LimitError,
    MezanError,
    OutputError,
    ParameterError,
    QueryError,
    RemoteError,
    UnknownEntityError,
    UnknownGraphError,
    UnknownQueryError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"

_GONE = 499
"""As nginx has it in its log; nobody reads the answer."""
_TITLES = {_GONE: "Client Closed Request"}

STATUSES: tuple[tuple[type[MezanError], int], ...] = (
    (UnknownEntityError, 404),
    (UnknownQueryError, 404),
    (UnknownGraphError, 404),
    (ParameterError, 400),
    (UsageError, 400),
    (QueryError, 400),
    (LimitError, 422),
    (OutputError, 422),
    (InputError, 500),
    (RemoteError, 502),
    (MezanError, 500),
)
"""Status for each class of errors; the first that fits counts."""


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """An answer that is not what was asked for.

    Attributes:
        status: HTTP status code.
        detail: What is wrong, in one sentence.
        hint: What to do about it.
        line: 1-based line in the query.
        column: 1-based column in the query, in code points.
        headers: Headers of the answer.
        trace: What the log is told beyond that, and the client is not.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.line = line
        self.column = column
        self.headers = dict(headers or {})
        self.trace: str | None = None

    @classmethod
    def of(cls, error: MezanError) -> Problem:
        """Return the problem that ``error`` is to a client."""
        status = next(status for kind, status in STATUSES if isinstance(error, kind))
        shown = isinstance(error, ParameterError) and error.place is not None
        detail = f"{error.place}: {error.message}" if shown else error.message
        return cls(status, detail, hint=error.hint, line=error.line, column=error.column)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Problem:
        """Return the problem that :meth:`as_json` wrote."""
        known = ("hint", "line", "column")
        return cls(
            document["status"], document["detail"], **{key: document.get(key) for key in known}
        )

    def as_json(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        members = {
            "type": "about:blank",
            "title": _TITLES.get(self.status) or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
            "line": self.line,
            "column": self.column,
        }
        return {name: value for name, value in members.items() if value is not None}

    def body(self) -> bytes:
        """Return the problem document."""
        return json.dumps(self.as_json(), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


class WorkerKilled(Problem):
    """A worker was killed by somebody else before it had an answer; another one may have it."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "the worker was killed before it had an answer",
            hint="try again in a moment",
            headers={"Retry-After": "1"},
        )


def not_allowed(*methods: str) -> Problem:
    """Return the answer to a method that a resource does not have; nothing here can be written."""
    return Problem(
        405,
        "the method is not allowed here",
        hint="this server only reads",
        headers={"Allow": ", ".join(methods)},
    )


def too_busy(detail: str, seconds: int = 1) -> Problem:
    """Return the answer to a request that there is no room for."""
    return Problem(503, detail, hint="try again in a moment", headers={"Retry-After": str(seconds)})


def client_gone() -> Problem:
    """Return what is noted in the place of an answer that nobody waits for."""
    return Problem(_GONE, "the client has gone")


def out_of_time(seconds: int) -> Problem:
    """Return the answer to a query that was ended after so many seconds."""
    return Problem(
        504,
        f"the query takes longer than {seconds} seconds",
        hint="ask for less, with LIMIT or a filter",
    )


def out_of_memory(mebibytes: int) -> Problem:
    """Return the answer to a query that wanted more memory than that."""
    return Problem(
        500,
        f"the query needs more than {mebibytes} MiB of memory",
        hint="ask for less, or sort and group fewer solutions",
    )


def of_death(status: int, mebibytes: int) -> tuple[str, Problem]:
    """Return why a worker died by itself, in a word, and the answer to its job.

    Args:
        status: How its process ended, as :func:`os.waitstatus_to_exitcode` says it.
        mebibytes: Memory that a query may take.
    """
    if status == -signal.SIGABRT:
        return "memory", out_of_memory(mebibytes)
    if status == -signal.SIGKILL:
        return "killed", WorkerKilled()
    return "crashed", Problem(500, "the query engine failed", hint="simplify the query")

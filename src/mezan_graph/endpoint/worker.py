"""A worker: a process that holds the graph, answers one job at a time, and may be killed."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.frames import (
    Kind,
    Note,
    Reader,
    pack,
    pack_end,
    pack_json,
    pack_whole,
    read_job,
)
from mezan_graph.endpoint.problems import Problem
from mezan_graph.errors import MezanError
from mezan_graph.forked import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.endpoint.loading import Loaded

_PAGE = resource.getpagesize()
QUICK = 0.005
"""Seconds that a job may take, so that others may wait for it at the same worker."""

_SLOW = 0.05
_MOST = 1 << 18
_SHORT = 1 << 15
"""Bytes up to which an answer is one message."""
_GROWN = 96 << 20
"""Memory in bytes beyond the graph with which a worker retires after its job."""


def serve_jobs(loaded: Loaded, connection: socket.socket) -> None:
    """Answer jobs until the connection is closed or the process has grown; never returns.

    Args:
        loaded: The project and its graph, in memory shared with the other workers.
        connection: Where jobs come from and answers go to.
    """
    _silence()
    end_with_parent()
    limits = loaded.project.serve
    size, resident = _memory()
    most = size + (limits.memory_mebibytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    jobs = Jobs(connection)
    while (job := jobs.next()) is not None:
        began = time.monotonic()
        pieces = Pieces(connection)
        try:
            _perform(loaded, read_job(job), pieces)
            seconds = time.monotonic() - began
            # What comes at once leaves little behind, and need not be looked at.
            retiring = seconds > _SLOW and _memory()[1] - resident > _GROWN
            quick = seconds < QUICK
            pieces.end(Note(retiring, quick, time.process_time()))
            if not quick:
                jobs.give_back()
        except (BrokenPipeError, ConnectionResetError):
            break
        if retiring:
            break
    os._exit(0)


class Jobs:
    """The jobs as they come, one after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = Reader()
        self._waiting: deque[bytes] = deque()

    def next(self) -> bytes | None:
        """Wait for a job; ``None`` where the connection was closed."""
        while not self._waiting:
            data = self._connection.recv(_MOST)
            if not data:
                return None
            self._take(data)
        return self._waiting.popleft()

    def give_back(self) -> None:
        """Give back the jobs that have come: other workers may be free by now."""
        with contextlib.suppress(BlockingIOError):
            self._take(self._connection.recv(_MOST, socket.MSG_DONTWAIT))
        self._connection.sendall(pack(Kind.RETURNED, b"") * len(self._waiting))
        self._waiting.clear()

    def _take(self, data: bytes) -> None:
        self._waiting.extend(payload for _, payload in self._reader.feed(data))


class Pieces:
    """The messages of one answer, which is only one where the answer is short, as most are."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._head: bytes | None = None
        self._body = self._waiting = b""

    def head(self, head: dict[str, Any] | bytes) -> None:
        """Begin the answer; ``head`` may be written as JSON already."""
        self._head = head if isinstance(head, bytes) else json.dumps(head).encode()

    def piece(self, data: bytes) -> None:
        """Send a piece of the body."""
        if self._head is not None:
            self._body += data
            if len(self._body) < _SHORT:
                return
            data = self._body
            self._waiting = pack(Kind.HEAD, self._head)
            self._head, self._body = None, b""
        message = self._waiting + pack(Kind.PIECE, data)
        self._waiting = b""
        self._connection.sendall(message)

    def end(self, note: Note) -> None:
        """End the answer, or only the job where a problem was sent."""
        if self._head is not None:
            self._connection.sendall(pack_whole(note, self._head, self._body))
        else:
            self._connection.sendall(self._waiting + pack_end(note))

    def problem(self, problem: Problem, trace: str | None = None) -> None:
        """Say that there is no answer, or no more of it."""
        members = problem.as_json() | {"headers": problem.headers, "trace": trace}
        self._head = None
        self._waiting = pack_json(Kind.PROBLEM, members)


def _perform(loaded: Loaded, job: dict[str, Any], pieces: Pieces) -> None:
    work: Callable[[Loaded, dict[str, Any], Pieces], None] = loaded.jobs[job["job"]]
    try:
        work(loaded, job, pieces)
    except Problem as problem:
        pieces.problem(problem, problem.trace)
    except MezanError as error:
        of = Problem.of(error)
        pieces.problem(of, None if of.status < 500 else repr(error))  # noqa: PLR2004
    except (BrokenPipeError, ConnectionResetError):
        raise
    except MemoryError:
        os.abort()
    except Exception:  # noqa: BLE001 - the client must get an answer, the log the reason
        import traceback

        pieces.problem(Problem(500, "an internal error"), traceback.format_exc())


def _memory() -> tuple[int, int]:
    """Return the size of the address space and the private resident part, in bytes."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123 - quicker
            size, resident, shared = (int(each) * _PAGE for each in stream.read().split()[:3])
    except OSError:
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return resident, resident
    return size, resident - shared


def _silence() -> None:
    """Keep what the engine writes when it dies out of the server's log."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    sys.stderr = sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

"""One load of the graph: its nursery, its workers, and what the server must know of it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.checking import read_error
from mezan_graph.endpoint.pool import Pool
from mezan_graph.errors import MezanError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mezan_graph.endpoint.crew import Worker
    from mezan_graph.endpoint.distant.store import Address
    from mezan_graph.service_limits import ServiceLimits

_ENDING = 1.5
"""Seconds that a nursery has to end by itself; nobody waits for what it may be making."""


class Generation:
    """A nursery and its workers.

    Attributes:
        number: Counts the loads since the server was started.
        facts: What :func:`mezan_graph.endpoint.description.ready_document` says.
        modified: When the project was last changed, as HTTP writes it.
        pool: The workers.
        prepared: Set when workers can make pages.
        trouble: Why they cannot, where that is so.
        lost: Called when the nursery has ended without being told to.
    """

    def __init__(
        self, number: int, root: Path, *, checked: bool, elsewhere: Address | None = None
    ) -> None:
        self.number = number
        self.facts: dict[str, Any] = {}
        self.modified = ""
        self.pool: Pool
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        checking = "checked" if checked else "unchecked"
        arguments = [str(theirs.fileno()), str(root), checking, json.dumps(elsewhere)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "mezan_graph.endpoint.nursery", *arguments],
            pass_fds=[theirs.fileno()],
            # A library that lays pictures out would start threads, which a fork does not take.
            env=os.environ | {"RUST_BACKTRACE": "0", "OPENBLAS_NUM_THREADS": "1"},
        )
        theirs.close()
        self.prepared = asyncio.Event()
        self.trouble: str | None = None
        self.lost: Callable[[], object] = lambda: None
        self._pending = b""
        self._ended = False

    async def ready(self, limits: ServiceLimits) -> None:
        """Wait until the graph is loaded and the workers are there.

        Raises:
            MezanError: The project cannot be loaded; the error is the one that loading raised.
        """
        loop = asyncio.get_running_loop()
        while b"\n" not in self._pending:
            data = await loop.sock_recv(self._control, 1 << 16)
            if not data:
                self.end()
                raise MezanError("the process that loads the graph has ended")
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        message = json.loads(line)
        if "error" in message:
            self.end()
            raise read_error(message["error"])
        self.facts = message["ready"]
        self.modified = formatdate(self.facts["modified"], usegmt=True)
        self.pool = Pool(self, limits)
        loop.add_reader(self._control, self._read)
        await self.pool.open()

    async def fork(self, worker: Worker) -> None:
        """Have the nursery fork ``worker``, and connect to it."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        ours.setblocking(False)
        with theirs:
            if self._ended:
                ours.close()
                return
            order = json.dumps({"fork": worker.number}).encode() + b"\n"
            socket.send_fds(self._control, [order], [theirs.fileno()])
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)

    def order(self, message: dict[str, Any]) -> None:
        """Tell the nursery to do something."""
        if not self._ended:
            self._control.send(json.dumps(message).encode() + b"\n")

    def _read(self) -> None:
        try:
            data = self._control.recv(1 << 16)
        except BlockingIOError:
            return
        if not data:
            self.end()
            self.pool.fail()
            self.lost()
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "forked" in message:
                self.pool.forked(message["forked"], message["process"])
            elif "prepared" in message:
                self.trouble = message["prepared"]
                self.prepared.set()
                self.pool.renew()
            elif "ended" in message:
                self.pool.ended(message["ended"], message["status"])

    @property
    def ended(self) -> bool:
        """Whether the nursery has gone."""
        return self._ended

    def end(self) -> None:
        """Let the nursery and its workers end."""
        if self._ended:
            return
        self._ended = True
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        asyncio.get_running_loop().run_in_executor(None, self._gone)

    def _gone(self) -> None:
        """Wait for the nursery, which ends when it sees the socket closed, unless it is busy."""
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

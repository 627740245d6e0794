"""The nursery: a process that loads the graph once and forks workers, which share its memory.

It is started anew for every load, so that no thread and no event loop is ever forked, and so that
an old graph goes as one process. The server tells it over one socket, a line of JSON each:
``{"fork": n}``, with the worker's end of a connection attached, and ``{"kill": n}``. It answers
with ``{"ready": …}`` or ``{"error": …}`` once, with ``{"prepared": …}`` when workers that are
forked from then on can make pages at once, and with ``{"forked": n, "process": id}`` and
``{"ended": n, "status": …}``. When the socket closes, it ends with its workers.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.checking import error_document
from mezan_graph.endpoint.loading import load
from mezan_graph.endpoint.worker import serve_jobs
from mezan_graph.forked import end_with_parent

if TYPE_CHECKING:
    from mezan_graph.endpoint.loading import Loaded

_MOST = 1 << 16
_QUIET = 0.1
_ENDING = 1.0
_LOOK = 0.005


class Nursery:
    """Forks workers on demand, kills them on demand, and says how they ended."""

    def __init__(self, control: socket.socket, loaded: Loaded) -> None:
        self._control = control
        self._loaded = loaded
        self._workers: dict[int, int] = {}
        self._prepared = False
        self._preparing = loaded.preparing()
        self._wake, self._alarm = os.pipe()
        for end in (self._wake, self._alarm):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._alarm)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Do what the server says until it has gone."""
        pending = b""
        while True:
            quiet = None if self._prepared or not self._workers else _QUIET
            readable, _, _ = select.select([self._control.fileno(), self._wake], [], [], quiet)
            if not readable:
                self._prepare()
                continue
            if self._wake in readable:
                os.read(self._wake, _MOST)
            self._reap()
            if self._control.fileno() not in readable:
                continue
            try:
                data, descriptors, _, _ = socket.recv_fds(self._control, _MOST, 64)
            except ConnectionError:
                data = b""
            if not data:
                self._end()
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                self._obey(json.loads(line), descriptors)

    def _prepare(self) -> None:
        """Make a part of what the pages need: it takes longer than anyone should wait for."""
        trouble = None
        try:
            next(self._preparing)
        except StopIteration:
            gc.collect()
            gc.freeze()
        except Exception:  # noqa: BLE001 - data is served where the pages cannot be made
            trouble = traceback.format_exc()
        else:
            return
        self._prepared = True
        self._say({"prepared": trouble})

    def _obey(self, order: dict[str, Any], descriptors: list[int]) -> None:
        if "fork" in order:
            self._fork(order["fork"], descriptors.pop(0))
        elif order["kill"] in self._workers.values():
            process = next(each for each, n in self._workers.items() if n == order["kill"])
            if hasattr(os, "sched_setscheduler"):
                # One that makes way would take long to die, too; without rights it has to.
                with contextlib.suppress(OSError):
                    os.sched_setscheduler(process, os.SCHED_OTHER, os.sched_param(0))
            os.kill(process, signal.SIGKILL)

    def _fork(self, number: int, descriptor: int) -> None:
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (self._control.fileno(), self._wake, self._alarm):
                os.close(each)
            serve_jobs(self._loaded, socket.socket(fileno=descriptor))
        os.close(descriptor)
        self._workers[process] = number
        self._say({"forked": number, "process": process})

    def _reap(self) -> None:
        for process in list(self._workers):
            done, status = os.waitpid(process, os.WNOHANG)
            if done:
                number = self._workers.pop(process)
                self._say({"ended": number, "status": os.waitstatus_to_exitcode(status)})

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self._control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._end()

    def _end(self) -> None:
        """End when the workers have, whose connections the server has closed; not much later."""
        left = set(self._workers)
        deadline = time.monotonic() + _ENDING
        while left and time.monotonic() < deadline:
            left -= {each for each in left if os.waitpid(each, os.WNOHANG)[0]}
            time.sleep(_LOOK)
        for process in left:
            os.kill(process, signal.SIGKILL)
        os._exit(0)


def _load(root: Path, elsewhere: list[Any] | None, *, checked: bool) -> Loaded:
    if elsewhere is None:
        return load(root, checked=checked)
    from mezan_graph.endpoint.distant.loading import load_distant
    from mezan_graph.endpoint.distant.store import Address

    url, graphs, insecure_http = elsewhere
    return load_distant(root, Address(url, tuple(graphs), insecure_http=insecure_http))


def main() -> None:
    """Load the project that the arguments name and serve the socket that they name."""
    # While it loads or prepares pages, it does not look at the socket.
    end_with_parent()
    descriptor, root, checked, elsewhere = sys.argv[1:]
    control = socket.socket(fileno=int(descriptor))
    # Ctrl-C goes to the whole group; the server ends the nursery when it has answered.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        loaded = _load(Path(root), json.loads(elsewhere), checked=checked == "checked")
        from mezan_graph.endpoint.description import ready_document

        ready = ready_document(loaded)
    except Exception as error:  # noqa: BLE001 - whatever it is, the server must hear of it
        control.sendall(json.dumps({"error": error_document(error)}).encode() + b"\n")
        return
    control.sendall(json.dumps({"ready": ready}).encode() + b"\n")
    Nursery(control, loaded).run()


if __name__ == "__main__":
    main()

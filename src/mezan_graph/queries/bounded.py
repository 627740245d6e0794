"""Work in a process of its own, with bounds on its time and memory.

The engine has no timeout, and nothing interrupts it. A fork of this process has the graph already;
where it takes too long it is killed. Systems without ``fork`` do the work here, without bounds.
"""

from __future__ import annotations

import os
import pickle
import select
import time
import weakref
from typing import TYPE_CHECKING, Any, NoReturn

from mezan_graph.errors import LimitError
from mezan_graph.forked import end_with_fork

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 20
_HEAD = 8
_STANDARD = 3
"""Standard input, output and error are the first descriptors."""


class Bounded:
    """A function that is called in a process of its own, which is forked at the first call.

    Args:
        function: The function. What it takes and returns is sent between the processes; what it
            raises is raised here.
        mebibytes: Memory that it may take beyond what this process has.
        setting: What the keys of ``[limits]`` for time and memory begin with.
    """

    def __init__(
        self, function: Callable[[Any], Any], *, mebibytes: int, setting: str = "query"
    ) -> None:
        self._setting = setting
        self._function = function
        self._mebibytes = mebibytes
        self._child: _Child | None = None

    def __call__(self, argument: Any, *, seconds: float, what: str) -> Any:
        """Return what the function returns.

        Args:
            argument: Its argument.
            seconds: Longest time to wait.
            what: What takes the time, for people.

        Raises:
            LimitError: It takes longer or needs more memory.
        """
        if not hasattr(os, "fork"):
            return self._function(argument)
        if self._child is None:
            self._child = _Child(self._function, self._mebibytes)
            weakref.finalize(self, self._child.end)
        try:
            good, answer = self._child.ask(argument, seconds)
        except TimeoutError:
            self._stop()
            raise LimitError(
                f"{what} takes longer than {seconds:.0f} seconds, so that nothing is decided",
                hint=f"make it simpler, or raise limits.{self._setting}_seconds in mezan.toml",
            ) from None
        except EOFError:
            self._stop()
            raise LimitError(
                f"{what} takes more than {self._mebibytes:,} MiB, so that nothing is decided",
                hint=f"make it simpler, or raise limits.{self._setting}_mebibytes in mezan.toml",
            ) from None
        if not good:
            raise answer
        return answer

    def _stop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The process, and the two pipes to it."""

    def __init__(self, function: Callable[[Any], Any], mebibytes: int) -> None:
        # What the new process needs is imported here, once for all of them.
        import resource  # noqa: F401
        import signal  # noqa: F401

        theirs, self._write = os.pipe()
        self._read, ours = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._write)
            os.close(self._read)
            _serve(function, mebibytes, theirs, ours)
        os.close(theirs)
        os.close(ours)

    def ask(self, argument: Any, seconds: float) -> Any:
        """Send an argument and wait for the answer.

        Raises:
            TimeoutError: It does not come in time.
            EOFError: The process has ended.
        """
        try:
            _send(self._write, argument)
        except BrokenPipeError:
            raise EOFError from None
        return pickle.loads(_receive(self._read, time.monotonic() + seconds))  # noqa: S301 - our own

    def end(self) -> None:
        """End the process, whatever it does."""
        if not self.pid:
            return
        import signal

        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._write)
        os.close(self._read)
        self.pid = 0


def _serve(
    function: Callable[[Any], Any], mebibytes: int, arguments: int, answers: int
) -> NoReturn:
    """Answer until the pipe is closed, in the forked process."""
    _keep_only(arguments, answers)
    end_with_fork()
    try:
        import resource
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            size = int(file.read().split()[0]) * resource.getpagesize()
        most = size + (mebibytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (OSError, ValueError):
        pass
    try:
        while True:
            argument = pickle.loads(_receive(arguments, None))  # noqa: S301 - our own
            try:
                answer = (True, function(argument))
            except MemoryError:
                os._exit(1)
            except Exception as error:  # noqa: BLE001 - raised again on the other side
                answer = (False, error)
            _send(answers, answer)
    finally:
        os._exit(0)


def _keep_only(*pipes: int) -> None:
    """Close what else was open at the fork: whoever reads from it waits until nobody may write."""
    nothing = os.open(os.devnull, os.O_RDWR)
    # What the engine says of memory that it does not get is nothing for people, either.
    for standard in range(_STANDARD):
        os.dup2(nothing, standard)
    last = _STANDARD - 1
    for pipe in sorted(pipes):
        os.closerange(last + 1, pipe)
        last = pipe
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


def _send(pipe: int, value: Any) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    rest = memoryview(len(data).to_bytes(_HEAD, "big") + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _receive(pipe: int, end: float | None) -> bytes:
    def read(count: int) -> bytes:
        parts = []
        while count:
            if (
                end is not None
                and not select.select([pipe], [], [], max(0, end - time.monotonic()))[0]
            ):
                raise TimeoutError
            part = os.read(pipe, min(count, _CHUNK))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return read(int.from_bytes(read(_HEAD), "big"))

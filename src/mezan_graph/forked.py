"""Work begun in a forked process while this one goes on with other work.

The fork sees everything that this process has read and made; only what the work gives is sent.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1
_apart = False


def may_fork() -> bool:
    """Whether a fork of this process would gain time and be safe.

    It gains time with a second processor. It is safe on Linux, where no other thread may hold a
    lock that nobody would open in the fork.
    """
    from mezan_graph.processes import available_processors

    threads = sys.modules.get("threading")
    return (
        sys.platform.startswith("linux")
        and available_processors() > 1
        and (threads is None or threads.active_count() == 1)
    )


def end_with_parent() -> None:
    """Have the kernel end this process with the one that started it, whatever it does (Linux)."""
    if sys.platform.startswith("linux"):
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def end_with_fork() -> None:
    """Have what a :class:`Forked` process forks end with it, even if its parent is killed.

    Elsewhere this does nothing: what it takes to tell the kernel is a part of a short run.
    """
    if _apart:
        end_with_parent()


class Forked:
    """Functions that are at work in another process, one after the other, for use in ``with``.

    At the end of the block the process has ended, with all that it started, whatever they were at.
    A function whose result does not come, since the process could not begin or has died, is called
    here when the result is asked.

    Attributes:
        apart: Whether there is to be another process.
    """

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart
        self._functions: list[Callable[[], Any]] = []
        self._found: dict[int, tuple[bool, Any]] = {}
        self._process, self._answers = 0, -1

    def later(self, function: Callable[[], Result]) -> Callable[[], Result]:
        """Return what waits for what ``function`` returns, or raises what it raises.

        Args:
            function: What the process does, before what it was told earlier. What it returns and
                raises is pickled; what it changes stays there.
        """
        place = len(self._functions)
        self._functions.append(function)

        def result() -> Result:
            if self._process:
                self._receive()
            if place not in self._found:
                return function()
            good, answer = self._found[place]
            if not good:
                raise answer
            return answer  # type: ignore[no-any-return]

        return result

    def begin(self) -> bool:
        """Fork, and return whether that was wanted and possible."""
        if not self.apart:
            return False
        self._answers, answering = os.pipe()
        parent = os.getpid()
        with suppress(OSError):  # no more processes, no more memory
            self._process = os.fork()
            if not self._process:
                _work(self._functions, answering, parent)
            # Both do it: whoever comes first.
            with suppress(OSError):
                os.setpgid(self._process, self._process)
        os.close(answering)
        return bool(self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _receive(self) -> None:
        try:
            with open(self._answers, "rb", closefd=False) as stream:
                self._found = pickle.load(stream)  # noqa: S301 - our own
        except (EOFError, pickle.UnpicklingError):
            pass
        finally:
            self._end()

    def _end(self) -> None:
        """End the process and those that it forked, which are of its group."""
        if self._answers >= 0:
            os.close(self._answers)
            self._answers = -1
        if self._process:
            import signal

            # It has its number until it is waited for, so that this reaches nobody else.
            with suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0


def _work(functions: list[Callable[[], object]], answering: int, parent: int) -> NoReturn:
    global _apart  # noqa: PLW0603 - of a process that does nothing else
    try:
        import signal

        _apart = True
        # In a group of its own it is ended with all that it forks, and by this parent: Ctrl-C
        # reaches the parent alone.
        os.setpgid(0, 0)
        end_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if os.getppid() == parent:
            answers = {place: _answer(each) for place, each in reversed([*enumerate(functions)])}
            with open(answering, "wb") as stream:
                pickle.dump(answers, stream, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _answer(function: Callable[[], object]) -> tuple[bool, object]:
    try:
        return True, function()
    except MemoryError:
        raise  # the parent has room, perhaps, once this process is gone
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        return False, error

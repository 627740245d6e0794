"""Run a program from a cold start and say what it cost."""

from __future__ import annotations

import os
import platform
import signal
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MEBIBYTE = 1024
"""In the unit of ``ru_maxrss`` on Linux, which is a kibibyte."""


@dataclass(frozen=True)
class Cost:
    """What a program and all programs that it waited for cost.

    Attributes:
        wall: Seconds from start to end.
        cpu: Seconds of processor time, in the program and in the system for it.
        memory: Largest resident set of any one of its processes, in MiB.
    """

    wall: float
    cpu: float
    memory: float


class FailedError(Exception):
    """A program ended with an unexpected exit code, or took too long."""


def measured(
    command: Sequence[str],
    folder: Path,
    output: Path,
    *,
    exit_codes: Sequence[int] = (0,),
    seconds: float = 3600,
) -> Cost:
    """Run ``command`` in ``folder`` with its standard output in ``output``.

    Keep the calling process small: what it holds counts as memory of the program, since a process
    begins as a copy of its parent.

    Raises:
        FailedError: The exit code is none of ``exit_codes``, or the time is up.
    """
    errors = output.with_suffix(".stderr")
    with output.open("wb") as out, errors.open("wb") as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True,
        )  # fmt: skip
        stop = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in exit_codes:
        said = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        why = "took too long" if wall >= seconds else f"exit code {process.returncode} {said}"
        raise FailedError(f"{Path(command[0]).name}: {why}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEBIBYTE)


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(
        statistics.median(each.wall for each in costs),
        statistics.median(each.cpu for each in costs),
        statistics.median(each.memory for each in costs),
    )


def machine() -> str:
    """Return what kind of machine this is and how busy, without a name or a path."""
    model = "unknown processor"
    try:
        rows = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
        model = next(row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{os.cpu_count()} × {model}, {pages / 2**30:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(each) + " |\n" for each in lines)

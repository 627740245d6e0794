"""Load on a SPARQL server: ``wrk`` with queries that vary, and queries without end beside it."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

JSON = "application/sparql-results+json"
_RUNS = itertools.count(1)
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) > 9000000) }"
)


def script(folder: Path, path: str, query: str, entities: Sequence[str], *, same: bool) -> Path:
    """Write the script by which wrk asks ``query`` about one entity after the other."""
    targets = [f"{path}?query={urllib.parse.quote(query.replace('%s', each))}" for each in entities]
    listed = ",\n".join(json.dumps(each) for each in targets)
    # A comment with a number makes each query another text, as queries of many people are; the
    # numbers go on where those of the run before ended.
    numbered = "" if same else f' .. "%20%23{next(_RUNS)}x" .. n'
    written = folder / "requests.lua"
    written.write_text(
        f'local targets = {{{listed}}}\nlocal n = 0\nwrk.headers["Accept"] = "{JSON}"\n'
        "function request()\n  n = n + 1\n"
        "  local target = targets[(n - 1) % #targets + 1]\n"
        f"  return wrk.format(nil, target{numbered})\nend\n"
    )
    return written


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 1 else f"{number:,.0f}" if number >= 100 else f"{number:.1f}"


@dataclass(frozen=True)
class Speed:
    """What wrk measured."""

    rate: float
    median: float
    p99: float
    errors: int

    def __str__(self) -> str:
        errors = f", {self.errors} errors" if self.errors else ""
        return f"{self.rate:,.0f}/s, {_short(self.median)}, {_short(self.p99)} ms{errors}"


def ask(lua: Path, port: int, clients: int, seconds: int) -> Speed:
    """Have wrk ask for ``seconds``; times are in milliseconds."""
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency"),
            *("-s", str(lua), f"http://127.0.0.1:{port}"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    def milliseconds(share: str) -> float:
        match = re.search(rf"{share}%\s+([\d.]+)(us|ms|s|m)\b", done)
        scale = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}
        return float(match[1]) * scale[match[2]] if match else float("nan")

    rate = re.search(r"Requests/sec:\s+([\d.]+)", done)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    lost = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", done)))
    return Speed(
        float(rate[1]) if rate else 0.0,
        milliseconds("50"),
        milliseconds("99"),
        (int(bad[1]) if bad else 0) + lost,
    )


def _name(number: int) -> str:
    """Return a name without digits, another one for each number."""
    return "".join(chr(ord("k") + int(digit)) for digit in str(number))


@contextlib.contextmanager
def heavy(port: int, path: str, *, alike: bool) -> Iterator[None]:
    """Send queries without end from four clients meanwhile.

    Args:
        port: Port of the server.
        path: Where it answers queries.
        alike: Whether it is the same query each time; else one that no other is like.
    """
    stop = threading.Event()

    def attack() -> None:
        while not stop.is_set():
            query = ENDLESS if alike else ENDLESS.replace("?a", f"?{_name(next(_RUNS))}")
            url = f"http://127.0.0.1:{port}{path}?query={urllib.parse.quote(query)}"
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url, timeout=15).close()

    attackers = [threading.Thread(target=attack, daemon=True) for _ in range(4)]
    for each in attackers:
        each.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
        # What one of them still waits for would be asked beside the next row.
        for each in attackers:
            each.join()

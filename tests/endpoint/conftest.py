"""A real server process for each test that needs one of its own, and one to share."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STARTING = 120
"""Seconds after which something that always comes soon has not come, on the busiest machine."""

DOOMED = (
    'SELECT (STRLEN(?x30) AS ?n) { BIND("aaaaaaaaaa" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    + " }"
)
"""A query that needs more memory than there is."""


def endless(number: int = 0) -> str:
    """Return a query that no machine ends in time; another one for each number."""
    return f"""SELECT (COUNT(*) AS ?n) {{
  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i
  FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) > {9_000_000 + number})
}}"""


@dataclass
class Reply:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@dataclass
class Server:
    """A server process and requests to it."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path
    root: Path
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(_NoRedirect())
    )

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port or 0

    def request(self, path, *, method="GET", body=None, headers=None, timeout=120.0) -> Reply:
        request = urllib.request.Request(self.url + path.lstrip("/"), body, headers or {})
        request.get_method = lambda: method  # type: ignore[method-assign]
        try:
            with self.opener.open(request, timeout=timeout) as response:
                return Reply(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def get(self, path, **headers) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(path, headers=named)

    def query(self, text, *, accept="application/sparql-results+json", timeout=120.0) -> Reply:
        return self.request(
            "sparql",
            method="POST",
            body=text.encode(),
            headers={"Content-Type": "application/sparql-query", "Accept": accept},
            timeout=timeout,
        )

    def log(self) -> list[dict[str, Any]]:
        lines = self.log_path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def wait_for(self, event: str, count: int = 1, seconds: float = STARTING) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [each for each in self.log() if each["event"] == event]
            if len(found) >= count:
                return found[count - 1]
            time.sleep(0.05)
        raise AssertionError(f"no {event!r} in the log: {self.log_path.read_text()}")

    def metric(self, name: str) -> float:
        for line in self.get("metrics").body.decode().splitlines():
            if line.rpartition(" ")[0] == name:
                return float(line.rpartition(" ")[2])
        return 0.0

    def descendants(self) -> list[int]:
        """Ids of the nurseries and workers."""
        found = []
        parents = [self.process.pid]
        while parents:
            parent = parents.pop()
            for task in Path(f"/proc/{parent}/task").iterdir():
                for each in (task / "children").read_text().split():
                    found.append(int(each))
                    parents.append(int(each))
        return found

    def workers(self) -> list[int]:
        """Ids of the workers, which have no children and are children of a nursery."""
        everyone = self.descendants()
        return [
            each
            for each in everyone
            if Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[1]
            != str(self.process.pid)
        ]

    def resident(self) -> int:
        """Memory of the server and its descendants that is theirs alone, in bytes."""
        total = 0
        for each in [self.process.pid, *self.descendants()]:
            try:
                rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            except OSError:
                continue
            total += sum(
                int(line.split()[1]) << 10
                for line in rollup.splitlines()
                if line.startswith("Pss:")
            )
        return total


def limits(**settings: int) -> str:
    lines = "\n".join(f"{name} = {value}" for name, value in settings.items())
    return f"\n[serve]\n{lines}\n"


class Servers:
    """Server processes, each with its own process group, so that nothing outlives the tests."""

    def __init__(self) -> None:
        self._started: list[Server] = []

    def start(self, root: Path, *options: str, wait: bool = True) -> Server:
        """Start a server of the project in ``root``; with ``wait``, until it answers."""
        log_path = root / f"server-{len(self._started)}.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "mezan_graph", "-C", str(root)),
                    *("serve", "--port", "0", *options),
                ],
                stderr=log,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        server = Server("", process, log_path, root)
        self._started.append(server)
        deadline = time.monotonic() + STARTING
        while wait and not server.url:
            said = log_path.read_text(encoding="utf-8")
            if " at http" in said:
                server.url = said.partition(" at ")[2].split("\n")[0]
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.02)
        # What is made after the start would disturb what tests measure.
        settles(lambda: not wait or server.get("health").json()["pages"], STARTING)
        return server

    def end(self) -> None:
        """End every server, and whatever it should have left behind."""
        for each in self._started:
            if each.process.poll() is None:
                each.process.send_signal(signal.SIGTERM)
        for each in self._started:
            try:
                each.process.wait(STARTING)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(each.process.pid, signal.SIGKILL)


def settles(condition: Callable[[], object], seconds: float = STARTING) -> None:
    """Wait until ``condition`` holds; the bound is for what never happens, not for speed."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"this did not come true in {seconds} seconds"
        time.sleep(0.05)


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Starts a server of the project in a folder; it ends with the test."""
    servers = Servers()
    yield servers.start
    servers.end()


@pytest.fixture(scope="module")
def start_shared_server(copy_project, tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """Starts a server of the Al Mezan graph, or of a project in a folder, for a whole module."""
    servers = Servers()

    def start(root: Path | None = None, *options: str, **settings: int) -> Server:
        if root is None:
            root = copy_project(tmp_path_factory.mktemp("served") / "project")
        with (root / "mezan.toml").open("a", encoding="utf-8") as stream:
            stream.write(limits(requests_per_second=0, **settings))
        return servers.start(root, "--no-watch", *options)

    yield start
    servers.end()


@pytest.fixture(scope="session")
def server(copy_project, tmp_path_factory) -> Iterator[Server]:
    """A server of the Al Mezan graph without a limit on requests, for tests that do it no harm."""
    servers = Servers()
    root = copy_project(tmp_path_factory.mktemp("served") / "project")
    with (root / "mezan.toml").open("a", encoding="utf-8") as stream:
        # The tests run beside others; pages take long when the processors are busy.
        stream.write(limits(requests_per_second=0, seconds=60, waiting_seconds=60))
    yield servers.start(root, "--no-watch")
    servers.end()


@pytest.fixture
def served(start_server, copied) -> Callable[..., Server]:
    """Starts a server of a project of the test's own, with limits of its own."""

    def start(*options: str, **settings: int) -> Server:
        with (copied / "mezan.toml").open("a", encoding="utf-8") as stream:
            stream.write(limits(**settings))
        return start_server(copied, *options)

    return start

"""What every test may need: the project, and material that lies beside a checkout."""

from __future__ import annotations

import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mezan_graph.exports import export, published_graph
from mezan_graph.project import Project
from mezan_graph.publication import published_files
from mezan_graph.site.rendering import CONTENT_SECURITY_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """All tests of one triple store run in one process, so that each server starts once.

    xdist's own groups have no effect with pytest 9.2, which keeps the names of tests elsewhere.
    """
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class ByStore(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            if not nodeid.startswith("tests/stores/"):
                return nodeid
            named = re.search("fuseki|virtuoso|rdf4j", nodeid.partition("[")[2])
            return named[0] if named else "oxigraph"

    return ByStore(config, log)


def beside(variable: str, default: str) -> Path:
    """Return the folder that ``variable`` names, else ``default`` relative to the checkout.

    Skips the test, with the reason, where there is no such folder.
    """
    folder = Path(os.environ.get(variable, CHECKOUT / default)).resolve()
    if not folder.is_dir():
        pytest.skip(f"{variable} names no folder: {folder}")
    return folder


@pytest.fixture(scope="session")
def w3c_suites() -> Path:
    """Folder of the official W3C test suites."""
    return beside("MEZAN_W3C_SUITES", "../shared/w3c")


@pytest.fixture(scope="session")
def source_texts() -> Path:
    """Folder with the text of the source article."""
    return beside("MEZAN_SOURCE_TEXTS", "../shared/source")


@pytest.fixture(scope="session")
def project() -> Project:
    """The Al Mezan project of this checkout."""
    return Project.open(CHECKOUT)


@pytest.fixture(scope="session")
def copy_project() -> Callable[[Path], Path]:
    """Copies the Al Mezan project into a new folder, and returns the folder."""

    def copy(root: Path) -> Path:
        for name in ("ontology", "data", "shapes", "queries", "frames"):
            shutil.copytree(CHECKOUT / name, root / name)
        shutil.copy(CHECKOUT / "mezan.toml", root)
        return root

    return copy


@pytest.fixture
def copied(copy_project: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A copy of the Al Mezan project that a test may spoil."""
    return copy_project(tmp_path / "copied")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system, driven by Playwright.

    Skips the test where there is none; fails it where CI is set.
    """
    from playwright.sync_api import sync_playwright

    program = system_program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built_site(project: Project, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The Al Mezan site, built once for all test processes.

    MEZAN_BUILT_SITE may name a folder with one that was built before, for quick rounds.
    """
    import fcntl

    if "MEZAN_BUILT_SITE" in os.environ:
        return Path(os.environ["MEZAN_BUILT_SITE"]).resolve()
    alone = tmp_path_factory.getbasetemp()
    folder = (alone if worker_id == "master" else alone.parent) / "site"
    with folder.with_name("site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            work = folder.with_name("site.work")
            for name, content in published_files(project, published_graph(project), site=True):
                (work / name).parent.mkdir(parents=True, exist_ok=True)
                (work / name).write_bytes(content)
            work.rename(folder)
    return folder


class StrictHandler(SimpleHTTPRequestHandler):
    """Serves a folder below ``/deep/er/`` with the strict policy that hosts are given."""

    prefix = "/deep/er/"

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "nothing"
        return super().translate_path(f"/{inside}")

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="session")
def served_site(built_site: Path) -> Iterator[str]:
    """URL of :func:`built_site`, served from a subfolder; ends in ``/``."""
    with served_strictly(built_site) as url:
        yield url


@contextmanager
def served_strictly(folder: Path) -> Iterator[str]:
    """Serve ``folder`` by :class:`StrictHandler`; gives its URL, which ends in ``/``."""
    handler = functools.partial(StrictHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{StrictHandler.prefix}"
        server.shutdown()
        thread.join()


def system_program(name: str) -> str:
    """Return the path of a program from one of the Debian packages in system-packages.txt.

    Skips the test where it is not installed; fails it where CI is set.
    """
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        reason = f"{name} is not installed; `python tools/system_packages.py` installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    return free_port()


@pytest.fixture(scope="session")
def start_oxigraph() -> Iterator[Callable[[bytes], str]]:
    """Starts an Oxigraph server with Turtle in its default graph; returns its query URL."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the oxigraph server is not installed")
    servers: list[subprocess.Popen[bytes]] = []

    def start(turtle: bytes) -> str:
        port = free_port()
        servers.append(
            subprocess.Popen(
                [program, "serve", "--bind", f"127.0.0.1:{port}"],
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        )
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/store?default", turtle, {"Content-Type": "text/turtle"}
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(request, timeout=10).close()
            except OSError:
                time.sleep(0.05)
            else:
                return f"http://127.0.0.1:{port}/query"
        raise AssertionError("the server did not come up within ten seconds")

    yield start
    for server in servers:
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def sparql_endpoint(start_oxigraph: Callable[[bytes], str], project: Project) -> str:
    """An Oxigraph server that holds the Al Mezan graph as it is exported."""
    return start_oxigraph(export(project))

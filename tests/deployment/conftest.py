"""A small site, and the servers of the world that it is put on."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.conftest import free_port, system_program

from mezan_graph.exports import published_graph
from mezan_graph.namespaces import SKOS
from mezan_graph.publication import published_files
from mezan_graph.site.addresses import Addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.project import Project

    Start = Callable[[Path], str]

ROOT = "/g/"
"""Path that every server serves the site at."""


@pytest.fixture(scope="session")
def hosted(project: Project) -> Project:
    """The Al Mezan project, said to be hosted below a folder of another host."""
    return dataclasses.replace(project, site_url=f"https://host.example{ROOT}")


@pytest.fixture(scope="session")
def addresses(hosted: Project) -> Addresses:
    """The addresses of its site, with names that are no file names besides."""
    import pyoxigraph as ox

    others = [
        "Q42",
        "q42",
        "v1.0",
        "a%20b",
        "%22a%5Cb",
        "é$x;%7B2%7D",
        "../concept/Core.1",
        "y" * 120,
    ]
    quads = [
        ox.Quad(ox.NamedNode(hosted.entity_iri(each)), SKOS.notation, ox.Literal(each))
        for each in [*others, f"{hosted.base}concept/Core.1"]
    ]
    graph = published_graph(hosted).extended(quads, ox.NamedNode(hosted.graph_iri("data")))
    return Addresses(hosted, graph)


@pytest.fixture(scope="session")
def made_site(hosted: Project, addresses: Addresses) -> Iterator[Path]:
    """The document root of a server: below it, at ``g/``, lies the site."""
    root = Path(tempfile.mkdtemp(prefix="mezan-site-"))
    root.chmod(0o755)  # a server may run as another user
    site = root / ROOT.strip("/")
    for name, content in published_files(hosted, addresses.graph, site=True):
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    yield root
    shutil.rmtree(root)


def _listening(url: str, server: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(200):
        try:
            httpx.get(url, timeout=10)
        except httpx.TransportError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        else:
            return url
    raise AssertionError(f"no answer within ten seconds: {log.read_text()}")


@pytest.fixture(scope="session")
def run_server(tmp_path_factory) -> Iterator[Callable[[list[str], str], str]]:
    """Runs a server in the foreground until the tests end; returns its URL."""
    servers: list[subprocess.Popen[bytes]] = []

    def run(command: list[str], url: str) -> str:
        log = tmp_path_factory.mktemp("log") / "stderr"
        with log.open("wb") as stream:
            servers.append(subprocess.Popen(command, stdout=stream, stderr=stream))
        return _listening(url, servers[-1], log)

    yield run
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait()


@pytest.fixture(scope="session")
def start_nginx(run_server, tmp_path_factory) -> Start:
    """Starts nginx from Debian with our two files on a document root; returns the site's URL."""

    def start(root: Path) -> str:
        program, port = system_program("nginx"), free_port()
        work, hosting = tmp_path_factory.mktemp("nginx"), f"{root}{ROOT}hosting"
        places = "".join(
            f"{each}_temp_path {work}/{each};"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        (work / "nginx.conf").write_text(
            f"{user} daemon off; worker_processes 1; pid {work}/pid; error_log stderr;\n"
            f"events {{}}\nhttp {{ access_log off; {places}\ninclude {hosting}/nginx-maps.conf;\n"
            f"server {{ listen 127.0.0.1:{port}; root {root};\n"
            f"include {hosting}/nginx-server.conf; }} }}\n"
        )
        command = [program, "-p", str(work), "-e", "stderr", "-c", str(work / "nginx.conf")]
        return run_server(command, f"http://127.0.0.1:{port}{ROOT}")

    return start


MODULES = "alias authz_core dir env headers mime mpm_event negotiation rewrite setenvif"


@pytest.fixture(scope="session")
def start_apache(run_server, tmp_path_factory) -> Start:
    """Starts Debian's Apache httpd on a folder with our .htaccess; returns the URL of ``/g/``."""

    def start(root: Path) -> str:
        program, port = system_program("apache2"), free_port()
        work = tmp_path_factory.mktemp("apache")
        modules = "".join(
            f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so\n"
            for each in MODULES.split()
        )
        (work / "types").write_text("")
        (work / "httpd.conf").write_text(
            f"{modules}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {work}/pid\n"
            f"ErrorLog {work}/error.log\nUser www-data\nGroup www-data\nTypesConfig {work}/types\n"
            f"DefaultRuntimeDir {work}\nDocumentRoot {root}\n"
            f"<Directory {root}>\nAllowOverride FileInfo Options=MultiViews\nRequire all granted\n"
            "</Directory>\n"
        )
        command = [program, "-DFOREGROUND", "-d", str(work), "-f", str(work / "httpd.conf")]
        return run_server(command, f"http://127.0.0.1:{port}{ROOT}")

    return start


@pytest.fixture(scope="session")
def start_plain(run_server) -> Start:
    """Starts ``python -m http.server``; returns the site's URL."""

    def start(root: Path) -> str:
        port = free_port()
        command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "-d", str(root)]
        return run_server([*command, str(port)], f"http://127.0.0.1:{port}{ROOT}")

    return start

"""Real triple stores on the loopback interface, started and stopped by the tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import CHECKOUT, free_port, system_program

from mezan_graph.exchange.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

JARS = CHECKOUT / ".venv" / "stores"
JAVA = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
"""Options of the Java machine: small graphs need little memory, and a start is most of the work."""


def jar(name: str) -> str:
    """Path of a file that tools/stores.py fetches; skips the test without it, fails it in CI."""
    path = JARS / name
    if not path.is_file():
        reason = f"{name} is missing; `python tools/stores.py` fetches it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return str(path)


class Server:
    """A store with a folder of its own, so that it can be killed and started again."""

    kind = ""
    path = ""
    ready = ""
    credentials = Credentials()
    changes: Mapping[str, Any] = MappingProxyType({})
    """Capabilities of the store that are others than those of its kind."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    @property
    def query_url(self) -> str:
        return self.url

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        # A server ends with the thread that starts it, also where that is killed.
        bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*bound, *self.command()], stdout=log, stderr=log, cwd=self.folder
            )
        for _ in range(1800):
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}{self.ready}", timeout=10
                ).close()
            except urllib.error.HTTPError as error:
                error.close()
                if error.code < 500:
                    break
            except OSError:
                pass
            else:
                break
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        else:
            raise AssertionError(f"{self.kind} did not come up within three minutes")
        self.prepare()

    def prepare(self) -> None:
        """Make what a push needs that is not there."""

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


class Oxigraph(Server):
    kind = "oxigraph"
    ready = "/query"

    @property
    def query_url(self) -> str:
        return f"{self.url}/query"

    def command(self) -> list[str]:
        program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
        assert program
        location = str(self.folder / "data")
        return [program, "serve", "--location", location, "--bind", f"127.0.0.1:{self.port}"]


class Fuseki(Server):
    kind = "fuseki"
    path = "/ds"
    ready = "/$/ping"

    @property
    def query_url(self) -> str:
        return f"{self.url}/sparql"

    def command(self) -> list[str]:
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        return [
            system_program("java"), *JAVA, "-jar", jar("jena-fuseki-server.jar"), "--tdb2",
            f"--loc={data}", "--update", "--ping", f"--port={self.port}", "--localhost", "/ds",
        ]  # fmt: skip


REPOSITORY = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ms: <http://www.openrdf.org/config/sail/memory#> .
[] a rep:Repository ; rep:repositoryID "test" ; rep:repositoryImpl [
    rep:repositoryType "openrdf:SailRepository" ;
    sr:sailImpl [ sail:sailType "openrdf:MemoryStore" ; ms:persist true ; ms:syncDelay 0 ] ] .
"""


class Rdf4j(Server):
    kind = "rdf4j"
    path = "/rdf4j-server/repositories/test"
    ready = "/rdf4j-server/protocol"
    repository = REPOSITORY

    def command(self) -> list[str]:
        return [
            system_program("java"), *JAVA,
            f"-Dorg.eclipse.rdf4j.appdata.basedir={self.folder / 'data'}",
            "-jar", jar("jetty-runner.jar"), "--host", "127.0.0.1", "--port", str(self.port),
            "--path", "/rdf4j-server", jar("rdf4j-http-server.war"),
        ]  # fmt: skip

    def prepare(self) -> None:
        if (self.folder / "data" / "server" / "repositories" / "test").exists():
            return
        request = urllib.request.Request(
            self.url, self.repository.encode(), {"Content-Type": "text/turtle"}, method="PUT"
        )
        urllib.request.urlopen(request, timeout=60).close()


class StagedRdf4j(Rdf4j):
    """One to which graphs are pushed as if they were too large for a transaction."""

    changes = MappingProxyType({"transaction_triples": 0})


INI = """
[Database]
DatabaseFile={folder}/virtuoso.db
ErrorLogFile={folder}/virtuoso.log
LockFile={folder}/virtuoso.lck
TransactionFile={folder}/virtuoso.trx
xa_persistent_file={folder}/virtuoso.pxa
FileExtend=200
[TempDatabase]
DatabaseFile={folder}/virtuoso-temp.db
TransactionFile={folder}/virtuoso-temp.trx
[Parameters]
ServerPort=127.0.0.1:{sql_port}
DisableUnixSocket=1
CheckpointInterval=0
NumberOfBuffers=4000
[HTTPServer]
ServerThreads=10
ServerPort=127.0.0.1:{port}
[SPARQL]
ResultSetMaxRows=10000
[Plugins]
"""


class Virtuoso(Server):
    kind = "virtuoso"
    path = "/sparql"
    ready = "/sparql"
    credentials = Credentials("dba", "dba")

    def command(self) -> list[str]:
        ini = self.folder / "virtuoso.ini"
        settings = {"folder": self.folder, "port": self.port, "sql_port": free_port()}
        ini.write_text(INI.format(**settings))
        # A server that was killed leaves its lock behind.
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)
        return [system_program("virtuoso-t"), "+foreground", "+configfile", str(ini)]


SERVERS = {each.kind: each for each in (Oxigraph, Fuseki, Virtuoso, Rdf4j)}
STORES = {**SERVERS, "rdf4j-staged": StagedRdf4j}
"""The servers, and the ways to push to them."""

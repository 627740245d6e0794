"""Compare SPARQL servers on one generated network: throughput, latency, start-up and memory.

    python -m benchmarks.endpoint 100000 --clients 1 8 64 --seconds 3 --heavy

Each server gets the same triples in one graph and the same requests from ``wrk`` (a Debian
package, written in C, one thread). It runs on the same machine, so that it takes a part of the
processors from all of them. The servers run side by side, and each row is measured on one after the
other. Every kind of query comes with one entity after the other, and either in another text each
time, so that no cache of answers helps, or in the same texts again. With ``--heavy`` the lookup is
measured once more while four clients send queries without end. ``make bench-endpoint`` installs
what is compared with; rdflib-endpoint goes on with queries that nobody waits for, so it runs alone.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from benchmarks.load import JSON, Speed, ask, heavy, script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHECKOUT = Path(__file__).resolve().parents[1]
SCHEMA = "PREFIX schema: <https://schema.org/> PREFIX org: <http://www.w3.org/ns/org#> "

QUERIES = {
    "lookup": SCHEMA + "SELECT ?p ?o { <%s> ?p ?o }",
    "funding": SCHEMA
    + "SELECT ?funder ?name { ?g schema:fundedItem <%s> ; schema:funder ?funder . "
    "OPTIONAL { ?funder schema:name ?name } } ORDER BY ?funder",
    "aggregation": SCHEMA
    + "SELECT ?kind (COUNT(?x) AS ?n) { ?x a ?kind FILTER(?x != <%s>) } GROUP BY ?kind",
    "path": SCHEMA + "SELECT DISTINCT ?x { <%s> (^schema:fundedItem/schema:funder)+ ?x }",
    "self-join": SCHEMA
    + "SELECT ?other (COUNT(?f) AS ?n) { ?g schema:fundedItem <%s> ; schema:funder ?f . "
    "?h schema:funder ?f ; schema:fundedItem ?other } GROUP BY ?other ORDER BY DESC(?n) LIMIT 10",
}


@dataclass(frozen=True)
class Server:
    """A server program: its command for a folder of data and a port, and where it answers."""

    name: str
    command: Callable[[Path, int], list[str]]
    path: str
    settled: str = ""
    """Where it says that it has made all that it makes after its start."""
    slow: bool = False
    """Whether it goes on with queries that nobody waits for, which would disturb the others."""


def servers() -> list[Server]:
    """Return the servers that are installed."""
    programs = Path(sys.executable).parent
    found = [
        Server(
            "mezan serve",
            lambda folder, port: [
                *(sys.executable, "-m", "mezan_graph", "-C", str(folder / "project")),
                *("serve", "--port", str(port), "--unchecked", "--no-watch", "--quiet"),
            ],
            "/sparql",
            settled="/health",
        ),
        Server(
            "oxigraph serve",
            lambda folder, port: [
                *(str(programs / "oxigraph"), "serve-read-only"),
                *("--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}"),
            ],
            "/query",
        ),
    ]
    rdflib = programs.parent / "rdflib-endpoint" / "bin" / "rdflib-endpoint"
    if rdflib.exists():
        found.append(
            Server(
                "rdflib-endpoint",
                lambda folder, port: [
                    *(str(rdflib), "serve", str(folder / "data.nt")),
                    *("--host", "127.0.0.1", "--port", str(port)),
                ],
                "/",
                slow=True,
            )
        )
    fuseki = programs.parent / "stores" / "jena-fuseki-server.jar"
    if fuseki.exists() and shutil.which("java"):
        found.append(
            Server(
                "Fuseki",
                lambda folder, port: [
                    *("java", "-jar", str(fuseki), f"--file={folder / 'data.nt'}"),
                    *(f"--port={port}", "--localhost", "/ds"),
                ],
                "/ds/sparql",
            )
        )
    return found


def prepare(folder: Path, triples: int) -> list[str]:
    """Write the data as each server wants it; return the IRIs of organisations."""
    source = folder / "data.nt"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.ngo_network", str(triples), str(source)],
        check=True,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )
    project = folder / "project"
    (project / "data").mkdir(parents=True)
    (project / "shapes").mkdir()
    shutil.copy(source, project / "data")
    (project / "mezan.toml").write_text(
        '[project]\nname = "network"\nbase = "https://w3id.org/mezan-graph/"\n'
        "[serve]\nrequests_per_second = 0\n"
    )
    program = str(Path(sys.executable).parent / "oxigraph")
    subprocess.run(
        [program, "load", "--location", str(folder / "oxigraph"), "--file", str(source)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    funded = ox.NamedNode("https://schema.org/fundedItem")
    subjects, found = set(), set()
    for quad in ox.parse(path=source):
        subjects.add(quad.subject)
        if quad.predicate == funded and isinstance(quad.object, ox.NamedNode):
            found.add(quad.object)
    return sorted(each.value for each in found & subjects)[:2000]


@contextlib.contextmanager
def running(server: Server, folder: Path) -> Iterator[tuple[int, int, float]]:
    """Start ``server``; give its port, process and the seconds until it answered a query."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        server.command(folder, port),
        # Fuseki makes a folder where it is started.
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    query = urllib.parse.quote("ASK { ?s ?p ?o }")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{server.path}?query={query}", headers={"Accept": JSON}
    )
    try:
        answered(request, process, server.name)
        yield port, process.pid, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answered(request: urllib.request.Request, process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until the server ``name`` answers ``request``."""
    deadline = time.monotonic() + 600
    while True:
        try:
            urllib.request.urlopen(request, timeout=120).close()
        except urllib.error.HTTPError:
            raise
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{name} did not start") from None
            time.sleep(0.01)
        else:
            return


def memory(process: int) -> float:
    """Return the memory of a process and its descendants in MiB, shared pages counted once."""
    total = 0
    waiting = [process]
    while waiting:
        each = waiting.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                # Threads come and go.
                with contextlib.suppress(OSError):
                    waiting += map(int, (task / "children").read_text().split())
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


NEW, AGAIN = "new", "again"

Table = dict[tuple[str, str, int], dict[str, Speed]]
"""Speeds by query, kind of run and clients, and by server."""


class Bench:
    """Servers that run side by side; each row is measured on all of them, one after the other."""

    def __init__(self, folder: Path, entities: list[str], options: argparse.Namespace) -> None:
        self.folder = folder
        self.entities = entities
        self.options = options
        self.table: Table = {}
        self.facts: dict[str, dict[str, float]] = {}

    def run(self, group: list[Server]) -> None:
        """Measure every row on the servers of ``group``, then each beside heavy queries."""
        with contextlib.ExitStack() as stack:
            started = {}
            for server in group:
                own = stack.enter_context(contextlib.ExitStack())
                port, process, seconds = own.enter_context(running(server, self.folder))
                if server.settled:
                    settle(port, server.settled)
                self.facts[server.name] = {"ready, s": seconds, "memory, MiB": memory(process)}
                started[server.name] = port, process, own
            for query in self.options.queries:
                rows = itertools.product((NEW, AGAIN), self.options.clients)
                for kind, clients in rows:
                    for server in group:
                        self.measure(server, started[server.name][0], query, kind, clients)
            for server in group:
                port, process, own = started[server.name]
                self.facts[server.name]["memory after, MiB"] = memory(process)
                if self.options.heavy:
                    self.beside_heavy(server, port)
                own.close()

    def measure(self, server: Server, port: int, query: str, kind: str, clients: int) -> None:
        """Measure one row on one server, unless it was hopeless with fewer clients."""
        for (each, _, _), row in self.table.items():
            if each == query and server.name in row and row[server.name].rate < 1:
                return
        same = kind == AGAIN
        lua = script(self.folder, server.path, QUERIES[query], self.entities, same=same)
        speed = ask(lua, port, clients, self.options.seconds)
        self.table.setdefault((query, kind, clients), {})[server.name] = speed
        print(f"{server.name:<16} {query:<12} {kind:<18} {clients:>3} {speed}", file=sys.stderr)

    def beside_heavy(self, server: Server, port: int) -> None:
        """Measure the lookup alone, and once more with endless queries beside it."""
        for kind, beside in (
            ("alone", contextlib.nullcontext()),
            ("beside one query without end", heavy(port, server.path, alike=True)),
            ("beside many without end", heavy(port, server.path, alike=False)),
        ):
            lua = script(self.folder, server.path, QUERIES["lookup"], self.entities, same=False)
            with beside:
                speed = ask(lua, port, 8, 2 * self.options.seconds)
            self.table.setdefault(("lookup", kind, 8), {})[server.name] = speed
            print(f"{server.name:<16} lookup {kind} {speed}", file=sys.stderr)

    def print(self) -> None:
        """Print the tables in Markdown."""
        names = list(self.facts)
        print("\n| | " + " | ".join(names) + " |\n|---" + "|---" * len(names) + "|")
        for fact in ("ready, s", "memory, MiB", "memory after, MiB"):
            cells = (f"{self.facts[name].get(fact, float('nan')):,.2f}" for name in names)
            print(f"| {fact} | " + " | ".join(cells) + " |")
        print("\n| query | texts | clients | " + " | ".join(names) + " |")
        print("|---|---|---" + "|---" * len(names) + "|")
        for (query, kind, clients), row in self.table.items():
            cells = (str(row.get(name, "")) for name in names)
            print(f"| {query} | {kind} | {clients} | " + " | ".join(cells) + " |")


def settle(port: int, path: str) -> None:
    """Wait until the server has made what it makes after its start."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            if json.load(answer)["pages"]:
                return
        time.sleep(0.2)


def main() -> None:
    """Measure every server."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("triples", type=int, nargs="?", default=100_000)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--queries", nargs="+", choices=QUERIES, default=list(QUERIES))
    parser.add_argument("--servers", nargs="+", help="only those whose name has one of these words")
    parser.add_argument("--heavy", action="store_true", help="also with queries without end beside")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(folder, prepare(folder, options.triples), options)
        wanted = [
            each
            for each in servers()
            if not options.servers or any(word in each.name for word in options.servers)
        ]
        bench.run([each for each in wanted if not each.slow])
        for each in wanted:
            if each.slow:
                bench.run([each])
        bench.print()


if __name__ == "__main__":
    main()

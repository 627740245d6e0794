"""Compare SPARQL servers on one generated network: throughput, latency, start-up and memory.

    python -m benchmarks.endpoint 100000 --clients 1 8 64 --seconds 3

Each server gets the same triples in one graph and the same requests from ``wrk`` (a Debian
package), one server after the other. Every kind of query comes with another entity and in another
text each time, so that no cache of answers helps; ``--same`` asks one again and again. With
``--heavy`` the lookup is measured once more while queries without end are sent beside it. Fuseki
runs where ``--fuseki`` names its jar, rdflib-endpoint where it is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
JSON = "application/sparql-results+json"
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
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) > 9000000) }"
)


@dataclass(frozen=True)
class Server:
    """A server program: its command for a folder of data and a port, and where it answers."""

    name: str
    command: Callable[[Path, int], list[str]]
    path: str


def servers(options: argparse.Namespace) -> list[Server]:
    """Return the servers that are installed or named."""
    programs = Path(sys.executable).parent
    found = [
        Server(
            "mezan serve",
            lambda folder, port: [
                *(sys.executable, "-m", "mezan_graph", "-C", str(folder / "project")),
                *("serve", "--port", str(port), "--unchecked", "--no-watch", "--quiet"),
            ],
            "/sparql",
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
    if (programs / "rdflib-endpoint").exists():
        found.append(
            Server(
                "rdflib-endpoint",
                lambda folder, port: [
                    *(str(programs / "rdflib-endpoint"), "serve", str(folder / "data.nt")),
                    *("--host", "127.0.0.1", "--port", str(port)),
                ],
                "/",
            )
        )
    if options.fuseki:
        found.append(
            Server(
                "Fuseki",
                lambda folder, port: [
                    *("java", "-jar", str(options.fuseki), f"--file={folder / 'data.nt'}"),
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
    found = {
        quad.object.value
        for quad in ox.parse(path=source)
        if quad.predicate == funded and isinstance(quad.object, ox.NamedNode)
    }
    return sorted(found)[:2000]


def script(folder: Path, path: str, query: str, entities: Sequence[str], *, same: bool) -> Path:
    """Write the script by which wrk asks ``query`` about one entity after the other."""
    targets = [f"{path}?query={urllib.parse.quote(query.replace('%s', each))}" for each in entities]
    listed = ",\n".join(json.dumps(each) for each in targets)
    # A comment with a number makes each query another text, as queries of many people are.
    numbered = "" if same else ' .. "%20%23" .. n'
    written = folder / "requests.lua"
    written.write_text(
        f'local targets = {{{listed}}}\nlocal n = 0\nwrk.headers["Accept"] = "{JSON}"\n'
        "function request()\n  n = n + 1\n"
        "  local target = targets[(n - 1) % #targets + 1]\n"
        f"  return wrk.format(nil, target{numbered})\nend\n"
    )
    return written


@dataclass(frozen=True)
class Speed:
    """What wrk measured."""

    rate: float
    median: float
    p99: float
    errors: int


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


@contextlib.contextmanager
def running(server: Server, folder: Path) -> Iterator[tuple[int, int, float]]:
    """Start ``server``; give its port, process and the seconds until it answered a query."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        server.command(folder, port),
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
                waiting += map(int, (task / "children").read_text().split())
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


@contextlib.contextmanager
def heavy(port: int, path: str) -> Iterator[None]:
    """Send queries without end from four clients meanwhile."""
    stop = threading.Event()
    url = f"http://127.0.0.1:{port}{path}?query={urllib.parse.quote(ENDLESS)}"

    def attack() -> None:
        while not stop.is_set():
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


def measure(server: Server, folder: Path, entities: list[str], options: argparse.Namespace) -> None:
    """Print the rows of one server."""
    with running(server, folder) as (port, process, seconds):
        print(f"\n{server.name}: ready after {seconds:.2f} s, {memory(process):.0f} MiB")
        for name in options.queries:
            asked = entities[:1] if options.same else entities
            lua = script(folder, server.path, QUERIES[name], asked, same=options.same)
            for clients in options.clients:
                speed = ask(lua, port, clients, options.seconds)
                print(row(name, clients, speed), flush=True)
        if options.heavy:
            lua = script(folder, server.path, QUERIES["lookup"], entities, same=options.same)
            with heavy(port, server.path):
                speed = ask(lua, port, 8, options.seconds)
            print(row("lookup, heavy beside", 8, speed), flush=True)
        print(f"memory at the end: {memory(process):.0f} MiB")


def row(name: str, clients: int, speed: Speed) -> str:
    """Return one line of the table."""
    errors = f"  {speed.errors} errors" if speed.errors else ""
    return (
        f"  {name:<22} {clients:>3} clients {speed.rate:>9,.0f}/s"
        f"  p50 {speed.median:>8.2f} ms  p99 {speed.p99:>8.2f} ms{errors}"
    )


def main() -> None:
    """Measure every server."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("triples", type=int, nargs="?", default=100_000)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--queries", nargs="+", choices=QUERIES, default=list(QUERIES))
    parser.add_argument("--same", action="store_true", help="ask about one entity only")
    parser.add_argument("--heavy", action="store_true", help="also with queries without end beside")
    parser.add_argument("--fuseki", type=Path, help="the jar of Fuseki")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entities = prepare(folder, options.triples)
        for server in servers(options):
            measure(server, folder, entities, options)


if __name__ == "__main__":
    main()

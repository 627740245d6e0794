"""Compare a verified push with curl's PUT of the same file, on each store.

    python -m benchmarks.push 1000000 --stores oxigraph virtuoso

The file is canonical N-Triples of a generated network; both ways start with an empty store in
a folder of its own. Ours stages, reads back, swaps and reads back again. Memory is the largest
resident set of our process; the payload is made from a stream, so that it holds no graph.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import machine, table
from tests.stores import servers

from mezan_graph.exchange.http import Http
from mezan_graph.exchange.refusals import Patience
from mezan_graph.push.payload import Payload, write_payload
from mezan_graph.push.pushing import push
from mezan_graph.push.staging import Options
from mezan_graph.push.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAPH = "https://example.org/graph/network"
PUT = {
    "oxigraph": ("/store", "graph"),
    "fuseki": ("/data", "graph"),
    "virtuoso": ("-graph-crud-auth", "graph-uri"),
    "rdf4j": ("/rdf-graphs/service", "graph"),
}
STEPS = ("upload", "verify", "swap", "prove", "tidy")


class NativeRdf4j(servers.Rdf4j):
    """An RDF4J repository on disk, as docs/stores/rdf4j.md makes it; the other is in memory."""

    repository = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
[] a rep:Repository ; rep:repositoryID "test" ; rep:repositoryImpl [
    rep:repositoryType "openrdf:SailRepository" ;
    sr:sailImpl [ sail:sailType "openrdf:NativeStore" ] ] .
"""


KINDS: dict[str, type[servers.Server]] = {**servers.SERVERS, "rdf4j-native": NativeRdf4j}


def lines(triples: int) -> Iterator[bytes]:
    """Yield sorted N-Triples lines about organisations that fund one another, five for each."""
    count = triples // 5
    for number in range(count):
        funder = number * 7 % count
        said = (
            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/NGO>",
            (
                "<https://schema.org/foundingDate> "
                f'"{1900 + number % 120}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
            ),
            f"<https://schema.org/funder> <https://example.org/id/organization-{funder:08d}>",
            f'<https://schema.org/identifier> "{number}"',
            f'<https://schema.org/name> "Relief organisation {number}"@en',
        )
        for rest in said:
            yield f"<https://example.org/id/organization-{number:08d}> {rest} .".encode()


def curl(server: servers.Server, payload: Payload) -> float:
    """Return the seconds that curl takes to PUT the file into an empty store."""
    path, parameter = PUT[server.kind]
    who = server.credentials
    user = ["--digest", "--user", f"{who.user}:{who.password}"] if who.user else []
    command = [
        "curl", "--silent", "--show-error", "--fail", "--output", "/dev/null", *user,
        "--upload-file", str(payload.path), "--header", "Content-Type: application/n-triples",
        f"{server.url}{path}?{parameter}={GRAPH}",
    ]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - started


def ours(server: servers.Server, payload: Payload) -> dict[str, float]:
    """Return the seconds of each step of a push into an empty store."""
    spent: dict[str, float] = defaultdict(float)
    began, doing = time.perf_counter(), "prepare"

    def progress(step: str, _done: int, _total: int) -> None:
        nonlocal began, doing
        now = time.perf_counter()
        spent[doing] += now - began
        began, doing = now, step

    http = Http(server.url, server.credentials, patience=Patience(seconds=3600))
    started = time.perf_counter()
    push(open_store(http, server.kind), {GRAPH: payload}, Options(progress=progress))
    http.close()
    spent["all"] = time.perf_counter() - started
    return spent


def main() -> None:
    """Print a row for each store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("triples", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--stores", nargs="+", choices=list(KINDS), default=["oxigraph"])
    parser.add_argument("--memory", default="4g", help="heap of the Java stores")
    parser.add_argument("--buffers", default="4000", help="pages of 8 KiB that Virtuoso holds")
    parser.add_argument("--without-curl", action="store_true", help="only the push")
    options = parser.parse_args()
    servers.INI = servers.INI.replace(
        "NumberOfBuffers=4000",
        # COPY is one transaction, and its log may be 50 MB long where nothing is said.
        f"NumberOfBuffers={options.buffers}\nTransactionAfterImageLimit=2000000000",
    )
    servers.JAVA = [f"-Xmx{options.memory}"]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        payload = write_payload(lines(options.triples), folder / "network.nt")
        for kind in options.stores:
            times: list[float | dict[str, float]] = []
            for way in (ours,) if options.without_curl else (curl, ours):
                server = KINDS[kind](folder / f"{kind}-{way.__name__}")
                server.start()
                try:
                    times.append(way(server, payload))
                finally:
                    server.kill()
            plain = math.nan if options.without_curl else times[0]
            steps = times[-1]
            assert isinstance(plain, float)
            assert isinstance(steps, dict)
            seconds = [plain, *(steps[step] for step in STEPS), steps["all"]]
            live = (steps["upload"] + steps["swap"]) / plain
            shares = [f"{live:.2f}", f"{steps['all'] / plain:.2f}"]
            rows.append([kind, *(f"{each:.1f}" for each in seconds), *shares])
            print(rows[-1], file=sys.stderr, flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{machine()}; {payload.manifest.triples:,} triples; our memory {memory} MiB\n")
    head = ["store", "curl PUT", *STEPS, "all", "(upload + swap) / curl", "all / curl"]
    print(table(head, rows))


if __name__ == "__main__":
    main()

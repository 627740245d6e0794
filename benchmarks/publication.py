"""Compare how long it takes to write one generated network as Turtle, JSON-LD and N-Triples.

    python -m benchmarks.publication 100000 --rapper rapper --riot jena/bin/riot

From file to file, in processes of their own from a cold start, in turns. Ours is canonical: the
same graph gives the same bytes, blank nodes included. The others promise no such thing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Cost, FailedError, machine, measured, median, table
from benchmarks.writers import FORMATS, LIBRARIES

CHECKOUT = Path(__file__).resolve().parents[1]
RAPPER = {"turtle": "turtle", "ntriples": "ntriples"}
RIOT = {"turtle": "turtle", "jsonld": "jsonld", "ntriples": "ntriples"}
COUNT = (
    "import sys, pyoxigraph; print(len({(str(q.subject), q.predicate, q.object) for q in "
    "pyoxigraph.parse(path=sys.argv[1])}))"
)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "network.ttl"
        generate = [sys.executable, "-m", "benchmarks.ngo_network"]
        subprocess.run([*generate, str(options.triples), str(source)], cwd=CHECKOUT, check=True)
        rows = [row for rdf_format in FORMATS for row in _rows(rdf_format, source, folder, options)]
        print(f"\n{machine()}; median of {options.runs}\n")
        head = [
            *("format", "writer", "wall, s", "CPU, s", "of which writing", "memory, MiB"),
            *("CPU by ours", "triples read back"),
        ]
        print(table(head, rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("triples", type=int, help="size of the network")
    parser.add_argument("--runs", type=int, default=3, help="runs of each writer")
    parser.add_argument("--rapper", default=shutil.which("rapper"), help="if not on the PATH")
    parser.add_argument("--riot", default=shutil.which("riot"), help="if not on the PATH")
    parser.add_argument("--without", nargs="*", default=[], metavar="WRITER", help="by its name")
    return parser.parse_args()


def _commands(
    rdf_format: str, source: Path, folder: Path, options: argparse.Namespace
) -> dict[str, list[str]]:
    """Return the command line of each writer; rapper and riot write to standard output."""
    ours = [sys.executable, "-m", "benchmarks.writers"]
    found = {
        name: [*ours, name, rdf_format, str(source), str(_target(name, rdf_format, folder))]
        for name in LIBRARIES
    }
    if options.rapper and rdf_format in RAPPER:
        found["rapper"] = [
            *(options.rapper, "-q", "-i", "turtle", "-o", RAPPER[rdf_format], str(source))
        ]
    if options.riot:
        found["riot"] = [options.riot, f"--formatted={RIOT[rdf_format]}", str(source)]
    return {name: each for name, each in found.items() if name not in options.without}


def _target(name: str, rdf_format: str, folder: Path) -> Path:
    return folder / f"{name}{FORMATS[rdf_format]}"


def _rows(
    rdf_format: str, source: Path, folder: Path, options: argparse.Namespace
) -> list[list[str]]:
    costs: dict[str, list[Cost]] = {}
    writing: dict[str, list[float]] = {}
    commands = _commands(rdf_format, source, folder, options)
    for _ in range(options.runs):
        for name, command in commands.items():
            target = _target(name, rdf_format, folder)
            output = folder / "figures.json" if name in LIBRARIES else target
            try:
                # The folder to start in is the checkout, where the writers are found.
                cost = measured(command, CHECKOUT, output)
            except FailedError as error:
                print(error, file=sys.stderr)
                continue
            costs.setdefault(name, []).append(cost)
            if name in LIBRARIES:
                figures = json.loads(output.read_text(encoding="utf-8"))
                writing.setdefault(name, []).append(figures["write"])
    middle = {name: median(each) for name, each in costs.items()}
    return [
        [
            rdf_format,
            name,
            f"{cost.wall:.2f}",
            f"{cost.cpu:.2f}",
            f"{statistics.median(writing[name]):.2f}" if name in writing else "",
            f"{cost.memory:.0f}",
            f"{cost.cpu / middle['mezan'].cpu:.2f}" if "mezan" in middle else "",
            _count(_target(name, rdf_format, folder)),
        ]
        for name, cost in middle.items()
    ]


def _count(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(path)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "not read"


if __name__ == "__main__":
    main()

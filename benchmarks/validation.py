"""Compare SHACL engines on one generated network in one run.

    python -m benchmarks.validation 10000 --runs 3
    python -m benchmarks.validation 100000 --turbo .turbo/bin/pyshacl-turbo --jena jena/bin/shacl

Every engine runs in a process of its own from a cold start, with the same files: it reads the
network and the project's shapes, validates, and writes a report with every result. The runs take
turns, so that a busy machine is unfair to all alike. Printed are medians, each as a multiple of the
bare parse of the file, and how the results differ from what was seeded and from ours.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.engines import Engine, Result, engines
from benchmarks.measuring import Cost, FailedError, machine, measured, median, table

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = "mezan validate"
CHECKOUT = Path(__file__).resolve().parents[1]
BARE_PARSE = (
    "import sys, collections, pyoxigraph; "
    "collections.deque(pyoxigraph.parse(path=sys.argv[1]), maxlen=0)"
)
MERGE_SHAPES = (
    "import sys, pyoxigraph as ox; "
    "read = lambda path: ox.parse(path=path, rename_blank_nodes=True); "
    "ox.serialize((q.triple for path in sys.argv[2:] for q in read(path)), sys.argv[1])"
)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, shapes = folder / f"network.{options.syntax}", folder / "shapes.nt"
        # In processes of their own, since this one has to stay small.
        generate = [sys.executable, "-m", "benchmarks.ngo_network", str(options.triples), str(data)]
        subprocess.run(generate, cwd=CHECKOUT, check=True)
        files = [str(each) for each in options.shapes or sorted(CHECKOUT.glob("shapes/*.ttl"))]
        subprocess.run([sys.executable, "-c", MERGE_SHAPES, str(shapes), *files], check=True)
        compared = engines(options)
        costs = _run(compared, data, shapes, folder, options)
        print(f"\n{machine()}; median of {options.runs}\n")
        print(_costs_table(costs))
        read = {
            each.name: each.read(_report(each, folder)) for each in compared if each.name in costs
        }
        print(_results_table(read, data.with_suffix(".json")))
        print(differences(read))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("triples", type=int, help="size of the network")
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine")
    parser.add_argument("--syntax", choices=["ttl", "nt"], default="ttl", help="of the network")
    parser.add_argument("--shapes", type=Path, nargs="+", help="in place of the project's")
    parser.add_argument("--turbo", metavar="PROGRAM", help="pyshacl-turbo, if not on the PATH")
    parser.add_argument("--jena", metavar="PROGRAM", help="Jena's shacl, if not on the PATH")
    parser.add_argument(
        "--topquadrant", metavar="FOLDER", help="with the jars of TopQuadrant SHACL"
    )
    parser.add_argument("--without", nargs="*", default=[], metavar="ENGINE", help="by its name")
    parser.add_argument(
        "--once", nargs="*", default=[], metavar="ENGINE", help="slow ones that run only once"
    )
    parser.add_argument("--seconds", type=float, default=3600, help="limit for each run")
    return parser.parse_args()


def _run(
    compared: Sequence[Engine], data: Path, shapes: Path, folder: Path, options: argparse.Namespace
) -> dict[str, Cost]:
    """Measure every engine ``options.runs`` times, in turns; one that fails is left out."""
    costs: dict[str, list[Cost]] = {"bare parse": []}
    failed: set[str] = set()
    parse = [sys.executable, "-c", BARE_PARSE, str(data)]
    for _ in range(options.runs):
        costs["bare parse"].append(measured(parse, folder, folder / "parse.out"))
        for engine in compared:
            if engine.name in failed or (engine.name in options.once and engine.name in costs):
                continue
            output = _report(engine, folder)
            try:
                cost = measured(
                    engine.command(data, shapes, output),
                    folder,
                    output if engine.to_stdout else folder / "engine.out",
                    exit_codes=engine.exit_codes,
                    seconds=options.seconds,
                )
            except FailedError as error:
                print(error, file=sys.stderr)
                failed.add(engine.name)
            else:
                costs.setdefault(engine.name, []).append(cost)
    return {name: median(each) for name, each in costs.items() if name not in failed}


def _report(engine: Engine, folder: Path) -> Path:
    return folder / f"{engine.name.replace(' ', '-')}.report"


def _costs_table(costs: dict[str, Cost]) -> str:
    parse, ours = costs["bare parse"], costs.get(OURS)
    rows = [
        [
            name,
            f"{cost.wall:.2f}",
            f"{cost.cpu:.2f}",
            f"{cost.memory:.0f}",
            f"{cost.cpu / parse.cpu:.1f}",
            f"{cost.cpu / ours.cpu:.2f}" if ours else "",
        ]
        for name, cost in costs.items()
    ]
    head = ["engine", "wall, s", "CPU, s", "memory, MiB", "CPU by bare parse", "CPU by ours"]
    return table(head, rows)


def _results_table(read: dict[str, Counter[Result]], manifest: Path) -> str:
    seeded = Counter(json.loads(manifest.read_text(encoding="utf-8"))["findings"])
    ours = read.get(OURS, Counter())
    rows = []
    for name, results in read.items():
        counted = counts(results)
        missing, extra = seeded - counted, counted - seeded
        rows.append(
            [
                name,
                str(results.total()),
                _listed(missing),
                _listed(extra),
                str((ours - results).total()),
                str((results - ours).total()),
            ]
        )
    head = [
        *("engine", "results", f"missing of {seeded.total()} seeded", "beyond the seeded"),
        *("only ours", "only theirs"),
    ]
    return table(head, rows)


def differences(read: dict[str, Counter[Result]]) -> str:
    """Return an example of each constraint whose results are other than ours."""
    ours = read.get(OURS, Counter())
    rows = []
    for name, results in read.items():
        for whose, found in (("only ours", ours - results), (f"only {name}", results - ours)):
            examples = {f"{each[1]}.{each[2]}": each for each in found}
            for constraint, (focus, _, _, value) in sorted(examples.items()):
                number = sum(n for each, n in found.items() if ".".join(each[1:3]) == constraint)
                rows.append([name, whose, constraint, str(number), f"`{focus}` `{value}`"])
    head = ["compared with", "whose", "constraint", "results", "for example: focus and value"]
    return table(head, rows) if rows else "All results are equal.\n"


def counts(results: Counter[Result]) -> Counter[str]:
    """Return the number of results by ``<shape>.<component>``, as in a manifest."""
    counted: Counter[str] = Counter()
    for (_, shape, component, _), number in results.items():
        counted[f"{shape}.{component}"] += number
    return counted


def _listed(found: Counter[str]) -> str:
    most = ", ".join(f"{name} {number}" for name, number in found.most_common(3))
    return f"{found.total()} ({most}{', …' if len(found) > 3 else ''})" if found else "0"


if __name__ == "__main__":
    main()

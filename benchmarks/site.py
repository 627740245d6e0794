"""Build the site of a generated network, build it again after one change, and say what it costs.

    python -m benchmarks.site 1000

Beside it, in the same run, a plain loop over jinja2 templates makes pages of the same entities:
``benchmarks.plain_pages``. Both run in processes of their own from a cold start.
"""

# ruff: noqa: A005 - only ever run as a module of this package
from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import sys
import tempfile
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.description import BASE, Description, turtle, turtle_header
from benchmarks.measuring import Cost, machine, measured, table
from benchmarks.network_parts import shared_parts
from benchmarks.ngo_network import SEED
from benchmarks.organization_parts import organization_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[1]
PER_FILE = 2_000
"""Entities of one file of the network; the last file is the one that changes."""
OWN = "https://w3id.org/mezan-graph/"
SETTINGS = f"""\
[project]
name = "network"
base = "{OWN}"
languages = ["en", "ar"]
title = "A generated network"
"""
PARSE = "import sys, pyoxigraph\nfor path in sys.argv[1:]: list(pyoxigraph.parse(path=path))"


class Files(NamedTuple):
    """The files of a site.

    Attributes:
        digests: SHA-256 of each file by its path.
        inodes: Inode of each file by its path.
    """

    digests: dict[str, bytes]
    inodes: dict[str, int]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entities, triples = write_project(folder / "project", options.entities)
        print(f"{entities} entities, {triples} triples; {machine()}\n", flush=True)
        costs, figures = _runs(folder, fresh=options.fresh)
        parse, plain = costs["bare parse"], costs["plain loop over jinja2"]
        rows = []
        for step, cost in costs.items():
            pages = figures.get(step, {}).get("pages", 0)
            rows.append(
                [
                    step,
                    str(pages or ""),
                    str(figures.get(step, {}).get("files", "")),
                    f"{cost.wall:.1f}",
                    f"{cost.cpu:.1f}",
                    f"{pages / cost.cpu:.0f}" if pages else "",
                    f"{cost.memory:.0f}",
                    f"{cost.cpu / parse.cpu:.0f}",
                    f"{cost.cpu / plain.cpu:.1f}",
                    str(figures.get(step, {}).get("written", "")),
                ]
            )
        head = [
            *("step", "pages", "files", "wall, s", "CPU, s", "pages a CPU second", "memory, MiB"),
            *("CPU by bare parse", "CPU by plain loop", "files written"),
        ]
        print(table(head, rows))
        print(machine())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("entities", type=int, help="how many entities, at least")
    parser.add_argument(
        "--fresh", action="store_true", help="also build the changed network from nothing"
    )
    return parser.parse_args()


def write_project(folder: Path, entities: int) -> tuple[int, int]:
    """Write a project with a generated network of at least ``entities`` entities.

    It has this project's vocabulary and shapes, and no stored queries. The entities move below its
    base, where the vocabulary is; concepts come from the network.

    Returns:
        The number of entities and of triples.
    """
    for name in ("data", "ontology"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(CHECKOUT / "shapes", folder / "shapes")
    shutil.copy(CHECKOUT / "ontology" / "mezan.ttl", folder / "ontology")
    (folder / "mezan.toml").write_text(SETTINGS, encoding="utf-8")
    made = triples = files = 0
    waiting: list[Description] = []
    for group in _groups():
        waiting += group
        made += len(group)
        triples += sum(each.count() for each in group)
        if made >= entities or len(waiting) >= PER_FILE:
            text = turtle_header() + "".join(turtle(waiting))
            for space in ("id/", "concept/"):
                text = text.replace(BASE + space, OWN + space)
            (folder / "data" / f"network-{files:04}.ttl").write_text(text, encoding="utf-8")
            waiting, files = [], files + 1
        if made >= entities:
            return made, triples
    raise AssertionError


def _groups() -> Iterator[list[Description]]:
    """Yield what all organisations share, and then one organisation after the other."""
    chance = random.Random(SEED)
    organizations = (list(organization_parts(number, chance).values()) for number in count())
    return chain([shared_parts()], organizations)


def change(project: Path) -> None:
    """Change the name of one organisation, in the last file."""
    path = max((project / "data").iterdir())
    text = path.read_text(encoding="utf-8")
    before, found, after = text.rpartition('schema:name "Organization ')
    assert found
    path.write_text(f'{before}schema:name "Renamed organization {after}', encoding="utf-8")


def files(folder: Path) -> Files:
    """Return digests and inodes of all files below ``folder``."""
    digests, inodes = {}, {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            digests[name] = hashlib.sha256(path.read_bytes()).digest()
            inodes[name] = path.stat().st_ino
    return Files(digests, inodes)


def _runs(folder: Path, *, fresh: bool) -> tuple[dict[str, Cost], dict[str, dict[str, int]]]:
    project, output = folder / "project", folder / "output"
    sources = [str(each) for each in sorted((project / "data").iterdir())]
    plain = [sys.executable, "-m", "benchmarks.plain_pages", str(folder / "plain"), *sources]
    costs = {
        "bare parse": measured([sys.executable, "-c", PARSE, *sources], folder, output),
        "plain loop over jinja2": measured(plain, CHECKOUT, output),
        "mezan build --site": _built(project, folder / "dist", output),
    }
    before = files(folder / "dist")
    figures = {
        "plain loop over jinja2": _figures(folder / "plain"),
        "mezan build --site": _figures(folder / "dist"),
    }
    change(project)
    again = "again, one file changed"
    costs[again] = _built(project, folder / "dist", output)
    after = files(folder / "dist")
    written = sum(before.inodes.get(name) != inode for name, inode in after.inodes.items())
    figures[again] = {**_figures(folder / "dist"), "written": written}
    if fresh:
        step = "changed, from nothing"
        costs[step] = _built(project, folder / "fresh", output)
        figures[step] = _figures(folder / "fresh")
        same = files(folder / "fresh").digests == after.digests
        print("Built again and from nothing:", "equal, byte for byte" if same else "NOT EQUAL")
    return costs, figures


def _built(project: Path, folder: Path, output: Path) -> Cost:
    command = ["-m", "mezan_graph", "-C", str(project), "build", "--site", "-o", str(folder)]
    return measured([sys.executable, *command], project, output, seconds=24 * 3600)


def _figures(folder: Path) -> dict[str, int]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {"files": len(paths), "pages": sum(path.suffix == ".html" for path in paths)}


if __name__ == "__main__":
    main()

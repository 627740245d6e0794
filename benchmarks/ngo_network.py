"""Write a network of NGOs with a known number of seeded violations.

    python -m benchmarks.ngo_network 100000 network.ttl

writes about 100,000 triples, and beside them ``network.json``: how many triples and organisations
there are, and for each constraint of the project's shapes how many results it must have. The suffix
decides between Turtle (``.ttl``) and N-Triples (``.nt``). The same numbers give the same bytes, on
every version of Python. Memory does not grow with the size.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.description import Description, NTriples, turtle, turtle_header
from benchmarks.network_parts import shared_parts
from benchmarks.organization_parts import organization_parts
from benchmarks.seeded_faults import FAULTS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 42
LARGEST = 10_000_000
FAULTS_PER_ORGANIZATION = 8


class Network:
    """The descriptions of a network, one organisation after the other.

    Attributes:
        triples: How many have been yielded so far.
        organizations: How many have been yielded so far.
        faults: How often each fault was seeded, by its name.
        findings: How many results each constraint must have, by ``<shape>.<component>``.
    """

    def __init__(self, triples: int, *, seed: int = SEED, faulty: bool = True) -> None:
        self.wanted, self.faulty = triples, faulty
        self.random = random.Random(seed)
        self.triples = self.organizations = 0
        self.faults: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()

    def descriptions(self) -> Iterator[Description]:
        """Yield descriptions until there are at least as many triples as wanted."""
        yield from self._counted(shared_parts())
        for number in count():
            if self.triples >= self.wanted:
                return
            parts = organization_parts(number, self.random)
            for fault in faults_of(number) if self.faulty else ():
                fault.edit(parts)
                self.faults[fault.name] += 1
                self.findings.update(fault.findings())
            self.organizations += 1
            yield from self._counted(list(parts.values()))

    def _counted(self, descriptions: list[Description]) -> Iterator[Description]:
        for each in descriptions:
            self.triples += each.count()
            yield each

    def manifest(self) -> dict[str, Any]:
        """Return what was yielded, as numbers."""
        return {
            "triples": self.triples,
            "organizations": self.organizations,
            "faults": dict(sorted(self.faults.items())),
            "findings": dict(sorted(self.findings.items())),
        }


def faults_of(number: int) -> list[Fault]:
    """Return the faults of organisation ``number``: far apart in the list, on different nodes."""
    stride = -(-len(FAULTS) // FAULTS_PER_ORGANIZATION)
    return [
        FAULTS[(number + stride * each) % len(FAULTS)] for each in range(FAULTS_PER_ORGANIZATION)
    ]


def write(path: Path, triples: int, *, seed: int = SEED, faulty: bool = True) -> dict[str, Any]:
    """Write a network to ``path`` and its manifest beside it; return the manifest."""
    network = Network(triples, seed=seed, faulty=faulty)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        if path.suffix == ".nt":
            file.writelines(NTriples().write(network.descriptions()))
        else:
            file.write(turtle_header())
            file.writelines(turtle(network.descriptions()))
    manifest = network.manifest()
    path.with_suffix(".json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("triples", type=int, help=f"how many, at most {LARGEST}")
    parser.add_argument("file", type=Path, help="what to write: a .ttl or .nt file")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--faultless", action="store_true", help="seed no violations")
    options = parser.parse_args()
    if not 0 < options.triples <= LARGEST or options.file.suffix not in {".ttl", ".nt"}:
        parser.error(f"from 1 to {LARGEST} triples, to a file named .ttl or .nt")
    manifest = write(options.file, options.triples, seed=options.seed, faulty=not options.faultless)
    print(
        f"{manifest['triples']} triples, {manifest['organizations']} organisations, "
        f"{sum(manifest['findings'].values())} results to find"
    )


if __name__ == "__main__":
    main()

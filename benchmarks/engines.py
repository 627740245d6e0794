"""The SHACL engines that are compared: how each is called, and its results as plain tuples."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"

Result = tuple[str, str, str, str]
"""Focus node, shape, component and value; the shape of a property constraint stands for its path.

Terms are as in N-Triples, and ``_:`` is any blank node, since no name of one outlives its file."""


@dataclass(frozen=True)
class Engine:
    """A program that validates a file against a file of shapes.

    Attributes:
        name: What the tables call it.
        command: Its command line for a file of data, a file of shapes, and a file to write.
        read: Returns the results that it wrote.
        to_stdout: Whether it writes to standard output in place of the file.
        exit_codes: Those of a validation that worked.
    """

    name: str
    command: Callable[[Path, Path, Path], Sequence[str]]
    read: Callable[[Path], Counter[Result]]
    to_stdout: bool = False
    exit_codes: tuple[int, ...] = (0, 1)


def engines(options: Namespace) -> list[Engine]:
    """Return the engines that are installed or that ``options`` name, ours first."""
    found = [
        Engine(
            "mezan validate",
            lambda data, shapes, output: [
                *(sys.executable, "-m", "mezan_graph", "validate", str(data), "-s", str(shapes)),
                *("--format", "json", "-o", str(output)),
            ],
            read_json,
        ),
        Engine(
            "pySHACL",
            lambda data, shapes, output: [
                *(sys.executable, "-m", "pyshacl", "-s", str(shapes), "-f", "nt"),
                *("-o", str(output), str(data)),
            ],
            read_report,
        ),
    ]
    if turbo := options.turbo or shutil.which("pyshacl-turbo"):
        found.append(
            Engine(
                "pyshacl-turbo",
                lambda data, shapes, output: [
                    *(turbo, "-s", str(shapes), "-f", "nt", "-o", str(output), str(data))
                ],
                read_report,
            )
        )
    if jena := options.jena or shutil.which("shacl"):
        found.append(
            Engine(
                "Jena",
                lambda data, shapes, _: [
                    *(jena, "validate", "--shapes", str(shapes), "--data", str(data))
                ],
                read_report,
                to_stdout=True,
            )
        )
    if options.topquadrant:
        found.append(
            Engine(
                "TopQuadrant",
                lambda data, shapes, _: [
                    *("java", "-cp", f"{options.topquadrant}/*"),
                    *("org.topbraid.shacl.tools.Validate", "-datafile", str(data)),
                    *("-shapesfile", str(shapes)),
                ],
                read_report,
                to_stdout=True,
            )
        )
    return [each for each in found if each.name not in options.without]


def read_json(path: Path) -> Counter[Result]:
    """Return the SHACL results in a report of ``mezan validate --format json``."""
    report = json.loads(path.read_text(encoding="utf-8"))
    return Counter(
        (
            "_:" if each["focusNode"].startswith("_:") else f"<{each['focusNode']}>",
            _local(each["shape"]),
            each["component"].removesuffix("ConstraintComponent"),
            "_:" if (each["value"] or "").startswith("_:") else each["value"] or "",
        )
        for each in report["results"]
        if each["component"] is not None
    )


def read_report(path: Path) -> Counter[Result]:
    """Return the results in a SHACL validation report, in Turtle or N-Triples."""
    wanted = {
        ox.NamedNode(SH + each): each
        for each in ("focusNode", "sourceShape", "sourceConstraintComponent", "value")
    }
    said: dict[object, dict[str, str]] = {}
    results = []
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if quad.predicate in wanted:
            said.setdefault(quad.subject, {})[wanted[quad.predicate]] = _term(quad.object)
        elif quad.predicate.value == f"{SH}result":
            results.append(quad.object)
    return Counter(
        (
            said[each]["focusNode"],
            _local(said[each]["sourceShape"].strip("<>")),
            _local(said[each]["sourceConstraintComponent"].strip("<>")).removesuffix(
                "ConstraintComponent"
            ),
            said[each].get("value", ""),
        )
        for each in results
    )


def _term(term: object) -> str:
    return "_:" if isinstance(term, ox.BlankNode) else str(term)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]

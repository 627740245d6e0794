"""The W3C suite for RDF Dataset Canonicalization, RDFC-1.0."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from mezan_graph.errors import LimitError
from mezan_graph.graph import Graph
from mezan_graph.serialization import canonical
from mezan_graph.serialization.nquads import line_of, lines_of, split
from mezan_graph.serialization.rdfc10 import canonical_labels

CHECKOUT = Path(__file__).resolve().parents[2]
SUITES = Path(os.environ.get("MEZAN_W3C_SUITES", CHECKOUT / "../shared/w3c")).resolve()
FOLDER = SUITES / "rdf-canon" / "tests"


def entries() -> list[dict[str, Any]]:
    manifest = FOLDER / "manifest.jsonld"
    if not manifest.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["entries"]
    return found


def of_type(name: str) -> pytest.MarkDecorator:
    found = [
        pytest.param(each, id=each["id"]) for each in entries() if each["type"] == f"rdfc:{name}"
    ]
    skip = pytest.mark.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    return pytest.mark.parametrize("entry", found or [pytest.param(None, marks=skip)])


def action(entry: dict[str, Any]) -> Graph:
    content = (FOLDER / entry["action"]).read_bytes()
    return Graph.from_quads(ox.parse(content, ox.RdfFormat.N_QUADS))


def labels(entry: dict[str, Any]) -> dict[str, str]:
    rows = map(split, dict.fromkeys(lines_of(action(entry))))
    algorithm = entry.get("hashAlgorithm", "SHA256").lower()
    return canonical_labels(rows, seconds=60, algorithm=algorithm)


@of_type("RDFC10EvalTest")
def test_canonical_form(entry: dict[str, Any]):
    expected = (FOLDER / entry["result"]).read_text(encoding="utf-8")
    if "hashAlgorithm" not in entry:
        assert canonical(action(entry)).text().decode() == expected
    issued = labels(entry)
    relabelled = {
        line_of(issued.get(term, term) for term in split(line)) for line in lines_of(action(entry))
    }
    assert "".join(f"{line}\n" for line in sorted(relabelled)) == expected


@of_type("RDFC10MapTest")
def test_issued_labels(entry: dict[str, Any]):
    expected = json.loads((FOLDER / entry["result"]).read_text(encoding="utf-8"))
    assert {key[2:]: value[2:] for key, value in labels(entry).items()} == expected


@of_type("RDFC10NegativeEvalTest")
def test_a_poisoned_graph_ends_in_an_error(entry: dict[str, Any]):
    with pytest.raises(LimitError):
        canonical(action(entry), seconds=0.5)


def test_every_test_of_the_suite_is_here():
    if not FOLDER.is_dir():
        pytest.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    assert len(entries()) == 86

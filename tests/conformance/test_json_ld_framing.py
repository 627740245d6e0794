"""The W3C suite for JSON-LD 1.1 framing, through the module that wraps PyLD."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mezan_graph.errors import OutputError
from mezan_graph.serialization import framing

CHECKOUT = Path(__file__).resolve().parents[2]
SUITES = Path(os.environ.get("MEZAN_W3C_SUITES", CHECKOUT / "../shared/w3c")).resolve()
FOLDER = SUITES / "json-ld-framing" / "tests"
BASE = "https://w3c.github.io/json-ld-framing/tests/"

EXCEPTIONS = {"#t0010": "a test of JSON-LD 1.0; 1.1 makes an IRI that looks compact an error"}
"""Test to the reason why its outcome differs."""


def entries() -> list[dict[str, Any]]:
    manifest = FOLDER / "frame-manifest.jsonld"
    if not manifest.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))["sequence"]
    return found


def of_type(name: str) -> pytest.MarkDecorator:
    found = [
        pytest.param(
            each,
            id=each["@id"],
            marks=pytest.mark.xfail(strict=True, reason=EXCEPTIONS[each["@id"]])
            if each["@id"] in EXCEPTIONS
            else (),
        )
        for each in entries()
        if f"jld:{name}" in each["@type"]
    ]
    skip = pytest.mark.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    return pytest.mark.parametrize("entry", found or [pytest.param(None, marks=skip)])


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def framed(entry: dict[str, Any]) -> Any:
    options = {**entry.get("option", {}), "base": BASE + entry["input"]}
    options.pop("specVersion", None)
    return framing.frame(load(entry["input"]), load(entry["frame"]), **options)


def unordered(value: Any, *, ordered: bool = False) -> Any:
    """JSON-LD with its sets in one order; only lists keep theirs."""
    if isinstance(value, dict):
        return {key: unordered(each, ordered=key == "@list") for key, each in value.items()}
    if isinstance(value, list):
        items = [unordered(each) for each in value]
        return (
            items if ordered else sorted(items, key=lambda each: json.dumps(each, sort_keys=True))
        )
    return value


@of_type("PositiveEvaluationTest")
def test_frame(entry: dict[str, Any]):
    assert unordered(framed(entry)) == unordered(load(entry["expect"]))


@of_type("NegativeEvaluationTest")
def test_an_invalid_frame_is_refused(entry: dict[str, Any]):
    with pytest.raises(OutputError, match=entry["expectErrorCode"]):
        framed(entry)


def test_every_test_of_the_suite_is_here():
    if not FOLDER.is_dir():
        pytest.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    assert len(entries()) == 92

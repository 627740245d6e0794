"""A report with one finding of every kind, some of them hostile, and files to compare with."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from mezan_graph.namespaces import SCHEMA, SH, XSD
from mezan_graph.project import Project
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.report import Result, Severity

SNAPSHOTS = Path(__file__).resolve().parents[2] / "snapshots" / "rendering"
EXAMPLE = Path(__file__).parent / "example"
ID = "https://example.org/relief/id/"
SHAPES = "https://example.org/relief/shapes#"
# Labels as the parser makes them up for [] and for the blank nodes of a shapes graph.
ANONYMOUS = ox.BlankNode("b71a0d8884eb642f2999df27498b98d3")
ANONYMOUS_SHAPE = ox.BlankNode("a0000d8884eb642f2999df27498b98d4")
HOSTILE = (
    "\x1b[31mred\x1b[0m \u202egnp.exe\u202c\r\n::set-output name=a::b\n"
    "##[error]c %0A ]]> <b> & \" ' {0} [here](https://example.org/) \x00"
)


@pytest.fixture(scope="session")
def example() -> Project:
    return Project.open(EXAMPLE)


@pytest.fixture(scope="session")
def report() -> ValidationReport:
    """Findings in the order of files; the first two are SHACL's."""
    bridge, harbour = ox.NamedNode(f"{ID}bridge"), ox.NamedNode(f"{ID}harbour")
    long = ox.Literal("ي" * 1500, language="ar")
    findings = (
        Finding(
            "MZ001",
            "violation",
            "Name the funder by its IRI.",
            file="data/organizations.ttl",
            line=7,
            column=5,
            end_line=7,
            end_column=40,
            focus_node=bridge,
            path="<https://schema.org/funder>",
            value=ox.Literal("Example Foundation"),
            component="NodeKindConstraintComponent",
            shape=ox.NamedNode(f"{SHAPES}funder"),
            hint="Did you mean id:example-foundation?",
            label="Bridge",
            path_label="funder",
            triple='schema:funder "Example Foundation"',
        ),
        Finding(
            "MZ001",
            "warning",
            f"_:{ANONYMOUS.value} has a long description",
            file="data/organizations.ttl",
            line=9,
            column=1,
            end_line=11,
            end_column=3,
            focus_node=ANONYMOUS,
            path="(<https://schema.org/description>|<https://schema.org/name>)",
            value=long,
            component="MaxLengthConstraintComponent",
            shape=ANONYMOUS_SHAPE,
            triple='[] schema:description\n\t"""ي\n' + "ي" * 1500 + '"""@ar .\n\n\n\n\n',
        ),
        Finding("MZ101", "info", HOSTILE, file="::data/a b,c:d%é.ttl", line=1, focus_node=harbour),
        Finding("MZ301", "violation", "Two grants are the same: grant = <a>"),
    )
    results = (
        Result(
            bridge,
            "<https://schema.org/funder>",
            ox.Literal("Example Foundation"),
            ox.NamedNode(f"{SHAPES}funder"),
            SH.NodeKindConstraintComponent,
            Severity.VIOLATION,
            "Name the funder by its IRI.",
            (ox.Literal("Name the funder by its IRI.", language="en"),),
        ),
        Result(
            ANONYMOUS,
            f"({SCHEMA.description}|{SCHEMA.name})",
            long,
            ANONYMOUS_SHAPE,
            SH.MaxLengthConstraintComponent,
            Severity.WARNING,
            HOSTILE,
            (),
        ),
        Result(
            harbour,
            str(SCHEMA.foundingDate),
            ox.Literal("02004", datatype=XSD.gYear),
            ANONYMOUS_SHAPE,
            SH.PatternConstraintComponent,
            Severity.INFO,
            "Four digits.",
            (),
        ),
    )
    return ValidationReport(findings, results, {"files": 3, "triples": 1200})


@pytest.fixture
def one():
    """Make a report of one finding with this message."""

    def make(message: str, **fields) -> ValidationReport:
        return ValidationReport((Finding("MZ001", "violation", message, **fields),))

    return make


@pytest.fixture(autouse=True)
def _fixed_surroundings(monkeypatch):
    """Run in the folder of the project, with a version that no release changes."""
    monkeypatch.chdir(EXAMPLE)
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "1.2.3")


@pytest.fixture
def pinned():
    """Compare a text with a file; with MEZAN_UPDATE_SNAPSHOTS=1, write the file."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("MEZAN_UPDATE_SNAPSHOTS"):
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode()

    return compare

"""A small graph in two named graphs, and a project folder to write queries into."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph
from mezan_graph.project import Project

TRIG = """
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:first {
    ex:anna ex:name "Anna"@en , "آنا"@ar ; ex:age 41 ; ex:knows ex:bert .
    ex:bert ex:name "Bert" ; ex:age 7 .
}
ex:second {
    ex:carl ex:name "Carl" ; ex:since "2003"^^xsd:gYear ; ex:knows ex:bert .
    ex:bert ex:age 7 .
}
"""

PROJECT = """
[project]
name = "small"
base = "https://small.example/"

[prefixes]
ex = "http://example.org/"
"""


@pytest.fixture(scope="session")
def graph() -> Graph:
    """Three people; one triple stands in both named graphs."""
    quads = ox.parse(TRIG, format=ox.RdfFormat.TRIG)
    return Graph.from_quads(quads, {"ex": "http://example.org/"})


@pytest.fixture
def folder(tmp_path) -> Project:
    """A project with a queries folder and nothing else."""
    (tmp_path / "mezan.toml").write_text(PROJECT)
    (tmp_path / "queries").mkdir()
    return Project.open(tmp_path)


@pytest.fixture
def write(folder):
    """Write a file of the project, by its path."""

    def write_file(path: str, text: str) -> None:
        target = folder.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    return write_file

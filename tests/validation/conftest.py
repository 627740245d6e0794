"""Small data for the checks: Turtle as text, looked at as a project would."""

from __future__ import annotations

import textwrap

import pyoxigraph as ox
import pytest

from mezan_graph.formats import TURTLE
from mezan_graph.graph import Graph
from mezan_graph.namespaces import project_prefixes
from mezan_graph.project import Project
from mezan_graph.sources import Source
from mezan_graph.validation.checks import Survey

BASE = "https://example.org/"
PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in project_prefixes(BASE).items())


def source_of(text: str, name: str = "data/test.ttl", *, bare: bool = False) -> Source:
    content = text if bare else PREFIXES + textwrap.dedent(text)
    return Source(name, TURTLE, ox.NamedNode(f"{BASE}graph/data"), content=content.encode())


def graph_of(*texts: str, bare: bool = False) -> Graph:
    """The graph of some Turtle files, ``data/0.ttl`` and so on."""
    sources = [
        source_of(text, f"data/{number}.ttl", bare=bare) for number, text in enumerate(texts)
    ]
    return Graph.from_sources(sources, project_prefixes(BASE))


def survey_of(*texts: str, bare: bool = False) -> Survey:
    return Survey(graph_of(*texts, bare=bare))


def write_project(root, data="", *, shapes=None, settings="", queries=None) -> Project:
    """A project in the folder ``root``, with one file of data."""
    (root / "mezan.toml").write_text(
        f'[project]\nname = "test"\nbase = "{BASE}"\n{settings}', encoding="utf-8"
    )
    for folder in ("ontology", "data", "shapes", "queries/checks"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    text = PREFIXES + textwrap.dedent(data) + "\nid:a a schema:NGO ; schema:name 'A'@en .\n"
    (root / "data" / "test.ttl").write_text(text, encoding="utf-8")
    default = "[] a sh:NodeShape ; sh:targetClass schema:NGO ; sh:nodeKind sh:IRI ."
    text = PREFIXES + textwrap.dedent(shapes or default)
    (root / "shapes" / "test.ttl").write_text(text, encoding="utf-8")
    for name, query in (queries or {}).items():
        (root / "queries" / "checks" / f"{name}.rq").write_text(query, encoding="utf-8")
    return Project.open(root)


@pytest.fixture(name="graph_of")
def graph_of_fixture():
    return graph_of


@pytest.fixture(name="survey_of")
def survey_of_fixture():
    return survey_of


@pytest.fixture
def base() -> str:
    return BASE


@pytest.fixture(name="source_of")
def source_of_fixture():
    return source_of


@pytest.fixture(name="write_project")
def write_project_fixture():
    return write_project

"""The table of facts, and the graph that its queries run on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from mezan_graph.exports import published_graph
from mezan_graph.namespaces import project_prefixes

BASE = "https://w3id.org/mezan-graph/"
TABLE = Path(__file__).with_name("facts.toml")

if TYPE_CHECKING:
    from mezan_graph.project import Project

Answers = Callable[[ox.Store, str], list[str]]
Parse = Callable[[str], list[ox.Quad]]
Table = dict[str, list[dict[str, Any]]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each row: ``stated_row``, ``absence_row`` or ``note``."""
    table = read_table()
    choices = {
        "stated_row": [row for row in table["row"] if row["code"] != "N"],
        "absence_row": [row for row in table["row"] if row["code"] == "N"],
        "note": table["note"],
    }
    for name, chosen in choices.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, chosen, ids=lambda row: str(row["number"]))


def read_table() -> Table:
    """Read the rows and notes of facts.toml."""
    with TABLE.open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="session")
def table() -> Table:
    return read_table()


@pytest.fixture(scope="session")
def facts_store(project: Project) -> ox.Store:
    """The graph as it is published, shortcuts included, loaded for joins; no test changes it."""
    store: ox.Store = published_graph(project).store
    return store


@pytest.fixture(scope="session")
def parse() -> Parse:
    """Parse a Turtle snippet that uses the project's prefixes without declaring them."""
    header = "".join(
        f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in project_prefixes(BASE).items()
    )

    def parsed(snippet: str) -> list[ox.Quad]:
        return list(ox.parse(header + snippet, format=ox.RdfFormat.TURTLE))

    return parsed


@pytest.fixture(scope="session")
def answers() -> Answers:
    """Give what a query finds for ``?answer``, sorted: lexical values and prefixed names."""
    prefixes = project_prefixes(BASE)
    longest_first = sorted(prefixes.items(), key=lambda item: -len(item[1]))

    def shown(term: Any) -> str:
        value: str = term.value
        if isinstance(term, ox.NamedNode):
            for prefix, iri in longest_first:
                if value.startswith(iri):
                    return f"{prefix}:{value.removeprefix(iri)}"
        return value

    def found(store: ox.Store, query: str) -> list[str]:
        solutions = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        assert [variable.value for variable in solutions.variables] == ["answer"]
        return sorted(shown(solution["answer"]) for solution in solutions)

    return found

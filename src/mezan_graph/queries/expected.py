"""Stored queries as tests: the answer of each is compared with the one that stands beside it.

Beside ``<name>.rq``, a SELECT has ``<name>.expected.csv``, an ASK ``<name>.expected.txt`` with
``true`` or ``false``, and a CONSTRUCT or DESCRIBE ``<name>.expected.ttl``. The CSV has a header of
variable names; a cell is empty for unbound, or a term: ``id:al-mezan``, ``<https://…>``,
``'text'@en``, ``'2003'^^xsd:gYear``, ``5``, ``true``, ``_:``. Queries of the category ``checks``
must have no answer, and need no file.
"""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.atomic import write_file
from mezan_graph.errors import MezanError, SourceError, UsageError
from mezan_graph.formats import TURTLE
from mezan_graph.graph import Graph
from mezan_graph.queries.evaluation import run_stored
from mezan_graph.queries.notation import cell, normal
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.stored import list_queries, load_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from mezan_graph.project import Project
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.solutions import ResultTerm
    from mezan_graph.queries.stored import StoredQuery

CHECKS = "checks"
"""Category of the queries that must have no answer."""

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class QueryTest:
    """What became of the test of one stored query.

    Attributes:
        name: Name of the query.
        place: Its file, as people are shown it.
        passed: Whether the answer is the expected one.
        difference: What differs, over several lines; empty where it passed.
        seconds: How long the evaluation took.
    """

    name: str
    place: str
    passed: bool
    difference: str
    seconds: float


def test_queries(
    project: Project,
    graph: Graph | None,
    names: Sequence[str] = (),  # noqa: PT028 - no test of pytest's
    *,
    endpoint: str | None = None,  # noqa: PT028
    timeout: float | None = None,  # noqa: PT028
) -> list[QueryTest]:
    """Evaluate stored queries with their default parameters and compare with what is expected.

    Args:
        project: The project of the queries.
        graph: What they are evaluated on; not needed with an endpoint.
        names: Names of queries; none stands for all.
        endpoint: URL of a SPARQL endpoint to ask in place of ``graph``.
        timeout: Longest wait for the endpoint, in seconds; by default the project's limit.

    Raises:
        UnknownQueryError: No stored query has one of the names.
        QueryError: The header of a query is malformed.
        SourceError: A file is not readable.
    """

    def ask(stored: StoredQuery) -> Answer:
        if endpoint is None:
            if graph is None:
                raise UsageError("queries need a graph or an endpoint")
            return run_stored(graph, stored, {}, project)
        from mezan_graph.queries.remote import run_stored_remote

        return run_stored_remote(endpoint, stored, {}, project, timeout=timeout)

    return [_test(project, ask, stored) for stored in _chosen(project, names)]


# pytest would take the function for a test wherever it is imported.
test_queries.__test__ = False  # type: ignore[attr-defined]


def write_expected(project: Project, graph: Graph, names: Sequence[str] = ()) -> list[Path]:
    """Write the present answers as the expected ones, each file replaced whole.

    Args:
        project: The project of the queries.
        graph: What they are evaluated on.
        names: Names of queries; none stands for all.

    Returns:
        The files whose content changed.

    Raises:
        MezanError: As :func:`test_queries`; a query that cannot be evaluated raises as well.
        OutputError: A file cannot be written.
    """
    written = []
    for stored in _chosen(project, names):
        if stored.category == CHECKS:
            continue
        content = _content(run_stored(graph, stored, {}, project), project.prefixes)
        if not stored.expected.is_file() or stored.expected.read_bytes() != content:
            write_file(stored.expected, content)
            written.append(stored.expected)
    return written


def _chosen(project: Project, names: Sequence[str]) -> list[StoredQuery]:
    return [load_query(project, name) for name in names] if names else list_queries(project)


def _test(project: Project, ask: Callable[[StoredQuery], Answer], stored: StoredQuery) -> QueryTest:
    started = time.perf_counter()
    try:
        answer = ask(stored)
        seconds = time.perf_counter() - started
        difference = _difference(project, stored, answer)
    except MezanError as error:
        seconds = time.perf_counter() - started
        difference = str(error)
    return QueryTest(stored.name, stored.place, not difference, difference, seconds)


def _difference(project: Project, stored: StoredQuery, answer: Answer) -> str:
    prefixes = project.prefixes
    if stored.category == CHECKS:
        return _unwanted(answer, prefixes)
    if not stored.expected.is_file():
        return (
            f"there is no expected answer: {project.relative(stored.expected)}\n"
            f"  hint: mezan test --update {stored.name} writes it; read it before you keep it"
        )
    place = project.relative(stored.expected)
    content = stored.expected.read_bytes()
    try:
        if isinstance(answer, Solutions):
            return _compared_rows(content.decode(), answer, prefixes)
        if isinstance(answer, Graph):
            return _compared_graphs(content, answer, prefixes)
        expected = content.decode().strip()
    except (UnicodeDecodeError, SyntaxError, csv.Error) as error:
        raise SourceError(f"cannot be read: {error}", place=place) from None
    if expected not in {"true", "false"}:
        raise SourceError("the expected answer must be true or false", place=place)
    present = "true" if answer else "false"
    return "" if expected == present else f"expected {expected}, is {present}"


def _unwanted(answer: Answer, prefixes: dict[str, str]) -> str:
    if isinstance(answer, bool):
        return "expected false, is true" if answer else ""
    if isinstance(answer, Solutions):
        return _listed([], [_row(row, prefixes) for row in answer])
    return _listed([], sorted(_triples(answer, prefixes)))


def _compared_rows(expected: str, answer: Solutions, prefixes: dict[str, str]) -> str:
    table = list(csv.reader(io.StringIO(expected, newline=""), strict=True))
    header, *rows = table or [[]]
    if header != list(answer.variables):
        return f"expected the variables {', '.join(header)}, are {', '.join(answer.variables)}"
    wanted = [", ".join(normal(text, prefixes) for text in row) for row in rows]
    present = [_row(row, prefixes) for row in answer]
    missing = _without(wanted, present)
    unexpected = _without(present, wanted)
    if missing or unexpected:
        return _listed(missing, unexpected)
    if answer.ordered:
        for number, (one, other) in enumerate(zip(wanted, present, strict=True), 1):
            if one != other:
                return (
                    f"the order differs from row {number}:\n  expected: {one}\n  is:       {other}"
                )
    return ""


def _compared_graphs(expected: bytes, answer: Graph, prefixes: dict[str, str]) -> str:
    wanted = Graph.from_quads(ox.parse(expected, ox.RdfFormat.TURTLE), prefixes)
    first, second = _triples(wanted, prefixes), _triples(answer, prefixes)
    return _listed(sorted(first - second), sorted(second - first))


def _triples(graph: Graph, prefixes: dict[str, str]) -> set[str]:
    """Return the triples as text, blank nodes with their canonical labels (RDFC-1.0)."""
    dataset = ox.Dataset(graph.triples())
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {
        " ".join(
            str(term) if isinstance(term, ox.BlankNode) else cell(term, prefixes)
            for term in (quad.subject, quad.predicate, quad.object)
        )
        for quad in dataset
    }


def _without(rows: list[str], others: Iterable[str]) -> list[str]:
    """Return ``rows`` without as many of each as are in ``others``."""
    counts: dict[str, int] = {}
    for row in others:
        counts[row] = counts.get(row, 0) + 1
    left = []
    for row in rows:
        counts[row] = counts.get(row, 0) - 1
        if counts[row] < 0:
            left.append(row)
    return left


def _listed(missing: list[str], unexpected: list[str]) -> str:
    lines = []
    for title, rows in (("missing", missing), ("unexpected", unexpected)):
        lines += [f"{title}: {row}" for row in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            lines.append(f"{title}: … and {len(rows) - _SHOWN} more")
    return "\n".join(lines)


def _content(answer: Answer, prefixes: dict[str, str]) -> bytes:
    if isinstance(answer, bool):
        return b"true\n" if answer else b"false\n"
    if isinstance(answer, Graph):
        return _turtle(answer, prefixes)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(answer.variables)
    writer.writerows([cell(term, prefixes) for term in row] for row in answer)
    return stream.getvalue().encode()


def _turtle(graph: Graph, prefixes: dict[str, str]) -> bytes:
    iris = {
        term.value
        for quad in graph.triples()
        for each in (quad.subject, quad.predicate, quad.object)
        for term in (each.datatype if isinstance(each, ox.Literal) else each,)
        if isinstance(term, ox.NamedNode)
    }
    used = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if any(iri.startswith(namespace) for iri in iris)
    }
    triples = (quad.triple for quad in graph.triples())
    content = ox.serialize(triples, format=TURTLE.oxigraph, prefixes=used)
    return b"" if content is None else content


def _row(row: Iterable[ResultTerm | None], prefixes: dict[str, str]) -> str:
    return ", ".join(cell(term, prefixes) for term in row)

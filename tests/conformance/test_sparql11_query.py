"""The W3C SPARQL 1.1 suite through run_query: evaluation, syntax and result formats.

Every exception has its reason and is strict: a test that starts to pass must leave the table.
"""

from __future__ import annotations

import csv
import io
import os
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from mezan_graph.errors import QueryError
from mezan_graph.formats import format_of
from mezan_graph.graph import Graph
from mezan_graph.queries import run_query, write_results
from mezan_graph.queries.guard import check
from mezan_graph.settings import Limits

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASE = "http://suite.example/"

FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions",
    "grouping", "json-res", "negation", "project-expression", "property-path", "subquery",
    "syntax-query",
)  # fmt: skip

_CONCAT = "engine: GROUP_CONCAT keeps the language tag that its strings share"
_ABSENT = "engine: a path of length zero from a term that is not in the graph gives no row"
_FROM = "FROM is refused: the graph at hand is the only data set"
EXCEPTIONS = {
    "aggregates/agg-groupconcat-04": _CONCAT,
    "aggregates/agg-groupconcat-06": _CONCAT,
    "aggregates/agg-empty-group-count-graph": "engine: COUNT inside of GRAPH ?g loses ?g",
    "bindings/graph": "engine: VALUES alone inside of GRAPH ?g loses ?g",
    "construct/constructwhere04": _FROM,
    "functions/bnode01": "engine: BNODE of one string gives one node in all solutions",
    "negation/graph-minus": "engine: ?g of an outer GRAPH counts as shared by both sides of MINUS",
    "property-path/zero_or_more_set_start": _ABSENT,
    "property-path/zero_or_more_set_end": _ABSENT,
    "property-path/zero_or_one_set_start": _ABSENT,
    "property-path/zero_or_one_set_end": _ABSENT,
    "syntax-query/test_4": "a function that the engine does not know is an error, not unbound",
    "syntax-query/test_42": _FROM,
}


CHECKOUT = Path(__file__).resolve().parents[2]
SUITE = Path(os.environ.get("MEZAN_W3C_SUITES", CHECKOUT / "../shared/w3c")) / "sparql11"

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason=f"MEZAN_W3C_SUITES: no {SUITE}")


class Manifest:
    """The tests of one folder."""

    def __init__(self, folder):
        self.store = ox.Store()
        path = SUITE / folder / "manifest.ttl"
        self.store.extend(ox.parse(path=path, base_iri=f"{BASE}{folder}/manifest.ttl"))

    def value(self, subject, predicate):
        quads = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return next((quad.object for quad in quads), None)

    def values(self, subject, predicate):
        return [
            quad.object
            for quad in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        ]

    def entries(self):
        lists = self.store.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None)
        node = next(quad.object for quad in lists)
        while node != ox.NamedNode(f"{RDF}nil"):
            yield self.value(node, f"{RDF}first")
            node = self.value(node, f"{RDF}rest")


@cache
def manifest(folder):
    return Manifest(folder)


def name_of(folder, test):
    return f"{folder}/{test.value.rpartition('#')[2]}"


def cases():
    if not SUITE.is_dir():
        return
    for folder in FOLDERS:
        tests = manifest(folder)
        for test in tests.entries():
            kind = tests.value(test, f"{RDF}type").value.removeprefix(MF)
            name = name_of(folder, test)
            marks = []
            if name in EXCEPTIONS:
                marks = [pytest.mark.xfail(reason=EXCEPTIONS[name], strict=True)]
            yield pytest.param(folder, test, kind, id=name, marks=marks)


def text_of(iri):
    return (SUITE / iri.value.removeprefix(BASE)).read_bytes().decode()


def quads_of(iri, graph_name=None):
    path = SUITE / iri.value.removeprefix(BASE)
    default = graph_name or ox.DefaultGraph()
    for quad in ox.parse(
        path=path, format=format_of(path).oxigraph, base_iri=iri.value, rename_blank_nodes=True
    ):
        name = default if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def graph_of(tests, action):
    quads = []
    for data in tests.values(action, f"{QT}data"):
        quads += quads_of(data)
    for data in tests.values(action, f"{QT}graphData"):
        quads += quads_of(data, data)
    return Graph.from_quads(quads, {})


def as_stored(term):
    """What the store makes of a literal: the expected answers are written otherwise."""
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    node = ox.NamedNode("http://e/")
    store.add(ox.Quad(node, node, term))
    return next(iter(store)).object


def result_set(variables, rows):
    """Return solutions as quads, so that they can be compared by isomorphism."""
    quads = []
    for row in rows:
        solution = ox.BlankNode()
        for name, term in zip(variables, row, strict=True):
            if term is not None:
                predicate = ox.NamedNode(f"urn:variable:{name}")
                quads.append(ox.Quad(solution, predicate, as_stored(term)))
        quads.append(ox.Quad(solution, ox.NamedNode("urn:in"), ox.NamedNode("urn:set")))
    return quads


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def expected_solutions(result):
    """Return the expected boolean, or variables and rows."""
    path = SUITE / result.value.removeprefix(BASE)
    if path.suffix in {".ttl", ".rdf"}:
        return read_result_graph(list(quads_of(result)))
    kind = {
        ".srx": ox.QueryResultsFormat.XML,
        ".srj": ox.QueryResultsFormat.JSON,
        ".tsv": ox.QueryResultsFormat.TSV,
    }[path.suffix]
    results = ox.parse_query_results(path=path, format=kind)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    return [v.value for v in results.variables], [list(each) for each in results]


def read_result_graph(quads):
    """Read the result-set vocabulary of the older tests."""
    store = ox.Store()
    store.extend(quads)

    def objects(subject, name):
        pattern = store.quads_for_pattern(subject, ox.NamedNode(RS + name), None)
        return [quad.object for quad in pattern]

    root = next(
        quad.subject
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RS}ResultSet")
        )
    )
    if answer := objects(root, "boolean"):
        return answer[0].value == "true"
    variables = [each.value for each in objects(root, "resultVariable")]
    rows = []
    for solution in objects(root, "solution"):
        bound = {
            objects(binding, "variable")[0].value: objects(binding, "value")[0]
            for binding in objects(solution, "binding")
        }
        rows.append([bound.get(name) for name in variables])
    return variables, rows


@pytest.mark.parametrize(("folder", "test", "kind"), list(cases()))
def test_sparql11(folder, test, kind):
    tests = manifest(folder)
    action = tests.value(test, f"{MF}action")
    if kind == "PositiveSyntaxTest11":
        answer = run_query(Graph.from_quads([], {}), on_base(folder, text_of(action)))
        assert answer is not None
    elif kind == "NegativeSyntaxTest11":
        with pytest.raises(QueryError):
            run_query(Graph.from_quads([], {}), on_base(folder, text_of(action)))
    else:
        query = tests.value(action, f"{QT}query")
        answer = run_query(graph_of(tests, action), on_base(folder, text_of(query)))
        compare(answer, tests.value(test, f"{MF}result"))


def on_base(folder, text):
    return f"BASE <{BASE}{folder}/> {text}"


def compare(answer, result):
    if isinstance(answer, Graph):
        wanted = [
            ox.Quad(quad.subject, quad.predicate, as_stored(quad.object))
            for quad in quads_of(result)
        ]
        assert canonical(answer) == canonical(wanted)
        return
    if result.value.endswith(".csv"):
        compare_csv(answer, text_of(result))
        return
    wanted = expected_solutions(result)
    if isinstance(answer, bool):
        assert answer is wanted
        return
    variables, rows = wanted
    assert set(answer.variables) == set(variables)
    assert canonical(result_set(answer.variables, answer.rows)) == canonical(
        result_set(variables, rows)
    )
    compare_written(answer)


def compare_csv(answer, wanted):
    written = write_results(answer, "csv", neutralise=False).decode()
    assert sorted(cells(written)) == sorted(cells(wanted))


def cells(text):
    """Read CSV, with numbers as the store has them."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    for row in csv.reader(io.StringIO(text, newline="")):
        shown = []
        for cell in row:
            if cell.startswith("_:"):
                shown.append("_:")
            elif "e" in cell.lower() and cell[:1].isdigit():
                literal = ox.Literal(cell, datatype=ox.NamedNode(f"{xsd}double"))
                shown.append(as_stored(literal).value)
            else:
                shown.append(cell)
        yield shown


def compare_written(answer):
    """Every lossless result format, read back, is the answer."""
    wanted = canonical(result_set(answer.variables, answer.rows))
    for name, kind in (
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ):
        written = write_results(answer, name, neutralise=False)
        results = ox.parse_query_results(written, format=kind)
        assert isinstance(results, ox.QuerySolutions)
        rows = [list(each) for each in results]
        names = [variable.value for variable in results.variables]
        assert canonical(result_set(names, rows)) == wanted


def test_every_exception_is_a_test_of_the_suite():
    names = {name_of(folder, test) for folder in FOLDERS for test in manifest(folder).entries()}
    assert set(EXCEPTIONS) <= names


def test_every_query_of_the_suite_is_within_the_bounds():
    for folder in FOLDERS:
        for path in sorted((SUITE / folder).glob("*.rq")):
            assert "too complex" not in verdict(path.read_text(encoding="utf-8")), path


def verdict(text):
    try:
        check(text, Limits(), remote=True)
    except QueryError as error:
        return error.message
    return "passes"

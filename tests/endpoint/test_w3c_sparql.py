"""The W3C suites for the SPARQL 1.1 Protocol, Service Description and result formats, and the
query tests, against running servers: each of them goes through a worker.

Every exception has its reason and is strict: a test that starts to pass must leave the table.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from tests.conformance import test_sparql11_query as suite

from mezan_graph.formats import FORMATS
from mezan_graph.graph import Graph
from mezan_graph.queries.solutions import Solutions

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SD = "http://www.w3.org/ns/sparql-service-description#"

pytestmark = suite.pytestmark

_UPDATE = "the service only answers queries; updates are refused with 403"
EXCEPTIONS = dict.fromkeys(
    (
        "update_dataset_default_graph",
        "update_dataset_default_graphs",
        "update_dataset_named_graphs",
        "update_dataset_full",
        "update_post_form",
        "update_post_direct",
        "update_base_uri",
    ),
    _UPDATE,
)

MINIMAL = '[project]\nname = "suite"\nbase = "http://kasei.us/2009/09/sparql/data/"\n'


@pytest.fixture(scope="module")
def suite_server(start_shared_server, tmp_path_factory):
    """Starts a server of a dataset in TriG, ignoring shapes; one process for each dataset."""
    started = {}

    def start(quads: tuple[ox.Quad, ...]):
        if quads not in started:
            root = tmp_path_factory.mktemp("suite")
            (root / "data").mkdir()
            (root / "shapes").mkdir()
            if quads:
                trig = ox.serialize(quads, format=ox.RdfFormat.TRIG)
                assert trig is not None
                (root / "data" / "data.trig").write_bytes(trig)
            (root / "mezan.toml").write_text(MINIMAL, encoding="utf-8")
            started[quads] = start_shared_server(root, "--unchecked", "--quiet", workers=1)
        return started[quads]

    return start


def protocol_cases():
    if not suite.SUITE.is_dir():
        return
    tests = suite.manifest("protocol")
    for test in tests.entries():
        name = test.value.rpartition("#")[2]
        marks = []
        if name in EXCEPTIONS:
            marks = [pytest.mark.xfail(reason=EXCEPTIONS[name], strict=True)]
        yield pytest.param(test, id=name, marks=marks)


def members(tests, node):
    while node != ox.NamedNode(f"{suite.RDF}nil"):
        yield tests.value(node, f"{suite.RDF}first")
        node = tests.value(node, f"{suite.RDF}rest")


def protocol_data():
    quads = []
    for number in (1, 2, 3):
        name = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf")
        parsed = ox.parse(path=suite.SUITE / "protocol" / f"data{number}.nt")
        quads += [ox.Quad(q.subject, q.predicate, q.object, name) for q in parsed]
    return tuple(quads)


@pytest.mark.parametrize("test", list(protocol_cases()))
def test_protocol(test, suite_server):
    server = suite_server(protocol_data())
    tests = suite.manifest("protocol")
    action = tests.value(test, f"{suite.MF}action")
    for request in members(tests, tests.value(action, f"{HT}requests")):
        check(tests, request, server)


def check(tests, request, server):
    def text(node, name, default=""):
        found = tests.value(node, name)
        return default if found is None else found.value

    path = text(request, f"{HT}absolutePath").replace("/sparql/", "/sparql", 1)
    headers = {}
    listed = tests.value(request, f"{HT}headers")
    for header in members(tests, listed) if listed is not None else ():
        headers[text(header, f"{HT}fieldName")] = text(header, f"{HT}fieldValue")
    body = tests.value(request, f"{HT}body")
    content = None
    if body is not None:
        encoding = text(body, f"{CNT}characterEncoding", "UTF-8")
        content = text(body, f"{CNT}chars").encode(encoding)
        # urllib would send a form's media type where there is none.
        headers.setdefault("content-type", "")
    reply = server.request(
        path, method=text(request, f"{HT}methodName"), body=content, headers=headers
    )
    wanted = tests.value(request, f"{HT}resp")
    classes = {
        each.value.rpartition("StatusCode")[2][0]
        for each in tests.values(wanted, f"{suite.MF}expectedStatus")
    }
    assert str(reply.status)[0] in classes, reply.body
    kind = text(wanted, f"{suite.MF}expectedFormat")
    media_type = (reply.headers["Content-Type"] or "").split(";")[0]
    if kind == "RDF":
        assert media_type in {each.media_type for each in FORMATS.values()}
    elif kind:
        assert media_type == "application/sparql-results+json"
        assert ("boolean" in reply.json()) is (kind == "boolean")
    expected = tests.value(wanted, f"{suite.MF}expectedBoolean")
    if expected is not None:
        assert reply.json()["boolean"] is (expected.value == "true")


def test_every_exception_is_a_test_of_the_suite():
    names = {test.value.rpartition("#")[2] for test in suite.manifest("protocol").entries()}
    assert set(EXCEPTIONS) <= names


def test_service_description(server):
    """The three tests of the suite: RDF, an endpoint that matches, and the schema's classes."""
    reply = server.get("sparql", accept="text/turtle")
    assert reply.headers["Content-Type"].startswith("text/turtle")
    store = ox.Store()
    store.load(reply.body, ox.RdfFormat.TURTLE)
    node = ox.NamedNode

    def objects(subject, name):
        return {each.object for each in store.quads_for_pattern(subject, node(SD + name), None)}

    services = [
        each.subject
        for each in store.quads_for_pattern(None, node(f"{suite.RDF}type"), node(f"{SD}Service"))
    ]
    assert len(services) == 1
    endpoints = objects(services[0], "endpoint")
    # The test wants the URL that was asked; behind a proxy that is the one in mezan.toml.
    assert endpoints == {node("https://w3id.org/mezan-graph/sparql")}
    assert node(f"{SD}SPARQL11Query") in objects(services[0], "supportedLanguage")
    for dataset in objects(services[0], "defaultDataset"):
        for graph in objects(dataset, "namedGraph"):
            assert len(objects(graph, "name")) == 1


SERVED = frozenset({"construct/constructwhere04"})
"""Exceptions of the library that a server does not share: it knows the graphs that FROM names."""


def query_cases():
    for case in suite.cases():
        folder, test, kind = case.values
        if not kind.endswith("SyntaxTest11"):
            marks = [] if case.id in SERVED else case.marks
            yield pytest.param(folder, test, id=case.id, marks=marks)


@pytest.fixture(scope="module")
def everything(suite_server):
    """A server that holds the data of every query test, each file in a graph of its own."""
    files = {}
    for folder in suite.FOLDERS:
        tests = suite.manifest(folder)
        for test in tests.entries():
            action = tests.value(test, f"{suite.MF}action")
            for name in ("data", "graphData"):
                for data in tests.values(action, f"{suite.QT}{name}"):
                    files[data.value] = data
    quads = []
    for data in files.values():
        quads += suite.quads_of(data, data)
    return suite_server(tuple(dict.fromkeys(quads)))


@pytest.mark.parametrize(("folder", "test"), list(query_cases()))
def test_query_through_a_worker(folder, test, everything):
    tests = suite.manifest(folder)
    action = tests.value(test, f"{suite.MF}action")
    result = tests.value(test, f"{suite.MF}result")
    query = suite.text_of(tests.value(action, f"{suite.QT}query"))
    graphs = [("default-graph-uri", g.value) for g in tests.values(action, f"{suite.QT}data")]
    graphs += [("named-graph-uri", g.value) for g in tests.values(action, f"{suite.QT}graphData")]
    if "FROM" not in query and not graphs:
        graphs = [("default-graph-uri", "http://suite.example/empty")]
    if "FROM" in query:
        graphs = []
    fields = urlencode([("query", suite.on_base(folder, query)), *graphs]).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if result.value.endswith((".csv", ".tsv")):
        headers["Accept"] = "text/csv" if result.value.endswith(".csv") else TSV
    reply = everything.request("sparql?raw=1", method="POST", body=fields, headers=headers)
    assert reply.status == 200, reply.body
    if result.value.endswith(".csv"):
        wanted = suite.text_of(result)
        assert sorted(suite.cells(reply.body.decode())) == sorted(suite.cells(wanted))
        return
    suite.compare(read(reply, query), result)


TSV = "text/tab-separated-values"


def read(reply, query):
    """Return an answer as the library would have given it."""
    media_type = reply.headers["Content-Type"].split(";")[0]
    if media_type == "text/turtle":
        return Graph.from_quads(ox.parse(reply.body, ox.RdfFormat.TURTLE), {})
    kind = ox.QueryResultsFormat.TSV if media_type == TSV else ox.QueryResultsFormat.JSON
    results = ox.parse_query_results(reply.body, kind)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    assert isinstance(results, ox.QuerySolutions)
    names = [each.value for each in results.variables]
    return Solutions(names, [list(each) for each in results], ordered="ORDER" in query)

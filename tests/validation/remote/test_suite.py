"""The official W3C SHACL suite, each test's data in a named graph of a real server."""

# Cases and reports are those of the suite's own test.
from __future__ import annotations

import urllib.parse
import urllib.request

import pyoxigraph as ox
import pytest
from tests.conformance.test_shacl import CASES, SHT, expected, normal, read

from mezan_graph.errors import ShapeError
from mezan_graph.validation.remote import shacl_remote
from mezan_graph.validation.report import report_graph

NOT_CARRIED = {
    "core/property/datatype-ill-formed": "may be what the store made of literals",
    "sparql/pre-binding/shapesGraph-001": "asks the shapes graph",
}
"""Tests of which the report says that something was not validated at the endpoint, and what."""

OTHERWISE = {
    "core/node/maxExclusive-001": "the server writes the target node 4.0 as 4",
    "core/node/minExclusive-001": "the server writes the target node 4.0 as 4",
    "core/property/property-001": "equal results are given once",
    "core/validation-reports/shared": "equal results are given once",
}
"""Tests that give another report, and why."""


@pytest.fixture(scope="module")
def server(start_oxigraph):
    """A server with the data of every test, each in the graph of its name."""
    url = start_oxigraph(b"<urn:x> <urn:x> <urn:x> .")
    for iri in {case.data for case in CASES}:
        graph = read(iri)
        content = ox.serialize(
            [quad.triple for quad in graph.triples()], format=ox.RdfFormat.N_TRIPLES
        )
        name = urllib.parse.urlencode({"graph": iri})
        request = urllib.request.Request(
            url.replace("/query", f"/store?{name}"),
            content,
            {"Content-Type": "application/n-triples"},
        )
        urllib.request.urlopen(request, timeout=10).close()
    return url


def marked(case):
    marks = []
    if case.name in OTHERWISE:
        marks.append(pytest.mark.xfail(strict=True, reason=OTHERWISE[case.name]))
    return pytest.param(case, marks=marks, id=case.name)


@pytest.mark.parametrize("case", [marked(each) for each in CASES])
def test_remote_validation(case, server):
    def outcome():
        return shacl_remote(server, read(case.shapes), graphs=[ox.NamedNode(case.data)])

    if case.result == SHT.Failure:
        with pytest.raises(ShapeError):
            outcome()
        return
    found = outcome()
    reasons = [reason for _, _, reason in found.not_carried]
    if case.name in NOT_CARRIED:
        assert reasons
        assert all(NOT_CARRIED[case.name] in each for each in reasons)
        return
    assert reasons == []
    report, messages = expected(case)
    assert normal(report_graph(found.results), messages=messages) == report

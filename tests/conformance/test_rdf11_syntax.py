"""The W3C suites for RDF 1.1 Turtle, TriG, N-Triples, N-Quads and RDF/XML.

Each document goes through our own reading. What an evaluation test yields is then written in every
format that can hold it, and read back.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.errors import InputError
from mezan_graph.formats import (
    FORMATS,
    NQUADS,
    NTRIPLES,
    RDFXML,
    TRIG,
    TURTLE,
    RdfFormat,
    format_of,
)
from mezan_graph.graph import Graph
from mezan_graph.namespaces import RDF, Namespace
from mezan_graph.serialization import canonical, digest, serialize
from mezan_graph.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SUITES = {
    "rdf-turtle": (TURTLE, 313),
    "rdf-trig": (TRIG, 356),
    "rdf-n-triples": (NTRIPLES, 70),
    "rdf-n-quads": (NQUADS, 87),
    "rdf-xml": (RDFXML, 166),
}
NAMES = ("Turtle", "Trig", "NTriples", "NQuads", "XML")
CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MEZAN_W3C_SUITES", CHECKOUT / "../shared/w3c")).resolve() / "rdf11"

EMPTY = "a file without a statement is an error here, because it is most often a mistake"
FILE_IRI = "a file: IRI is an error here, because it names a place on one machine"
XML_LITERAL = (
    "pyoxigraph keeps the text of an XML literal and does not bring it into canonical form"
)
EXCEPTIONS = {
    "rdf-turtle/turtle-syntax-file-01": EMPTY,
    "rdf-trig/trig-syntax-file-01": EMPTY,
    "rdf-n-triples/nt-syntax-file-01": EMPTY,
    "rdf-n-quads/nt-syntax-file-01": EMPTY,
    "rdf-turtle/IRI-resolution-07": FILE_IRI,
    "rdf-trig/IRI-resolution-07": FILE_IRI,
    "rdf-xml/xml-canon-test001": XML_LITERAL,
    "rdf-xml/xml-canon-test002": XML_LITERAL,
}
"""Test to the reason why its outcome differs."""


@dataclass(frozen=True)
class Case:
    """One test of a manifest."""

    name: str
    kind: str
    action: Source
    result: Source | None


def cases() -> Iterator[Case]:
    for suite in SUITES:
        yield from suite_cases(suite)


def suite_cases(suite: str) -> Iterator[Case]:
    rdf_format, _ = SUITES[suite]
    folder = FOLDER / suite
    if not folder.is_dir():
        return
    base = f"https://w3c.github.io/rdf-tests/rdf/rdf11/{suite}/"
    manifest = Graph.from_sources([source(folder / "manifest.ttl", TURTLE, base)])
    tests: dict[str, dict[str, str]] = {}
    for quad in manifest:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(
            quad.object, ox.NamedNode | ox.Literal
        ):
            tests.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    for iri, test in tests.items():
        if MF.action.value not in test:
            continue
        result = test.get(MF.result.value)
        yield Case(
            name=f"{suite}/{iri.rpartition('#')[2]}",
            kind=test[RDF.type.value].rpartition("#")[2],
            action=source(folder / test[MF.action.value].removeprefix(base), rdf_format, base),
            result=None if result is None else result_source(folder / result.removeprefix(base)),
        )


def source(path: Path, rdf_format: RdfFormat, base: str) -> Source:
    iri = base + path.relative_to(FOLDER / base.rstrip("/").rpartition("/")[2]).as_posix()
    return Source(path.name, rdf_format, ox.DefaultGraph(), path=path, base_iri=iri)


def result_source(path: Path) -> Source:
    return Source(path.name, format_of(path), ox.DefaultGraph(), path=path)


def marked(case: Case):
    reason = EXCEPTIONS.get(case.name)
    marks = () if reason is None else pytest.mark.xfail(strict=True, reason=reason)
    return pytest.param(case, id=case.name, marks=marks)


def of_kind(*suffixes: str) -> pytest.MarkDecorator:
    kinds = {f"Test{name}{suffix}" for name in NAMES for suffix in suffixes}
    found = [marked(case) for case in cases() if case.kind in kinds]
    skip = pytest.mark.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    return pytest.mark.parametrize("case", found or [pytest.param(None, marks=skip)])


@of_kind("PositiveSyntax")
def test_a_document_is_read(case: Case):
    graph = Graph.from_sources([case.action])
    assert_reads_back(graph)


@of_kind("NegativeSyntax", "NegativeEval")
def test_a_broken_document_is_refused(case: Case):
    with pytest.raises(InputError):
        list(case.action.quads())


@of_kind("Eval")
def test_a_document_means_what_it_should_and_is_written_in_every_format(case: Case):
    graph = Graph.from_sources([case.action])
    assert case.result is not None
    assert digest(graph) == digest(Graph.from_sources([case.result]))
    assert_reads_back(graph)


def assert_reads_back(graph: Graph) -> None:
    ordered = canonical(graph)
    for rdf_format in FORMATS.values():
        if rdf_format is RDFXML and not all(is_sayable_in_xml(quad) for quad in graph):
            continue
        expected = ordered if rdf_format.datasets else ordered.union
        document = serialize(ordered, rdf_format, header=["Header"])
        back = Graph.from_quads(ox.parse(document, rdf_format.oxigraph))
        assert digest(back) == digest(expected), rdf_format.name


def is_sayable_in_xml(quad: ox.Quad) -> bool:
    text = quad.object.value if isinstance(quad.object, ox.Literal) else ""
    return (
        re.search(r"[A-Za-z_][\w.-]*\Z", quad.predicate.value, re.ASCII) is not None
        and re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text) is None
    )


def test_every_test_of_the_suites_is_here():
    if not FOLDER.is_dir():
        pytest.skip(f"MEZAN_W3C_SUITES names no folder with suites: {FOLDER}")
    counts = {suite: len(list(suite_cases(suite))) for suite in SUITES}
    assert counts == {suite: count for suite, (_, count) in SUITES.items()}

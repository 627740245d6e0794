"""The official W3C SHACL suite, from its manifest to a validation report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ShapeError
from mezan_graph.graph import Graph
from mezan_graph.namespaces import RDF, SH, Namespace
from mezan_graph.validation import engine, reference
from mezan_graph.validation.report import report_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.engine import Outcome

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
BASE = "https://suite.example/"
CHECKOUT = Path(__file__).resolve().parents[2]
SUITE = Path(os.environ.get("MEZAN_W3C_SUITES", CHECKOUT / "../shared/w3c")) / "shacl/tests"

NOT_WITH_REFERENCE = {
    "core/property/uniqueLang-002": 'pySHACL takes "1"^^xsd:boolean for the term true (4.4.5)',
    "sparql/pre-binding/shapesGraph-001": "pySHACL has no $shapesGraph",
}
"""Tests in which pySHACL gives no answer to compare with."""


@dataclass(frozen=True)
class Case:
    """One entry of a manifest: what to validate, and the report or failure to expect."""

    name: str
    data: str
    shapes: str
    manifest: str
    result: ox.NamedNode | ox.BlankNode


@cache
def read(iri: str) -> Graph:
    path = SUITE / iri.removeprefix(BASE)
    parser = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=iri)
    quads = list(parser)
    return Graph.from_quads(quads, dict(parser.prefixes))


def objects(iri: str, subject: object, predicate: ox.NamedNode) -> list[ox.NamedNode]:
    triples = read(iri).triples()
    values: Any = (q.object for q in triples if (q.subject, q.predicate) == (subject, predicate))
    return list(values)


def members(iri: str, head: ox.NamedNode) -> Iterator[ox.NamedNode]:
    while head != RDF.nil:
        yield from objects(iri, head, RDF.first)
        [head] = objects(iri, head, RDF.rest)


def cases(manifest: str) -> Iterator[Case]:
    for included in objects(manifest, ox.NamedNode(manifest), MF.include):
        yield from cases(included.value)
    for entries in objects(manifest, ox.NamedNode(manifest), MF.entries):
        for entry in members(manifest, entries):
            [action] = objects(manifest, entry, MF.action)
            [data] = objects(manifest, action, SHT.dataGraph)
            [shapes] = objects(manifest, action, SHT.shapesGraph)
            [result] = objects(manifest, entry, MF.result)
            name = entry.value.removeprefix(BASE)
            yield Case(name, data.value, shapes.value, manifest, result)


def suite(part: str) -> list[Case]:
    return list(cases(f"{BASE}{part}/manifest.ttl")) if SUITE.is_dir() else []


CASES = suite("core") + suite("sparql")
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def below(iri: str, node: object) -> Iterator[ox.Quad]:
    """The description of a report: everything that its blank nodes lead to."""
    leaves = (SH.sourceShape, SH.sourceConstraint, SH.value, SH.focusNode)
    for quad in read(iri).triples():
        if quad.subject == node:
            yield quad
            if isinstance(quad.object, ox.BlankNode) and quad.predicate not in leaves:
                yield from below(iri, quad.object)


def normal(quads: list[ox.Quad], *, messages: bool) -> list[str]:
    """The report in an order and with labels that do not depend on its blank nodes."""
    dataset = ox.Dataset(quad for quad in quads if messages or quad.predicate != SH.resultMessage)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def expected(case: Case) -> tuple[list[str], bool]:
    quads = list(below(case.manifest, case.result))
    messages = any(quad.predicate == SH.resultMessage for quad in quads)
    return normal(quads, messages=messages), messages


def test_the_suite_is_whole() -> None:
    if not SUITE.is_dir():
        pytest.skip(f"MEZAN_W3C_SUITES names no SHACL suite: {SUITE}")
    assert (len(suite("core")), len(suite("sparql"))) == (98, 22)


@every_case
def test_default_engine(case: Case) -> None:
    if case.result == SHT.Failure:
        with pytest.raises(ShapeError):
            engine.validate_graph(read(case.data), read(case.shapes))
        return
    outcome = engine.validate_graph(read(case.data), read(case.shapes))
    report, messages = expected(case)
    assert normal(report_graph(outcome.results), messages=messages) == report


def essence(outcome: Outcome) -> set[tuple[str, ...]]:
    """The results as a set, blank nodes of paths and messages apart."""
    return {
        tuple(
            str(each)
            for each in (
                result.focus_node,
                result.path,
                result.value,
                result.source_shape,
                result.component,
                result.severity,
                result.source_constraint,
            )
        )
        for result in outcome.results
    }


@every_case
def test_both_engines_agree(case: Case) -> None:
    if case.result == SHT.Failure:
        pytest.skip("there is no report to compare")
    if case.name in NOT_WITH_REFERENCE:
        pytest.skip(NOT_WITH_REFERENCE[case.name])
    ours = engine.validate_graph(read(case.data), read(case.shapes))
    theirs = reference.validate_graph(read(case.data), read(case.shapes))
    assert essence(ours) == essence(theirs)

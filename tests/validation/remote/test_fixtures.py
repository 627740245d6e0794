"""Every graph that breaks a constraint of the project, loaded into a server and validated there.

All of them are loaded together, as the local engine validates them.
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest
from tests.shapes.test_shapes import DATA, FAILING, FIXTURES, PARTS, SHAPES, VALID

from mezan_graph.graph import Graph
from mezan_graph.validation import engine
from mezan_graph.validation.originals import rewritten
from mezan_graph.validation.remote import shacl_remote

UNDECIDED = {
    "claim-count": "the server writes xsd:nonNegativeInteger as xsd:integer",
    "source-document-size": "the server writes xsd:nonNegativeInteger as xsd:integer",
}
"""Shapes that are not decided for all nodes at the server, each with the reason."""

OWNER = {quad.subject: name for name, quads in FIXTURES.items() for quad in quads}


def by_fixture(results):
    """The results of each graph: focus node, path, value, component, shape and message.

    Values are as the server writes them (``30.0`` as ``30``); blank nodes have no names.
    """
    found = defaultdict(set)
    written = rewritten({each.value for each in results})
    for each in results:
        value = written.get(each.value, each.value)
        row = (each.focus_node, each.path, value, each.component, each.source_shape)
        owner = OWNER.get(each.focus_node, "project")
        if isinstance(each.focus_node, ox.BlankNode):
            owner = "blank nodes"
        found[owner].add(
            tuple("a blank node" if isinstance(term, ox.BlankNode) else term for term in row)
        )
    return found


@pytest.fixture(scope="module")
def local():
    return by_fixture(engine.validate_graph(Graph([*DATA.parts, *PARTS]), SHAPES).results)


@pytest.fixture(scope="module")
def outcome(start_oxigraph):
    quads = [*DATA, *(quad for part in PARTS for quad in part.quads)]
    content = ox.serialize([each.triple for each in quads], format=ox.RdfFormat.N_TRIPLES)
    return shacl_remote(start_oxigraph(content), SHAPES)


@pytest.fixture(scope="module")
def remote(outcome):
    return by_fixture(outcome.results)


@pytest.mark.parametrize("name", [*FAILING, *VALID, "project", "blank nodes"])
def test_the_endpoint_and_the_local_engine_agree(name, local, remote):
    assert remote[name] == local[name]


def test_what_is_not_decided_is_named(outcome):
    named = {shape.value.rpartition("#")[2] for shape, _, _ in outcome.not_carried}
    assert named == set(UNDECIDED)
    assert {component for _, component, _ in outcome.not_carried} == {"DatatypeConstraintComponent"}
    assert outcome.unmatched == ()

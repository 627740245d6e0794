"""The description of one entity: its triples, its relationships, their citations, and labels."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import UnknownEntityError
from mezan_graph.graph import Graph
from mezan_graph.serialization import describe

EX = "http://example.org/"
START = (
    f"PREFIX : <{EX}> PREFIX schema: <https://schema.org/> PREFIX dct: <http://purl.org/dc/terms/>"
)
TEXT = """
    GRAPH :data {
        :org a schema:NGO ; schema:name "Org" ; schema:address [ :street "1" ; :in [ :city "C" ] ] ;
            :near :place ; dct:source :cite-org .
        :grant schema:fundedItem :org ; schema:funder :donor ; dct:source :cite-grant ; :note "n" .
        :donor a schema:Organization ; schema:name "Donor" ; schema:url :page ; dct:source :cite-d .
        :place a schema:Place ; schema:name "Place" ; :secret "no" .
        :other schema:name "Other" ; :near :place .
        [] :holds :org ; :role "chair" .
        :parent :part [ :of :org ] ; :size 2 .
    }
    GRAPH :citations {
        :cite-org :selector [ :line "1,2" ] ; :of :file .
        :cite-grant :selector [ :line "3,4" ] ; :of :file .
        :cite-d :selector [ :line "5,6" ] .
        :file a :File ; schema:name "File" ; :size 9 .
    }
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.from_quads(ox.parse((START + TEXT).encode(), ox.RdfFormat.TRIG))


@pytest.fixture(scope="module")
def said(graph: Graph) -> set[str]:
    described = describe(graph, ox.NamedNode(EX + "org"))
    return {
        f"{_short(quad.subject)} {_short(quad.predicate)} {_short(quad.object)}"
        for quad in described
    }


def _short(term: object) -> str:
    if isinstance(term, ox.BlankNode):
        return "[]"
    return str(getattr(term, "value", term)).rpartition("/")[2]


@pytest.mark.parametrize(
    "statement",
    [
        "org name Org",
        "[] street 1",
        "[] city C",
        "grant funder donor",
        "grant note n",
        "[] role chair",
        "parent size 2",
        "cite-org of file",
        "[] line 1,2",
        "[] line 3,4",
        "donor name Donor",
        "donor type Organization".replace("type", "22-rdf-syntax-ns#type"),
        "place name Place",
        "file name File",
    ],
)
def test_a_description_holds_what_explains_the_entity(said: set[str], statement: str):
    assert statement in said


@pytest.mark.parametrize(
    "statement",
    ["donor url page", "place secret no", "other name Other", "[] line 5,6", "file size 9"],
)
def test_a_description_holds_no_more(said: set[str], statement: str):
    assert statement not in said


def test_quads_keep_their_graphs_and_stand_once(graph: Graph):
    described = list(describe(graph, ox.NamedNode(EX + "org")))
    names = {str(quad.graph_name) for quad in described}
    assert names == {f"<{EX}data>", f"<{EX}citations>"}
    assert len(described) == len(set(described))


def test_an_entity_that_nothing_is_said_about_is_unknown(graph: Graph):
    with pytest.raises(UnknownEntityError, match="nothing is said") as caught:
        describe(graph, ox.NamedNode(EX + "page"))
    assert caught.value.place == EX + "page"

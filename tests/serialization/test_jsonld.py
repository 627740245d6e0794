"""JSON-LD: the shape of the tree. That it reads back is tested in test_round_trip."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest

from mezan_graph.errors import OutputError
from mezan_graph.formats import JSONLD
from mezan_graph.graph import Graph
from mezan_graph.serialization import canonical, describe, digest, framing, serialize

PREFIXES = {
    "ex": "http://example.org/",
    "schema": "https://schema.org/",
    "dct": "http://purl.org/dc/terms/",
}
START = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
CONTEXT = {
    "id": "@id",
    "type": "@type",
    "schema": "https://schema.org/",
    "ex": "http://example.org/",
    "name": {"@id": "schema:name", "@container": "@language"},
    "funder": {"@id": "schema:funder", "@type": "@id"},
}


def graph(text: str) -> Graph:
    return Graph.from_quads(ox.parse((START + text).encode(), ox.RdfFormat.TRIG), PREFIXES)


def document(text: str, **options: Any) -> Any:
    return json.loads(serialize(graph(text), JSONLD, **options))


def test_one_compact_tree_for_each_entity():
    text = """
        ex:b a schema:NGO ; schema:name "B"@en, "ب"@ar ; schema:funder ex:c ; ex:size 007 .
        ex:a ex:items (1 [ ex:x true ] ()) ; ex:address [ a schema:PostalAddress ] .
    """
    assert document(text, context={"@context": CONTEXT}) == {
        "@context": CONTEXT,
        "@graph": [
            {
                "id": "ex:a",
                "ex:address": {"type": "schema:PostalAddress"},
                "ex:items": {
                    "@list": [
                        {"@value": "1", "type": "http://www.w3.org/2001/XMLSchema#integer"},
                        {
                            "ex:x": {
                                "@value": "true",
                                "type": "http://www.w3.org/2001/XMLSchema#boolean",
                            }
                        },
                        {"@list": []},
                    ]
                },
            },
            {
                "id": "ex:b",
                "type": "schema:NGO",
                "ex:size": {"@value": "007", "type": "http://www.w3.org/2001/XMLSchema#integer"},
                "funder": "ex:c",
                "name": {"en": "B", "ar": "ب"},
            },
        ],
    }


def test_without_a_context_the_prefixes_that_are_used_are_the_context():
    found = document("ex:a schema:name 'A' .")
    assert found["@context"] == {"ex": "http://example.org/", "schema": "https://schema.org/"}
    assert found["@graph"] == [{"@id": "ex:a", "schema:name": "A"}]


def test_named_graphs_are_nodes_with_a_graph():
    found = document("{ ex:a a ex:B } ex:g { ex:a ex:p [ ex:q ex:r ] } ex:h { ex:s a ex:T }")
    assert found["@graph"] == [
        {"@id": "ex:a", "@type": "ex:B"},
        {
            "@id": "http://example.org/g",
            "@graph": [{"@id": "ex:a", "ex:p": {"ex:q": {"@id": "ex:r"}}}],
        },
        {"@id": "http://example.org/h", "@graph": [{"@id": "ex:s", "@type": "ex:T"}]},
    ]


def test_an_entity_that_the_context_would_change_stands_without_it():
    found = document("<schema:x> ex:p 'a' . ex:a ex:p 'b' .", context=CONTEXT)
    assert found["@graph"] == [
        {"id": "ex:a", "ex:p": "b"},
        {"@context": None, "@id": "schema:x", "http://example.org/p": [{"@value": "a"}]},
    ]


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"@context": "https://schema.org/"}, "not one object"),
        ({"@import": "https://schema.org/"}, "not fetched"),
        ({"name": {"@id": "schema:name", "@container": "@none"}}, "invalid"),
        (
            {"name": {"@id": "https://schema.org/name", "@context": "https://schema.org/"}},
            "JSON-LD",
        ),
    ],
)
def test_a_context_that_is_remote_or_invalid_is_refused(context: dict[str, Any], message: str):
    with pytest.raises(OutputError, match=message):
        document("ex:a schema:name 'A' .", context=context)


FUNDING = """
    ex:org a schema:NGO ; schema:name "Org"@en .
    ex:grant a schema:Grant ; schema:fundedItem ex:org ; schema:funder ex:donor ;
        dct:source ex:cite .
    ex:donor a schema:Organization ; schema:name "Donor"@en ; schema:url <http://donor.example/> .
    ex:cite ex:selector [ ex:line "1,2" ] ; ex:digest "00" .
    ex:other a schema:NGO ; schema:name "Other"@en .
"""


def test_an_entity_as_one_tree_with_what_points_at_it():
    described = describe(graph(FUNDING), ox.NamedNode("http://example.org/org"))
    root = ox.NamedNode("http://example.org/org")
    found = json.loads(serialize(described, JSONLD, context=CONTEXT, root=root))
    assert found == {
        "@context": CONTEXT,
        "id": "ex:org",
        "type": "schema:NGO",
        "name": {"en": "Org"},
        "@reverse": {
            "schema:fundedItem": {
                "id": "ex:grant",
                "type": "schema:Grant",
                "http://purl.org/dc/terms/source": {
                    "id": "ex:cite",
                    "ex:digest": "00",
                    "ex:selector": {"ex:line": "1,2"},
                },
                "funder": {
                    "id": "ex:donor",
                    "type": "schema:Organization",
                    "name": {"en": "Donor"},
                },
            }
        },
    }
    assert list(found)[-1] == "@reverse"


def test_a_tree_says_what_the_graph_says_also_where_it_has_no_single_root():
    text = FUNDING + "ex:x ex:p ex:y . ex:y ex:p ex:x . [] ex:p ex:org . ex:l ex:p (ex:org ex:x) ."
    document = serialize(graph(text), JSONLD, root=ox.NamedNode("http://example.org/org"))
    back = Graph.from_quads(ox.parse(document, ox.RdfFormat.JSON_LD))
    assert digest(back) == digest(canonical(graph(text)).union)


def test_the_trees_are_those_that_framing_makes():
    text = "ex:a ex:p [ ex:q [ ex:r 'x', 'y' ] ] ; ex:list ('1' '2') ; ex:to ex:b . ex:b ex:p 'z' ."
    found = document(text)
    for tree in found["@graph"]:
        alone = {"@context": found["@context"]} | tree
        pattern = {"@context": found["@context"], "@id": tree["@id"], "@embed": "@once"}
        assert framing.frame(alone, pattern) == alone


def test_no_remote_document_is_loaded():
    with pytest.raises(OutputError, match="not fetched"):
        framing.expand({"@context": "https://schema.org/", "name": "x"})

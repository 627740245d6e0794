"""RDF/XML: what the text looks like, and what it cannot say."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import OutputError
from mezan_graph.formats import RDFXML
from mezan_graph.graph import Graph
from mezan_graph.serialization import serialize

PREFIXES = {"ex": "http://example.org/", "schema": "https://schema.org/"}
START = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def written(text: str) -> str:
    graph = Graph.from_quads(ox.parse((START + text).encode(), ox.RdfFormat.TURTLE), PREFIXES)
    return serialize(graph, RDFXML).decode()


def test_a_whole_document():
    assert written(
        'ex:b a schema:Place, schema:Thing ; schema:name "<B> & \\r"@en ; ex:of [ ex:n 7 ] .'
        "ex:a <http://other.example/p> ex:b ."
    ) == (
        """\
<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF
    xmlns:ex="http://example.org/"
    xmlns:ns0="http://other.example/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:schema="https://schema.org/">
  <rdf:Description rdf:about="http://example.org/a">
    <ns0:p rdf:resource="http://example.org/b"/>
  </rdf:Description>
  <schema:Place rdf:about="http://example.org/b">
    <ex:of rdf:nodeID="c14n0"/>
    <rdf:type rdf:resource="https://schema.org/Thing"/>
    <schema:name xml:lang="en">&lt;B&gt; &amp; &#13;</schema:name>
  </schema:Place>
  <rdf:Description rdf:nodeID="c14n0">
    <ex:n rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">7</ex:n>
  </rdf:Description>
</rdf:RDF>
"""
    )


def test_a_node_with_nothing_but_a_type_is_one_empty_element():
    assert '  <schema:Place rdf:about="http://example.org/a"/>\n' in written(
        "ex:a a schema:Place ."
    )


@pytest.mark.parametrize(
    "iri",
    [
        "http://example.org/",
        "http://example.org/7",
        "http://example.org/a/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#li",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Description",
        "http://www.w3.org/2000/xmlns/a",
        "urn:7",
    ],
)
def test_a_property_without_a_local_name_is_an_error_that_names_it(iri: str):
    with pytest.raises(OutputError) as caught:
        written(f"ex:a <{iri}> ex:b .")
    assert f"<{iri}>" in caught.value.message
    assert caught.value.place == "<http://example.org/a>"


@pytest.mark.parametrize("code", ["0000", "0008", "001F", "FFFE", "FFFF"])
def test_a_character_that_xml_forbids_is_an_error_that_names_the_triple(code: str):
    with pytest.raises(OutputError) as caught:
        written(f'ex:a ex:p "a\\u{code}b" .')
    assert f"U+{code}" in caught.value.message
    assert caught.value.place == "<http://example.org/a> <http://example.org/p>"


@pytest.mark.parametrize(
    ("iri", "element"),
    [
        ("http://example.org/name", "ex:name"),
        ("http://example.org/ميزان", "ex:ميزان"),
        ("http://example.org/ميزان-a", "ns0:a"),
        ("http://example.org/\U0001f54aname", "ns0:name"),
    ],
)
def test_a_local_name_is_one_that_every_edition_of_xml_knows(iri: str, element: str):
    assert f"<{element} " in written(f"ex:a <{iri}> ex:b .")

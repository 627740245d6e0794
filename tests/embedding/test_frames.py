"""Frames decide what is embedded, and whoever edits one is told what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from tests.embedding.conftest import canonical_text, entity, small_embedder

from mezan_graph.embedding import Embedder, schema_org_context
from mezan_graph.embedding.frames import Frames, read_frame
from mezan_graph.errors import MezanError, ParseError, SourceError
from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.namespaces import RDF, SCHEMA
from mezan_graph.project import Project
from mezan_graph.serialization import canonical
from mezan_graph.vocabularies import superclasses

if TYPE_CHECKING:
    from pathlib import Path


def edit(frame: Path, change) -> None:
    value = json.loads(frame.read_text(encoding="utf-8"))
    change(value)
    frame.write_text(json.dumps(value), encoding="utf-8")


def embedded(folder: Path, slug: str) -> dict[str, Any]:
    project = Project.open(folder)
    return Embedder(project, published_graph(project)).snippet(entity(slug)).document


def test_what_a_frame_names_is_embedded_in_its_order(copied):
    before = embedded(copied, "al-mezan")
    assert list(before)[:5] == ["@context", "@type", "@id", "name", "alternateName"]

    def change(frame):
        del frame["funding"]
        frame["name"] = frame.pop("name")
        frame["alternateName"] = frame.pop("alternateName")

    edit(copied / "frames" / "organization.jsonld", change)
    after = embedded(copied, "al-mezan")
    assert "funding" not in after
    assert list(after)[-3:] == ["name", "alternateName", "@reverse"]


def test_a_frame_says_how_deep(copied):
    def deeper(frame):
        frame["funding"]["funder"]["sameAs"] = {}

    edit(copied / "frames" / "organization.jsonld", deeper)
    funders = [each["funder"] for each in embedded(copied, "al-mezan")["funding"]]
    assert sum("sameAs" in each for each in funders) == 2

    def shallower(frame):
        frame["funding"]["funder"] = {"@embed": "@never"}

    edit(copied / "frames" / "organization.jsonld", shallower)
    funders = [each["funder"] for each in embedded(copied, "al-mezan")["funding"]]
    assert all(list(each) == ["@id"] for each in funders)


def test_a_frame_of_a_subclass_comes_before_that_of_its_class(copied):
    (copied / "frames" / "ngo.jsonld").write_text('{"@type": "NGO", "name": {}}')
    assert list(embedded(copied, "al-mezan")) == ["@context", "@type", "@id", "name"]
    assert "@reverse" in embedded(copied, "ford-foundation")


def test_a_project_without_frames_gets_those_of_the_package(copied):
    import shutil

    before = embedded(copied, "al-mezan")
    shutil.rmtree(copied / "frames")
    assert embedded(copied, "al-mezan") == before


def test_every_class_of_the_graph_has_a_frame(project, embedder, entities):
    frames = Frames(project)
    for each in entities:
        types = embedder.snippet(each).document["@type"]
        types = tuple(types) if isinstance(types, list) else (types,)
        assert types == ("Thing",) or frames.of(types).types != ("Thing",), types


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('{"@type": "Organization",\n "nmae": {}}', "nmae is not a property", 2),
        ('{"@type": "Organisation"}', "Organisation is not a class", 1),
        ('{"@type": "NGO",\n "name": "x"}', "name must be an object", 2),
        ('{"@type": "NGO", "@omitDefault": true}', "@omitDefault means nothing here", 1),
        ('{"@type": "NGO", "@explicit": false}', "only what a frame names", 1),
        ('{"@type": "NGO", "@embed": "@last"}', "must be @always or @never", 1),
        ('{"@type": "NGO", "@context": "https://example.org/c"}', "is schema.org", 1),
        ('{"name": {}}', "says with @type which class", None),
        ('{"@type": 1}', "must be a name of schema.org", 1),
        ("[]", "a frame must be an object", None),
    ],
)
def test_a_fault_in_a_frame_is_an_error_with_its_line(tmp_path, text, message, line):
    path = tmp_path / "x.jsonld"
    path.write_text(text)
    with pytest.raises(SourceError, match=message) as error:
        read_frame(path)
    assert error.value.line == line


def test_a_frame_that_is_not_json_is_an_error(tmp_path):
    path = tmp_path / "x.jsonld"
    path.write_text('{"@type": "NGO",}')
    with pytest.raises(ParseError):
        read_frame(path)


def test_a_near_miss_is_named(tmp_path):
    path = tmp_path / "x.jsonld"
    path.write_text('{"@type": "NGO", "memberof": {}}')
    with pytest.raises(SourceError) as error:
        read_frame(path)
    assert error.value.hint == "did you mean memberOf?"


def test_a_frame_behind_a_link_out_of_the_project_is_refused(copied, tmp_path):
    outside = tmp_path / "outside.jsonld"
    outside.write_text('{"@type": "NGO", "name": {}}')
    (copied / "frames" / "ngo.jsonld").symlink_to(outside)
    with pytest.raises(MezanError, match="symbolic link"):
        embedded(copied, "al-mezan")


PLAIN = """
id:a a schema:NGO ; schema:name "A" ; schema:alternateName "a", "b" ; schema:funder id:b ;
    schema:memberOf id:c ; schema:url <https://example.org/> ;
    schema:sameAs <https://example.com/> .
id:b a schema:Organization ; schema:name "B" ; schema:funder id:a .
id:c a schema:Organization ; schema:name "C" ; schema:url <https://example.net/> .
id:g a schema:Grant ; schema:name "G" ; schema:funder id:a ; schema:fundedItem id:b .
"""
PLAIN_FRAME: dict[str, Any] = {
    "@context": {"@vocab": "https://schema.org/"},
    "@type": "Organization",
    "@explicit": True,
    "name": {},
    "alternateName": {},
    "url": {},
    "funder": {"@type": "Organization", "@explicit": True, "name": {}},
    "memberOf": {"@type": "Organization", "@explicit": True, "url": {}},
}


def test_a_frame_means_what_a_json_ld_processor_takes_it_for(project, copied):
    """PyLD frames the same triples alike, once the types are closed under schema.org's classes."""
    from pyld import jsonld

    for each in (copied / "frames").glob("*.jsonld"):
        each.unlink()
    (copied / "frames" / "x.jsonld").write_text(json.dumps(PLAIN_FRAME))
    made = small_embedder(Project.open(copied), PLAIN).snippet(entity("a"))
    quads = list(small_quads(project, PLAIN))
    closed = [
        ox.Quad(quad.subject, RDF.type, SCHEMA[above])
        for quad in quads
        if quad.predicate == RDF.type
        for above in superclasses(SCHEMA.iri, quad.object.value.removeprefix(SCHEMA.iri))
    ]
    text = "".join(f"{quad} .\n" for quad in [*quads, *closed])
    nodes = jsonld.from_rdf(text)
    frame = PLAIN_FRAME | {"@id": entity("a").value}
    framed = jsonld.frame(nodes, frame, {"embed": "@always", "omitDefault": True})
    theirs = Graph.from_quads(
        quad
        for quad in ox.parse(
            jsonld.to_rdf(framed, {"format": "application/n-quads"}), format=ox.RdfFormat.N_QUADS
        )
        if quad.predicate != RDF.type
    )
    ours = Graph.from_quads(quad for quad in made.graph if quad.predicate != RDF.type)
    assert canonical(ours).text() == canonical(theirs).text()
    assert len(list(ours)) > 5


def small_quads(project, turtle):
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in project.prefixes.items())
    return ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)


def test_the_shipped_context_keeps_the_rule_of_the_official_one():
    """Terms of the official context (release 28.1) of each kind, on https."""
    terms = schema_org_context()["@context"]
    assert terms["@vocab"] == "https://schema.org/"
    for name in ("url", "sameAs", "license", "contentUrl", "logo", "mainEntityOfPage"):
        assert terms[name] == {"@id": f"https://schema.org/{name}", "@type": "@id"}
    for name in ("datePublished", "dateModified", "dissolutionDate"):
        assert terms[name] == {"@id": f"https://schema.org/{name}", "@type": "Date"}
    for name in ("name", "keywords", "identifier", "jobStartDate", "dateSent", "description"):
        assert name not in terms
    assert canonical_text("") == b""

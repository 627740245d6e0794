"""Whatever a graph says, in every format it can be read back: nothing lost, nothing changed."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any
from unittest import mock

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st
from pyld import jsonld

from mezan_graph.errors import OutputError
from mezan_graph.formats import FORMATS, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, RdfFormat
from mezan_graph.graph import Graph
from mezan_graph.interoperability import from_rdflib
from mezan_graph.namespaces import PREFIXES, RDF, XSD
from mezan_graph.serialization import canonical, serialize
from mezan_graph.serialization.compaction import Compactor, NotLearnedError
from mezan_graph.sources import Source

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator

PREFIXES_OF_TEST = PREFIXES | {
    "ex": "http://example.org/",
    "deep": "http://example.org/a/b",
    "u": "urn:x:",
}
CONTEXT = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    **PREFIXES_OF_TEST,
    "name": {"@id": "schema:name", "@container": "@language"},
    "knows": {"@id": "schema:knows", "@type": "@id"},
    "kind": {"@id": "schema:kind", "@type": "@vocab"},
    "count": {"@id": "schema:count", "@type": "xsd:integer"},
    "items": {"@id": "schema:items", "@container": "@list"},
    "tags": {"@id": "schema:tags", "@container": "@set"},
    "plain": {"@id": "schema:plain", "@language": None},
    "partOf": {"@reverse": "schema:hasPart"},
}

# Without the one term whose form depends on the value, every kind of value is learned once.
LEARNED = {term: value for term, value in CONTEXT.items() if term != "kind"}

# IRIs that tempt a writer to abbreviate, resolve, or take for something else.
TEMPTING = (
    "https://schema.org/",
    "https://schema.org/name",
    "https://schema.org/@id",
    "https://schema.org/a:b",
    "https://schema.org///x",
    "https://schema.org/a.b",
    "https://schema.org/a.",
    "https://schema.org/.a",
    "https://schema.org/-a",
    "https://schema.org/%41b",
    "https://schema.org/a/b",
    "https://schema.org/a,b(c)'!*",
    "https://schema.org/a~b",
    "https://schema.org/7",
    "https://schema.org/ميزان",
    "https://schema.org/a#b?c",
    "https://schema.org?q=a&b=%22",
    "https://schema.org",
    "schema:foo",
    "schema:",
    "ex:foo",
    "id:foo",
    "name:foo",
    "urn:x:a:b",
    "urn:x:@type",
    "tag:example.org,2026:a",
    "mailto:a@example.org",
    "a:",
    "a:#",
    "a:?",
    "http://example.org/a/b",
    "http://example.org/a/b/../c",
    "http://example.org/./a",
    "http://example.org/a/bc",
    "http://[::1]:80/",
    "http://example.org/\U0001f54a",
    "http://example.org/\u200c",
    RDF.nil.value,
    RDF.type.value,
    RDF.first.value,
    RDF.rest.value,
    RDF.List.value,
    RDF["li"].value,
    RDF["_1"].value,
    RDF.value.value,
    XSD.integer.value,
)
NAMES = ("schema:knows", "kind", "count", "items", "tags", "plain", "hasPart", "name")
PROPERTIES = (
    RDF.type, RDF.first, RDF.rest, RDF.value, *(
        ox.NamedNode(f"https://schema.org/{name.removeprefix('schema:')}") for name in NAMES
    ), ox.NamedNode("http://example.org/p"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
)  # fmt: skip
DATATYPES = (
    *map(XSD.__getitem__, ("integer", "decimal", "double", "boolean", "date", "float", "int")),
    XSD.string,
    RDF.JSON,
    RDF.XMLLiteral,
    RDF.HTML,
    ox.NamedNode("https://www.w3.org/ns/i18n#ar-eg_rtl"),
    ox.NamedNode("http://example.org/type"),
    ox.NamedNode("schema:type"),
)  # fmt: skip
LEXICAL = (
    "", "7", "007", "+7", "-0", "1.50", ".5", "5.", "-.0", "1e0", "1.E+3", ".5e-3", "INF", "NaN",
    "true", "1", "TRUE", "1999-02-30", "@id", "@type", "_:b0", "<http://example.org/>", 'a"b',
    '"', '""', '"""', 'a\n"', 'a\n""', 'a\n"""b', "a\n\\", "a\\\n", "\\n", "\\u0041", "'''\n'''",
    "\n", "\r", "\r\n", "\t", " ", "a _:b c", '" <http://example.org/g> .', '{"a": [1.0, 2e0]}',
    "<b>x</b>", "]]>", "&amp;", "#", "\x00", "\x01", "\x08\x0b\x0c\x1f\x7f\x80\x85",
    "\u2028\ufeff\ufffe\uffff", "\U0001f54a", "ميزان", "a\nb", "a\n\tb\x85c\u2028", "\u202eabc",
)  # fmt: skip


def node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


iris = st.sampled_from(TEMPTING).map(ox.NamedNode) | st.builds(
    lambda start, rest: node(start + rest),
    st.sampled_from(["http://example.org/", "https://schema.org/", "a:", "urn:x:", "ex://"]),
    st.text(st.characters(codec="utf-8"), max_size=6)
    | st.text(":/?#@!$&'()*+,;=-._~%aA0é", max_size=6),
).filter(bool)
blanks = st.sampled_from([ox.BlankNode(f"b{number}") for number in range(4)])
texts = st.sampled_from(LEXICAL) | st.text(max_size=5)
languages = st.sampled_from(["en", "EN", "en-US", "ar-Latn-x-a", "i-klingon", "zh-hant"])
literals = st.one_of(
    texts.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, languages),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=datatype),
        texts,
        st.sampled_from(DATATYPES),
    ),
)
predicates = st.sampled_from(PROPERTIES) | iris
graph_names = st.sampled_from(
    [
        ox.DefaultGraph(),
        ox.NamedNode("http://example.org/g"),
        ox.NamedNode("schema:g"),
        ox.BlankNode("b0"),
    ]
)
free_quads = st.builds(ox.Quad, iris | blanks, predicates, iris | blanks | literals, graph_names)
# Few blank nodes and the properties of lists only: here lists and cycles, whole and broken, abound.
list_quads = st.builds(
    ox.Quad,
    blanks,
    st.sampled_from([RDF.first, RDF.rest, RDF.type, ox.NamedNode("https://schema.org/items")]),
    blanks | st.just(RDF.nil) | st.just(ox.Literal("a")),
    st.sampled_from([ox.DefaultGraph(), ox.NamedNode("http://example.org/g")]),
)
datasets = st.deferred(
    lambda: st.lists(free_quads, max_size=8) | st.lists(list_quads | free_quads, max_size=10)
)


def read(document: bytes, rdf_format: RdfFormat) -> set[ox.Quad]:
    """What our own reading makes of a document, in pyoxigraph's canonical form."""
    if not document.strip():
        return set()
    source = Source("-", rdf_format, ox.DefaultGraph(), content=document)
    return canonical_by_pyoxigraph(Graph.from_sources([source]))


def canonical_by_pyoxigraph(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def iris_of(quads: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode):
                yield term.value
            elif isinstance(term, ox.Literal):
                yield term.datatype.value


def white_space_in_iris(quads: Iterable[ox.Quad]) -> bool:
    """Beyond U+0020 it is allowed there; PyLD drops such a triple, and rdflib stops reading."""
    return any(re.search(r"\s", iri) for iri in iris_of(quads))


def union(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


def read_by_pyld(document: bytes) -> set[ox.Quad]:
    nquads = jsonld.to_rdf(json.loads(document), {"format": "application/n-quads"})
    return canonical_by_pyoxigraph(ox.parse(nquads, ox.RdfFormat.N_QUADS))


def read_by_rdflib(document: bytes, rdf_format: RdfFormat) -> set[ox.Quad]:
    # rdflib rewrites literals unless it is told not to.
    with mock.patch.object(rdflib, "NORMALIZE_LITERALS", False), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return _read_by_rdflib(document, rdf_format)


def _read_by_rdflib(document: bytes, rdf_format: RdfFormat) -> set[ox.Quad]:
    target = rdflib.Dataset() if rdf_format.datasets else rdflib.Graph()
    target.parse(data=document, format=rdf_format.rdflib)
    return canonical_by_pyoxigraph(from_rdflib(target))


def expected(quads: list[ox.Quad], rdf_format: RdfFormat) -> set[ox.Quad]:
    return canonical_by_pyoxigraph(quads if rdf_format.datasets else union(quads))


@pytest.mark.parametrize("rdf_format", [each for each in FORMATS.values() if each is not RDFXML])
@given(quads=datasets)
def test_every_dataset_reads_back(rdf_format: RdfFormat, quads: list[ox.Quad]):
    document = serialize(Graph.from_quads(quads, PREFIXES_OF_TEST), rdf_format, header=["A line"])
    assert read(document, rdf_format) == expected(quads, rdf_format)


@given(quads=datasets)
def test_canonical_labels_are_those_of_pyoxigraph(quads: list[ox.Quad]):
    assert set(canonical(Graph.from_quads(quads))) == canonical_by_pyoxigraph(quads)


@pytest.mark.parametrize("context", [CONTEXT, LEARNED], ids=["any", "learned"])
@given(quads=datasets)
def test_json_ld_reads_back_with_a_context_of_many_kinds_of_terms(
    context: dict[str, Any], quads: list[ox.Quad]
):
    document = serialize(Graph.from_quads(quads, PREFIXES_OF_TEST), JSONLD, context=context)
    assert read(document, JSONLD) == expected(quads, JSONLD)


@given(quads=datasets, more=st.sampled_from([{}, {"@vocab": "https://schema.org/"}]))
def test_learned_compaction_is_that_of_pyld(quads: list[ox.Quad], more: dict[str, str]):
    graph = Graph.from_quads(quads, PREFIXES_OF_TEST)
    for root in (None, ox.NamedNode("https://schema.org/name")):
        learned = serialize(graph, JSONLD, context=LEARNED | more, root=root)
        with mock.patch.object(Compactor, "compact", side_effect=NotLearnedError):
            assert serialize(graph, JSONLD, context=LEARNED | more, root=root) == learned


@given(quads=datasets)
def test_a_tree_below_any_entity_reads_back(quads: list[ox.Quad]):
    graph = Graph.from_quads(quads, PREFIXES_OF_TEST)
    root = ox.NamedNode("https://schema.org/name")
    document = serialize(graph, JSONLD, context=LEARNED, root=root)
    assert read(document, JSONLD) == expected(quads, TURTLE)


@given(quads=datasets)
def test_pyld_reads_json_ld_as_pyoxigraph_does(quads: list[ox.Quad]):
    # PyLD rewrites every xsd:double, also one that is a string in JSON.
    assume(XSD.double.value not in iris_of(quads))
    assume(not white_space_in_iris(quads))
    document = serialize(Graph.from_quads(quads, PREFIXES_OF_TEST), JSONLD, context=CONTEXT)
    assert read_by_pyld(document) == expected(quads, JSONLD)


@pytest.mark.parametrize("rdf_format", [TURTLE, TRIG, NTRIPLES, NQUADS])
@given(quads=datasets)
def test_rdflib_reads_text_formats_as_pyoxigraph_does(rdf_format: RdfFormat, quads: list[ox.Quad]):
    assume(not white_space_in_iris(quads))
    document = serialize(Graph.from_quads(quads, PREFIXES_OF_TEST), rdf_format)
    assert read_by_rdflib(document, rdf_format) == expected(quads, rdf_format)


@given(quads=datasets)
def test_rdf_xml_reads_back_or_says_what_it_cannot_hold(quads: list[ox.Quad]):
    graph = Graph.from_quads(quads, PREFIXES_OF_TEST)
    message = ""
    document: bytes | None
    try:
        document = serialize(graph, RDFXML)
    except OutputError as error:
        document = None
        message = str(error)
    if document is not None:
        assert read(document, RDFXML) == expected(quads, RDFXML)
        return
    triples = canonical(graph).union
    assert any(str(q.subject) in message and str(q.predicate) in message for q in triples)


@given(quads=datasets)
def test_rdf_xml_holds_all_that_xml_can_say(quads: list[ox.Quad]):
    sayable = [quad for quad in quads if is_sayable_in_xml(quad)]
    document = serialize(Graph.from_quads(sayable, PREFIXES_OF_TEST), RDFXML)
    assert read(document, RDFXML) == expected(sayable, RDFXML)
    assert read_by_rdflib(document, RDFXML) == expected(sayable, RDFXML)


def is_sayable_in_xml(quad: ox.Quad) -> bool:
    text = quad.object.value if isinstance(quad.object, ox.Literal) else ""
    return (
        re.search(r"[A-Za-z_][\w.-]*\Z", quad.predicate.value, re.ASCII) is not None
        and quad.predicate != RDF["li"]
        and re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text) is None
    )


@pytest.mark.parametrize("rdf_format", [each for each in FORMATS.values() if each is not RDFXML])
@given(quads=datasets, order=st.randoms(use_true_random=False))
def test_the_same_dataset_gives_the_same_bytes(
    rdf_format: RdfFormat, quads: list[ox.Quad], order: random.Random
):
    labels = [ox.BlankNode(f"{number}.x") for number in range(4)]
    order.shuffle(labels)
    renamed = [_renamed(quad, labels) for quad in quads for _ in range(order.randint(1, 2))]
    order.shuffle(renamed)
    first = serialize(Graph.from_quads(quads, PREFIXES_OF_TEST), rdf_format, context=CONTEXT)
    second = serialize(Graph.from_quads(renamed, PREFIXES_OF_TEST), rdf_format, context=CONTEXT)
    assert first == second


def _renamed(quad: ox.Quad, labels: list[ox.BlankNode]) -> ox.Quad:
    return ox.Quad(
        *(
            labels[int(term.value[1:])] if isinstance(term, ox.BlankNode) else term
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        )  # type: ignore[arg-type]
    )

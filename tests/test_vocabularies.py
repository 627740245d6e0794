"""The lists of terms: as complete as their index says, and right in what matters here."""

from __future__ import annotations

import pytest
import rdflib

from mezan_graph.namespaces import EDTF, OA, PREFIXES, SCHEMA, SPDX
from mezan_graph.vocabularies import (
    VOCABULARIES,
    defined_terms,
    described_terms,
    namespace_of,
    superclasses,
    superseded_terms,
)


def test_every_standard_prefix_of_a_project_has_its_vocabulary():
    assert set(PREFIXES.values()) == set(VOCABULARIES)


@pytest.mark.parametrize("namespace", VOCABULARIES)
def test_the_index_says_what_a_list_holds_and_where_it_is_from(namespace):
    vocabulary = VOCABULARIES[namespace]
    terms = defined_terms(namespace)
    assert terms is not None
    assert len(terms) == vocabulary.size == len(described_terms(namespace))
    assert vocabulary.source
    assert vocabulary.licence
    assert vocabulary.extent in {"closed", "growing", "partial"}


@pytest.mark.parametrize(
    "name", ["ORG", "DCTERMS", "PROV", "SKOS", "TIME", "DCAT", "VOID", "FOAF", "RDFS", "OWL", "XSD"]
)
def test_no_term_is_missing_that_rdflib_knows(name):
    """rdflib was generated from the same vocabularies by others, at another time."""
    namespace = getattr(rdflib, name)
    theirs = {str(each).removeprefix(str(namespace)) for each in namespace.__annotations__}
    ours = defined_terms(str(namespace)) or frozenset()
    assert theirs - ours <= NOT_TERMS.get(name, set())


NOT_TERMS = {
    "XSD": {
        "Assertions", "bounded", "cardinality", "numeric", "ordered", "year", "month", "day",
        "hour", "minute", "second", "timezoneOffset",
    }
}  # fmt: skip
"""Fundamental facets and parts of values, which the specification talks of and nobody writes."""


def test_schema_org_lacks_only_what_it_has_renamed_since():
    theirs = set(rdflib.SDO.__annotations__)
    missing = theirs - (defined_terms(SCHEMA.iri) or frozenset())
    assert missing == {"constrainingProperty", "measuredValue", "observedNode"}


def test_web_annotation_is_whole():
    """The classes and properties of sections 2 to 4 of the vocabulary."""
    terms = defined_terms(OA.iri) or frozenset()
    assert {
        "Annotation", "SpecificResource", "FragmentSelector", "TextPositionSelector",
        "TextQuoteSelector", "RangeSelector", "TimeState", "HttpRequestState", "Motivation",
        "hasBody", "hasTarget", "hasSource", "hasSelector", "hasState", "refinedBy", "start",
        "end", "exact", "prefix", "suffix", "describing", "linking", "via", "canonical",
    } <= terms  # fmt: skip


def test_schema_org_has_its_classes_properties_and_members():
    terms = described_terms(SCHEMA.iri)
    assert terms["funder"].kind == "property"
    assert "Grant" in terms["funder"].above
    assert "Organization" in terms["funder"].ranges
    assert terms["EventCancelled"].above == ("EventStatusType",)
    assert terms["Text"].kind == "datatype"
    assert superclasses(SCHEMA.iri, "MonetaryGrant") == {
        "MonetaryGrant", "Grant", "Intangible", "Thing",
    }  # fmt: skip
    assert "Thing" in superclasses(SCHEMA.iri, "EmployeeRole")


def test_every_class_of_schema_org_is_a_thing():
    terms = described_terms(SCHEMA.iri)
    classes = {name for name, term in terms.items() if term.kind == "class"}
    assert {name for name in classes if "Thing" not in superclasses(SCHEMA.iri, name)} == set()


def test_superseded_terms_name_a_successor_that_is_defined():
    replaced = superseded_terms(SCHEMA.iri)
    assert replaced["awards"] == "award"
    assert set(replaced.values()) <= (defined_terms(SCHEMA.iri) or frozenset())


def test_hand_written_lists():
    assert "checksumAlgorithm_sha256" in (defined_terms(SPDX.iri) or ())
    assert set(defined_terms(EDTF.iri) or ()) == {
        "EDTF",
        "EDTF-level0",
        "EDTF-level1",
        "EDTF-level2",
    }


def test_nothing_is_known_of_other_namespaces():
    assert defined_terms("https://example.org/ns#") is None
    assert described_terms("https://example.org/ns#") == {}
    assert superseded_terms("https://example.org/ns#") == {}
    assert superclasses(SCHEMA.iri, "NoSuchClass") == frozenset()


@pytest.mark.parametrize(
    ("iri", "namespace"),
    [
        ("https://schema.org/name", "https://schema.org/"),
        ("https://example.org/a/b#c", "https://example.org/a/b#"),
        ("https://example.org/a#b/c", "https://example.org/a#"),
        ("urn:x:y", ""),
    ],
)
def test_the_namespace_ends_at_the_hash_or_the_last_slash(iri, namespace):
    assert namespace_of(iri) == namespace

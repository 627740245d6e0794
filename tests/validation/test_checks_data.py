"""References, slugs, labels, languages, normalization, relationships, stored queries."""

from __future__ import annotations

import unicodedata

import pytest

from mezan_graph.graph import build_graph
from mezan_graph.validation.checks import (
    check_labels,
    check_languages,
    check_normalization,
    check_references,
    check_relationships,
    check_slugs,
    check_stored_queries,
)

# MZ103


def test_a_literal_that_is_not_in_nfc_is_found_with_its_triple(survey_of):
    (finding,) = check_normalization(survey_of('id:x schema:name "Cafe\u0301"@en .'))
    assert (finding.code, finding.severity) == ("MZ103", "violation")
    assert finding.value is not None
    assert finding.value.value == "Cafe\u0301"
    assert finding.hint == "write it composed: Caf\u00e9"


def test_composed_and_arabic_text_is_fine(survey_of):
    text = unicodedata.normalize("NFC", "مركز الميزان Café")
    assert list(check_normalization(survey_of(f'id:x schema:name "{text}"@ar .'))) == []


# MZ105


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("id:b schema:funder id:ford-fundation .", "did you mean id:ford-foundation?"),
        ("id:b schema:funder id:nobody .", "describe it"),
        ("id:b a <https://example.org/def#Unknown> .", "describe it"),
        ("id:b <https://example.org/def#unknown> 1 .", "describe it"),
        ("id:b schema:about <https://example.org/things/two> .", "describe it"),
        ("<urn:b> schema:about concept:core .", "describe it"),
    ],
)
def test_a_reference_to_nothing_is_found(survey_of, base, text, hint):
    described = """
        id:ford-foundation a schema:Organization . id:b a schema:Thing .
        <https://example.org/things/one> a schema:Thing .
    """
    (finding,) = check_references(survey_of(described, text), base)
    assert (finding.code, finding.severity, finding.file) == ("MZ105", "violation", "data/1.ttl")
    assert hint in (finding.hint or "")


def test_references_that_lead_somewhere_are_fine(survey_of, base):
    text = """
        id:a schema:funder id:b ; rdfs:seeAlso <https://example.net/nothing> , _:x .
        id:b dct:isPartOf <https://example.org/graph/data> , <https://example.org/dataset/x> ;
            dct:conformsTo <https://example.org/shapes#ngo> .
        <https://example.org/def> a owl:Ontology ;
            owl:versionIRI <https://example.org/def/0.1.0> ;
            dct:hasPart <https://example.org/context.jsonld> .
    """
    survey = survey_of(text)
    (finding,) = check_references(survey, base)
    assert "shapes:ngo" in finding.message
    shape = frozenset(survey_of("shapes:ngo a sh:NodeShape .").subjects)
    assert list(check_references(survey, base, shape)) == []


def test_thousands_of_dangling_references_take_no_time(survey_of, base):
    text = "".join(f"id:x{n} schema:funder id:y{n} .\n" for n in range(3000))
    assert len(list(check_references(survey_of(text), base))) == 3000


# MZ106


@pytest.mark.parametrize(
    "slug", ["Al-Mezan", "al_mezan", "al--mezan", "al-mezan-", "a/b", "غزة", "x" * 101, "a#B"]
)
def test_a_slug_against_the_policy_is_a_warning(survey_of, base, slug):
    (finding,) = check_slugs(survey_of(f"<{base}id/{slug}> a schema:Thing ."), base)
    assert (finding.code, finding.severity) == ("MZ106", "warning")


@pytest.mark.parametrize(
    "iri",
    ["id/al-mezan", "id/person-p0001", "concept/funding-core", "id/" + "x" * 100, "id/a#b",
     "def#CamelCase", "dataset/Other"],
)  # fmt: skip
def test_slugs_and_other_names_are_fine(survey_of, base, iri):
    assert list(check_slugs(survey_of(f"<{base}{iri}> a schema:Thing ."), base)) == []


def test_a_slug_is_reported_where_it_is_described(survey_of, base):
    (finding,) = check_slugs(survey_of("id:a schema:about id:B .", "id:B a schema:Thing ."), base)
    assert finding.file == "data/1.ttl"
    assert "for example b" in (finding.hint or "")


# MZ107, MZ111


def test_a_concept_needs_a_label_in_every_language(survey_of, base):
    text = 'concept:core a skos:Concept ; skos:prefLabel "core"@en-GB .'
    (finding,) = check_labels(survey_of(text), base, ("en", "ar"))
    assert (finding.code, finding.severity) == ("MZ107", "warning")
    assert "no label in ar" in finding.message
    assert list(check_labels(survey_of(text), base, ("en",))) == []


def test_names_of_entities_are_what_their_source_says(survey_of, base):
    text = 'id:a a schema:NGO ; schema:name "A"@en . id:w a skos:Concept ; rdfs:label "و"@ar .'
    assert list(check_labels(survey_of(text), base, ("en", "ar"))) == []


def test_an_entity_without_the_label_that_its_class_has_is_information(survey_of, base):
    text = """
        id:a a schema:NGO ; schema:name "A"@en . id:b a schema:NGO ; schema:name "B"@en .
        id:c a schema:NGO . id:d a oa:TextPositionSelector .
    """
    (finding,) = check_labels(survey_of(text), base, ("en",))
    assert finding.severity == "info"
    assert "id:c has no label, which most of schema:NGO have" in finding.message


def test_a_language_that_is_none_of_the_projects_is_information(survey_of):
    text = 'id:a schema:name "A"@eng , "B"@eng , "C"@fr , "D"@en-US .'
    first, second = check_languages(survey_of(text), ("en", "ar"))
    assert (first.code, first.severity) == ("MZ111", "info")
    assert "2 times" in first.message
    assert first.hint == "did you mean @en?"
    assert "add it to project.languages" in (second.hint or "")
    assert list(check_languages(survey_of(text), ("en", "fr", "eng"))) == []


# MZ108

AMOUNT = "a schema:Grant ; schema:funder id:f ; schema:amount [ schema:value 5 ]"
GRANT = "a schema:Grant ; schema:funder id:f ; schema:fundedItem id:x ; mz:fundingKind concept:core"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (GRANT, f"{GRANT} ; schema:name 'Other'@en ; dct:source id:cite"),
        (
            "a org:Membership ; org:member id:m ; org:organization id:o ; org:role concept:r",
            "a org:Membership ; org:member id:m ; org:organization id:o ; org:role concept:r",
        ),
        (f"{GRANT} ; dct:temporal id:t1", f"{GRANT} ; dct:temporal id:t2"),
        (AMOUNT, AMOUNT),
        (GRANT.replace("schema:Grant", "mz:Aid"), GRANT.replace("schema:Grant", "mz:Aid")),
    ],
)  # fmt: skip
def test_a_relationship_that_repeats_another_is_a_warning(survey_of, first, second):
    (finding,) = check_relationships(survey_of(f"id:one {first} . id:two {second} . {TIMES}"))
    assert (finding.code, finding.severity) == ("MZ108", "warning")
    assert "id:two relates the same things as id:one" in finding.message


TIMES = """
    id:t1 a time:ProperInterval ; time:hasBeginning [ time:inXSDgYear "2002"^^xsd:gYear ] .
    id:t2 a time:ProperInterval ; time:hasBeginning [ time:inXSDgYear "2002"^^xsd:gYear ] .
    id:t3 a time:ProperInterval ; time:hasBeginning [ time:inXSDgYear "2003"^^xsd:gYear ] .
    mz:Aid rdfs:subClassOf schema:Grant .
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (GRANT, GRANT.replace("concept:core", "concept:project")),
        (GRANT, GRANT.replace("schema:Grant", "schema:MonetaryGrant")),
        (f"{GRANT} ; dct:temporal '2002'", f"{GRANT} ; dct:temporal '2003'"),
        (f"{GRANT} ; dct:temporal id:t1", f"{GRANT} ; dct:temporal id:t3"),
        ("a schema:Grant ; schema:funder id:f", "a schema:Grant ; schema:funder id:f"),
        ("a schema:NGO ; schema:funder id:f , id:g", "a schema:NGO ; schema:funder id:f , id:g"),
    ],
)
def test_relationships_that_differ_are_fine(survey_of, first, second):
    survey = survey_of(f"id:one {first} . id:two {second} . {TIMES}")
    assert list(check_relationships(survey)) == []


# MZ301

QUERY = """#+ summary: NGOs with this name
#+ description: Which are there? There must be none.
#+ tags: [check]
PREFIX schema: <https://schema.org/>
"""


def test_each_row_of_a_stored_check_is_a_finding(tmp_path, write_project):
    body = "SELECT ?value ?node WHERE { ?node a schema:NGO ; schema:name ?value }"
    project = write_project(tmp_path, queries={"named": QUERY + body})
    (finding,) = check_stored_queries(project, build_graph(project))
    assert (finding.code, finding.severity) == ("MZ301", "violation")
    assert str(finding.focus_node) == "<https://example.org/id/a>"
    assert str(finding.value) == '"A"@en'
    assert 'NGOs with this name: value = "A"@en, node = id:a' in finding.message


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("SELECT ?node WHERE { ?node a schema:Person }", 0),
        ("ASK { ?node a schema:Person }", 0),
        ("ASK { ?node a schema:NGO }", 1),
    ],
)
def test_a_check_that_finds_nothing_is_fine(tmp_path, write_project, body, count):
    project = write_project(tmp_path, queries={"people": QUERY + body})
    assert len(list(check_stored_queries(project, build_graph(project)))) == count

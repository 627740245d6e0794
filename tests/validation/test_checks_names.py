"""Namespaces, prefixes, terms and IRIs: every check seen to fail and to pass."""

from __future__ import annotations

import pytest

from mezan_graph.validation.checks import (
    check_iris,
    check_namespaces,
    check_prefixes,
    check_terms,
)

# MZ101


def test_a_prefix_for_http_schema_org_is_found_at_its_declaration(survey_of):
    text = '# names\n  @prefix s: <http://schema.org/> .\n<urn:a> a s:NGO ; s:name "A" .\n'
    (finding,) = check_namespaces(survey_of(text, bare=True))
    assert (finding.code, finding.severity) == ("MZ101", "violation")
    assert (finding.file, finding.line, finding.column) == ("data/0.ttl", 2, 3)
    assert finding.hint == "write @prefix s: <https://schema.org/> ."


def test_an_iri_in_http_schema_org_is_found_at_its_first_triple_in_each_file(survey_of):
    text = 'id:x <http://schema.org/name> "A" , "B" .'
    first, second = check_namespaces(survey_of(text, text))
    assert (first.file, second.file) == ("data/0.ttl", "data/1.ttl")
    assert first.path == "<http://schema.org/name>"
    assert "2 times" in first.message
    assert first.hint == "write <https://schema.org/name>"


def test_https_schema_org_and_text_about_http_are_fine(survey_of):
    text = 'id:x schema:name "see http://schema.org/" . # <http://schema.org/>'
    assert list(check_namespaces(survey_of(text))) == []


# MZ102


def test_a_prefix_with_two_meanings_is_found_at_the_second(source_of):
    sources = [
        source_of("@prefix x: <urn:one/> .\n<urn:a> <urn:b> x:c .\n", "one.ttl", bare=True),
        source_of("<urn:a> <urn:b> 1 .\nPREFIX x: <urn:two/>\n", "two.ttl", bare=True),
    ]
    (finding,) = check_prefixes(sources, {})
    assert (finding.code, finding.file, finding.line, finding.column) == (
        "MZ102", "two.ttl", 2, 1,
    )  # fmt: skip
    assert "<urn:one/> in one.ttl:1" in finding.message


def test_a_prefix_of_the_project_comes_before_the_files(source_of):
    source = source_of("@prefix org: <urn:other/> . <urn:a> a org:B .", bare=True)
    assert len(list(check_prefixes([source], {"org": "http://www.w3.org/ns/org#"}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "@prefix x: <urn:one/> .\n@prefix y: <urn:one/> .\n@prefix x: <urn:one/> .",
        "@prefix x: <urn:one/> .\n# @prefix x: <urn:two/> .\n<urn:a> a x:b .",
        '@prefix x: <urn:one/> .\n<urn:a> <urn:b> """\n@prefix x: <urn:two/> .\n""" .',
        "@base <http://h/> .\n@prefix x: <a#> .\n@prefix x: <http://h/a#> .",
    ],
)
def test_one_meaning_comments_and_strings_are_fine(source_of, text):
    assert list(check_prefixes([source_of(text, bare=True)], {})) == []


# MZ104, MZ110


@pytest.mark.parametrize(
    ("text", "named", "hint"),
    [
        ("id:x schema:fundr id:y .", "schema:fundr", "did you mean schema:funder?"),
        ("id:x a schema:Organisation .", "schema:Organisation", "mean schema:Organization?"),
        ("id:x schema:Funder id:y .", "schema:Funder", "did you mean schema:funder?"),
        ("id:x schema:prefLabel 'x' .", "schema:prefLabel", "did you mean skos:prefLabel?"),
        ("id:x dct:title 'x'^^xsd:sting .", "xsd:sting", "did you mean xsd:string?"),
        ("id:x schema:eventStatus schema:EventCanceled .", "EventCanceled", "EventCancelled?"),
        ("id:x spdx:checksm id:y .", "spdx:checksm", "did you mean spdx:checksum?"),
    ],
)
def test_a_misspelt_term_is_found_with_the_one_that_was_meant(survey_of, text, named, hint):
    (finding,) = check_terms(survey_of(text))
    assert (finding.code, finding.severity) == ("MZ104", "violation")
    assert named in finding.message
    assert hint in (finding.hint or "")
    assert finding.path is not None


def test_a_term_is_found_once_in_each_file_with_its_number(survey_of):
    first, second = check_terms(survey_of("id:x org:mmber id:y , id:z .", "id:x org:mmber id:y ."))
    assert "(2 times in this file)" in first.message
    assert (second.file, "times" in second.message) == ("data/1.ttl", False)


def test_a_closed_vocabulary_is_known_whole(survey_of):
    (finding,) = check_terms(survey_of("id:x skos:quux id:y ."))
    assert finding.severity == "violation"


def test_schema_org_may_define_more_than_we_know(survey_of):
    (finding,) = check_terms(survey_of("id:x schema:zzzzUnheardOf id:y ."))
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "id:x schema:claimInterpreter id:y ; a schema:Claim .",  # pending in schema.org
        "id:x <urn:quux> id:y ; <https://example.net/ns#quux> 1 .",
        "id:x rdf:_1 id:y ; rdf:_27 id:z .",
        "id:x rdfs:seeAlso <https://schema.org/> , <https://schema.org/docs/faq.html> .",
        "id:x spdx:relationshipType spdx:relationshipType_describes .",  # beyond our part of it
        "id:x dct:temporal '2002/2003'^^edtf:EDTF .",
    ],
)
def test_defined_unknown_and_structural_names_are_fine(survey_of, text):
    assert list(check_terms(survey_of(text))) == []


ONTOLOGY = """
    mz:Status a owl:Class . mz:fundingKind a owl:ObjectProperty .
    mz:note a rdf:Property .
"""


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("id:x mz:fundingKnd id:y .", "did you mean mz:fundingKind?"),
        ("id:x a mz:Statuss .", "did you mean mz:Status?"),
        ("id:x mz:unheardOf '1'^^mz:Status .", "define it"),
    ],
)
def test_a_vocabulary_of_the_data_itself_is_held_to_what_it_declares(survey_of, text, hint):
    (finding,) = check_terms(survey_of(ONTOLOGY, text))
    assert (finding.code, finding.file) == ("MZ104", "data/1.ttl")
    assert hint in (finding.hint or "")


def test_declared_terms_and_undeclared_vocabularies_are_fine(survey_of):
    assert list(check_terms(survey_of(ONTOLOGY, "id:x mz:note 1 ; a mz:Status ."))) == []
    assert list(check_terms(survey_of("id:x mz:anything 1 ."))) == []


def test_a_superseded_term_is_information(survey_of):
    (finding,) = check_terms(survey_of('id:x schema:awards "Prize" .'))
    assert (finding.code, finding.severity) == ("MZ110", "info")
    assert finding.hint == "use schema:award"


# MZ109


@pytest.mark.parametrize(
    ("iri", "message"),
    [
        ("id:al-mezan", "has the prefix id: as its scheme"),
        ("HTTPS://example.net/a", "capital letters in its scheme"),
        ("https://Example.net/a", "capital letters in its host"),
        ("http:/example.net/a", "names no host"),
        ("https://http://example.net/a", "scheme twice"),
        ("https://https:/example.net/a", "scheme twice"),
        ("http://example.org/id/x", "is the base of this project under http:"),
        ("https://example.net/a\u200fb", "RIGHT-TO-LEFT MARK"),
    ],
)
def test_a_suspicious_iri_is_a_warning(survey_of, base, iri, message):
    (finding,) = check_iris(survey_of(f"id:x rdfs:seeAlso <{iri}> ."), base)
    assert (finding.code, finding.severity) == ("MZ109", "warning")
    assert message in finding.message
    assert finding.message.isprintable()


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.net",
        "http://example.net/Annual%20Report.pdf",
        "https://web.archive.org/web/2019/https://example.net/",
        "mailto:someone@example.net",
        "urn:isbn:0451450523",
        "https://ar.wikipedia.org/wiki/\u063a\u0632\u0629",
        "https://example.net/#a",
    ],
)
def test_ordinary_iris_are_fine(survey_of, base, iri):
    assert list(check_iris(survey_of(f"id:x rdfs:seeAlso <{iri}> ."), base)) == []

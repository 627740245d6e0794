"""Hints: what the person who wrote a value that breaks a shape probably meant."""

from __future__ import annotations

import pytest

from mezan_graph.graph import build_graph, shapes_graph
from mezan_graph.validation.hints import Hints
from mezan_graph.validation.validator import shacl, validate

ENTITIES = """
    id:ford-foundation a schema:Organization ; schema:name "Ford Foundation"@en .
    id:gaza a schema:Place . id:bare schema:url <https://example.net/> .
"""


def hints(project) -> list[str | None]:
    graph, shapes = build_graph(project), shapes_graph(project)
    made = Hints(graph, shapes, project)
    return [made.hint(each) for each in shacl(graph, shapes).results]


CASES = [
    # A value without a language tag, by its script
    ("sh:languageIn ('en' 'ar')", 'id:v "Name"', '"Name"@en'),
    ("sh:languageIn ('en' 'ar')", 'id:v "ميزان"', '"ميزان"@ar'),
    ("sh:languageIn ('en' 'ar')", 'id:v "Name"@eng', 'write "Name"@en'),
    ("sh:languageIn ('en' 'ar')", 'id:v "Nom"@fr', "allowed are en, ar"),
    ("sh:datatype rdf:langString", 'id:v "Name"', 'add its language: "Name"@en'),
    # The wrong datatype, with the likely literal
    ("sh:datatype xsd:gYear", 'id:v "2002"', 'write "2002"^^xsd:gYear'),
    ("sh:datatype xsd:gYear", "id:v 2002", 'write "2002"^^xsd:gYear'),
    ("sh:datatype xsd:integer", 'id:v "12"', "write 12"),
    ("sh:datatype xsd:date", 'id:v "3 May 2002"', 'like "2002-01-31"^^xsd:date'),
    ("sh:datatype xsd:string", 'id:v "x"@en', 'plainly: "x"'),
    ("sh:datatype xsd:boolean", "id:v id:gaza", "write a literal: true"),
    # An IRI as text, and text as an IRI
    ("sh:nodeKind sh:IRI", 'id:v "https://example.net/a"', "<https://example.net/a>"),
    ("sh:nodeKind sh:IRI", 'id:v "id:gaza"', "without quotes: id:gaza"),
    ("sh:nodeKind sh:IRI", 'id:v "Ford Foundation"', "refer to id:ford-foundation"),
    ("sh:nodeKind sh:IRI", "id:v [ a schema:Thing ]", "in place of [ ]"),
    ("sh:nodeKind sh:IRI", 'id:v "Nobody"', None),
    ("sh:nodeKind sh:Literal", "id:v <https://example.net/>", '"https://example.net/"'),
    # A near miss of an instance or a member
    ("sh:class schema:Organization", "id:v id:ford-fundation", "did you mean id:ford-foundation?"),
    ("sh:class schema:Organization", "id:v id:nobody", "nothing describes id:nobody"),
    ("sh:class schema:Organization", "id:v id:gaza", "has the type schema:Place"),
    ("sh:class schema:Organization", "id:v id:bare", "has no type"),
    ("sh:class schema:Organization", 'id:v "Ford Foundation"', "refer to id:ford-foundation"),
    ("sh:class schema:Organization", "id:v [ ]", "give it the type schema:Organization"),
    ("sh:class schema:Organization", "id:v <http://schema.org/Thing>", "write https://schema.org/"),
    ("sh:in ( concept:core concept:project )", "id:v concept:cor", "did you mean concept:core?"),
    ("sh:in ( concept:core concept:project )", 'id:v "core"', "did you mean concept:core?"),
    ("sh:in ( 'a' 'b' )", 'id:v "z"', 'allowed are "a", "b"'),
    ("sh:in ( 1 2 3 4 5 6 7 8 9 )", "id:v 100", "allowed are 9 values, such as 1"),
    ("sh:hasValue concept:core", "id:v concept:other", "add concept:core"),
    ("sh:pattern '^[A-Z]+$'", 'id:v "ABC "', 'remove the space around it: "ABC"'),
    ("sh:pattern '^[A-Z]+$'", 'id:v "abc"', None),
    ("sh:maxLength 2", 'id:v "abc"', None),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "data", "expected"), CASES)
def test_hint_for_a_value(tmp_path, write_project, constraint, data, expected):
    project = write_project(
        tmp_path,
        f"{ENTITIES} id:x a schema:Grant ; {data} .",
        shapes=f"""shapes:s a sh:NodeShape ; sh:targetClass schema:Grant ;
            sh:property [ sh:path id:v ; {constraint} ] .""",
        settings='languages = ["en", "ar"]',
    )
    (hint,) = hints(project)
    assert hint == expected if expected is None else expected in (hint or "")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("schema:fundr id:f", "it has schema:fundr; did you mean schema:funder?"),
        ("<http://schema.org/funder> id:f", "it has <http://schema.org/funder>; did you mean"),
        ("schema:about id:f", None),
    ],
)
def test_hint_for_a_missing_property(tmp_path, write_project, data, expected):
    project = write_project(
        tmp_path,
        f"id:x a schema:Grant ; {data} .",
        shapes="""shapes:s a sh:NodeShape ; sh:targetClass schema:Grant ;
            sh:property [ sh:path schema:funder ; sh:minCount 1 ] .""",
    )
    (hint,) = hints(project)
    assert hint == expected if expected is None else expected in (hint or "")


def test_hint_for_a_property_that_a_closed_shape_does_not_allow(tmp_path, write_project):
    project = write_project(
        tmp_path,
        "id:x a schema:Person ; schema:nmae 'A' ; schema:birthDate '2000' .",
        shapes="""shapes:s a sh:NodeShape ; sh:targetClass schema:Person ; sh:closed true ;
            sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path schema:name ] .""",
    )
    assert sorted(hints(project), key=str) == [None, "did you mean schema:name?"]


def test_a_hint_shows_no_control_characters_and_stays_short(tmp_path, write_project):
    project = write_project(
        tmp_path,
        f'id:x a schema:Grant ; id:v "\\u001b[31m{"x" * 500}" .',
        shapes="""shapes:s a sh:NodeShape ; sh:targetClass schema:Grant ;
            sh:property [ sh:path id:v ; sh:datatype rdf:langString ] .""",
    )
    (hint,) = hints(project)
    assert hint is not None
    assert hint.isprintable()
    assert len(hint) < 120


def test_a_finding_carries_its_hint(tmp_path, write_project):
    project = write_project(
        tmp_path,
        "id:x a schema:Grant ; id:v 2002 .",
        shapes="""shapes:s a sh:NodeShape ; sh:targetClass schema:Grant ;
            sh:property [ sh:path id:v ; sh:datatype xsd:gYear ] .""",
    )
    report = validate(project)
    assert 'write "2002"^^xsd:gYear' in [each.hint for each in report.findings]

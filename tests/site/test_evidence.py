"""How we know: how the source puts it, its words, its place, and when."""

from __future__ import annotations

import pytest

from mezan_graph.site.evidence import evidence, passage, period, undated

FOLDER = "en/doc"


def test_modality_wording_and_places_are_shown(view_of, entity):
    view = view_of(
        """
        id:g mz:modality id:listed ; mz:sourceWording "core donor"@en ; dct:source id:c .
        id:listed schema:name "listed"@en .
        id:c oa:hasSelector [ rdf:value "line=29,30" ] .
        """
    )
    known = evidence(view, entity("g"), FOLDER)
    assert known
    assert known.modality is not None
    assert known.modality.striptags() == "listed"
    assert [each.striptags() for each in known.wording] == ["core donor"]
    assert [str(each) for each in known.places] == ['<a href="c.html" class="place">line 30</a>']


def test_where_nothing_is_recorded_nothing_is_said(view_of, entity):
    assert not evidence(view_of('id:g schema:name "g" .'), entity("g"), FOLDER)


@pytest.mark.parametrize(
    ("selectors", "words"),
    [
        ('[ rdf:value "line=0,1" ]', "line 1"),
        ('[ rdf:value "line=0,3" ]', "lines 1 to 3"),
        ('[ rdf:value "line=5,4" ]', "line 6"),
        ('[ rdf:value "xpath=/p" ]', "xpath=/p"),
        ("[ oa:start 4 ; oa:end 9 ]", "characters 4 to 9"),
        ('[ oa:start 4 ; oa:end 9 ] , [ rdf:value "line=0,1" ]', "line 1, characters 4 to 9"),
        ('"none"', ""),
    ],
)
def test_a_passage_is_told_in_lines_that_count_from_one(view_of, entity, selectors, words):
    assert passage(view_of(f"id:c oa:hasSelector {selectors} ."), entity("c")) == words


def test_a_source_that_is_no_citation_is_shown_by_its_name(view_of, entity):
    view = view_of('id:g dct:source id:s . id:s schema:name "The source"@en .')
    (place,) = evidence(view, entity("g"), FOLDER).places
    assert place.striptags() == "The source"


def test_a_date_is_shown_and_none_is_made_up(view_of, entity):
    dated = view_of('id:g dct:temporal "2002/2003" .')
    assert period(dated, entity("g"), FOLDER) == "<bdi>2002/2003</bdi>"
    assert not undated(dated, entity("g"))
    silent = view_of('id:g schema:name "g" .')
    assert period(silent, entity("g"), FOLDER) is None
    assert not undated(silent, entity("g"))
    said = view_of("id:g mz:notStated dct:temporal .")
    assert period(said, entity("g"), FOLDER) is None
    assert undated(said, entity("g"))

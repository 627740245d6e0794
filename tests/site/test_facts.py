"""Properties with their values: in the reader's language, in order, bounded, with how we know."""

from __future__ import annotations

from mezan_graph.site.allowance import Allowance
from mezan_graph.site.facts import facts

FOLDER = "en/doc"


def shown(view, node, **options):
    """Property and values of each fact as plain text."""
    found = facts(view, node, FOLDER, options.pop("allowance", Allowance()), **options)
    return {
        fact.name.striptags(): [None if v.content is None else v.content.striptags()
                                for v in fact.values]
        for fact in found
    }  # fmt: skip


def test_names_types_and_what_stands_elsewhere_are_no_facts(view_of, entity):
    view = view_of(
        'id:a a schema:Organization ; schema:name "A" ; mz:modality id:m ; dct:source id:s ;'
        ' schema:email "a@b" .'
    )
    assert shown(view, entity("a")) == {"email": ["a@b"]}
    assert shown(view, entity("a"), without=view.knowledge.properties(entity("a"))) == {}


def test_of_a_text_in_several_languages_the_best_one_is_shown(view_of, entity):
    turtle = 'id:a schema:slogan "one"@en , "واحد"@ar , "un"@fr , "1" .'
    assert shown(view_of(turtle), entity("a")) == {"slogan": ["one", "1"]}
    assert shown(view_of(turtle, "ar"), entity("a")) == {"slogan": ["واحد", "1"]}


def test_a_list_is_one_value_and_a_nameless_node_shows_its_properties(view_of, entity):
    view = view_of('id:a schema:about ( "x" "y" ) ; schema:address [ schema:postalCode "P" ] .')
    assert shown(view, entity("a")) == {"about": ["x, y"], "address": [None]}
    _, address = facts(view, entity("a"), FOLDER, Allowance())
    (inner,) = address.values[0].inner
    assert [each.content and each.content.striptags() for each in inner.values] == ["P"]


def test_a_list_that_bites_its_tail_ends(view_of, entity):
    view = view_of('id:a schema:about _:l . _:l rdf:first "x" ; rdf:rest _:l .')
    assert shown(view, entity("a")) == {"about": ["x"]}


def test_values_beyond_the_allowance_are_counted(view_of, entity):
    values = " , ".join(f'"{number:03}"' for number in range(100))
    (fact,) = facts(view_of(f"id:a schema:keywords {values} ."), entity("a"), FOLDER, Allowance(10))
    assert len(fact.values) == 10
    assert fact.more == 90


def test_a_statement_says_how_we_know_it(view_of, entity):
    view = view_of(
        'id:a schema:email "a@b" . id:s a rdf:Statement ; rdf:subject id:a ;'
        ' rdf:predicate schema:email ; rdf:object "a@b" ; mz:sourceWording "at"@en .'
    )
    (fact,) = facts(view, entity("a"), FOLDER, Allowance())
    (known,) = fact.values[0].evidence
    assert [each.striptags() for each in known.wording] == ["at"]
    assert 'href="s.html"' in str(known.record)

"""Relationships as tables: each of its kind, in the source's order, undated where it is."""

from __future__ import annotations

import pytest

from mezan_graph.site.allowance import Allowance
from mezan_graph.site.relationships import in_order, relation_of, relations, table

FOLDER = "en/doc"
GRANTS = """
id:g1 a schema:Grant ; schema:funder id:f ; schema:fundedItem id:o ; mz:fundingKind id:project .
id:g2 a schema:Grant ; schema:funder id:f ; schema:fundedItem id:o ; mz:fundingKind id:core ;
  dct:temporal "2002/2003" .
id:f schema:name "Funder"@en . id:core schema:name "core"@en . id:project schema:name "project"@en .
"""


@pytest.mark.parametrize(
    ("turtle", "kind"),
    [
        ("id:x a schema:Grant .", "funding"),
        ("id:x a schema:MonetaryGrant .", "funding"),
        ("id:x a org:Membership .", "affiliations"),
        ("id:x a org:Membership ; mz:post id:p .", "offices"),
        ("id:x a mz:Status .", "statuses"),
        ("id:x a schema:Person .", None),
        ("id:x schema:about id:y .", None),
    ],
)
def test_a_node_is_one_kind_of_relationship_or_none(view_of, entity, turtle, kind):
    found = relation_of(view_of(turtle).knowledge, entity("x"))
    assert (found and found.id) == kind


def test_relationships_come_as_the_source_lists_them_and_then_by_name(view_of, entity):
    view = view_of(
        'id:a schema:name "z" ; schema:position 10 . id:b schema:name "y" ; schema:position 9 .'
        'id:c schema:name "x" . id:d schema:name "w" ; schema:position "first" .'
    )
    order = in_order(view, [entity(slug) for slug in "abcd"])
    assert order == [entity(slug) for slug in "badc"]


def test_a_table_is_sorted_by_kind_and_says_what_is_dated(view_of, entity):
    view = view_of(GRANTS)
    funding = relations(view.knowledge.mz.iri)[0]
    made = table(view, funding, [entity("g1"), entity("g2")], FOLDER, Allowance())
    cells = [[value.striptags() for cell in row.cells for value in cell] for row in made.rows]
    assert [cell[0] for cell in cells] == ["Funder", "Funder"]
    assert [cell[-1] for cell in cells] == ["core", "project"]
    assert [row.when and row.when.striptags() for row in made.rows] == ["2002/2003", None]
    assert ['href="g2.html"' in row.record for row in made.rows] == [True, False]


def test_rows_that_do_not_fit_are_counted(view_of, entity):
    view = view_of(GRANTS)
    funding = relations(view.knowledge.mz.iri)[0]
    made = table(view, funding, [entity("g1"), entity("g2")], FOLDER, Allowance(1))
    assert (len(made.rows), made.count, made.more) == (1, 2, 1)


def test_what_a_relationship_lacks_is_an_empty_cell(view_of, entity):
    view = view_of("id:g a schema:Grant .")
    funding = relations(view.knowledge.mz.iri)[0]
    (row,) = table(view, funding, [entity("g")], FOLDER, Allowance()).rows
    assert row.cells == ((), (), ())

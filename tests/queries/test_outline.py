"""What is told about a query from its tokens: form, prefixes, groups, clauses."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="union-attr"
from __future__ import annotations

import pytest

from mezan_graph.errors import QueryError
from mezan_graph.queries.outline import outline


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_the_form_comes_after_the_prologue(form):
    text = f"BASE <http://e/> PREFIX ex: <http://e/#> {form.lower()} * {{ }}"
    query = outline(text)
    assert (query.form, query.prefixes) == (form, {"ex": "http://e/#"})


def kinds(text):
    return [group.kind for group in outline(text).groups.values()]


def test_kinds_of_groups():
    assert kinds("SELECT * { ?s ?p ?o { ?a ?b ?c } }") == ["pattern", "pattern"]
    assert kinds("SELECT * { { SELECT ?s { ?s ?p ?o } } }") == ["pattern", "subselect", "pattern"]
    assert kinds("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == ["template", "pattern"]
    assert kinds("CONSTRUCT WHERE { ?s ?p ?o }") == ["pattern"]
    assert kinds("SELECT * { VALUES ?x { 1 } VALUES (?x ?y) { (1 2) } }") == [
        "pattern", "data", "data"
    ]  # fmt: skip
    assert kinds("ASK { FILTER(?x) { } }") == ["pattern", "pattern"]
    assert kinds("ASK { GRAPH ?g { } }") == ["pattern", "pattern"]


def test_variables_belong_to_the_innermost_group():
    query = outline("SELECT ?a { ?b ?p 1 OPTIONAL { ?c ?p 2 } }")
    assert [sorted(group.variables) for group in query.groups.values()] == [["b", "p"], ["c", "p"]]
    assert query.variables == {"a", "b", "c", "p"}


def test_only_the_outermost_modifiers_count():
    inner = "SELECT * { { SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 5 } }"
    assert not outline(inner).ordered
    assert outline(inner).modifier("LIMIT") is None
    outer = f"{inner} ORDER BY ?o LIMIT 7"
    assert outline(outer).ordered
    assert outline(outer).modifier("LIMIT").text == "7"


def test_select_all():
    assert outline("SELECT DISTINCT * { }").selects_all
    assert not outline("SELECT ?s (COUNT(*) AS ?n) { }").selects_all


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("# nothing", "is empty"),
        ("PREFIX ex: <http://e/>", "no SELECT"),
        ("{ ?s ?p ?o }", "cannot stand here"),
        ("SELECT * { ?s ?p ?o", "{ is not closed"),
        ("SELECT * { ( }", "} closes nothing"),
        ("SELECT * { } )", ") closes nothing"),
    ],
)
def test_what_is_no_query(text, part):
    with pytest.raises(QueryError) as caught:
        outline(text, "q.rq")
    assert part in caught.value.message
    assert (caught.value.place, caught.value.line) == ("q.rq", 1)

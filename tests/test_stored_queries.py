"""The stored queries of the Al Mezan graph: answers, checks, parameters, a second engine."""

from __future__ import annotations

import warnings
from collections import Counter
from functools import cache

import pyoxigraph as ox
import pytest

from mezan_graph.graph import Graph, build_graph
from mezan_graph.interoperability import oxigraph_term
from mezan_graph.project import Project
from mezan_graph.queries import derive, list_queries, load_query, run_stored, test_queries
from mezan_graph.queries.binding import bind
from mezan_graph.queries.guard import check
from mezan_graph.queries.parameters import bound_values
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.wording import wording
from mezan_graph.validation import validate

from .conftest import CHECKOUT

STORED = list_queries(Project.open(CHECKOUT))
NAMES = [query.name for query in STORED]
CHECKS = [query.name for query in STORED if query.category == "checks"]
QUALITY = [query.name for query in STORED if query.category == "quality"]
SELECTS = [query.name for query in STORED if query.form == "SELECT"]
WITHOUT_ANSWER = [
    query.name
    for query in STORED
    if query.category != "quality"
    and query.expected.is_file()
    and (query.expected.read_text() == "false\n" or query.expected.read_text().count("\n") == 1)
    and query.expected.read_text() != "true\n"
]

# What makes each check and each query on quality find something. The faulty thing is called
# a-mutant, which sorts first.
FAULTS = {
    "authored-shortcut": "id:a-mutant schema:funder id:ford-foundation .",
    "citation-without-place": "id:a-mutant a oa:SpecificResource ; oa:hasSource id:source-file .",
    "claim-without-evidence": "id:a-mutant a schema:Claim ; mz:modality concept:modality-alleged .",
    "funding-without-evidence": """id:a-mutant a schema:Grant ;
        mz:modality concept:modality-listed ; dct:source id:pngo .""",
    "membership-without-evidence": "id:a-mutant a org:Membership ; dct:source id:cite-title .",
    "modality-against-claimant": """id:a-mutant a schema:Claim ;
        mz:modality concept:modality-reported ; prov:wasAttributedTo id:al-mezan .""",
    "note-without-evidence": """id:a-mutant a mz:Contradiction ; dct:source id:cite-title ;
        oa:hasTarget id:pngo .""",
    "relation-to-itself": """id:a-mutant a org:Membership ; org:member id:pngo ;
        org:organization id:pngo .""",
    "see-also-as-relation": """id:article rdfs:seeAlso id:a-mutant .
        id:funding-ford-foundation schema:funder id:a-mutant .""",
    "statement-not-in-graph": """id:a-mutant a rdf:Statement ; rdf:subject id:pngo ;
        rdf:predicate schema:name ; rdf:object "PNGO"@ar .""",
    "statement-without-evidence": "id:a-mutant a mz:Activity .",
    "unrelated-organization": "id:a-mutant a org:Organization .",
    "unused-citation": "id:a-mutant a oa:SpecificResource .",
}

# Rules that no check states, since shapes and built-in checks hold them: a fault, and what is said.
HELD = {
    "citation-without-place": (FAULTS["citation-without-place"], "oa:FragmentSelector"),
    "claim-without-evidence": (FAULTS["claim-without-evidence"], "Say where in the source"),
    "funding-without-evidence": (FAULTS["funding-without-evidence"], "Say where in the source"),
    "membership-without-evidence": (FAULTS["membership-without-evidence"], "Say how the source"),
    "modality-against-claimant": (FAULTS["modality-against-claimant"], "names no claimant"),
    "note-without-evidence": (FAULTS["note-without-evidence"], "at least two sides"),
    "relation-to-itself": (FAULTS["relation-to-itself"], "exactly one org:member"),
    "statement-not-in-graph": (FAULTS["statement-not-in-graph"], "is not in the data"),
    "statement-without-evidence": (FAULTS["statement-without-evidence"], "Say where in the source"),
    "dangling reference": ("id:a-mutant dct:relation id:nowhere .", "nothing describes id:nowhere"),
    "undefined term": ("id:a-mutant mz:a-mutant true .", "defines no mz:a-mutant"),
    "undefined term as a value": (
        "id:a-mutant mz:notStated mz:nothing .",
        "nothing describes mz:nothing",
    ),
    "label missing": (
        'concept:a-mutant a skos:Concept ; skos:prefLabel "one"@en .',
        "needs an Arabic label",
    ),
    "funding twice": (
        """id:a-mutant a schema:Grant ; schema:funder id:ford-foundation ;
        schema:fundedItem id:al-mezan ; mz:fundingKind concept:funding-project .""",
        "Another funding has the same",
    ),
    "membership twice": (
        """id:a-mutant a org:Membership ; org:member id:al-mezan ;
        org:organization id:pngo ; org:role concept:role-member .""",
        "Another membership has the same",
    ),
}

# What would give an answer where the source gives none.
ADDITIONS = {
    "co-members": """id:m a org:Membership ; org:member id:ford-foundation ;
        org:organization id:pngo .""",
    "funder-and-affiliation": """id:m a org:Membership ; org:member id:al-mezan ;
        org:organization id:ford-foundation .""",
    "funding-with-amount": "id:funding-ford-foundation schema:amount 5 .",
    "is-related": """id:m a org:Membership ; org:member id:al-mezan ;
        org:organization id:see-also-al-haq .""",
    "memberships-with-period": "id:affiliation-pngo org:memberDuring id:interval-2002-2003 .",
    "networks-in-common": """id:m a org:Membership ; org:member id:ford-foundation ;
        org:organization id:pngo .""",
    "posts-without-holder": "id:post-treasurer a org:Post ; org:postIn id:al-mezan .",
}


@pytest.fixture(scope="module")
def graph(project):
    return build_graph(project)


@pytest.fixture(scope="module")
def derived(project, graph):
    return derive(project, graph)


@pytest.fixture(scope="module")
def dataset(graph):
    """The graph in rdflib, the union of its graphs as the default graph."""
    dataset = graph.to_rdflib()
    dataset.default_union = True
    return dataset


def with_triples(project, graph, turtle):
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in project.prefixes.items())
    quads = list(ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE))
    return graph.extended(quads, ox.NamedNode(project.graph_iri("data")))


def answer(project, graph, name, **parameters):
    return run_stored(graph, load_query(project, name), parameters, project)


# The collection


@pytest.mark.parametrize("stored", STORED, ids=NAMES)
def test_every_query_is_translated_into_every_language(stored):
    assert list(stored.texts) == list(Project.open(CHECKOUT).languages)
    own, *others = stored.texts.values()
    for other in others:
        assert other.parameters.keys() == own.parameters.keys()
        for text in (other.summary, other.description, *other.parameters.values()):
            assert text not in {own.summary, own.description, *own.parameters.values()}


def test_the_arabic_is_arabic():
    for stored in STORED:
        arabic = stored.texts["ar"]
        for text in (arabic.summary, arabic.description, *arabic.parameters.values()):
            letters = [each for each in text if each.isalpha()]
            assert sum("\u0600" <= each <= "\u06ff" for each in letters) > len(letters) / 3, text
        assert "؟" in arabic.description or stored.category == "derive", stored.name


def test_there_are_many_and_most_are_on_funding_or_affiliation():
    relevant = [query for query in STORED if {"funding", "affiliation"} & set(query.tags)]
    assert len(STORED) >= 36
    assert len(relevant) > len(STORED) / 2


@pytest.mark.parametrize("stored", STORED, ids=NAMES)
def test_it_says_what_it_asks_and_runs_anywhere_as_it_stands(stored):
    assert stored.description.count("?")
    assert stored.tags
    assert all(parameter.description for parameter in stored.parameters)
    ox.Store().query(stored.text)  # raises where a prefix is not declared


@pytest.mark.parametrize("name", SELECTS)
def test_every_select_orders_its_rows(project, name):
    assert load_query(project, name).ordered


# Answers


@pytest.mark.parametrize("name", NAMES)
def test_its_answer_is_the_expected_one(project, graph, name):
    [result] = test_queries(project, graph, [name])
    assert result.passed, result.difference


@pytest.mark.parametrize("name", NAMES)
def test_derived_shortcuts_do_not_change_its_answer(project, derived, name):
    [result] = test_queries(project, derived, [name])
    assert result.passed, result.difference


def test_every_empty_answer_has_an_addition_that_fills_it():
    assert sorted(ADDITIONS) == sorted(WITHOUT_ANSWER)


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_empty_answer_is_empty_because_of_the_data(project, graph, name):
    assert not answer(project, graph, name)
    assert answer(project, with_triples(project, graph, ADDITIONS[name]), name)


# Checks


def test_every_check_has_a_fault_that_it_finds():
    assert sorted(FAULTS) == sorted(CHECKS + QUALITY)
    assert set(HELD) >= set(QUALITY)


@pytest.mark.parametrize("name", FAULTS)
def test_a_check_finds_the_fault_and_nothing_else(project, graph, name):
    faulty = with_triples(project, graph, FAULTS[name])
    found = {row["subject"].value for row in answer(project, faulty, name)}
    assert found
    assert all(iri.endswith("a-mutant") for iri in found), found


@pytest.mark.parametrize(("fault", "words"), HELD.values(), ids=HELD)
def test_what_no_check_states_is_found_once(project, graph, fault, words):
    report = validate(project, with_triples(project, graph, fault))
    found = [
        each
        for each in report.findings
        if words in each.message and "a-mutant" in str(each.focus_node)
    ]
    assert len(found) == 1
    assert found[0].code != "MZ301"


# Parameters


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (query.name, parameter.name)
        for query in STORED
        for parameter in query.parameters
        if parameter.type in {"iri", "concept"} and not parameter.enum
    ],
)
def test_it_knows_nothing_about_what_is_not_there(project, graph, name, parameter):
    assert not answer(project, graph, name, **{parameter: "not-there"})


@pytest.mark.parametrize(
    ("name", "parameters", "rows"),
    [
        ("funders-by-kind", {"kind": "funding-project"}, 3),
        ("supported-by-funder", {"funder": "ford-foundation"}, 1),
        ("shared-funders", {"second": "al-mezan"}, 0),
        ("funding-evidence", {"organization": "al-mezan"}, 1),
        ("affiliation-evidence", {"network": "pngo"}, 1),
        ("not-stated", {"subject": "incident-al-waha"}, 1),
        ("claims-by-modality", {"modality": "modality-source-voice"}, 6),
        ("names", {"language": "ar"}, 2),
        ("funding-kinds", {"language": "AR"}, 2),
        ("concepts", {"scheme": "modalities", "language": "ar"}, 8),
        ("labels-missing", {"language": "en"}, 1),
        ("from-line", {"line": "2"}, 0),
        ("evidence", {"relationship": "claim-goal-1"}, 1),
    ],
)
def test_parameters_choose(project, graph, name, parameters, rows):
    found = answer(project, graph, name, **parameters)
    assert isinstance(found, Solutions)
    assert len(found) == rows


@pytest.mark.parametrize(
    ("period", "year", "within"),
    [
        ("2002/2003", "2001", False),
        ("2002/2003", "2002", True),
        ("2002/2003", "2003", True),
        ("2002/2003", "2004", False),
        ("2005", "2005", True),
        ("2005", "2006", False),
        ("2005-03/2007-06", "2006", True),
        ("2005~/2007?", "2006", True),
        ("2005/", "2005", True),
        ("2005/", "2006", False),  # the end is unknown: later years are not stated
        ("2005/..", "2020", True),  # the end is open
        ("2005/..", "2004", False),
        ("/2005", "2005", True),
        ("/2005", "2004", False),
        ("../2005", "1990", True),
        ("-0044/0014", "-0001", True),
        ("200X", "2005", False),
    ],
)
def test_a_year_lies_within_a_period(project, graph, period, year, within):
    addition = f"""id:g a schema:Grant ; schema:funder id:pngo ; schema:fundedItem id:escr-network ;
        mz:fundingKind concept:funding-core ; dct:temporal "{period}"^^edtf:EDTF ."""
    extended = with_triples(project, graph, addition)
    in_year = answer(project, extended, "funders-in-year", organization="escr-network", year=year)
    between = answer(
        project, extended, "funders-between", organization="escr-network", since=year, until=year
    )
    assert bool(in_year) is within
    assert bool(between) is within


# A second engine


@cache
def as_stored(literal: ox.Literal) -> ox.Literal:
    """Return the literal as pyoxigraph's store writes it: PT24H as P1D, and so on."""
    store = ox.Store()
    node = ox.NamedNode("https://example.org/")
    store.add(ox.Quad(node, node, literal))
    return next(iter(store)).object


def comparable(term):
    if isinstance(term, ox.BlankNode):
        return "blank node"
    return as_stored(term) if isinstance(term, ox.Literal) else term


def rows_of(solutions):
    return Counter(tuple(comparable(term) for term in row) for row in solutions)


def rdflib_rows(result):
    rows = ([None if term is None else oxigraph_term(term) for term in row] for row in result)
    return rows_of(rows)


@pytest.mark.parametrize("stored", STORED, ids=NAMES)
def test_rdflib_gives_the_same_answer(project, graph, dataset, stored):
    expected = run_stored(graph, stored, {}, project)
    query = check(stored.text, project.limits)
    terms, _ = bound_values(stored.parameters, {}, project)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own
        result = dataset.query(wording(query, project.prefixes, bind(query, terms)).text)
        if isinstance(expected, Solutions):
            assert rdflib_rows(result) == rows_of(expected)
        elif isinstance(expected, Graph):
            triples = [(quad.subject, quad.predicate, quad.object) for quad in expected.triples()]
            assert rdflib_rows(result.graph) == rows_of(triples)
        else:
            assert result.askAnswer is expected

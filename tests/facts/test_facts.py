"""Every fact of the table comes out of the graph, and what is not stated does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox

Answers = Callable[[ox.Store, str], list[str]]
Parse = Callable[[str], list[ox.Quad]]
Row = dict[str, Any]
Table = dict[str, list[Row]]

COUNTS = {
    "AL": 10,
    "CL": 1,
    "D": 8,
    "GL": 5,
    "I": 2,
    "L": 34,
    "N": 8,
    "Q": 4,
    "RP": 7,
    "S": 27,
    "SC": 7,
    "ST": 2,
    "XR": 5,
}

MODALITIES = {
    "S": {"concept:modality-source-voice", "concept:modality-listed"},
    "SC": {"concept:modality-source-voice"},
    "GL": {"concept:modality-source-voice"},
    "L": {"concept:modality-infobox", "concept:modality-listed"},
    "I": {"concept:modality-listed"},
    "D": {"concept:modality-declared"},
    "ST": {"concept:modality-stated"},
    "CL": {"concept:modality-claimed"},
    "AL": {"concept:modality-alleged"},
    "RP": {"concept:modality-reported"},
}
"""The modalities that go with a code; notes (Q, and one I) and see-also entries have none."""


def lines_cited(store: ox.Store, answers: Answers, node: str) -> set[int]:
    """Give the source lines, from 1, of a node's citations and of the lists they are part of."""
    ranges = answers(
        store,
        f"""SELECT ?answer WHERE {{
          {node} dct:source/dct:isPartOf* ?citation .
          ?citation oa:hasSource id:source-file ; oa:hasSelector ?selector .
          ?selector a oa:FragmentSelector ; rdf:value ?answer .
        }}""",
    )
    spans = [found.removeprefix("line=").split(",") for found in ranges]
    return {line for first, last in spans for line in range(int(first) + 1, int(last) + 1)}


def test_every_row_is_there_once(table: Table) -> None:
    assert [row["number"] for row in table["row"]] == list(range(1, 121))


def test_counts_by_code(table: Table) -> None:
    assert Counter(row["code"] for row in table["row"]) == COUNTS


def test_answer_comes_out_of_the_graph(
    stated_row: Row, facts_store: ox.Store, answers: Answers
) -> None:
    assert stated_row["expected"]
    assert answers(facts_store, stated_row["query"]) == sorted(stated_row["expected"])


def test_answer_does_not_come_out_of_an_empty_graph(stated_row: Row, answers: Answers) -> None:
    assert answers(ox.Store(), stated_row["query"]) != sorted(stated_row["expected"])


def test_evidence_stands_on_the_line(
    stated_row: Row, facts_store: ox.Store, answers: Answers
) -> None:
    assert stated_row["line"] in lines_cited(facts_store, answers, stated_row["evidence"])


def test_modality_goes_with_the_code(
    stated_row: Row, facts_store: ox.Store, answers: Answers
) -> None:
    evidence = stated_row["evidence"]
    found = answers(facts_store, f"SELECT ?answer WHERE {{ {evidence} mz:modality ?answer }}")
    if evidence.startswith(("id:note-", "id:see-also-")):
        assert found == []
        assert stated_row["code"] in {"Q", "I", "XR"}
    else:
        assert len(found) == 1
        assert set(found) <= MODALITIES[stated_row["code"]]


def test_what_is_not_stated_is_not_found(
    absence_row: Row, facts_store: ox.Store, answers: Answers
) -> None:
    assert absence_row["expected"] == []
    assert answers(facts_store, absence_row["query"]) == []


def test_absence_is_noticed_when_it_ends(
    absence_row: Row, facts_store: ox.Store, answers: Answers, parse: Parse
) -> None:
    mutated = ox.Store()
    mutated.extend(facts_store)
    mutated.extend(parse(absence_row["mutation"]))
    assert answers(mutated, absence_row["query"])


def test_every_note_is_there_once(table: Table) -> None:
    assert [note["number"] for note in table["note"]] == list(range(1, 17))


def test_note_records_its_targets(note: Row, facts_store: ox.Store, answers: Answers) -> None:
    numbered = f"?answer mz:noteNumber {note['number']} ; a {note['class']} ."
    assert answers(facts_store, f"SELECT ?answer WHERE {{ {numbered} }}") == [note["node"]]
    targeted = f"{note['node']} oa:hasTarget ?answer ."
    targets = answers(facts_store, f"SELECT ?answer WHERE {{ {targeted} }}")
    assert targets == sorted(note["targets"])


def test_note_cites_the_lines_of_its_rows(
    note: Row, table: Table, facts_store: ox.Store, answers: Answers
) -> None:
    lines = {row["number"]: row["line"] for row in table["row"]}
    cited = lines_cited(facts_store, answers, note["node"])
    assert {lines[number] for number in note["rows"]} <= cited


def test_a_contradiction_has_two_sides(facts_store: ox.Store, answers: Answers) -> None:
    sides = Counter(
        answers(
            facts_store,
            "SELECT ?answer WHERE { ?answer a mz:Contradiction ; oa:hasTarget ?side }",
        )
    )
    assert sides
    assert min(sides.values()) >= 2


def test_contested_matter_stands_in_claims_alone(facts_store: ox.Store, answers: Answers) -> None:
    incident = "SELECT DISTINCT ?answer WHERE { id:incident-al-waha ?answer ?value }"
    assert answers(facts_store, incident) == [
        "dct:source",
        "mz:notStated",
        "rdf:type",
        "schema:name",
    ]
    place = "SELECT DISTINCT ?answer WHERE { id:place-al-waha ?answer ?value }"
    assert answers(facts_store, place) == ["rdf:type", "schema:name"]


def test_every_statement_is_of_a_triple_of_the_graph(
    facts_store: ox.Store, answers: Answers
) -> None:
    every = answers(facts_store, "SELECT ?answer WHERE { ?answer a rdf:Statement }")
    of_the_graph = answers(
        facts_store,
        """SELECT ?answer WHERE {
          ?answer a rdf:Statement ; dct:source ?source ;
            rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
          ?subject ?predicate ?object .
        }""",
    )
    assert every
    assert of_the_graph == every

"""Reconciliation against a store: the answers that a graph of our own gives."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from tests.endpoint.test_reconciliation import reconcile

NAMES = [
    *(
        "The Ford Foundation",
        "the FORD foundation",
        "Ford Foundation",
        "Fourd Fundation",
        "al-mezan",
    ),
    *("مركز الميزان لحقوق الإنسان", "مركز الميزان لحقوق الانسان", "مَركز المِيزان لحقوق الإنسان"),
    *(
        "Al-Haq",
        "Open Society",
        "European Union",
        "zzzzqqqq",
        'a" } DELETE',
        "مؤسسة",
        "United Nation",
    ),
]


def asked(server, query, **headers):
    return reconcile(server, {"q": query}, **headers)["q"]["result"]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_has_the_candidates_that_it_has_at_home(either, server, text):
    here, there = (asked(each, {"query": text, "limit": 3}) for each in (server, either))
    # Below that are names that are hardly like it, of which the store is not asked for all.
    near = [each for each in here if each["score"] >= 60]
    assert near == there[: len(near)]
    assert all(each["score"] < 60 for each in there[len(near) :])


def test_the_queries_of_a_batch_are_apart_and_bounded(distant):
    found = reconcile(
        distant, {"a": {"query": "The Ford Foundation", "limit": 1}, "b": {"query": "zzzzqqqq"}}
    )
    assert [len(found[key]["result"]) for key in "ab"] == [1, 0]
    for bad, status in (("[]", 400), (json.dumps({str(n): {} for n in range(101)}), 413)):
        assert distant.get(f"reconcile?queries={quote(bad)}").status == status
    for wrong in ({"query": 7}, {"query": "x", "properties": 3}, {"query": "x", "type": {}}):
        reply = distant.get(f"reconcile?queries={quote(json.dumps({'q': wrong}))}")
        assert reply.status in {200, 400}


@pytest.mark.parametrize(
    "query",
    [
        {"query": "Center", "type": "https://schema.org/NGO", "limit": 5},
        {"query": "Center", "type": ["schema:NGO", "org:Organization"], "type_strict": "all"},
        {
            "query": "Al Mezan",
            "properties": [{"pid": "schema:funder", "v": {"id": "ford-foundation"}}],
        },
        {"properties": [{"pid": "schema:funder", "v": {"id": "ford-foundation"}}]},
        {"properties": [{"pid": "schema:funder", "v": "The Ford Foundation"}]},
    ],
)
def test_types_and_properties_narrow_the_candidates(either, server, query):
    here, there = (asked(each, query) for each in (server, either))
    best = [each for each in here if each["score"] == here[0]["score"]]
    assert best == there[: len(best)] != []


def test_the_manifest_counts_what_the_store_has(either, server):
    here, there = (each.get("reconcile").json() for each in (server, either))
    assert there["identifierSpace"] == here["identifierSpace"]
    assert len(there["defaultTypes"]) == 5
    assert all(each["name"] for each in there["defaultTypes"])
    assert there["suggest"] == here["suggest"]


@pytest.mark.parametrize("prefix", ["ford", "al-mezan", "مركز", "Foundation"])
def test_entities_are_suggested(either, server, prefix):
    here, there = (
        at.get(f"reconcile/entity?prefix={quote(prefix)}").json()["result"]
        for at in (server, either)
    )
    assert here[:2] == there[:2] != []


def test_types_and_properties_are_suggested(distant, server):
    for path in ("type?prefix=org", "type?prefix=membership", "property?prefix=fund"):
        here, there = (
            {each["id"] for each in at.get(f"reconcile/{path}").json()["result"]}
            for at in (server, distant)
        )
        assert here <= there
    for path in ("properties?type=schema:Grant", "properties?type=https://schema.org/NGO&limit=50"):
        here, there = (
            {each["id"] for each in at.get(f"reconcile/{path}").json()["properties"]}
            for at in (server, distant)
        )
        assert here == there != set()
    assert distant.get("reconcile/properties?limit=3").json()["properties"]
    assert distant.get("reconcile/entity").status == 400


def test_previews(either, server):
    for language in ("en", "ar"):
        replies = [
            each.get("reconcile/preview?id=al-mezan", accept_language=language)
            for each in (server, either)
        ]
        assert replies[0].body == replies[1].body
        assert replies[1].headers["Content-Language"] == language
    assert either.get("reconcile/preview?id=nobody").status == 404
    assert either.get("reconcile/preview").status == 404


def test_data_is_extended(either, server):
    batch = {
        "ids": ["al-mezan", "funding-ford-foundation", "nobody", "<>"],
        "properties": [
            {"id": each} for each in ("schema:name", "schema:funder", "rdf:type", "no property")
        ],
    }
    query = urlencode({"extend": json.dumps(batch)})
    here, there = (each.get(f"reconcile?{query}").json() for each in (server, either))
    for identifier, cells in here["rows"].items():
        for name, values in cells.items():
            assert sorted(map(str, values)) == sorted(map(str, there["rows"][identifier][name]))
    assert here["meta"] == there["meta"]
    assert either.get("reconcile?extend=7").status == 400

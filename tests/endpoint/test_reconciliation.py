"""The Reconciliation Service API 0.2, as OpenRefine speaks it, in both scripts."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from mezan_graph.endpoint.labels import normalised

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def reconcile(server, queries, **headers):
    body = urlencode({"queries": json.dumps(queries)}).encode()
    reply = server.request("reconcile", method="POST", body=body, headers={**FORM, **headers})
    assert reply.status == 200, reply.body
    return reply.json()


def test_the_manifest_says_what_there_is(server):
    manifest = server.get("reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/mezan-graph/id/"
    assert manifest["view"]["url"] == "https://w3id.org/mezan-graph/id/{{id}}"
    assert {"entity", "type", "property"} == set(manifest["suggest"])
    assert "{{id}}" in manifest["preview"]["url"]
    assert manifest["extend"]["propose_properties"]["service_path"] == "/properties"
    assert {"id", "name"} == set(manifest["defaultTypes"][0])
    assert server.get("reconcile").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("text", "identifier", "match"),
    [
        ("The Ford Foundation", "ford-foundation", True),
        ("the FORD foundation", "ford-foundation", True),
        ("Ford Foundation", "ford-foundation", False),
        ("Fourd Fundation", "ford-foundation", False),
        ("al-mezan", "al-mezan", True),
        ("مركز الميزان لحقوق الإنسان", "al-mezan", True),
        ("مركز الميزان لحقوق الانسان", "al-mezan", True),
        ("مَركز المِيزان لحقوق الإنسان", "al-mezan", True),
        ("مركز الميزان", "al-mezan", False),
    ],
)
def test_a_name_finds_its_entity(server, text, identifier, match):
    result = reconcile(server, {"q0": {"query": text}})["q0"]["result"]
    assert result[0]["id"] == identifier
    assert result[0]["match"] is match
    assert result[0]["score"] == max(each["score"] for each in result)
    assert result[0]["type"]
    assert {each["id"] for each in result[0]["features"]} == {"name"}


def test_the_queries_of_a_batch_are_apart(server):
    replies = reconcile(
        server, {"a": {"query": "The Ford Foundation", "limit": 1}, "b": {"query": "zzzzqqqq"}}
    )
    assert [len(replies[key]["result"]) for key in "ab"] == [1, 0]
    got = server.get("reconcile?" + urlencode({"queries": json.dumps({"a": {"query": "x"}})}))
    assert set(got.json()) == {"a"}


def test_a_type_narrows_the_candidates(server):
    ngo = "https://schema.org/NGO"
    all_of = reconcile(server, {"q": {"query": "Center", "limit": 50}})["q"]["result"]
    some = reconcile(server, {"q": {"query": "Center", "type": ngo, "limit": 50}})["q"]["result"]
    assert 0 < len(some) < len(all_of)
    assert all(ngo in {kind["id"] for kind in each["type"]} for each in some)
    prefixed = {"q": {"query": "Center", "type": ["schema:NGO"], "limit": 50}}
    assert reconcile(server, prefixed)["q"]["result"] == some


def test_a_property_tells_namesakes_apart(server):
    value = {"pid": "schema:funder", "v": {"id": "ford-foundation"}}
    query = {"q": {"query": "Al Mezan", "properties": [value], "limit": 20}}
    result = reconcile(server, query)["q"]["result"]
    assert result[0]["id"] == "al-mezan"
    features = {each["id"]: each["value"] for each in result[0]["features"]}
    assert features["schema:funder"] == 100
    alone = reconcile(server, {"q": {"properties": [value]}})["q"]["result"]
    assert alone[0]["id"] == "al-mezan"


def test_names_are_shown_in_the_language_that_is_asked_for(server):
    query = {"q": {"query": "Al Mezan Center for Human Rights", "limit": 1}}
    name = reconcile(server, query, **{"Accept-Language": "ar"})["q"]["result"][0]["name"]
    assert name == "مركز الميزان لحقوق الانسان"


@pytest.mark.parametrize(
    ("batch", "status"),
    [
        ("[]", 400),
        ("{", 400),
        ('{"a": 1}', 400),
        ('{"a": {"query": 1}}', 400),
        ('{"a": {"query": "x", "limit": NaN}}', 400),
        ('{"a": {"query": "x", "properties": [{"pid": 1}]}}', 400),
        (json.dumps({str(n): {"query": "x"} for n in range(200)}), 413),
        ("[" * 100_000, 400),
    ],
)
def test_what_is_no_batch_is_refused(server, batch, status):
    body = urlencode({"queries": batch}).encode()
    assert server.request("reconcile", method="POST", body=body, headers=FORM).status == status


def test_entities_are_suggested_while_somebody_types(server):
    result = server.get("reconcile/entity?prefix=For").json()["result"]
    assert "ford-foundation" in {each["id"] for each in result}
    assert result[0]["notable"]
    arabic = server.get("reconcile/entity?" + urlencode({"prefix": "الميز"})).json()["result"]
    assert "al-mezan" in {each["id"] for each in arabic}
    first = server.get("reconcile/entity?prefix=a").json()["result"]
    rest = server.get("reconcile/entity?prefix=a&cursor=3").json()["result"]
    assert rest[: len(first) - 3] == first[3:]
    by_id = server.get("reconcile/entity?prefix=al-mezan").json()["result"]
    assert by_id[0]["id"] == "al-mezan"


def test_types_and_properties_are_suggested(server):
    types = server.get("reconcile/type?prefix=Gra").json()["result"]
    assert "https://schema.org/Grant" in {each["id"] for each in types}
    properties = server.get("reconcile/property?prefix=schema:fun").json()["result"]
    assert "https://schema.org/funder" in {each["id"] for each in properties}
    assert server.get("reconcile/type").status == 400
    assert server.get("reconcile/type?prefix=a&cursor=-1").status == 400


def test_values_are_fetched_for_entities(server):
    wanted = {"ids": ["al-mezan", "nobody"], "properties": [{"id": "schema:funder"}, {"id": "x"}]}
    body = urlencode({"extend": json.dumps(wanted)}).encode()
    reply = server.request("reconcile", method="POST", body=body, headers=FORM).json()
    assert [each["id"] for each in reply["meta"]] == ["schema:funder", "x"]
    assert set(reply["rows"]) == {"al-mezan", "nobody"}
    funders = {each["id"] for each in reply["rows"]["al-mezan"]["schema:funder"]}
    assert "ford-foundation" in funders
    assert reply["rows"]["nobody"] == {"schema:funder": [], "x": []}
    assert reply["rows"]["al-mezan"]["x"] == []


def test_properties_are_proposed_for_a_type(server):
    reply = server.get("reconcile/properties?type=https://schema.org/Grant&limit=3").json()
    assert reply["type"] == "https://schema.org/Grant"
    assert len(reply["properties"]) == 3
    everything = server.get("reconcile/properties").json()["properties"]
    assert "https://schema.org/funder" in {each["id"] for each in everything}


def test_a_preview_is_a_page_without_scripts_that_may_be_framed(server):
    reply = server.get("reconcile/preview?id=al-mezan", accept_language="ar")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors *"
    page = reply.body.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>مركز الميزان لحقوق الانسان</h1>" in page
    assert server.get("reconcile/preview?id=nobody").status == 404
    assert server.get("reconcile/preview?id=%3Cscript%3E").status == 404


@pytest.mark.parametrize(
    ("text", "same"),
    [("Café  MÜNCHEN!", "cafe munchen"), ("أُمّ", "ام"), ("ـــمكتبة", "مكتبه"), ("…", "")],
)
def test_names_are_compared_without_what_people_write_differently(text, same):
    assert normalised(text) == same

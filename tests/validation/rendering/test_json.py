"""JSON for programs: the schema that ships with the package says what is in it."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mezan_graph.validation.findings import Finding
from mezan_graph.validation.rendering.json import REPORT_VERSION, json_text, render_json

SCHEMA = json.loads(
    resources.files("mezan_graph.validation").joinpath("report.schema.json").read_text("utf-8")
)
KEYS = [
    "code", "severity", "file", "line", "column", "endLine", "endColumn", "focusNode", "path",
    "value", "component", "shape", "message", "hint",
]  # fmt: skip


def errors(document: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def test_the_schema_is_one_and_has_the_version_of_the_format():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == REPORT_VERSION
    assert f"report-{REPORT_VERSION}.json" in SCHEMA["$id"]


def test_a_report_meets_the_schema(report):
    assert errors(json.loads(render_json(report))) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_result_without_a_promised_key_does_not(report, key):
    document = json.loads(render_json(report))
    del document["results"][0][key]
    assert errors(document) == [f"{key!r} is a required property"]


@pytest.mark.parametrize(
    ("key", "wrong"), [("line", 0), ("severity", "error"), ("code", "SH1"), ("message", None)]
)
def test_a_result_with_a_wrong_value_does_not(report, key, wrong):
    document = json.loads(render_json(report))
    document["results"][0][key] = wrong
    assert len(errors(document)) == 1


def test_every_key_that_is_written_is_described(report):
    document = json.loads(render_json(report))
    assert set(document) == set(SCHEMA["properties"])
    assert set(document["results"][0]) == set(SCHEMA["$defs"]["result"]["properties"])


def test_nothing_is_shortened(report):
    result = json.loads(render_json(report))["results"][1]
    assert result["value"] == f'"{"ي" * 1500}"@ar'


def test_conforms_is_shacls_own_whatever_else_was_found(one):
    document = json.loads(render_json(one("a row")))
    assert document["conforms"] is True
    assert document["counts"] == {"violation": 1, "warning": 0, "info": 0}


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_reads_back_and_cannot_act_in_a_terminal(text):
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert written.replace("\n", "").isprintable()
    assert written.encode()


def test_arabic_stays_readable():
    assert json_text("مركز") == '"مركز"\n'


def test_a_finding_has_room_for_labels_and_the_triple():
    finding = Finding(
        "MZ001", "violation", "x", label="Bridge", path_label="funder", triple="a b c"
    )
    assert (finding.label, finding.path_label, finding.triple) == ("Bridge", "funder", "a b c")

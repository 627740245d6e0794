"""SARIF 2.1.0: valid against the schema of the standard, and as code-scanning viewers need it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from mezan_graph.project import Project
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering.sarif import escaped, render_sarif

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8")
)


@pytest.fixture
def run(report, example):
    log = json.loads(render_sarif(report, example))
    (run,) = log["runs"]
    return run


def errors(log: object) -> list[str]:
    return [error.message for error in Draft4Validator(SCHEMA).iter_errors(log)]


def test_a_log_is_valid(report, example):
    assert errors(json.loads(render_sarif(report, example))) == []
    assert errors(json.loads(render_sarif(ValidationReport(()), example))) == []


def test_the_schema_finds_a_fault(report, example):
    log = json.loads(render_sarif(report, example))
    log["runs"][0]["results"][0]["level"] = "violation"
    assert errors(log) == ["'violation' is not one of ['none', 'note', 'warning', 'error']"]


def test_every_result_points_at_its_rule(run):
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["MZ001", "MZ101", "MZ301"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert urlsplit(rule["helpUri"]).fragment == rule["id"].lower()
        assert rule["help"]["text"]
        assert rule["shortDescription"]["text"].endswith(".")
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "note", "error"]


def test_levels_are_those_of_sarif(run):
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note", "error"]


def test_a_region_has_the_place_in_code_points(run):
    assert run["columnKind"] == "unicodeCodePoints"
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "data/organizations.ttl", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 40},
    }
    assert location["logicalLocations"][0]["name"] == "Bridge"


def test_a_path_is_a_relative_uri(run):
    (location,) = run["results"][2]["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == "::data/a b,c:d%é.ttl"
    assert urlsplit(uri).scheme == ""
    assert uri.isascii()
    assert " " not in uri


def test_a_finding_without_a_file_stands_at_the_project_file(run):
    (location,) = run["results"][3]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "mezan.toml"


def test_paths_start_where_the_command_was_run(report, example, monkeypatch):
    monkeypatch.chdir(example.root.parent)
    (run,) = json.loads(render_sarif(report, example))["runs"]
    (location,) = run["results"][0]["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "example/data/organizations.ttl"


def identities(report: ValidationReport, project: Project) -> list[dict[str, str]]:
    (run,) = json.loads(render_sarif(report, project))["runs"]
    return [each["partialFingerprints"] for each in run["results"]]


def test_fingerprints_stay_when_lines_move_and_change_when_the_finding_does(report, example):
    first = report.findings[0]
    before = identities(report, example)
    moved = first.changed(line=70, column=9, end_line=70, end_column=44)
    other = first.changed(value=None)
    rest = report.findings[1:]
    assert identities(report._replace(findings=(moved, *rest)), example) == before
    assert identities(report._replace(findings=(other, *rest)), example)[0] != before[0]


def test_fingerprints_of_like_findings_differ(example):
    twice = ValidationReport((Finding("MZ001", "violation", "x"),) * 2)
    first, second = identities(twice, example)
    assert set(first.values()).isdisjoint(second.values())


def shown(text: str) -> str:
    """Read a message as SARIF 2.1.0 says, sections 3.11.5 and 3.11.6."""
    if "](" in text.replace("\\]", ""):
        pytest.fail("a link")
    if "\\](" in text:
        text = re.sub(r"\\([\\\[\]])", r"\1", text)
    return text.replace("{{", "{").replace("}}", "}")


@example(r"\\[a](b)")
@given(st.text() | st.text("{}[]()\\01a"))
def test_any_message_is_shown_as_it_is_and_holds_no_link(message):
    assert shown(escaped(message)) == message


@given(st.text(min_size=1))
def test_any_message_reads_back(message):
    example = Project.open(Path(__file__).parent / "example")
    report = ValidationReport((Finding("MZ001", "violation", message),))
    (run,) = json.loads(render_sarif(report, example))["runs"]
    assert shown(run["results"][0]["message"]["text"]) == message

"""GitLab's code quality report."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.project import Project
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering.gitlab import render_gitlab


def test_an_object_has_what_gitlab_requires(report, example):
    first, *_, last = json.loads(render_gitlab(report, example))
    assert len(first.pop("fingerprint")) == 64
    assert first == {
        "description": "Name the funder by its IRI.\nHint: Did you mean id:example-foundation?",
        "check_name": "MZ001",
        "severity": "major",
        "location": {"path": "data/organizations.ttl", "lines": {"begin": 7, "end": 7}},
    }
    assert last["location"] == {"path": "mezan.toml", "lines": {"begin": 1}}


def test_severities_are_gitlabs(report, example):
    found = [each["severity"] for each in json.loads(render_gitlab(report, example))]
    assert found == ["major", "minor", "info", "major"]


def test_fingerprints_are_unique_and_stay_when_lines_move(report, example):
    def fingerprints(findings: tuple[Finding, ...]) -> list[str]:
        document = json.loads(render_gitlab(report._replace(findings=findings), example))
        return [each["fingerprint"] for each in document]

    twice = tuple(each for each in report.findings for _ in range(2))
    moved = tuple(each.changed(line=(each.line or 1) + 5) for each in twice)
    assert len(set(fingerprints(twice))) == len(twice)
    assert fingerprints(moved) == fingerprints(twice)


def test_no_finding_is_an_empty_array(example):
    assert json.loads(render_gitlab(ValidationReport(()), example)) == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_message_reads_back(message):
    example = Project.open(Path(__file__).parent / "example")
    report = ValidationReport((Finding("MZ001", "violation", message),))
    (found,) = json.loads(render_gitlab(report, example))
    assert found["description"] == message

"""JUnit XML: valid, failures where the exit code says so, any text."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]

from mezan_graph.display import visible
from mezan_graph.project import Project
from mezan_graph.validation.findings import SEVERITIES, Finding, ValidationReport
from mezan_graph.validation.rendering.junit import render_junit

XSD = Path(__file__).resolve().parents[2] / "schemas" / "junit-10.xsd"


def test_a_document_is_valid(report, example):
    schema = etree.XMLSchema(etree.parse(XSD))
    for each in (report, ValidationReport(())):
        schema.assertValid(etree.fromstring(render_junit(each, example).encode()))
    assert not schema.validate(etree.fromstring("<testsuites><testcase/></testsuites>"))


@pytest.mark.parametrize("fail_on", SEVERITIES)
def test_failures_are_what_makes_the_exit_code_1(report, example, fail_on):
    root = ET.fromstring(render_junit(report, example, fail_on=fail_on))
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    expected = [each.severity in grave for each in report.findings]
    assert [case.find("failure") is not None for case in root.iter("testcase")] == expected
    assert root.get("failures") == str(sum(expected))
    assert sum(int(suite.get("failures", "")) for suite in root) == sum(expected)
    assert sum(int(suite.get("tests", "")) for suite in root) == len(report.findings)


def test_a_suite_is_a_file(report, example):
    suites = list(ET.fromstring(render_junit(report, example)))
    assert [suite.get("name") for suite in suites] == [
        "data/organizations.ttl",
        "::data/a b,c:d%é.ttl",
        "relief-network",
    ]
    assert [suite.get("file") for suite in suites][-1] == "mezan.toml"


def test_a_case_is_known_by_what_it_is_about_and_not_by_its_line(one, example):
    def name(**fields: object) -> str | None:
        root = ET.fromstring(render_junit(one("x", file="a.ttl", **fields), example))
        return next(root.iter("testcase")).get("name")

    assert name(line=1, path="<https://schema.org/name>") == "MZ001 schema:name"
    assert name(line=9, path="<https://schema.org/name>") == "MZ001 schema:name"


def test_cases_of_one_suite_have_different_names(example):
    twice = ValidationReport((Finding("MZ001", "violation", "x"),) * 2)
    cases = list(ET.fromstring(render_junit(twice, example)).iter("testcase"))
    assert [case.get("name") for case in cases] == ["MZ001", "MZ001 #2"]


def test_no_finding_is_one_passing_case(example):
    root = ET.fromstring(render_junit(ValidationReport(()), example))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert len(root.findall(".//testcase")) == 1


FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_any_message_reads_back_but_for_what_xml_cannot_hold(message):
    example = Project.open(Path(__file__).parent / "example")
    report = ValidationReport((Finding("MZ001", "violation", message, file=message),))
    root = ET.fromstring(render_junit(report, example).encode())
    failure = root.find(".//failure")
    assert failure is not None
    expected = FORBIDDEN.sub(lambda match: visible(match[0]), message)
    assert failure.get("message") == expected
    assert (failure.text or "").endswith(expected)

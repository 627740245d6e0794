"""docs/reports.md: its examples are what a run prints, and no format is forgotten."""

from __future__ import annotations

import json
import os
import re
from functools import reduce
from pathlib import Path

import pytest

from mezan_graph.project import Project
from mezan_graph.validation import validate
from mezan_graph.validation.rendering import REPORT_FORMATS, render
from mezan_graph.validation.rendering.shown import MESSAGE_LENGTH, VALUE_LENGTH
from mezan_graph.validation.rendering.text import TEXT_LIMIT

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reports.md"
EXAMPLE = re.compile(
    r"(?P<head><!-- mezan validate --format (?P<name>\w+)(?:: first of (?P<steps>\S*))? ?-->\n"
    r"```\w+\n)"
    r"(?P<body>.*?)(?P<tail>```\n)",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def run():
    """The report of a real run over the example project."""
    project = Project.open(Path(__file__).parent / "example")
    return project, validate(project)


def printed(run, name: str, first_of: str | None) -> str:
    project, report = run
    text = render(report, project, name)
    if first_of is None:
        return text
    steps = [int(step) if step.isdigit() else step for step in first_of.split("/") if step]
    items = reduce(lambda value, step: value[step], steps, json.loads(text))
    return json.dumps(items[0], ensure_ascii=False, indent=2) + "\n"


def test_the_examples_are_what_a_run_prints(run):
    page = PAGE.read_text("utf-8")

    def true_example(match: re.Match[str]) -> str:
        return match["head"] + printed(run, match["name"], match["steps"]) + match["tail"]

    true_page = EXAMPLE.sub(true_example, page)
    if os.environ.get("MEZAN_UPDATE_SNAPSHOTS"):
        PAGE.write_text(page := true_page, "utf-8")
    assert page == true_page


def test_every_format_has_a_section_and_an_example_or_shares_one():
    page = PAGE.read_text("utf-8")
    headings = {
        name
        for line in page.splitlines()
        if line.startswith("## ")
        for name in re.findall(r"`(\w+)`", line)
    }
    assert headings == set(REPORT_FORMATS)
    assert {match["name"] for match in EXAMPLE.finditer(page)} == set(REPORT_FORMATS) - {"jsonld"}


def test_the_limits_on_the_page_are_those_of_the_program():
    page = " ".join(PAGE.read_text("utf-8").split())
    assert f"the {TEXT_LIMIT:,} gravest findings" in page
    assert f"cut after {VALUE_LENGTH} code points" in page
    assert f"message after {MESSAGE_LENGTH:,};" in page


def test_the_example_has_every_severity_of_interest(run):
    _, report = run
    assert {each.severity for each in report.findings} == {"violation", "warning"}
    assert {each.code for each in report.findings} >= {"MZ001", "MZ101"}

"""Workflow commands of GitHub Actions, read as its runner reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.display import visible
from mezan_graph.project import Project
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering.github import render_github


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """Read commands as actions/runner does in ActionCommand.TryParseV2, line by line."""
    found = []
    for line in log.replace("\r", "\n").split("\n"):
        if not line.lstrip().startswith("::"):
            assert "##[" not in line
            continue
        head, _, data = line.lstrip()[2:].partition("::")
        name, _, properties = head.partition(" ")
        pairs = (each.partition("=") for each in properties.strip().split(",") if each)
        found.append(
            (
                name,
                {key: unescaped(value, ("%3A", ":"), ("%2C", ",")) for key, _, value in pairs},
                unescaped(data),
            )
        )
    return found


def unescaped(text: str, *more: tuple[str, str]) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(written, meant)
    return text


def test_a_finding_is_a_command_with_its_place(report, example):
    name, properties, message = commands(render_github(report, example))[0]
    assert name == "error"
    assert properties == {
        "file": "data/organizations.ttl",
        "line": "7",
        "col": "5",
        "endLine": "7",
        "endColumn": "40",
        "title": "MZ001 Bridge (id:bridge)",
    }
    assert message == "Name the funder by its IRI.\nHint: Did you mean id:example-foundation?"


def test_the_gravest_come_first(report, example):
    names = [name for name, _, _ in commands(render_github(report, example))]
    assert names == ["error", "error", "warning", "notice"]


def test_columns_are_left_out_where_the_place_has_several_lines(report, example):
    _, properties, _ = commands(render_github(report, example))[2]
    assert (properties["line"], properties["endLine"]) == ("9", "11")
    assert not {"col", "endColumn"} & set(properties)


def test_a_finding_without_a_file_has_no_place(report, example):
    assert set(commands(render_github(report, example))[1][1]) == {"title"}


def test_no_finding_is_no_line(example):
    assert render_github(ValidationReport(()), example) == ""


@pytest.mark.parametrize(
    "hostile", ["x\n::set-output name=a::b", "::stop-commands::x", "\r::error::", "%0A::error::x"]
)
def test_data_gives_no_command(one, example, hostile):
    found = commands(render_github(one(hostile, file=hostile, label=hostile), example))
    assert [name for name, _, _ in found] == ["error"]


@given(st.text(), st.text(min_size=1))
def test_any_message_and_file_read_back(message, file):
    example = Project.open(Path(__file__).parent / "example")
    report = ValidationReport((Finding("MZ001", "violation", message, file=file, line=1),))
    ((name, properties, data),) = commands(render_github(report, example))
    assert name == "error"
    assert data == visible(message, keep="\n")
    assert properties["file"].endswith(visible(file, keep="\n"))
    assert set(properties) == {"file", "line", "title"}


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \n")))
def test_printable_text_is_not_changed_at_all(message):
    example = Project.open(Path(__file__).parent / "example")
    report = ValidationReport((Finding("MZ001", "violation", message),))
    assert commands(render_github(report, example))[0][2] == message

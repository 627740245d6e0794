"""Text for people: one finding on a few lines, and never more than they can read."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering.text import TEXT_LIMIT, render_text


def test_a_finding_names_entity_and_property_by_label_and_shows_the_triple(report, example):
    lines = render_text(report, example).splitlines()
    assert lines[:8] == [
        "data/organizations.ttl",
        "  7:5 violation MZ001 Name the funder by its IRI.",
        '      | schema:funder "Example Foundation"',
        "      entity    Bridge (id:bridge)",
        "      property  funder (schema:funder)",
        '      value     "Example Foundation"',
        "      shape     shapes:funder (NodeKind)",
        "      hint      Did you mean id:example-foundation?",
    ]


def test_the_gravest_are_shown_and_the_rest_is_counted(example):
    mild = [
        Finding("MZ203", "info", f"mild {number}", "a.ttl", number) for number in range(TEXT_LIMIT)
    ]
    grave = Finding("MZ001", "violation", "grave", "b.ttl", 1)
    lines = render_text(ValidationReport((*mild, grave)), example).splitlines()
    assert "  1 violation MZ001 grave" in lines
    assert sum(" info MZ203 " in line for line in lines) == TEXT_LIMIT - 1
    assert "… and 1 more: 1 info" in lines
    assert lines.index("a.ttl") < lines.index("b.ttl")


def test_a_long_literal_is_cut_and_its_length_told(one, example):
    value = ox.Literal(
        "x" * 1_000_000, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#token")
    )
    line = render_text(one("too long", value=value), example).splitlines()[2]
    assert line == f'      value     "{"x" * 200}…"^^xsd:token (1,000,000 characters)'


@pytest.mark.parametrize(
    "hostile",
    ["::error::x", "  ::add-mask::x", "a ##[set-env name=x]y", "##vso[task.x]", "##teamcity[x"],
)
def test_data_gives_no_command_to_a_ci_log(one, example, hostile):
    """GitHub's runner reads commands at the start of a line and ##[ anywhere in it."""
    rendered = render_text(
        one(hostile, file=hostile, line=1, hint=hostile, label=hostile, triple=hostile,
            focus_node=ox.Literal(hostile)),
        example,
    )  # fmt: skip
    assert [line for line in rendered.splitlines() if line.lstrip().startswith("::")] == []
    assert "##[" not in rendered
    assert "##vso[" not in rendered
    assert "##teamcity[" not in rendered


def test_colour_is_only_ours(report, example):
    from mezan_graph.validation.rendering import render

    plain = render(report, example, "text")
    assert "\x1b" not in plain
    assert "\\x1b[31mred" in plain
    assert "\x1b[31mviolation\x1b[0m" in render(report, example, "text", colour=True)


def test_the_verdict_on_shacl_is_apart_from_findings_beyond_it(example):
    beyond = ValidationReport((Finding("MZ301", "violation", "a row"),))
    assert render_text(beyond, example).endswith("1 violation; SHACL: conforms\n")

"""One registry of report formats: names, pinned outputs, the same bytes every time."""

from __future__ import annotations

import re
from typing import Any

import pyoxigraph as ox
import pytest

from mezan_graph.errors import UsageError
from mezan_graph.validation.findings import Finding, ValidationReport
from mezan_graph.validation.rendering import REPORT_FORMATS, render

SUFFIXES = {
    "text": "txt",
    "json": "json",
    "sarif": "sarif",
    "junit": "xml",
    "github": "txt",
    "gitlab": "json",
    "turtle": "ttl",
    "jsonld": "jsonld",
}


def test_the_names_are_those_of_the_command_line():
    assert list(REPORT_FORMATS) == list(SUFFIXES)


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_output_is_pinned(name, report, example, pinned):
    pinned(f"{name}.{SUFFIXES[name]}", render(report, example, name))


def test_coloured_text_is_pinned(report, example, pinned):
    pinned("text-colour.txt", render(report, example, "text", colour=True))


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_an_empty_report_is_pinned(name, example, pinned):
    empty = ValidationReport((), (), {"files": 2, "triples": 10})
    pinned(f"empty-{name}.{SUFFIXES[name]}", render(empty, example, name))


def test_an_unknown_format_is_named_with_the_known_ones(report, example):
    with pytest.raises(UsageError, match="yaml") as raised:
        render(report, example, "yaml")
    assert "sarif" in str(raised.value)


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_made_up_labels_of_blank_nodes_do_not_show(name, report, example):
    """pyoxigraph gives [] another label in each run."""
    # Leading zeros are not written: about one label in sixteen is shorter.
    other = {
        node: ox.BlankNode(f"{letter}{'0' * 30}"[: 32 - number])
        for number, (node, letter) in enumerate(zip(blank_nodes(report), "ba", strict=True))
    }

    def renamed(item: Any) -> Any:
        fields = {
            name: other.get(value, value)
            for name, value in item._asdict().items()
            if isinstance(value, ox.BlankNode)
        }
        message = item.message
        for old, new in other.items():
            message = message.replace(str(old), str(new))
        return item._replace(**fields, message=message)

    again = ValidationReport(
        tuple(renamed(each) for each in report.findings),
        tuple(renamed(each) for each in report.results),
        report.checked,
    )
    assert again != report
    assert render(again, example, name) == render(report, example, name)


def blank_nodes(report: ValidationReport) -> set[ox.BlankNode]:
    terms = {term for each in report.findings for term in (each.focus_node, each.value, each.shape)}
    return {term for term in terms if isinstance(term, ox.BlankNode)}


def test_labels_that_people_wrote_stay(one, example):
    text = render(one("_:x is wrong", focus_node=ox.BlankNode("x")), example, "json")
    assert text.count("_:x") == 2


def test_findings_are_sorted_without_the_labels_of_blank_nodes():
    first, second = (
        Finding("MZ001", "violation", message, focus_node=ox.BlankNode(label))
        for label, message in (("fff", "a"), ("aaa", "b"))
    )
    assert sorted([second, first], key=Finding.sort_key) == [first, second]


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_nothing_in_the_bytes_can_move_a_cursor_or_turn_text_round(name, report, example):
    rendered = render(report, example, name)
    assert [each for each in rendered if not each.isprintable() and each != "\n"] == []


@pytest.mark.parametrize("name", [name for name in REPORT_FORMATS if name != "text"])
def test_every_finding_is_there_however_many(name, example):
    from mezan_graph.namespaces import SH
    from mezan_graph.validation.report import Result, Severity

    node = ox.NamedNode("https://example.org/relief/id/hub")
    values = [ox.Literal(f"value {number}") for number in range(3000)]
    shape = ox.BlankNode()
    component = SH.NodeKindConstraintComponent
    many = ValidationReport(
        tuple(
            Finding("MZ001", "violation", value.value, "a.ttl", focus_node=node, value=value)
            for value in values
        ),
        tuple(
            Result(node, None, value, shape, component, Severity.VIOLATION, value.value, ())
            for value in values
        ),
    )
    rendered = render(many, example, name)
    assert set(re.findall(r"value \d+", rendered)) == {value.value for value in values}

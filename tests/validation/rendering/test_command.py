"""``mezan validate --format`` prints what the registry renders."""

from __future__ import annotations

import json

import pytest
from click.exceptions import UsageError

from mezan_graph.cli import mezan
from mezan_graph.validation import validate
from mezan_graph.validation.rendering import REPORT_FORMATS, render


def run(*arguments: str) -> int:
    code: int = mezan.main(["validate", *arguments], standalone_mode=False)
    return code


@pytest.mark.parametrize("name", REPORT_FORMATS)
def test_a_format_is_chosen_by_name(name, example, capsysbinary):
    assert run("--format", name) == 1
    assert capsysbinary.readouterr().out.decode() == render(validate(example), example, name)


def test_fail_on_reaches_the_format_that_knows_failures(capsysbinary):
    assert run("--format", "junit", "--fail-on", "warning") == 1
    assert b'tests="5" failures="5"' in capsysbinary.readouterr().out


def test_a_report_can_be_a_file(tmp_path):
    assert run("--format", "sarif", "-o", str(tmp_path / "report.sarif")) == 1
    log = json.loads((tmp_path / "report.sarif").read_text("utf-8"))
    assert log["version"] == "2.1.0"


def test_an_unknown_format_is_a_usage_error():
    with pytest.raises(UsageError, match="gitlab"):
        run("--format", "yaml")

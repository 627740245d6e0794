"""The GitHub Action: its metadata, and its steps run as a runner runs them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from .actions import EXPRESSION, Action, Run, strings
from .conftest import (
    CHECK_SCHEMA,
    CHECKOUT,
    HOSTILE,
    break_grant,
    break_year,
    clean_environment,
    commit_all,
)

ACTION = Action(CHECKOUT)
ANNOTATION = re.compile(r"^::(\w+) file=([^,]+),line=(\d+),", re.MULTILINE)


@pytest.fixture
def act(example, runner, repository):
    """Run the action in the example project."""

    def run(**inputs: str) -> Run:
        return Action(repository).run(example, runner, clean_environment(), **inputs)

    return run


def shown(run: Run) -> list[tuple[str, str, int]]:
    return [(kind, file, int(line)) for kind, file, line in ANNOTATION.findall(run.log)]


def sarif(run: Run) -> list[dict[str, object]]:
    report = json.loads(Path(run.outputs["sarif-file"]).read_text(encoding="utf-8"))
    results: list[dict[str, object]] = report["runs"][0]["results"]
    return results


def test_the_metadata_is_what_github_publishes_as_its_schema():
    done = subprocess.run(
        [*CHECK_SCHEMA, "vendor.github-actions", str(CHECKOUT / "action.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_expression_has_a_value():
    written: set[str] = {f"inputs.{name}" for name in ACTION.metadata["inputs"]}
    for step in ACTION.steps:
        used = {name for text in strings(step) for name in EXPRESSION.findall(text)}
        assert used <= written, f"{step['name']}: of later or no steps"
        names = re.findall(r"(?:echo \"|printf ')([a-z-]+)(?:=|<<)", step["run"])
        written |= {f"steps.{step['id']}.outputs.{name}" for name in names}
    outputs = {
        name for each in strings(ACTION.metadata["outputs"]) for name in EXPRESSION.findall(each)
    }
    assert len(outputs) == len(ACTION.metadata["outputs"])
    assert outputs <= written


def test_every_input_is_used_and_has_a_default():
    used = {name for text in strings(ACTION.steps) for name in EXPRESSION.findall(text)}
    for name, each in ACTION.metadata["inputs"].items():
        assert f"inputs.{name}" in used
        assert isinstance(each["default"], str)


def test_no_value_is_pasted_into_a_script():
    for step in ACTION.steps:
        assert not EXPRESSION.search(step["run"])


def test_a_clean_project_passes(act):
    run = act(fail_on="info")
    assert (run.code, shown(run)) == (0, [])
    assert run.outputs["exit-code"] == "0"
    assert sarif(run) == []


def test_a_violation_fails_the_step_at_its_place(act, example):
    break_grant(example)
    run = act()
    assert run.code == 1
    assert shown(run) == [("error", "data/grants.ttl", 15)]
    assert run.outputs["exit-code"] == "1"
    assert [each["level"] for each in sarif(run)] == ["error"]


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1)])
def test_fail_on_decides_what_a_warning_does(act, example, fail_on, code):
    break_year(example)
    run = act(fail_on=fail_on)
    assert run.code == code
    assert shown(run) == [("warning", "data/organizations.ttl", 21)]
    assert [each["level"] for each in sarif(run)] == ["warning"]


def test_a_syntax_error_is_annotated_and_reported(act, example):
    with (example / "data" / "grants.ttl").open("a") as file:
        file.write("id:grant-kitchens schema:funder\n")
    run = act()
    assert run.code == 3
    assert [(kind, file) for kind, file, _ in shown(run)] == [("error", "data/grants.ttl")]
    assert "exit code 3" in run.log.splitlines()[-1]
    assert len(sarif(run)) == 1


def test_a_project_below_the_workspace_is_annotated_from_the_workspace(act, example):
    (example / "graph").mkdir()
    for name in ("mezan.toml", "data", "ontology", "queries", "shapes"):
        (example / name).rename(example / "graph" / name)
    break_grant(example / "graph")
    run = act(path="graph", sarif_file="reports.sarif")
    assert run.code == 1
    assert shown(run) == [("error", "graph/data/grants.ttl", 15)]
    assert run.outputs["sarif-file"] == "reports.sarif"
    assert "graph/data/grants.ttl" in (example / "reports.sarif").read_text()


def test_files_and_shapes_need_no_project(act, example):
    (example / "mezan.toml").unlink()
    break_grant(example)
    run = act(
        path="data/grants.ttl\ndata/organizations.ttl\n",
        shapes="shapes/grant.ttl\nshapes/organization.ttl\n",
    )
    assert run.code == 1
    assert shown(run) == [("error", "data/grants.ttl", 15)]


def test_without_project_and_shapes_nothing_passes(act, example):
    (example / "mezan.toml").unlink()
    run = act()
    assert run.code == 2
    assert run.outputs["exit-code"] == "2"
    assert run.outputs["sarif-file"] == ""


def test_changed_since_reports_what_was_touched(act, example):
    break_year(example)
    commit_all(example, "An older fault")
    break_grant(example)
    assert shown(act(changed_since="HEAD")) == [("error", "data/grants.ttl", 15)]
    assert len(shown(act())) == 2


def test_a_report_that_cannot_be_written_is_said(act):
    run = act(sarif_file="no/such/folder/mezan.sarif")
    assert run.code == 0
    assert "no/such/folder" in run.log
    assert run.outputs["sarif-file"] == ""


def test_another_format_is_written_to_the_log(act, example):
    break_grant(example)
    run = act(format="text")
    assert run.code == 1
    assert "data/grants.ttl\n  15:" in run.log


@pytest.mark.parametrize("name", ["path", "shapes", "fail_on", "format", "changed_since"])
def test_inputs_stay_values(act, example, name):
    run = act(**{name: HOSTILE})
    assert run.code in {2, 3}, run.log
    assert not (example / "sprung").exists()


def test_the_repository_does_not_run_in_the_installer(runner):
    assert (runner / "hostile" / "venv.py").exists()
    assert not (runner / "sprung").exists()


def test_another_version_than_the_named_one_fails(act):
    assert act(version=act().outputs["version"]).code == 0
    run = act(version="0.0.1")
    assert run.code == 2
    assert run.log.startswith("::error title=mezan::")


def test_a_runner_without_python_is_told_what_to_add(example, tmp_path, repository):
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        old = tmp_path / "bin" / name
        old.parent.mkdir(exist_ok=True)
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
    environment = clean_environment(PATH=f"{tmp_path / 'bin'}:/usr/bin:/bin")
    run = Action(repository).run(example, tmp_path / "runner", environment)
    assert run.code == 3
    assert "actions/setup-python" in run.log

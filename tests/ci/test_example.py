"""The example project and the page that shows it: what stands there is what happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml

from .conftest import (
    CHECK_SCHEMA,
    CHECKOUT,
    EXAMPLE,
    break_grant,
    clean_environment,
)

PAGE = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^<!-- (.+?) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = {match[1]: match[2] for match in BLOCK.finditer(PAGE)}
FILES = [name for name in SHOWN if name.startswith("examples/ci/")]
ACTION = yaml.safe_load((CHECKOUT / "action.yml").read_text(encoding="utf-8"))
COMPONENT = CHECKOUT / "templates" / "mezan-validate.yml"
INPUTS = next(yaml.safe_load_all(COMPONENT.read_text(encoding="utf-8")))["spec"]["inputs"]


def mezan(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mezan_graph", "-C", ".", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def tables(section):
    """Yield the names in the first column of each table of a section."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = table.splitlines()[2:]
        yield {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize("name", FILES)
def test_the_page_shows_the_file_as_it_is(name):
    assert SHOWN[name] == (CHECKOUT / name).read_text(encoding="utf-8")


def test_every_service_has_its_file_on_the_page():
    wanted = (".pre-commit-config.yaml", ".github/workflows/data.yml", ".gitlab-ci.yml", "Makefile")
    assert {f"examples/ci/{name}" for name in wanted} <= set(FILES)


@pytest.mark.parametrize(
    "arguments", [("validate", "--fail-on", "info"), ("fmt", "--check"), ("test",)], ids=" ".join
)
def test_the_example_has_no_findings(arguments):
    done = mezan(EXAMPLE, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_shown_annotation_is_what_comes_out(example):
    break_grant(example)
    assert mezan(example, "validate", "--format", "github").stdout == SHOWN["output: github"]


def test_the_shown_hook_output_is_what_comes_out(example):
    break_grant(example)
    shown = SHOWN["output: pre-commit"].partition("\n\n")[2]
    assert mezan(example, "validate").stdout == shown


def test_the_shown_code_quality_issue_is_what_comes_out(example):
    break_grant(example)
    issues = json.loads(mezan(example, "validate", "--format", "gitlab").stdout)
    del issues[0]["fingerprint"]
    assert issues == [json.loads(SHOWN["output: gitlab: first of"])]


def test_the_tables_name_every_input_and_output():
    inputs, outputs = tables("GitHub Actions")
    assert inputs == set(ACTION["inputs"])
    assert outputs == set(ACTION["outputs"])
    assert list(tables("GitLab")) == [set(INPUTS)]


def test_the_workflow_uses_the_action_as_it_is():
    file = EXAMPLE / ".github" / "workflows" / "data.yml"
    steps = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]["validate"]["steps"]
    (step,) = (each for each in steps if each.get("uses", "").startswith("OWNER/mezan-graph@"))
    assert step["with"].keys() <= ACTION["inputs"].keys()
    used = re.findall(rf"steps\.{step['id']}\.outputs\.([a-z-]+)", file.read_text(encoding="utf-8"))
    assert used
    assert set(used) <= ACTION["outputs"].keys()


def test_the_pipeline_gives_the_component_what_it_asks_for():
    pipeline = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    given = pipeline["include"][0]["inputs"]
    assert given.keys() <= INPUTS.keys()
    assert {name for name, each in INPUTS.items() if "default" not in each} <= given.keys()


@pytest.mark.parametrize(
    ("schema", "name"),
    [("github-workflows", ".github/workflows/data.yml"), ("gitlab-ci", ".gitlab-ci.yml")],
)
def test_the_service_files_meet_the_published_schemas(schema, name):
    done = subprocess.run(
        [*CHECK_SCHEMA, f"vendor.{schema}", str(EXAMPLE / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 2)])
def test_make_checks_the_project(example, runner, broken, code):
    if broken:
        break_grant(example)
    (example / ".venv").symlink_to(next(runner.glob("mezan-graph-*/venv")))
    done = subprocess.run(
        ["make", "check"],
        cwd=example,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert ("data/grants.ttl\n  15:" in done.stdout) is broken


def test_a_report_of_two_projects_never_loses_the_first(example, tmp_path):
    break_grant(example)
    arguments = ("validate", ".", str(EXAMPLE))
    refused = mezan(example, *arguments, "--format", "sarif", "-o", str(tmp_path / "report"))
    assert refused.returncode == 2
    assert not (tmp_path / "report").exists()
    assert mezan(example, *arguments, "--format", "json").returncode == 2
    both = mezan(example, *arguments, "--format", "github")
    assert both.returncode == 1
    assert both.stdout == SHOWN["output: github"]

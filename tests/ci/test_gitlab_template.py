"""The GitLab component: its inputs, its schema, and its script run as a runner runs it."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .actions import strings
from .conftest import (
    CHECK_SCHEMA,
    CHECKOUT,
    HOSTILE,
    TAG,
    break_grant,
    break_year,
    clean_environment,
)

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = CHECKOUT / "templates" / "mezan-validate.yml"
INPUT = re.compile(r"\$\[\[ inputs\.([a-z-]+) \]\]")
SPEC, JOBS = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
INPUTS: dict[str, Any] = SPEC["spec"]["inputs"]
REPORT = "mezan-code-quality.json"


def included(**inputs: str) -> dict[str, Any]:
    """Return the one job that the template makes; ``fail_on`` stands for ``fail-on``."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= INPUTS.keys()
    values = {name: given.get(name, each.get("default")) for name, each in INPUTS.items()}
    assert None not in values.values(), "an input without a default must be given"

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return INPUT.sub(lambda match: values[match[1]], value)
        if isinstance(value, dict):
            return {filled(key): filled(each) for key, each in value.items()}
        return [filled(each) for each in value] if isinstance(value, list) else value

    jobs: dict[str, Any] = filled(JOBS)
    assert list(jobs) == [values["job-name"]]
    return jobs


def run_script(
    lines: list[str], root: Path, variables: dict[str, str], shell: str
) -> subprocess.CompletedProcess[str]:
    options = {"bash": ["-eo", "pipefail"], "sh": ["-e"]}[shell]
    return subprocess.run(
        [shell, *options, "-c", "\n".join(lines)],
        cwd=root,
        env=clean_environment(CI_PROJECT_DIR=str(root), **variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=["bash", "sh"])
def job(request, example, runner, tmp_path):
    """Run the last item of the script, which validates, with a package that is installed."""
    installed = next(runner.glob("mezan-graph-*/venv"))

    def run(**inputs: str) -> subprocess.CompletedProcess[str]:
        (job,) = included(package="unused", **inputs).values()
        link = tmp_path / "venv"
        link.symlink_to(installed)
        variables = job["variables"] | {"mezan_venv": str(link)}
        return run_script(job["script"][-1:], example, variables, request.param)

    return run


def report(root: Path) -> list[tuple[str, str, int]]:
    issues = json.loads((root / REPORT).read_text(encoding="utf-8"))
    return [
        (each["severity"], each["location"]["path"], each["location"]["lines"]["begin"])
        for each in issues
    ]


def test_the_job_is_what_gitlab_publishes_as_its_schema(tmp_path):
    file = tmp_path / "jobs.json"
    file.write_text(json.dumps(included(package="mezan-graph")))
    header = tmp_path / "spec.json"
    header.write_text(json.dumps(SPEC))
    done = subprocess.run(
        [*CHECK_SCHEMA, "vendor.gitlab-ci", str(file), str(header)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_inputs_are_declared_used_and_kept_out_of_the_script():
    (job,) = JOBS.values()
    assert not any(INPUT.search(line) for line in job["script"])
    assert set(INPUT.findall(json.dumps(JOBS))) == INPUTS.keys()
    assert "$[[" not in INPUT.sub("", json.dumps(JOBS))


def test_every_variable_of_the_script_is_set():
    (job,) = JOBS.values()
    used = {name for line in strings(job["script"]) for name in re.findall(r"MEZAN_\w+", line)}
    assert used == job["variables"].keys()


def test_the_whole_job_installs_the_repository_and_fails_on_a_violation(example, repository):
    break_grant(example)
    (job,) = included(package=f"git+file://{repository}@{TAG}").values()
    done = run_script(job["script"], example, job["variables"], "bash")
    assert done.returncode == 1, done.stderr
    assert "data/grants.ttl\n  15:" in done.stdout
    assert report(example) == [("major", "data/grants.ttl", 15)]
    assert job["artifacts"]["reports"]["codequality"] == REPORT
    assert job["artifacts"]["when"] == "always"


def test_a_clean_project_passes(job, example):
    done = job(fail_on="info")
    assert done.returncode == 0, done.stderr
    assert report(example) == []


@pytest.mark.parametrize(("fail_on", "code"), [("violation", 0), ("warning", 1)])
def test_fail_on_decides_what_a_warning_does(job, example, fail_on, code):
    break_year(example)
    assert job(fail_on=fail_on).returncode == code
    assert report(example) == [("minor", "data/organizations.ttl", 21)]


def test_files_and_shapes_need_no_project(job, example):
    (example / "mezan.toml").unlink()
    break_grant(example)
    done = job(path="data/grants.ttl\ndata/organizations.ttl", shapes="shapes/grant.ttl")
    assert done.returncode == 1
    assert report(example) == [("major", "data/grants.ttl", 15)]


def test_without_project_and_shapes_nothing_passes(job, example):
    (example / "mezan.toml").unlink()
    assert job().returncode == 2
    assert not (example / REPORT).exists()


def test_changed_since_reports_what_was_touched(job, example):
    break_grant(example)
    assert job(changed_since="HEAD").returncode == 1
    assert report(example) == [("major", "data/grants.ttl", 15)]


def test_inputs_stay_values(job, example):
    done = job(path=HOSTILE, shapes=HOSTILE, changed_since=HOSTILE)
    assert done.returncode in {2, 3}
    assert not (example / "sprung").exists()

"""The hooks, installed and run by pre-commit itself in a repository of somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from .conftest import (
    CHECKOUT,
    EXAMPLE,
    break_grant,
    break_year,
    clean_environment,
    commit_all,
    git,
    replace,
)

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = CHECKOUT / ".pre-commit-hooks.yaml"


def pre_commit(folder: Path, store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = clean_environment(PRE_COMMIT_HOME=str(store), PRE_COMMIT_COLOR="never")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def use(repository: Path, root: Path) -> None:
    """Let the project's configuration name a clone of this repository."""
    config = root / ".pre-commit-config.yaml"
    replace(config, "https://github.com/OWNER/mezan-graph", str(repository))


@pytest.fixture(scope="session")
def store(once, repository):
    """Where pre-commit has installed the hooks, once."""

    def make(path: Path) -> None:
        project = path / "project"
        project.mkdir()
        config = (EXAMPLE / ".pre-commit-config.yaml").read_text(encoding="utf-8")
        (project / ".pre-commit-config.yaml").write_text(config)
        use(repository, project)
        commit_all(project)
        done = pre_commit(project, path, "install-hooks")
        assert done.returncode == 0, done.stdout + done.stderr

    return once("pre-commit", make)


@pytest.fixture
def hooks(example, repository, store):
    use(repository, example)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        git(example, "add", "--all")
        return pre_commit(example, store, "run", *(arguments or ("--all-files",)))

    return run


def test_pre_commit_accepts_the_manifest(tmp_path):
    done = pre_commit(CHECKOUT, tmp_path, "validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout
    hooks = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert [each["id"] for each in hooks] == ["mezan-validate", "mezan-fmt"]


def test_a_clean_project_passes_both_hooks(hooks):
    done = hooks()
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == 2


def test_a_violation_fails_the_hook_and_shows_its_place(hooks, example):
    break_grant(example)
    done = hooks("mezan-validate")
    assert done.returncode == 1
    assert "exit code: 1" in done.stdout
    assert "data/grants.ttl\n  15:" in done.stdout


def test_arguments_reach_the_command(hooks, example):
    break_year(example)
    assert hooks("mezan-validate").returncode == 1
    replace(example / ".pre-commit-config.yaml", "[--fail-on, warning]", "[]")
    assert hooks("mezan-validate").returncode == 0


def test_a_project_in_a_folder_is_named_by_an_argument(hooks, example):
    (example / "graph").mkdir()
    for name in ("mezan.toml", "data", "ontology", "queries", "shapes"):
        (example / name).rename(example / "graph" / name)
    break_grant(example / "graph")
    assert hooks("mezan-validate").returncode == 1
    replace(example / ".pre-commit-config.yaml", "--fail-on, warning", "graph")
    done = hooks("mezan-validate")
    assert "exit code: 1" in done.stdout
    assert "data/grants.ttl\n  15:" in done.stdout


def test_without_a_project_the_hook_fails(hooks, example):
    (example / "mezan.toml").unlink()
    done = hooks("mezan-validate", "--all-files")
    assert done.returncode == 1
    assert "there is no mezan.toml" in done.stdout


def test_files_and_shapes_need_no_project(hooks, example):
    (example / "mezan.toml").unlink()
    config = example / ".pre-commit-config.yaml"
    replace(config, "--fail-on, warning", "data/, --shapes, shapes/")
    done = hooks("mezan-validate")
    assert done.returncode == 0, done.stdout
    break_grant(example)
    assert "exit code: 1" in hooks("mezan-validate").stdout


def test_the_format_hook_lays_out_the_files_that_changed(hooks, example):
    grants = example / "data" / "grants.ttl"
    before = grants.read_text(encoding="utf-8")
    replace(grants, "id:grant-wells\n    a schema:Grant", "id:grant-wells a schema:Grant")
    done = hooks("mezan-fmt")
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert grants.read_text(encoding="utf-8") == before
    assert hooks("mezan-fmt").returncode == 0


def test_other_files_start_no_hook(hooks, example):
    (example / "notes.txt").write_text("Nothing to validate.\n")
    done = hooks("--files", "notes.txt")
    assert done.returncode == 0
    assert done.stdout.count("no files to check") == 2


def test_the_packaged_graph_comes_with_the_hooks(store, example):
    mezan = next(store.glob("repo*/py_env*/bin/mezan"))
    done = subprocess.run(
        [str(mezan), "query", "--list"],
        cwd=store,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "funders" in done.stdout
    assert os.access(mezan, os.X_OK)

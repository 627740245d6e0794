"""The program as others get it, installed once, and the example project in a folder of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .actions import Action

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLE = CHECKOUT / "examples" / "ci"
TAG = "v0.1.0"
CHECK_SCHEMA = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
HOSTILE = "x'; touch sprung; \"$(touch sprung)`touch sprung`\n--output=sprung"
"""A value that leaves a file called ``sprung`` wherever it is taken for more than a value."""

# Modules that Python would import in place of its own if the workspace were on its path.
TRAPS = ("venv", "pip", "json", "ensurepip")
PUBLISHED = (
    *(".pre-commit-hooks.yaml", "action.yml", "mezan.toml", "pyproject.toml", "requirements.lock"),
    *("README.md", "LICENSE", "LICENSE-DATA"),
    *("data", "frames", "ontology", "queries", "shapes", "src", "templates"),
)


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment of a job: nothing of this test run but what pip needs to install."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    for name in ("HOME", "LANG", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        if name in os.environ:
            kept[name] = os.environ[name]
    python = Path(sys.executable).resolve().parent
    # Compiling every module of every dependency takes pip longer than all the rest.
    quick = {"PIP_NO_COMPILE": "1"}
    return kept | quick | {"PATH": f"{python}:/usr/bin:/bin", "NO_COLOR": "1"} | more


def git(folder: Path, *arguments: str) -> None:
    """Run git in ``folder`` as nobody in particular."""
    person = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    subprocess.run(
        ["git", *person, "-c", "init.defaultBranch=main", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
    )


def commit_all(folder: Path, message: str = "State") -> None:
    """Commit everything that is in ``folder``, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        git(folder, "init")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def replace(file: Path, old: str, new: str) -> None:
    """Replace what stands in ``file`` once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def break_grant(root: Path) -> None:
    """Name a funder by a text in place of an IRI: a violation in line 15 of the grants."""
    replace(
        root / "data" / "grants.ttl",
        "id:lantern-foundation ;\n    schema:fundedItem id:well-and-water",
        '"Lantern Foundation" ;\n    schema:fundedItem id:well-and-water',
    )


def break_year(root: Path) -> None:
    """Write a year in words: a warning in line 21 of the organisations."""
    replace(root / "data" / "organizations.ttl", '"2011"^^xsd:gYear', '"around 2011"')


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a folder once for all processes of this test run."""
    base: Path = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        path, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(path, ignore_errors=True)
                path.mkdir()
                make(path)
                done.touch()
        return path

    return folder


@pytest.fixture(scope="session")
def repository(once):
    """This repository as others clone it, at a tag."""

    def make(path: Path) -> None:
        without = shutil.ignore_patterns("__pycache__", "*.pyc")
        for name in PUBLISHED:
            source = CHECKOUT / name
            if source.is_dir():
                shutil.copytree(source, path / name, ignore=without)
            else:
                shutil.copy(source, path)
        commit_all(path)
        git(path, "tag", TAG)

    return once("mezan-graph", make)


@pytest.fixture(scope="session")
def runner(once, repository):
    """The temporary folder of a runner on which the action has installed the package.

    It did so in a workspace that belongs to somebody with bad intentions.
    """

    def make(path: Path) -> None:
        workspace = path / "hostile"
        shutil.copytree(EXAMPLE, workspace)
        for name in TRAPS:
            text = f"open({str(path / 'sprung')!r}, 'a').write({name!r})\n"
            (workspace / f"{name}.py").write_text(text)
        run = Action(repository).run(workspace, path, clean_environment())
        assert run.code == 0, run.log

    return once("runner", make)


@pytest.fixture
def example(tmp_path) -> Path:
    """A copy of the example project, committed to a repository of its own."""
    root: Path = tmp_path / "relief-network"
    shutil.copytree(EXAMPLE, root)
    commit_all(root)
    return root

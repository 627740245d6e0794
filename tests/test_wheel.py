"""The built wheel, installed away from this checkout, works in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder with the content of the wheel, as pip lays it out."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def mezan(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import sys, mezan_graph.cli as cli\n"
        f"assert cli.__file__.startswith({str(installed)!r}), cli.__file__\n"
        "sys.argv[0] = 'mezan'\ncli.main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_carries_the_graph_and_nothing_of_the_checkout(installed):
    packaged = installed / "mezan_graph" / "packaged"
    assert {path.name for path in packaged.iterdir()} == {
        "mezan.toml", "ontology", "data", "shapes", "queries", "frames",
    }  # fmt: skip
    for part in ("ontology", "data", "shapes", "frames"):
        names = {path.name for path in (CHECKOUT / part).iterdir()}
        assert {path.name for path in (packaged / part).iterdir()} == names
    assert (installed / "mezan_graph" / "py.typed").is_file()
    assert not list(installed.rglob("test_*.py"))


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["query", "funder-count-by-kind", "--format", "markdown"], "core funding"),
        (["validate"], "SHACL: conforms"),
        (["test"], "0 not"),
        (["export", "al-mezan"], "Al Mezan Center for Human Rights"),
        (["embed", "al-mezan"], "application/ld+json"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_command_works_in_an_empty_folder(installed, tmp_path, arguments, answer):
    done = mezan(installed, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert answer in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_build_works_in_an_empty_folder(installed, tmp_path):
    done = mezan(installed, tmp_path, "build", "-o", "dist")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "dist" / "doc" / "al-mezan.ttl").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"dist"}


def test_a_folder_with_a_project_file_takes_the_place_of_the_packaged_graph(installed, tmp_path):
    (tmp_path / "mezan.toml").write_text('[project]\nname = "x"\nbase = "https://example.org/"\n')
    done = mezan(installed, tmp_path, "export")
    assert done.returncode == 3
    assert "the folder for data does not exist" in done.stderr


def test_the_command_is_declared(installed):
    [entry] = installed.glob("*.dist-info/entry_points.txt")
    assert "mezan = mezan_graph.cli:main" in entry.read_text()

"""The Nu Html Checker finds no error in the pages, and none in what our own reader accepts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.conftest import system_program

from mezan_graph.exports import published_graph
from mezan_graph.publication import published_files
from mezan_graph.site.markup import read_markup

JAR = Path(__file__).resolve().parents[1] / "browser/node_modules/vnu-jar/build/dist/vnu.jar"


@pytest.fixture(scope="module")
def pages(project, tmp_path_factory) -> Path:
    """Every page that is not of an entity, and every tenth of those that are."""
    folder = tmp_path_factory.mktemp("pages")
    made = published_files(project, published_graph(project), site=True)
    names = [(name, content) for name, content in made if name.endswith(".html")]
    chosen = [each for each in names if "/doc/" not in each[0]]
    chosen += [each for each in names if "/doc/" in each[0]][::10]
    for name, content in chosen:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_our_reader_finds_nothing(pages):
    read = 0
    for path in sorted(pages.rglob("*.html")):
        assert read_markup(path.read_text(encoding="utf-8")).faults == [], path
        read += 1
    assert read > 100


def test_the_nu_checker_finds_nothing(pages):
    if not JAR.is_file():
        pytest.skip("vnu-jar is not installed; `make test` installs it with npm")
    done = subprocess.run(
        [system_program("java"), "-jar", str(JAR), "--errors-only", "--format", "json",
         "--skip-non-html", str(pages)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    messages = json.loads(done.stderr)["messages"]
    found = {
        f"{each['url'].partition('/pages')[2]}:{each.get('lastLine')}: {each['message']}"
        for each in messages
    }
    assert found == set()

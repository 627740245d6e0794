"""Every example of the README and of docs/ runs, and what it shows is what comes out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mezan_graph.cli import COMMANDS

CHECKOUT = Path(__file__).resolve().parents[1]
PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    *sorted((CHECKOUT / "docs").rglob("*.md")),
]
ENDPOINT = "https://example.org/sparql"
"""Address of an endpoint in the examples; a real one takes its place."""

FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(CHECKOUT)}:{self.line}"


def examples(language: str) -> list[Example]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Example(page, line, match[1], match[2]))
    return [each for each in found if each.language == language]


@pytest.fixture
def project_copy(copy_project, tmp_path, source_texts) -> Path:
    """What the examples assume: a project, its texts, another project, a query of one's own."""
    root = copy_project(tmp_path / "project")
    shutil.copytree(source_texts, root / "texts")
    other = root / "your-folder"
    for name in ("ontology", "data", "shapes", "queries"):
        (other / name).mkdir(parents=True)
    (other / "mezan.toml").write_text(
        '[project]\nname = "relief-network"\nbase = "https://example.org/relief/"\n'
    )
    (other / "data" / "organizations.ttl").write_text(
        "@prefix schema: <https://schema.org/> .\n"
        '<https://example.org/relief/id/relief> a schema:NGO ; schema:name "Relief"@en .\n'
    )
    (other / "shapes" / "organization.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix schema: <https://schema.org/> .\n"
        "<https://example.org/relief/shapes#Organization> a sh:NodeShape ;\n"
        "    sh:targetClass schema:NGO ;\n"
        "    sh:property [ sh:path schema:name ; sh:minCount 1 ] .\n"
    )
    (root / "mine.rq").write_text("SELECT ?x { id:al-mezan schema:funder ?x }")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *command], cwd=root, check=True)
    return root


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that the block shows."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


@pytest.mark.parametrize("example", examples("console"), ids=str)
def test_a_console_example_runs_and_shows_its_output(example, project_copy, sparql_endpoint):
    ran = 0
    for command, shown in commands(example.text):
        words = shlex.split(command, comments=True)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
            ran += 1
            continue
        assert words[0] == "mezan" or "| mezan" in command, f"{example}: not a command of ours"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command.replace(ENDPOINT, sparql_endpoint)],
            cwd=project_copy,
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{example}: {command}\n{done.stderr}{done.stdout}"
        if shown:
            assert done.stdout.splitlines() == shown.splitlines(), f"{example}: {command}"
        ran += 1
    assert ran


@pytest.mark.parametrize("example", examples("python"), ids=str)
def test_a_python_example_runs(example, project_copy):
    if example.page.name == "CONTRIBUTING.md":
        compile(example.text, str(example), "exec")
        return
    done = subprocess.run(
        [sys.executable, "-c", example.text],
        cwd=project_copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{example}\n{done.stderr}"


@pytest.mark.parametrize("example", examples("toml"), ids=str)
def test_a_project_file_example_is_a_project_file(example, tmp_path):
    from mezan_graph.project import Project

    text = example.text
    if "[project]" not in text:
        text = '[project]\nname = "x"\nbase = "https://example.org/"\n' + text
    (tmp_path / "mezan.toml").write_text(text)
    assert Project.open(tmp_path).name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section(name):
    page = (CHECKOUT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert f"## mezan {name}\n" in page


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented(name):
    import importlib

    page = (CHECKOUT / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.partition(f"## mezan {name}\n")[2].partition("\n## ")[0]
    command = importlib.import_module(f"mezan_graph.cli.{name.replace('-', '_')}").command
    for parameter in command.params:
        options = [option for option in parameter.opts if option.startswith("-")]
        assert not options or any(f"{option}" in section for option in options), parameter


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_no_link_inside_the_repository_is_dead(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"

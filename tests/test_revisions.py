"""What a Git range touched, and that its findings are those of the full run."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.errors import UsageError
from mezan_graph.graph import build_graph
from mezan_graph.project import Project
from mezan_graph.revisions import changed_nodes, revision_graph
from mezan_graph.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = ["-c", "user.name=test", "-c", "user.email=test@example.org"]


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def versioned(copy_project, tmp_path) -> Project:
    """The Al Mezan project in a subfolder of a repository with one commit."""
    root = copy_project(tmp_path / "graphs" / "al-mezan")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "all")
    return Project.open(root)


def edit(project: Project, name: str, before: str, after: str) -> None:
    path = project.root / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def changed(project: Project, revision: str = "HEAD") -> set[str]:
    nodes = changed_nodes(project, build_graph(project), revision)
    space = f"{project.base}id/"
    return {each.value.removeprefix(space) for each in nodes if isinstance(each, ox.NamedNode)}


def test_nothing_changed(versioned):
    assert changed(versioned) == set()


def test_layout_comments_and_order_are_no_change(versioned):
    edit(versioned, "data/funding.ttl", "schema:position 1 ;", "\n  schema:position\t1 ; # first")
    assert changed(versioned) == set()


def test_a_changed_triple_is_a_change_of_its_subject(versioned):
    edit(versioned, "data/funding.ttl", "schema:position 1 ;", "schema:position 9 ;")
    assert changed(versioned) == {"funding-netherlands-representative-office"}


def test_a_change_below_a_blank_node_is_one_of_the_node_above(versioned):
    edit(versioned, "data/citations.ttl", 'rdf:value "line=', 'rdf:value "line=1')
    nodes = changed_nodes(versioned, build_graph(versioned), "HEAD")
    assert sum(isinstance(each, ox.NamedNode) for each in nodes) == 1
    assert any(isinstance(each, ox.BlankNode) for each in nodes)


def test_a_range_counts_from_its_beginning(versioned):
    edit(versioned, "data/funding.ttl", "schema:position 1 ;", "schema:position 9 ;")
    git(versioned.root, "commit", "-q", "-a", "-m", "nine")
    assert changed(versioned, "HEAD") == set()
    assert changed(versioned, "HEAD~1..HEAD") == {"funding-netherlands-representative-office"}


def test_the_graph_of_a_revision_is_that_of_its_files(versioned):
    before = len({quad.triple for quad in build_graph(versioned).triples()})
    (versioned.root / "data" / "funding.ttl").unlink()
    graph = revision_graph(versioned, "HEAD")
    assert len({quad.triple for quad in graph.triples()}) == before


def test_findings_are_those_of_the_full_run_for_the_same_nodes(versioned):
    edit(versioned, "data/claims.ttl", "prov:wasAttributedTo id:al-mezan ;\n", "\n")
    git(versioned.root, "commit", "-q", "-a", "-m", "an older fault")
    edit(versioned, "data/funding.ttl", "schema:funder id:ford-foundation ;", "")
    edit(versioned, "data/people.ttl", '"Talal Aukalk"@en', '"Talal Aukalk"')
    full = validate(versioned)
    part = validate(versioned, changed_since="HEAD")
    touched = {"funding-ford-foundation", "person-p0002"}
    space = f"{versioned.base}id/"

    def of_touched(report):
        return [
            each
            for each in report.findings
            if isinstance(each.focus_node, ox.NamedNode)
            and each.focus_node.value.removeprefix(space) in touched
        ]

    assert list(part.findings) == of_touched(full)
    assert len(part.findings) >= 2
    assert len(full.findings) > len(part.findings)


@pytest.mark.parametrize("revision", ["nothing", "HEAD~9", "--output=x"])
def test_an_unknown_revision_is_a_usage_error(versioned, revision):
    with pytest.raises(UsageError, match="name a commit"):
        changed(versioned, revision)


def test_a_folder_without_git_is_a_usage_error(tmp_path):
    (tmp_path / "mezan.toml").write_text('[project]\nname = "x"\nbase = "https://example.org/"\n')
    for name in ("ontology", "data"):
        (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="git"):
        changed(Project.open(tmp_path))

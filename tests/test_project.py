"""The project file: what it says is checked, and each error names file, line and key."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from mezan_graph.errors import ProjectError
from mezan_graph.project import Project, packaged_root
from mezan_graph.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = '[project]\nname = "small"\nbase = "https://example.org/"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "mezan.toml").write_text(MINIMAL)
    return root


def opened(folder: Path, text: str) -> Project:
    (folder / "mezan.toml").write_text(text, encoding="utf-8")
    return Project.open(folder)


def test_what_a_minimal_file_leaves_out_has_defaults(folder: Path):
    project = Project.open(folder)
    assert (project.root, project.name, project.base) == (folder, "small", "https://example.org/")
    assert project.title == {"en": "small"}
    assert project.languages == ("en",)
    assert project.folders["data"] == folder / "data"
    assert project.limits == Limits()
    assert project.issued is None
    assert project.subject is None
    assert project.site == "https://example.org/"


def test_a_full_file_is_read(folder: Path):
    project = opened(
        folder,
        MINIMAL + 'languages = ["ar", "en"]\nversion = "1"\nissued = 2026-11-22\nsubject = "x"\n'
        'title = {en = "T", ar = "ت"}\nlicense = "https://l.example/"\nattribution = "A"\n'
        '[folders]\ndata = "facts"\n[graphs]\nlinks = ["facts/l.ttl"]\n[sources]\ntexts = "t"\n'
        '[site]\nurl = "https://host.example/g/"\n'
        '[prefixes]\nx = "https://x.example/"\n[limits]\nnesting = 7\n',
    )
    assert project.languages == ("ar", "en")
    assert project.issued == dt.date(2026, 11, 22)
    assert project.title["ar"] == "ت"
    assert project.graphs == {"links": (folder / "facts" / "l.ttl",)}
    assert project.source_texts == folder / "t"
    assert project.site == "https://host.example/g/"
    assert project.prefixes["x"] == "https://x.example/"
    assert project.limits.nesting == 7


ERRORS = {
    "not TOML": ("[project", "not valid TOML"),
    "an unknown table": (
        MINIMAL + "[folder]\n",
        "4: folder: unknown key\n  hint: did you mean folders?",
    ),
    "a site that is a file": (
        MINIMAL + '[site]\nurl = "https://host.example/g"\n',
        "5: site.url: must be an absolute http(s) URL ending in /",
    ),
    "an unknown key": (
        MINIMAL + "nmae = 1\n",
        "4: project.nmae: unknown key\n  hint: did you mean name?",
    ),
    "an unknown key far from all": (
        MINIMAL + "[sources]\nqqqq = 1\n",
        "5: sources.qqqq: unknown key\n  hint: one of texts",
    ),
    "no project": (
        "[folders]\n",
        "project: is required\n  hint: start the file with a [project] table",
    ),
    "no base": ('[project]\nname = "x"\n', "project.base: is required"),
    "a base without an end": (
        MINIMAL.replace("org/", "org"),
        "3: project.base: must be an absolute http(s) IRI ending in / or #",
    ),
    "a file: base": (
        MINIMAL.replace("https:", "file:"),
        "3: project.base: must be an absolute http(s) IRI ending in / or #",
    ),
    "a name that is no slug": (
        MINIMAL.replace("small", "Small One"),
        "2: project.name: must be a slug: a-z, 0-9 and single hyphens",
    ),
    "a number as name": (
        MINIMAL.replace('"small"', "7"),
        "2: project.name: must be a non-empty string",
    ),
    "a bad language": (
        MINIMAL + 'languages = ["english language"]\n',
        "4: project.languages: 'english language' is not a language tag",
    ),
    "no languages": (
        MINIMAL + "languages = []\n",
        "4: project.languages: must be a list of language tags",
    ),
    "a date in quotes": (
        MINIMAL + 'issued = "2026-01-31"\n',
        "4: project.issued: must be a date without quotes: 2026-01-31",
    ),
    "a folder outside": (
        MINIMAL + '[folders]\ndata = "../x"\n',
        "5: folders.data: leaves the project: ../x\n  hint: use a path below the project",
    ),
    "an absolute folder": (
        MINIMAL + '[folders]\ndata = "/etc"\n',
        "5: folders.data: leaves the project: /etc\n  hint: use a path below the project",
    ),
    "a graph that is no list": (
        MINIMAL + '[graphs]\nx = "a.ttl"\n',
        "5: graphs.x: must be a list of files",
    ),
    "a limit of 0": (
        MINIMAL + "[limits]\nnesting = 0\n",
        "5: limits.nesting: must be a whole number of at least 1",
    ),
    "a limit of true": (
        MINIMAL + "[limits]\nnesting = true\n",
        "5: limits.nesting: must be a whole number of at least 1",
    ),
    "a relative prefix": (
        MINIMAL + '[prefixes]\nx = "y"\n',
        "5: prefixes.x: must be an absolute IRI",
    ),
    "a table as key": ("folders = 1\n" + MINIMAL, "1: folders: must be a table"),
}


@pytest.mark.parametrize(("text", "message"), ERRORS.values(), ids=ERRORS)
def test_an_error_names_file_line_and_key(folder: Path, text: str, message: str):
    with pytest.raises(ProjectError) as caught:
        opened(folder, text)
    shown = str(caught.value).removeprefix(f"{folder / 'mezan.toml'}:").strip()
    assert shown == message or (message == "not valid TOML" and shown.startswith(message))
    assert caught.value.exit_code == 3


def test_a_file_that_is_not_utf_8_is_named(folder: Path):
    (folder / "mezan.toml").write_bytes(MINIMAL.encode() + b"# \xe9\n")
    with pytest.raises(ProjectError, match=r"mezan\.toml: the file is not UTF-8"):
        Project.open(folder)


def test_a_folder_without_a_project_file_is_named(tmp_path: Path):
    with pytest.raises(ProjectError) as caught:
        Project.open(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: there is no mezan.toml in this folder\n"
        "  hint: name a folder with a mezan.toml: mezan -C DIR …"
    )


def test_a_project_file_that_is_a_folder_is_named(tmp_path: Path):
    (tmp_path / "mezan.toml").mkdir()
    with pytest.raises(ProjectError, match="cannot be read: Is a directory"):
        Project.open(tmp_path)


def test_a_missing_folder_is_named_with_its_setting(folder: Path):
    with pytest.raises(ProjectError) as caught:
        Project.open(folder).folder("data")
    assert str(caught.value) == (
        f"{folder / 'mezan.toml'}: the folder for data does not exist: data\n"
        "  hint: make the folder, or change data under [folders]"
    )


def test_a_folder_that_is_a_link_out_of_the_project_is_refused(folder: Path, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (folder / "data").symlink_to("../outside")
    with pytest.raises(ProjectError, match="folders.data: leaves the project: data"):
        Project.open(folder)


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("relief", "https://example.org/id/relief"),
        ("id:relief", "https://example.org/id/relief"),
        ("concept:core", "https://example.org/concept/core"),
        ("schema:NGO", "https://schema.org/NGO"),
        ("<schema:NGO>", "schema:NGO"),
        ("https://other.example/x", "https://other.example/x"),
    ],
)
def test_an_entity_is_named_by_slug_prefixed_name_or_iri(folder: Path, name: str, iri: str):
    assert Project.open(folder).entity_iri(name) == iri


def test_the_current_folder_is_the_project_where_it_holds_one(folder: Path, monkeypatch):
    monkeypatch.chdir(folder)
    assert Project.open().name == "small"


def test_elsewhere_the_packaged_graph_is_the_project(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Project.open().name == "al-mezan"
    assert Project.open().root == packaged_root() == Project.packaged().root

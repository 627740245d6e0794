"""What is validated: a project, several, bare files and folders, standard input."""

from __future__ import annotations

from pathlib import Path

import pytest

from mezan_graph.errors import SourceError, UsageError
from mezan_graph.formats import NTRIPLES, TURTLE
from mezan_graph.project import NO_BASE
from mezan_graph.validation.inputs import chosen_inputs, path_sources

PROJECT = (
    '[project]\nname = "x"\nbase = "https://example.org/"\n\n[graphs]\nlinks = ["data/l.ttl"]\n'
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with a project, a bare file, a folder of files and a shapes file."""
    for name in ("project/ontology", "project/data", "project/shapes", "files/.hidden"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "project" / "mezan.toml").write_text(PROJECT)
    for name in ("project/data/a.ttl", "project/data/l.ttl", "bare.nt", "files/b.ttl",
                 "files/notes.txt", "files/.hidden/c.ttl", "shapes.ttl"):  # fmt: skip
        (tmp_path / name).write_text("<urn:a> <urn:b> <urn:c> .\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def inputs(directory=None, paths=(), shapes=(), stdin=None, stdin_format=TURTLE):
    chosen = chosen_inputs(
        directory,
        tuple(map(Path, paths)),
        tuple(map(Path, shapes)),
        stdin=stdin,
        stdin_format=stdin_format,
    )
    return list(chosen())


def test_without_paths_it_is_the_project(folder):
    [(project, data, shapes)] = inputs(folder / "project")
    assert (project.name, data, shapes) == ("x", None, None)


def test_a_folder_with_a_project_file_is_that_project(folder):
    [(project, data, _), (bare, files, _)] = inputs(
        paths=["project", "bare.nt"], shapes=["shapes.ttl"]
    )
    assert (project.name, data) == ("x", None)
    assert bare.base == NO_BASE
    assert [source.name for source in files] == ["bare.nt"]


def test_files_and_folders_are_read_in_order_without_hidden_ones(folder):
    [(_, data, shapes)] = inputs(paths=["files", "bare.nt"], shapes=["shapes.ttl"])
    assert [(source.name, source.format.name) for source in data] == [
        ("files/b.ttl", "turtle"),
        ("bare.nt", "ntriples"),
    ]
    assert [source.name for source in shapes] == ["shapes.ttl"]


def test_a_file_of_the_project_keeps_its_graph(folder):
    [(_, data, _)] = inputs(folder / "project", paths=["project/data/l.ttl", "bare.nt"])
    assert [str(source.graph_name) for source in data] == [
        "<https://example.org/graph/links>",
        "DEFAULT",
    ]


def test_standard_input_has_the_format_that_is_named(folder):
    [(_, [source], _)] = inputs(
        paths=["-"], shapes=["shapes.ttl"], stdin=b"<urn:a> <urn:b> 1 .", stdin_format=NTRIPLES
    )
    assert (source.name, source.format) == ("-", NTRIPLES)
    assert source.read() == b"<urn:a> <urn:b> 1 ."


def test_files_without_shapes_are_a_usage_error(folder):
    with pytest.raises(UsageError, match="no shapes are known"):
        inputs(paths=["bare.nt"])


def test_a_path_that_does_not_exist_is_named(folder):
    with pytest.raises(SourceError, match="there is no such file") as caught:
        inputs(paths=["gone.ttl"], shapes=["shapes.ttl"])
    assert caught.value.place == str(folder / "gone.ttl")


def test_a_file_outside_of_the_folder_is_shown_whole(folder):
    [source] = path_sources([folder / "bare.nt"], folder / "files")
    assert source.name == str(folder / "bare.nt")


def test_the_inputs_are_looked_up_anew_at_each_call(folder):
    look = chosen_inputs(
        None, (Path("files"),), (Path("shapes.ttl"),), stdin=None, stdin_format=TURTLE
    )
    assert len(next(iter(look()))[1] or ()) == 1
    (folder / "files" / "z.ttl").write_text("<urn:a> <urn:b> <urn:d> .\n")
    assert len(next(iter(look()))[1] or ()) == 2

"""What to validate: the project, other projects, or bare files and folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import SourceError, UsageError
from mezan_graph.formats import SUFFIXES, RdfFormat, format_of
from mezan_graph.project import NO_BASE, PROJECT_FILE, Project
from mezan_graph.settings import Limits
from mezan_graph.sources import Source, project_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

Input = tuple[Project, list[Source] | None, list[Source] | None]
"""A project, the sources of its data and those of its shapes; ``None`` stands for its own."""

Inputs = Callable[[], Iterator[Input]]
"""Looks up what is to be validated, anew at each call."""

STANDARD_INPUT = Path("-")


def chosen_inputs(
    directory: Path | None,
    paths: tuple[Path, ...],
    shapes: tuple[Path, ...],
    *,
    stdin: bytes | None,
    stdin_format: RdfFormat,
) -> Inputs:
    """Return a function that yields what is to be validated, looked up anew at each call.

    Args:
        directory: Folder of the project that ``-C`` names, if it does.
        paths: Files, folders, or ``-``; folders with a project file are projects of their own.
            Without any, the project itself.
        shapes: Files and folders of shapes in place of the project's.
        stdin: What ``-`` stands for.
        stdin_format: Its format.

    Raises:
        UsageError: Files are to be validated and no shapes are known.
        SourceError: A path does not exist or is no RDF file.
    """

    def inputs() -> Iterator[Input]:
        def named(project: Project) -> list[Source] | None:
            return path_sources(shapes, Path.cwd(), project.limits) if shapes else None

        if not paths:
            project = Project.open(directory)
            yield project, None, named(project)
            return
        projects = [each for each in paths if (each / PROJECT_FILE).is_file()]
        for each in projects:
            project = Project.open(each)
            yield project, None, named(project)
        files = [each for each in paths if each not in projects]
        if files:
            project = _project_of(directory)
            if not shapes and not project.folders["shapes"].is_dir():
                raise UsageError("no shapes are known for these files", hint="name them: -s SHAPES")
            yield project, list(_data(files, project, stdin, stdin_format)), named(project)

    return inputs


def path_sources(
    paths: Iterable[Path],
    root: Path,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> list[Source]:
    """Return the sources in files and in folders and below, shown relative to ``root``.

    Raises:
        SourceError: A path does not exist, or is no RDF file.
    """
    root = root.resolve()
    return [
        Source(
            name=file.relative_to(root).as_posix() if root in file.parents else str(file),
            format=format_of(file),
            graph_name=ox.DefaultGraph(),
            path=file,
            limits=limits,
        )
        for path in paths
        for file in _files(path.resolve())
    ]


def _project_of(directory: Path | None) -> Project:
    folder = directory or Path.cwd()
    return Project.open(folder) if (folder / PROJECT_FILE).is_file() else Project.bare(folder)


def _data(
    paths: list[Path], project: Project, stdin: bytes | None, stdin_format: RdfFormat
) -> Iterator[Source]:
    """Yield the sources of ``paths``; a file of the project keeps the graph that it has there."""
    own = {} if project.base == NO_BASE else {each.path: each for each in project_sources(project)}
    for path in paths:
        if path == STANDARD_INPUT:
            yield Source(
                "-", stdin_format, ox.DefaultGraph(), content=stdin or b"", limits=project.limits
            )
        else:
            for source in path_sources([path], project.root, project.limits):
                yield own.get(source.path, source)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
            if each.suffix.lower() in SUFFIXES and each.is_file() and not hidden:
                yield each
    elif path.exists():
        yield path
    else:
        raise SourceError("there is no such file", place=path)

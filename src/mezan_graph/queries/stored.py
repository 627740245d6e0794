"""Stored queries: ``queries/**/*.rq``, each with a header that says what it asks.

The header is YAML in the comment lines that start with ``#+``, as grlc reads it;
``docs/stored-queries.md`` describes every key. A query's name is its file's stem, unique in the
project; its category is the sub-folder that it stands in.
"""

from __future__ import annotations

import os
import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.errors import QueryError, SourceError, UnknownQueryError
from mezan_graph.folders import inside_project
from mezan_graph.queries.guard import MAX_CHARACTERS, check
from mezan_graph.queries.header import read_header
from mezan_graph.queries.wording import prefix_labels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.project import Project
    from mezan_graph.queries.header import Header, Texts
    from mezan_graph.queries.outline import Form, Outline
    from mezan_graph.queries.parameters import Parameter

SUFFIX = ".rq"
_EXPECTED = {"SELECT": ".csv", "ASK": ".txt", "CONSTRUCT": ".ttl", "DESCRIBE": ".ttl"}
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")


class StoredQuery(NamedTuple):
    """A query of the project, with what its header says.

    Attributes:
        name: Stem of its file.
        category: Its sub-folder, with ``/``; ``""`` for a file directly in the queries folder.
        path: Its file.
        place: The file as people are shown it.
        text: The whole file, header included, so that line numbers are the file's.
        texts: What its header says to people, by language tag: in the language that it is written
            in, which is the first of the project's, then in those that it is translated into.
        tags: Tags of the header.
        parameters: Its parameters, in the order of the header.
        form: Its query form.
        ordered: Whether its outermost solution modifiers have an ORDER BY.
        outline: The query read and checked, for the engine.
    """

    name: str
    category: str
    path: Path
    place: str
    text: str
    texts: dict[str, Texts]
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    form: Form
    ordered: bool
    outline: Outline

    @property
    def summary(self) -> str:
        """What it answers, in a line, in the language of the header."""
        return next(iter(self.texts.values())).summary

    @property
    def description(self) -> str:
        """The question in words, in the language of the header."""
        return next(iter(self.texts.values())).description

    @property
    def expected(self) -> Path:
        """File of the expected answer, which need not exist."""
        return self.path.with_name(f"{self.name}.expected{_EXPECTED[self.form]}")


def list_queries(project: Project, category: str | None = None) -> list[StoredQuery]:
    """Return the stored queries of ``project``, sorted by category and name.

    Args:
        project: The project.
        category: Read only the queries of this category; by default all.

    Raises:
        ProjectError: The queries folder does not exist.
        SourceError: A file is not readable, or a symbolic link leaves the project.
        QueryError: A header or a query is malformed, or two files have one name.
    """
    return [
        _read(project, path)
        for path in _paths(project).values()
        if category is None or _category(project, path) == category
    ]


def load_query(project: Project, name: str) -> StoredQuery:
    """Return the stored query called ``name``, reading no other file.

    Raises:
        UnknownQueryError: No stored query has this name.
        ProjectError: The queries folder does not exist.
        SourceError: The file is not readable, or a symbolic link leaves the project.
        QueryError: The header or the query is malformed, or two files have one name.
    """
    paths = _paths(project)
    if name not in paths:
        import difflib

        near = difflib.get_close_matches(name, paths, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "mezan query --list shows them all"
        raise UnknownQueryError("no stored query has this name", place=name, hint=hint)
    return _read(project, paths[name])


def _paths(project: Project) -> dict[str, Path]:
    """Return the files of the queries by name, sorted by category and name."""
    paths: dict[str, Path] = {}
    if not project.has_folder("queries"):
        return paths
    folder = project.folders["queries"]
    if folder != project.root:
        inside_project(project, folder)
    for path in _below(folder):
        if path.is_symlink():
            inside_project(project, path)
        if path.stem in paths:
            raise QueryError(
                f"two queries are called {path.stem}",
                place=project.relative(path),
                hint=f"rename it, or {project.relative(paths[path.stem])}",
            )
        paths[path.stem] = path
    return paths


def _below(folder: Path) -> Iterator[Path]:
    """Yield the queries in ``folder`` and below, sorted; hidden and linked folders are left out."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=attrgetter("name"))
    for entry in listed:
        if entry.name.startswith("."):
            continue
        if entry.name.endswith(SUFFIX):
            yield folder / entry.name
        elif entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name)


def _category(project: Project, path: Path) -> str:
    folder = path.parent.relative_to(project.folders["queries"])
    return "/".join(folder.parts)


def parse_query(
    project: Project, text: str, *, place: str, path: Path | None = None
) -> StoredQuery:
    """Return the query with a header in ``text``, which need not be one of the project's.

    Args:
        project: Gives prefixes, limits and the IRIs of default values.
        text: The query with its header.
        place: What people are shown as its place.
        path: Its file, where it has one; its stem is the name.

    Raises:
        QueryError: The header or the query is malformed.
    """
    query = check(text, project.limits, place=place)
    prefix_labels(query, project.prefixes)
    header = read_header(text, place, project)
    _check(query, header)
    return StoredQuery(
        name=path.stem if path else place,
        category=_category(project, path) if path else "",
        path=path or project.root / place,
        place=place,
        text=text,
        texts=header.texts,
        tags=header.tags,
        parameters=tuple(header.parameters),
        form=query.form,
        ordered=query.ordered,
        outline=query,
    )


def _read(project: Project, path: Path) -> StoredQuery:
    place = project.relative(path)
    text = _text(path, place)
    if not _NAME.match(path.stem):
        raise QueryError(
            f"{path.stem!r} is no name for a query",
            place=place,
            hint="a-z and 0-9, with single hyphens or underscores between",
        )
    return parse_query(project, text, place=place, path=path)


def _text(path: Path, place: str) -> str:
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            raise QueryError(f"the file is over {4 * MAX_CHARACTERS:,} bytes large", place=place)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", place=place) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"not UTF-8: byte 0x{error.object[error.start]:02x}",
            place=place,
            line=line,
            hint="save the file as UTF-8",
        ) from None
    if not text.strip():
        raise SourceError("the file is empty", place=place, hint="remove it, or write a query")
    return text


def _check(query: Outline, header: Header) -> None:
    """Check that the query uses its parameters, and says which rows a LIMIT keeps."""
    for parameter, line in header.parameters.items():
        if parameter.modifier:
            used = query.modifier(parameter.modifier) is not None
            hint = f"write {parameter.modifier} and a number at the end of the query"
        else:
            used = parameter.name in query.variables
            hint = f"use ?{parameter.name} in the query, or remove it from the header"
        if not used:
            raise QueryError(
                f"the query does not use the parameter {parameter.name}",
                place=query.place,
                line=line,
                hint=hint,
            )
    for index, token in enumerate(query.tokens):
        if query.tokens[index - 1].word == "AS" and any(
            token.variable == parameter.name for parameter in header.parameters
        ):
            raise query.error(
                token,
                f"?{token.variable} is a parameter and cannot be assigned",
                "choose another name after AS",
            )
    cut = query.modifier("LIMIT") or query.modifier("OFFSET")
    if cut is not None and query.form == "SELECT" and not query.ordered:
        raise query.error(
            cut, "LIMIT without ORDER BY: any rows may come", "add ORDER BY before it"
        )

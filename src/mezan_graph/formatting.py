"""Canonical layout for hand-written Turtle and TriG: the graph and its words stay.

The order of subjects, the lexical form of every term and every comment are kept. ``a`` comes first
among the predicates of a node. Formatting what is formatted changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import MezanError, SourceError, UsageError
from mezan_graph.folders import folder_files, inside_project
from mezan_graph.formats import SUFFIXES, TRIG, TURTLE, format_of
from mezan_graph.namespaces import RDF
from mezan_graph.sources import Source
from mezan_graph.turtle.layout import Layout
from mezan_graph.turtle.scanning import line_end, scan
from mezan_graph.turtle.statements import (
    Block,
    Collection,
    Directive,
    Properties,
    Statement,
    read_statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mezan_graph.project import Project
    from mezan_graph.turtle.scanning import Token
    from mezan_graph.turtle.statements import Entry, Pair, Term

FORMATTED = (TURTLE, TRIG)
"""The formats that people write by hand and that are formatted."""

_ANY_BASE = "https://base.invalid/"


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file and its canonical layout.

    Attributes:
        path: The file.
        name: What people are shown.
        before: Its text as it is.
        after: Its text in canonical layout.
    """

    path: Path
    name: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether formatting changes the file."""
        return self.before != self.after

    def diff(self) -> str:
        """Return what formatting changes, as a unified diff."""
        import difflib

        lines = difflib.unified_diff(
            self.before.split("\n"), self.after.split("\n"), self.name, self.name, lineterm=""
        )
        return "".join(f"{line}\n" for line in lines)


def format_files(project: Project, paths: Sequence[Path] = ()) -> list[Formatted]:
    """Read files and return each with its canonical layout; nothing is written.

    Args:
        project: The project whose ontology, data and shapes are meant where no path is given.
        paths: Files, and folders whose Turtle and TriG files are meant.

    Raises:
        UsageError: A path is no file or folder, or its format is not one that is formatted.
        ParseError: A file breaks its grammar.
        SourceError: A file is unreadable or refused, or a symbolic link leaves its folder.
    """
    return [_formatted(project, path) for path in _files(project, paths)]


def _files(project: Project, paths: Sequence[Path]) -> Iterator[Path]:
    if not paths:
        for part in ("ontology", "data", "shapes"):
            for path in folder_files(project, part):
                if SUFFIXES[path.suffix.lower()] in FORMATTED:
                    yield path
    for path in dict.fromkeys(Path.cwd() / each for each in paths):
        if path.is_dir():
            yield from _files_below(path)
            continue
        if not path.is_file():
            raise UsageError("there is no such file or folder", place=path)
        if format_of(path) not in FORMATTED:
            raise UsageError(
                "only Turtle and TriG are formatted", place=path, hint="one of .ttl .trig"
            )
        if project.root in path.parents:
            inside_project(project, path)
        yield path


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(name.startswith(".") for name in path.relative_to(folder).parts)
        if hidden or SUFFIXES.get(path.suffix.lower()) not in FORMATTED or path.is_dir():
            continue
        if folder.resolve() not in path.resolve().parents:
            raise SourceError(
                "a symbolic link leaves the folder",
                place=path,
                hint="format the file itself, where it is",
            )
        yield path


def _formatted(project: Project, path: Path) -> Formatted:
    name = project.relative(path)
    source = Source(name, format_of(path), ox.DefaultGraph(), path=path, limits=project.limits)
    before = source.read().decode()
    return Formatted(path, name, before, format_turtle(before, name=name))


def format_turtle(text: str, *, name: str) -> str:
    """Return a document in canonical layout.

    Args:
        text: Turtle, or TriG where ``name`` has its suffix (RDF 1.1). Relative IRIs may stand in
            it. A first line that ends in CRLF makes every line end so.
        name: The file's name, for errors and for its format.

    Returns:
        A document of the same graph, with the same terms and comments. Strings are untouched.

    Raises:
        ParseError: The text breaks the grammar.
        SourceError: It is empty, or refused for what it contains.
    """
    text = text.removeprefix("\ufeff")
    suffix = PurePath(name).suffix
    syntax = format_of(PurePath(name)) if suffix.lower() in TRIG.suffixes else TURTLE
    content = text.encode()
    source = Source(name, syntax, ox.DefaultGraph(), content=content, base_iri=_ANY_BASE)
    for _ in source.quads():
        pass
    tokens = scan(text)
    expected = _content(tokens)
    entries = read_statements(tokens, name)
    _Order().entries(entries)
    layout = Layout()
    layout.entries(entries, 0)
    end = line_end(text)
    result = "".join(f"{line}{end}" for line in layout.lines)
    if expected != _content(scan(result)):
        raise MezanError(
            "formatting would change the content",
            place=name,
            hint="this is a fault of the formatter; please report it with the file",
        )
    return result


class _Order:
    """Puts ``a`` first among the predicates of each node."""

    def __init__(self) -> None:
        self.types = {"a", str(RDF.type)}

    def entries(self, entries: Iterable[Entry]) -> None:
        """Sort the predicates in ``entries``; follows the prefixes as they are declared."""
        for entry in entries:
            if isinstance(entry, Directive) and entry.name:
                self.types.discard(f"{entry.name}type")
                if entry.iri == f"<{RDF.iri}>":
                    self.types.add(f"{entry.name}type")
            elif isinstance(entry, Block):
                self.entries(entry.entries)
            elif isinstance(entry, Statement):
                self.term(entry.subject)
                self.pairs(entry.pairs)

    def pairs(self, pairs: list[Pair]) -> None:
        """Sort predicates, those that are alike in their order, and those of nested nodes."""
        pairs.sort(key=lambda pair: pair.verb.text not in self.types)
        for pair in pairs:
            for term in pair.objects:
                self.term(term)

    def term(self, term: Term) -> None:
        """Sort the predicates inside of ``term``."""
        if isinstance(term, Properties):
            self.pairs(term.pairs)
        elif isinstance(term, Collection):
            for each in term.items:
                self.term(each)


def _content(tokens: Iterable[Token]) -> tuple[Counter[str], Counter[str]]:
    """Return the terms and brackets of a document, and its comments, each with its number."""
    terms: Counter[str] = Counter()
    comments: Counter[str] = Counter()
    for token in tokens:
        if token.text not in {".", ";"}:
            terms[token.text] += 1
        comments.update(comment.text for comment in (*token.leading, *token.trailing))
    return terms, comments

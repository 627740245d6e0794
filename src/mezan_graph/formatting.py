"""Canonical layout for hand-written Turtle and TriG: the graph and its words stay.

The order of subjects, the lexical form of every term and every comment are kept. ``a`` comes first
among the predicates of a node. Formatting what is formatted changes nothing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import MezanError
from mezan_graph.formats import TRIG, TURTLE, format_of
from mezan_graph.namespaces import RDF
from mezan_graph.sources import Source
from mezan_graph.turtle.layout import Layout
from mezan_graph.turtle.statements import (
    Block,
    Collection,
    Directive,
    Properties,
    Statement,
    read_statements,
)
from mezan_graph.turtle.tokens import scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.turtle.statements import Entry, Pair, Term

FORMATTED = (TURTLE, TRIG)
"""The formats that people write by hand and that are formatted."""

_ANY_BASE = "https://base.invalid/"


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
    entries = read_statements(text, name)
    _Order().entries(entries)
    layout = Layout()
    layout.entries(entries, 0)
    first, newline, _ = text.partition("\n")
    end = "\r\n" if newline and first.endswith("\r") else "\n"
    result = "".join(f"{line}{end}" for line in layout.lines)
    if _content(text) != _content(result):
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


def _content(text: str) -> tuple[Counter[str], Counter[str]]:
    """Return the terms and brackets of a document, and its comments, each with its number."""
    terms: Counter[str] = Counter()
    comments: Counter[str] = Counter()
    for token in scan(text):
        if token.text not in {".", ";"}:
            terms[token.text] += 1
        comments.update(comment.text for comment in (*token.leading, *token.trailing))
    return terms, comments

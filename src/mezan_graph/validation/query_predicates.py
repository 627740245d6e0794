"""Which predicates a query can match, so that only their triples need be loaded into a store.

Loading a million triples takes longer than all value constraints on them. A query whose triple
patterns all name their predicates sees no difference if the others are absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF
from mezan_graph.queries.tokens import Kind, words
from mezan_graph.validation.paths import Alternative, Inverse, Path, Predicate, Sequence

if TYPE_CHECKING:
    from mezan_graph.queries.outline import Outline
    from mezan_graph.queries.tokens import Token

_TERMS = frozenset((Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.NUMBER))
_BETWEEN = words("OPTIONAL UNION WHERE . { }")
_SUBJECT, _PREDICATE, _OBJECT = range(3)


class _UnknownError(Exception):
    """The query may match any predicate, or is written in a way that is not followed here."""


class _Frame:
    """A brace, bracket or parenthesis that is open.

    Attributes:
        kind: ``{``, ``[``, ``(`` of a collection, ``/`` of a path, ``e`` of an expression.
        state: What comes next in a triple.
        step: Whether a predicate has been read, so that a term is an object.
    """

    __slots__ = ("kind", "state", "step")

    def __init__(self, kind: str, state: int = _SUBJECT) -> None:
        self.kind = kind
        self.state = state
        self.step = False


def path_predicates(path: Path) -> frozenset[ox.NamedNode] | None:
    """Return the predicates of ``path``; ``None`` where it may lead from a node to itself.

    The ends of such a path may be any node of the graph, whatever the predicate.
    """
    if isinstance(path, Predicate):
        return frozenset((path.iri,))
    if isinstance(path, Inverse):
        return path_predicates(path.path)
    if isinstance(path, Sequence | Alternative):
        parts = [path_predicates(each) for each in path.paths]
        known = [each for each in parts if each is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    return path_predicates(path.path) if path.sign == "+" else None


def query_predicates(
    query: Outline, prefixes: dict[str, str], path: Path | None
) -> frozenset[ox.NamedNode] | None:
    """Return every predicate that ``query`` can match, or ``None`` for all of them.

    Args:
        query: A SELECT or ASK query.
        prefixes: Prefixes besides those that it declares.
        path: What stands for ``$PATH``.
    """
    reader = _Reader(prefixes | query.prefixes)
    if path is not None and "PATH" in query.variables:
        along = path_predicates(path)
        if along is None:
            return None
        reader.predicates |= along
    try:
        for token in query.tokens[query.start :]:
            reader.read(token)
    except (_UnknownError, KeyError, ValueError):
        return None
    return frozenset(reader.predicates)


class _Reader:
    """Follows the triple patterns of a query token by token."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.predicates: set[ox.NamedNode] = set()
        self._prefixes = prefixes
        self._open: list[_Frame] = []
        self._expression = False
        self._header = True

    def read(self, token: Token) -> None:
        word = token.word
        if word in ("GRAPH", "FROM"):
            raise _UnknownError
        if self._header:
            # Between SELECT and its brace, and among solution modifiers, stand names and
            # expressions; EXISTS in them is not followed.
            if word == "EXISTS":
                raise _UnknownError
            if word not in ("{", "}"):
                return
            self._header = False
        if word == "{":
            self._open.append(_Frame("{"))
            self._expression = False
        elif word == "SELECT":
            self._header = True
        elif word == "}":
            self._close()
        elif self._expression or (self._open and self._open[-1].kind == "e"):
            self._read_expression(token)
        else:
            self._read_pattern(token)

    def _close(self) -> None:
        if self._open.pop().kind != "{":
            raise _UnknownError
        if not self._open:
            self._header = True  # solution modifiers
        else:
            self._open[-1].state = _SUBJECT

    def _read_expression(self, token: Token) -> None:
        # FILTER NOT EXISTS { … }, FILTER REGEX( … ), FILTER( … ): to the end of the parenthesis.
        if token.word == "(":
            self._open.append(_Frame("e"))
            self._expression = False
        elif token.word == ")":
            self._open.pop()

    def _read_pattern(self, token: Token) -> None:
        frame = self._open[-1]
        word = token.word
        if word in ("FILTER", "BIND"):
            self._expression = True
            frame.state = _SUBJECT
        elif word in _BETWEEN:
            frame.state = _SUBJECT
        elif word in ("GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET"):
            self._header = True
        elif frame.kind == "/":
            self._read_path(token, frame)
        elif word == "[":
            self._open.append(_Frame("[", _PREDICATE))
        elif word in ("]", ")"):
            self._open.pop()
            self._after_term()
        elif frame.kind == "(":
            if token.kind not in _TERMS and word not in ("TRUE", "FALSE"):
                raise _UnknownError
        elif frame.state == _PREDICATE and not frame.step:
            self._read_path(token, frame)
        else:
            self._read_term(token, frame)

    def _read_path(self, token: Token, frame: _Frame) -> None:
        if token.kind in (Kind.IRI, Kind.NAME):
            self.predicates.add(self._iri(token))
            frame.step = True
        elif token.word == "A":
            self.predicates.add(RDF.type)
            frame.step = True
        elif token.variable == "PATH":
            frame.step = True
        elif token.word == "(":
            self._open.append(_Frame("/"))
        elif token.word == ")" and frame.kind == "/":
            self._open.pop()
            self._open[-1].step = True
        elif token.word not in ("^", "/", "|", "+", ";"):
            raise _UnknownError

    def _read_term(self, token: Token, frame: _Frame) -> None:
        word = token.word
        if word == ";":
            frame.state, frame.step = _PREDICATE, False
        elif word == ",":
            frame.state = _OBJECT
        elif frame.state == _PREDICATE and word in ("/", "|"):
            frame.step = False
        elif frame.state == _PREDICATE and word == "+":
            frame.step = True
        elif word == "(":
            self.predicates |= {RDF.first, RDF.rest}
            self._open.append(_Frame("("))
        elif token.kind in _TERMS or word in ("TRUE", "FALSE"):
            self._after_term()
        elif token.kind is not Kind.LANGUAGE and word not in ("^^", "-", "+"):
            raise _UnknownError

    def _after_term(self) -> None:
        frame = self._open[-1]
        if frame.state == _SUBJECT:
            frame.state, frame.step = _PREDICATE, False
        else:
            frame.state = _OBJECT

    def _iri(self, token: Token) -> ox.NamedNode:
        if token.kind is Kind.IRI:
            return ox.NamedNode(token.text[1:-1])
        if "\\" in token.text:
            raise _UnknownError
        return ox.NamedNode(self._prefixes[token.prefix] + token.text.partition(":")[2])

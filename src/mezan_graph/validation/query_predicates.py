"""Which predicates a query can match, so that only their triples need be loaded into a store.

Loading a million triples takes longer than all value constraints on them. A query whose triple
patterns all name their predicates sees no difference if the others are absent. Two more kinds of
patterns are followed:

- A variable as predicate, where its group, or for a group of EXISTS one around it, allows only some
  IRIs for it by ``FILTER (?p IN (…))`` or ``VALUES ?p { … }``, or has it as the object of a triple
  pattern whose predicate is named: it then stands for no other IRIs than the objects of that
  predicate.
- A path that may lead from a node to itself. Its ends may be any node of the graph, unless a triple
  pattern of the same groups has one of them, for which that pattern's triples are loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF
from mezan_graph.queries.tokens import Kind, Token, words
from mezan_graph.validation.paths import may_loop, path_predicates
from mezan_graph.validation.query_groups import OBJECT, PREDICATE, SUBJECT, Frame, Group, Reach

if TYPE_CHECKING:
    from mezan_graph.queries.outline import Outline
    from mezan_graph.validation.paths import Path

_TERMS = frozenset((Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.NUMBER))
_BETWEEN = words("OPTIONAL UNION WHERE . { }")
_EXPRESSIONS = words("FILTER BIND")


class _UnknownError(Exception):
    """The query may match any predicate, or is written in a way that is not followed here."""


def query_predicates(
    query: Outline, prefixes: dict[str, str], path: Path | None, *, graphs: bool = False
) -> Reach | None:
    """Return every predicate that ``query`` can match, or ``None`` for all of them.

    Args:
        query: A SELECT or ASK query.
        prefixes: Prefixes besides those that it declares.
        path: What stands for ``$PATH``.
        graphs: Whether it is asked of a dataset, so that ``GRAPH`` is followed too.
    """
    reader = _Reader(prefixes | query.prefixes, path, graphs=graphs)
    tokens = query.tokens[query.start :]
    try:
        for number, token in enumerate(tokens):
            if token.word == "FILTER":
                reader.read_filter(tokens[number + 1 :])
            elif token.word == "VALUES":
                reader.read_values(tokens[number + 1 :])
            if not reader.passes(token):
                reader.read(token)
        return reader.reach()
    except (_UnknownError, LookupError, ValueError, StopIteration):
        return None


class _Reader:
    """Follows the triple patterns of a query token by token."""

    def __init__(self, prefixes: dict[str, str], path: Path | None, *, graphs: bool) -> None:
        self._refused = ("FROM",) if graphs else ("FROM", "GRAPH")
        self._passed = 0
        self._predicates: set[ox.NamedNode] = set()
        self._groups: list[Group] = []
        self._prefixes = prefixes
        self._path = path
        self._open: list[Frame] = []
        self._expression = ""
        self._before = ""
        self._header = True

    def reach(self) -> Reach:
        """Return what was met, once all tokens are read."""
        named_by: set[ox.NamedNode] = set()
        for group in self._groups:
            if group.is_graph and not group.has_triples:
                raise _UnknownError
            around = list(group.around())
            for verb in group.verbs:
                allowed = [each.allowed[verb] for each in around if verb in each.allowed]
                named = [each.named[verb] for each in around if verb in each.named]
                if allowed:
                    self._predicates |= allowed[0]
                elif named:
                    named_by.add(min(named[0], key=str))
                else:
                    raise _UnknownError
            for ends in group.ends:
                if not any(ends & each.nodes for each in around):
                    raise _UnknownError
        return Reach(frozenset(self._predicates), frozenset(named_by))

    def read_filter(self, tokens: tuple[Token, ...]) -> None:
        """Look for ``(?p IN (…))`` and ``(?p = …)`` at the beginning of ``tokens``."""
        if not self._open or self._open[-1].kind != "{":
            return
        match tokens[:4]:
            case [Token(word="("), Token(variable=name), Token(word="IN"), Token(word="(")] if name:
                end = next(i for i, each in enumerate(tokens) if each.word == ")")
                listed, closing = tokens[4:end:2], tokens[end + 1 : end + 2]
                good = all(each.word == "," for each in tokens[5:end:2])
            case [Token(word="("), Token(variable=name), Token(word="="), value] if name:
                listed, closing, good = (value,), tokens[4:5], True
            case _:
                return
        good &= all(each.kind in (Kind.IRI, Kind.NAME) for each in listed)
        if good and [each.word for each in closing] == [")"]:
            self._open[-1].group.allowed[name] = set(map(self._iri, listed))

    def read_values(self, tokens: tuple[Token, ...]) -> None:
        """Read ``?p { … }`` with nothing but IRIs at the beginning of ``tokens``.

        Raises:
            _UnknownError: It is another data block.
        """
        end = next(i for i, each in enumerate(tokens) if each.word == "}")
        listed = tokens[2:end]
        if not (
            self._open
            and self._open[-1].kind == "{"
            and tokens[0].variable
            and tokens[1].word == "{"
            and all(each.kind in (Kind.IRI, Kind.NAME) for each in listed)
        ):
            raise _UnknownError
        self._open[-1].group.allowed[tokens[0].variable] = set(map(self._iri, listed))
        self._open[-1].state = SUBJECT
        self._passed = end + 2

    def passes(self, token: Token) -> bool:
        """Whether the next token has been taken in: of a data block, ``GRAPH`` and its name.

        Raises:
            _UnknownError: It is not followed here.
        """
        if self._passed:
            self._passed -= 1
            return True
        if token.word in self._refused:
            raise _UnknownError
        if token.word != "GRAPH":
            return False
        self._passed = 1
        self._open[-1].state = SUBJECT
        self._before = token.word
        return True

    def read(self, token: Token) -> None:
        """Take in the next token.

        Raises:
            _UnknownError: It is not followed here.
        """
        word = token.word
        if self._header:
            # Between SELECT and its brace, and among solution modifiers, stand names and
            # expressions; EXISTS in them is not followed.
            if word == "EXISTS":
                raise _UnknownError
            if word not in ("{", "}"):
                return
            self._header = False
        if word == "{":
            self._open_group()
        elif word == "SELECT":
            self._header = True
        elif word == "}":
            self._close()
        elif self._expression or (self._open and self._open[-1].kind in _EXPRESSIONS):
            self._read_expression(token)
        else:
            self._read_pattern(token)
        self._before = word

    def _open_group(self) -> None:
        # A filter sees every solution of its group; BIND only those of what stands before it.
        of_filter = self._before == "EXISTS" and "FILTER" in (
            self._expression or self._open[-1].kind
        )
        group = Group(self._open[-1].group if of_filter else None)
        group.is_graph = self._before == "GRAPH"
        self._groups.append(group)
        self._open.append(Frame("{", group))
        self._expression = ""

    def _close(self) -> None:
        if self._open.pop().kind != "{":
            raise _UnknownError
        if not self._open:
            self._header = True  # solution modifiers
        else:
            self._open[-1].state = SUBJECT

    def _read_expression(self, token: Token) -> None:
        # FILTER NOT EXISTS { … }, FILTER REGEX( … ), FILTER( … ): to the end of the parenthesis.
        if token.word == "(":
            frame = self._open[-1]
            self._open.append(Frame(self._expression or frame.kind, frame.group))
            self._expression = ""
        elif token.word == ")":
            self._open.pop()

    def _read_pattern(self, token: Token) -> None:
        frame = self._open[-1]
        word = token.word
        if word in _EXPRESSIONS:
            self._expression = word
            frame.state = SUBJECT
        elif word in _BETWEEN:
            frame.state = SUBJECT
        elif word in ("GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET"):
            self._header = True
        elif frame.kind == "/":
            self._read_path(token, frame)
        elif word == "[":
            self._open.append(Frame("[", frame.group, PREDICATE))
        elif word in ("]", ")"):
            self._open.pop()
            self._after_term("")
        elif frame.kind == "(":
            if token.kind not in _TERMS and word not in ("TRUE", "FALSE"):
                raise _UnknownError
        elif frame.state == PREDICATE and not frame.step:
            self._read_path(token, frame)
        else:
            self._read_term(token, frame)

    def _read_path(self, token: Token, frame: Frame) -> None:
        word = token.word
        if token.kind in (Kind.IRI, Kind.NAME) or word == "A":
            verb = RDF.type if word == "A" else self._iri(token)
            self._predicates.add(verb)
            frame.add_step(loop=False, verb=None if self._before == "^" else verb)
        elif token.variable == "PATH" and self._path is not None:
            self._predicates |= path_predicates(self._path)
            frame.add_step(loop=may_loop(self._path))
        elif token.variable and frame.kind != "/" and not frame.loops:
            frame.group.verbs.add(token.variable)
            frame.add_step(loop=False)
        elif word == "(":
            self._open.append(Frame("/", frame.group))
        elif word == ")" and frame.kind == "/":
            self._open.pop()
            self._open[-1].add_step(loop=frame.loop())
        elif word in ("/", "|") or (word in ("+", "*", "?") and frame.loops):
            frame.add_sign(word)
        elif word not in ("^", ";"):
            raise _UnknownError

    def _read_term(self, token: Token, frame: Frame) -> None:
        word = token.word
        if word == ";":
            frame.state = PREDICATE
            frame.begin_verb()
        elif word == ",":
            frame.state = OBJECT
        elif frame.state == PREDICATE and word in ("/", "|"):
            frame.add_sign(word)
            frame.step = False
        elif frame.state == PREDICATE and word in ("+", "*", "?"):
            frame.add_sign(word)
        elif word == "(":
            self._predicates |= {RDF.first, RDF.rest}
            self._open.append(Frame("(", frame.group))
        elif token.kind in _TERMS or word in ("TRUE", "FALSE"):
            self._after_term(token.variable)
        elif token.kind is not Kind.LANGUAGE and word not in ("^^", "-", "+"):
            raise _UnknownError

    def _after_term(self, variable: str) -> None:
        frame = self._open[-1]
        if frame.state == SUBJECT:
            frame.state, frame.subject = PREDICATE, variable
            frame.begin_verb()
        else:
            frame.add_object(variable)
            frame.group.has_triples = True
            frame.state = OBJECT

    def _iri(self, token: Token) -> ox.NamedNode:
        if token.kind is Kind.IRI:
            return ox.NamedNode(token.text[1:-1])
        if "\\" in token.text:
            raise _UnknownError
        return ox.NamedNode(self._prefixes[token.prefix] + token.text.partition(":")[2])

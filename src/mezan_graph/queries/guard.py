"""Checks on a query before an engine sees it.

pyoxigraph evaluates SERVICE and has no switch for it, dies with SIGSEGV on long or deep queries,
and has no timeout. So nothing that reaches outside of the graph gets through, nor anything beyond
bounds that leave a wide margin to what kills it; ``docs/decisions/0004-sparql-engine.md`` has the
figures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mezan_graph.errors import RefusedQueryError
from mezan_graph.queries.outline import Outline, outline
from mezan_graph.queries.tokens import REFUSED, Kind, Token, error_at, words

if TYPE_CHECKING:
    from mezan_graph.settings import Limits

MAX_CHARACTERS = 200_000
"""Longest query, in code points."""

MAX_STEPS = 500
"""Most operators, brackets and keywords with a pattern or an expression of their own."""

MAX_JOINS = 64
"""Most triple patterns, path steps and other things that one group joins."""

MAX_VARIABLES = 5000
"""Most mentions of variables."""

MAX_NESTING = 200
"""Deepest nesting, whatever ``limits.nesting`` allows documents."""

MAX_REPEATED_PATHS = 8
"""Deepest nesting of repeated property paths, as in ``((p+)+)+``."""

_CODE = ("java:", "bif:", "sql:")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_STEP_WORDS = words(
    "UNION OPTIONAL MINUS FILTER BIND GRAPH VALUES EXISTS HAVING AS SELECT DESCRIBE"
)
_STEP_SIGNS = words("( [ { | || && + - * / ! ^ = != < > <= >=")
_JOIN_SIGNS = frozenset({".", ";", ",", "/", "["})
_SEPARATE = frozenset({"UNION", "OPTIONAL", "MINUS", "EXISTS"})


def check(
    text: str,
    limits: Limits,
    *,
    place: str | None = None,
    remote: bool = False,
    based: bool = False,
) -> Outline:
    """Read a query and refuse what must not be evaluated.

    Args:
        text: The query.
        limits: ``nesting`` bounds braces, brackets and parentheses together.
        place: What people are shown as its place, if it has one.
        remote: Whether it may choose its graphs with FROM, as for a remote endpoint.
        based: Whether relative IRIs have a base, so that none need be in the query.

    Returns:
        The outline of the query.

    Raises:
        QueryError: It is not made of the tokens of a SPARQL query, or a relative IRI has no BASE.
        RefusedQueryError: It names SERVICE, LOAD, an update, FROM (locally) or a ``file:`` IRI, or
            is longer or nested more deeply than the bounds allow.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"the query has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        raise error_at(text, 0, message, place, kind=RefusedQueryError)
    query = outline(text, place)
    for token in query.tokens:
        if token.kind is Kind.IRI or token.kind is Kind.WORD:
            _check_reach(query, token, remote=remote, based=based)
    _check_depth(query, limits)
    _Effort(query).check()
    return query


def _check_reach(query: Outline, token: Token, *, remote: bool, based: bool) -> None:
    if token.word in REFUSED:
        raise query.error(
            token,
            f"{token.word} is refused",
            "queries only read, and only the graph at hand; name an endpoint with --endpoint"
            if token.word in {"SERVICE", "LOAD"}
            else "queries only read: SELECT, ASK, CONSTRUCT or DESCRIBE",
            RefusedQueryError,
        )
    if token.word == "FROM" and not remote:
        raise query.error(
            token,
            "FROM is refused",
            "the graph at hand is the only data set; choose a named graph with GRAPH <…> { }",
            RefusedQueryError,
        )
    if token.kind is not Kind.IRI:
        return
    iri = _unescaped(token.text[1:-1])
    if not _SCHEME.match(iri) and not query.has_base and not based:
        raise query.error(
            token,
            f"{token.text} is a relative IRI",
            "write it in full, with a prefix, or after BASE <…> at the top of the query",
        )
    if iri.startswith("file:"):
        raise query.error(
            token,
            "a file: IRI names a place on one machine",
            "files are not read by queries; name the file's graph with GRAPH <…> { }",
            RefusedQueryError,
        )


def refuse_code(query: Outline) -> None:
    """Refuse what a store may take for code of its own: ``java:``, ``bif:`` and ``sql:`` IRIs.

    Raises:
        RefusedQueryError: The query has one.
    """
    for token in query.tokens:
        if token.kind is Kind.IRI and _unescaped(token.text[1:-1]).startswith(_CODE):
            raise query.error(
                token,
                f"{token.text} names code of one kind of store",
                "only the functions of SPARQL 1.1 can be called",
                RefusedQueryError,
            )


def _unescaped(iri: str) -> str:
    """Return ``iri`` in lower case, its codepoint escapes replaced."""
    if "\\" not in iri:
        return iri.lower()
    return iri.encode("ascii", "backslashreplace").decode("unicode_escape").lower()


def _check_depth(query: Outline, limits: Limits) -> None:
    most = min(limits.nesting, MAX_NESTING)
    if max(query.depths, default=0) <= most:
        return
    for token, depth in zip(query.tokens, query.depths, strict=True):
        if depth > most:
            raise query.error(
                token,
                f"nested more than {most} levels deep",
                "flatten the query",
                RefusedQueryError,
            )


class _Effort:
    """Counts what makes the engine's recursion deep or its planning long."""

    def __init__(self, query: Outline) -> None:
        self.query = query
        self.steps = 0
        self.variables = 0
        self.describing = False
        # For each open bracket: its kind, and for a group the joins counted in it so far.
        self.open: list[list[str | int]] = []
        self.joins: list[int] = []

    def check(self) -> None:
        tokens = self.query.tokens
        skipped = 0
        for index, token in enumerate(tokens):
            group = self.query.groups.get(index)
            if index >= skipped and group is not None and group.kind in {"data", "template"}:
                skipped = group.closing + 1
                self._bound(token, "joins of one group", self._join(1), MAX_JOINS)
            if index < skipped:
                continue
            self._count(index, token)

    def _count(self, index: int, token: Token) -> None:
        word = token.word
        self.describing = word == "DESCRIBE" or (self.describing and not word)
        if word in _STEP_WORDS or word in _STEP_SIGNS or self.describing:
            self.steps += 1
            self._bound(token, "operators and patterns", self.steps, MAX_STEPS)
        if token.variable:
            self.variables += 1
            self._bound(token, "mentions of variables", self.variables, MAX_VARIABLES)
        if word in {"{", "(", "["}:
            self._enter(index, token)
        elif word in {"}", ")", "]"}:
            self._leave(index)
        if self._in_pattern():
            # An item of a list is two triple patterns; a term between parentheses may be one.
            listed = word in {"", "("} and self.open[-1][0] == "list"
            joined = 2 if listed else int(word in _JOIN_SIGNS)
            self._bound(token, "joins of one group", self._join(joined), MAX_JOINS)

    def _in_pattern(self) -> bool:
        return bool(self.open) and self.open[-1][0] != "expression"

    def _join(self, count: int) -> int:
        if not self.joins:
            return 0
        self.joins[-1] += count
        return self.joins[-1]

    def _enter(self, index: int, token: Token) -> None:
        if token.text == "{":
            self.joins.append(1)
        kind = {"{": "group", "[": "node", "(": "list"}[token.text]
        if kind == "list" and self._is_expression(index):
            kind = "expression"
        self.open.append([kind, 0])

    def _is_expression(self, index: int) -> bool:
        """Whether the parenthesis at ``index`` belongs to an expression, not a list or path."""
        before = self.query.tokens[index - 1] if index else None
        if not self._in_pattern() or before is None:
            return True
        if before.kind is Kind.WORD:
            return before.word != "A"
        function = before.kind in {Kind.IRI, Kind.NAME} and index > 1
        return function and self.query.tokens[index - 2].word == "FILTER"

    def _leave(self, index: int) -> None:
        kind, repeated = self.open.pop()
        tokens = self.query.tokens
        after = tokens[index + 1].word if index + 1 < len(tokens) else ""
        if kind == "group":
            # Alternatives and optional parts are planned apart from the group around them.
            joins = self.joins.pop()
            opening = next(i for i, g in self.query.groups.items() if g.closing == index)
            before = tokens[opening - 1].word if opening else ""
            self._join(1 if before in _SEPARATE or after == "UNION" else joins)
        elif kind == "list" and self.open:
            depth = int(repeated) + (after in {"+", "*", "?"})
            self._bound(tokens[index], "repeated paths, nested", depth, MAX_REPEATED_PATHS)
            self.open[-1][1] = max(int(self.open[-1][1]), depth)

    def _bound(self, token: Token, what: str, count: int, limit: int) -> None:
        if count > limit:
            raise self.query.error(
                token,
                f"too complex: more than {limit:,} {what}",
                "split the query, or move long lists into VALUES",
                RefusedQueryError,
            )

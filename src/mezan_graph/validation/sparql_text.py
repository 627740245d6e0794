"""SPARQL text in SHACL: the restrictions of appendix A, and pre-bound variables.

SHACL defines pre-binding on the algebra: a variable has its value in every group, filter and
subquery. Here the text gets ``VALUES`` blocks, so that one query serves many focus nodes. Our own
engine knows ``LATERAL`` (SEP-0006 of the SPARQL 1.2 community group), which evaluates the outermost
group for each of them with its values in place; for other stores, each group that needs a block has
one. Variables are written with ``?`` before their names.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mezan_graph.errors import QueryError, ShapeError
from mezan_graph.queries.guard import check
from mezan_graph.queries.tokens import Kind
from mezan_graph.settings import Limits
from mezan_graph.validation.query_predicates import query_predicates

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.queries.tokens import Token
    from mezan_graph.validation.paths import Path
    from mezan_graph.validation.query_groups import Reach

_REFUSED = frozenset(("MINUS", "SERVICE", "VALUES", "FROM"))


class Scope:
    """A group graph pattern.

    Attributes:
        start: Offset in the text after its brace.
        end: Offset in the text after its closing brace.
        exists: Whether it stands inside of ``EXISTS``, where outer bindings are substituted.
        selects: Whether it holds nothing but a subquery.
        expressions: Variables in its own filters and assignments.
        bound: Variables in its own triple patterns.
        projected: For the group of a subquery, the variables that it returns; ``*`` for all.
    """

    __slots__ = ("bound", "end", "exists", "expressions", "projected", "selects", "start")

    def __init__(self, start: int, *, exists: bool, selects: bool) -> None:
        self.start = self.end = start
        self.exists = exists
        self.selects = selects
        self.expressions: set[str] = set()
        self.bound: set[str] = set()
        self.projected: set[str] | None = None


class SparqlText:
    """The text of a SELECT or ASK query in a shapes graph.

    Attributes:
        form: ``SELECT`` or ``ASK``.
        variables: Every variable of the text.
        returned: The variables that it returns; ``*`` for all.
        sliced: Whether LIMIT or OFFSET makes the answer depend on the number of focus nodes.

    Raises:
        ShapeError: The text is not such a query, reaches outside of the graph, or is nested too
            deeply.
    """

    def __init__(self, text: str) -> None:
        try:
            self._outline = check(text, Limits())
        except QueryError as error:
            raise ShapeError(error.message, hint=error.hint) from None
        self._tokens = self._outline.tokens
        self.form: str = self._outline.form
        self.variables = {_variable(token) for token in self._tokens} - {""}
        self.sliced = any(token.word in ("LIMIT", "OFFSET") for token in self._tokens)
        self.returned: set[str] = set()
        self._scopes = self._read_scopes()

    def _read_scopes(self) -> list[Scope]:  # noqa: C901 - one branch for each kind of token
        scopes: list[Scope] = []
        stack: list[Scope] = []
        parentheses = 0
        select: set[str] | None = None
        before = ""
        for index, token in enumerate(self._tokens):
            word, variable = token.word, _variable(token)
            if word == "SELECT":
                select = set()
            elif word == "{":
                exists = before == "EXISTS" or (bool(stack) and stack[-1].exists)
                subquery = self._outline.groups[index].kind == "subselect"
                stack.append(Scope(token.end, exists=exists, selects=subquery))
                scopes.append(stack[-1])
                if select is not None and len(stack) > 1:
                    stack[-1].projected = select
                elif select is not None:
                    self.returned = select
                select = None
            elif word == "}":
                stack.pop().end = token.end
            elif word in ("(", ")"):
                parentheses += 1 if word == "(" else -1
            elif select is not None:
                if (variable or word == "*") and (not parentheses or before == "AS"):
                    select.add(variable or word)
            elif variable and stack:
                expression = parentheses or before in ("AS", "BY")
                (stack[-1].expressions if expression else stack[-1].bound).add(variable)
            before = word
        return scopes

    def check(self, form: str, prebound: set[str], optional: set[str]) -> None:
        """Check the restrictions of SHACL, sections 5.2 and 6.2 and appendix A.

        Args:
            form: The form that is expected.
            prebound: Variables that every subquery has to return.
            optional: Further pre-bound variables: not to be assigned, and to be returned by a
                subquery that uses them in an expression.

        Raises:
            ShapeError: A clause or an assignment is not allowed, or a subquery drops a variable.
        """
        if self.form != form:
            raise ShapeError(f"a query of the form {form} is expected, not {self.form}")
        if form == "SELECT" and not self.returned & {"?this", "*"}:
            raise ShapeError("the query does not return $this")
        for token, after in pairwise(self._tokens):
            if token.word in _REFUSED:
                raise ShapeError(f"{token.word} is not allowed in a query of a shapes graph")
            if token.word == "AS" and _variable(after) in prebound | optional:
                raise ShapeError(f"{after.text} is pre-bound and cannot be assigned with AS")
        for scope in self._scopes:
            if scope.projected is None:
                continue
            returned = scope.projected | (scope.bound if "*" in scope.projected else set())
            missing = sorted((prebound | (optional & scope.expressions)) - returned)
            if missing:
                raise ShapeError(f"a subquery does not return the pre-bound {missing[0]}")

    def check_prefixes(self, prefixes: dict[str, str]) -> None:
        """Check that every prefix in use is declared, by the text or among ``prefixes``.

        Raises:
            ShapeError: One is not.
        """
        known = self._outline.prefixes.keys() | prefixes.keys()
        for token in self._tokens[self._outline.start :]:
            if token.kind is Kind.NAME and token.prefix not in known:
                raise ShapeError(
                    f"the prefix {token.prefix}: of the query is not declared",
                    hint="declare it with PREFIX in the query, or with sh:prefixes and sh:declare",
                )

    @property
    def prologue(self) -> str:
        """What stands before SELECT or ASK."""
        return self._outline.text[: self._tokens[self._outline.start].start]

    def reach(self, prefixes: dict[str, str], path: Path | None) -> Reach | None:
        """Return which predicates the query can match, ``None`` for all of them."""
        return query_predicates(self._outline, prefixes, path)

    def rendered(
        self,
        bind: Callable[[set[str]], str],
        *,
        names: set[str],
        replaced: dict[str, str],
        columns: tuple[str, ...],
        lateral: bool = False,
    ) -> str:
        """Return the text with values for the pre-bound variables.

        Args:
            bind: From a set of variables to the block that gives them values.
            names: The pre-bound variables.
            replaced: What to write for ``?PATH``, and for constants where they name a graph.
            columns: What an ASK query returns when it becomes a SELECT, to serve many nodes.
            lateral: Whether the engine knows ``LATERAL``.
        """
        outermost = self._scopes[0]
        if lateral:
            insert = {outermost.start: f" {bind(names)} LATERAL {{ ", outermost.end: " }"}
        else:
            insert = self._blocks(bind, names)
        edits = [(offset, offset, block) for offset, block in insert.items()]
        if self.form == "ASK":
            form = self._tokens[self._outline.start]
            edits.append((form.start, form.end, f"SELECT DISTINCT {' '.join(columns)}"))
        if replaced:
            for before, token in pairwise(self._tokens):
                variable = _variable(token)
                if variable in replaced and (before.word == "GRAPH" or variable == "?PATH"):
                    edits.append((token.start, token.end, replaced[variable]))
        text, last = self._outline.text, 0
        parts: list[str] = []
        for start, end, instead in sorted(edits):
            parts += (text[last:start], instead)
            last = end
        return "".join((*parts, text[last:]))

    def _blocks(self, bind: Callable[[set[str]], str], names: set[str]) -> dict[int, str]:
        """Return, by the offset where it stands, the block of each group that needs one."""
        blocks = {}
        for number, scope in enumerate(self._scopes):
            if not scope.selects and not scope.exists:
                wanted = names & (scope.expressions - scope.bound) if number else names
                if wanted:
                    blocks[scope.start] = f" {bind(wanted)} "
        return blocks


def _variable(token: Token) -> str:
    return f"?{token.variable}" if token.variable else ""

"""SPARQL text in SHACL: tokens, the restrictions of appendix A, and pre-bound variables.

SHACL defines pre-binding on the algebra: a variable has its value in every group, filter and
subquery. Here the text gets ``VALUES`` blocks in the groups that need them, so that one query
serves many focus nodes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from mezan_graph.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"{3}(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"{3}|'{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3}
      |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*|_:[\w.-]+)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REFUSED = ("MINUS", "SERVICE", "VALUES")
_NESTING = 50


@dataclass(slots=True)
class Token:
    """One token; ``text`` of a variable is its name with ``?`` before it."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The upper-case keyword, or the punctuation; empty for anything else."""
        return self.text.upper() if self.kind in ("word", "other") else ""


@dataclass(slots=True)
class Group:
    """A group graph pattern, from its brace on.

    Attributes:
        start: Index of the token after ``{``.
        exists: Whether it stands inside of ``EXISTS``, where outer bindings are substituted.
        selects: Whether it holds nothing but a subquery.
        expressions: Variables in its own filters and assignments.
        bound: Variables in its own triple patterns.
        projected: For the group of a subquery: the variables that it returns; ``*`` for all.
    """

    start: int
    exists: bool = False
    selects: bool = False
    expressions: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    projected: set[str] | None = None


class SparqlText:
    """The text of a SELECT or ASK query in a shapes graph.

    Attributes:
        form: ``SELECT`` or ``ASK``.
        variables: Every variable of the text.
        sliced: Whether LIMIT or OFFSET makes the answer depend on the number of focus nodes.

    Raises:
        ShapeError: The text is not such a query, or is nested too deeply.
    """

    def __init__(self, text: str) -> None:
        self.tokens = [Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text)]
        for token in self.tokens:
            if token.kind == "variable":
                token.text = f"?{token.text[1:]}"
        self._code = [each for each in enumerate(self.tokens) if each[1].kind != "space"]
        self.variables = {each.text for each in self.tokens if each.kind == "variable"}
        words = {token.word for _, token in self._code}
        self.sliced = bool(words & {"LIMIT", "OFFSET"})
        self.form = next(
            (t.word for _, t in self._code if t.word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")),
            "",
        )
        self.groups = list(self._read_groups())

    def _read_groups(self) -> Iterator[Group]:
        stack: list[Group] = []
        parentheses = 0
        select: set[str] | None = None
        code = [token for _, token in self._code]
        for place, (position, token) in enumerate(self._code):
            before = code[place - 1].word if place else ""
            if token.word == "SELECT":
                select = set()
                if stack:
                    stack[-1].selects = True
            elif token.word == "{":
                group = Group(position + 1)
                group.exists = before == "EXISTS" or (bool(stack) and stack[-1].exists)
                group.projected, select = (select if stack else None), None
                stack.append(group)
                yield group
            elif token.word == "}" and stack:
                stack.pop()
            elif token.word in ("(", ")"):
                parentheses += 1 if token.word == "(" else -1
            elif select is not None and token.word == "*" and not parentheses:
                select.add("*")
            elif token.kind == "variable":
                if select is not None:
                    if not parentheses or before == "AS":
                        select.add(token.text)
                elif stack and (parentheses or before in ("AS", "BY")):
                    stack[-1].expressions.add(token.text)
                elif stack:
                    stack[-1].bound.add(token.text)
            if len(stack) + parentheses > _NESTING:
                raise ShapeError(f"a query nested more than {_NESTING} levels deep")

    def check(self, form: str, prebound: set[str], optional: set[str]) -> None:
        """Check the restrictions of SHACL, section 5.2 and appendix A.

        Args:
            form: The form that is expected.
            prebound: Variables that every subquery has to return.
            optional: Further variables that are pre-bound, so not to be assigned.

        Raises:
            ShapeError: A clause or an assignment is not allowed, or a subquery drops a variable.
        """
        code = [token for _, token in self._code]
        if self.form != form:
            raise ShapeError(f"a query of the form {form} is expected")
        if any(token.word == "FROM" for token in code):
            raise ShapeError("FROM is not allowed in a query of a shapes graph")
        for token in code:
            if token.word in _REFUSED:
                raise ShapeError(f"{token.word} is not allowed in a query of a shapes graph")
        for token, after in pairwise(code):
            if token.word == "AS" and after.text in prebound | optional:
                raise ShapeError(f"{after.text} is pre-bound and cannot be assigned with AS")
        for group in self.groups:
            if group.projected is None:
                continue
            returned = group.projected
            if "*" in returned:
                returned = returned | group.bound
            if missing := sorted((prebound | (optional & group.expressions)) - returned):
                raise ShapeError(f"a subquery does not return the pre-bound {missing[0]}")

    def rendered(
        self,
        bind: Callable[[set[str]], str],
        *,
        replaced: dict[str, str],
        names: set[str],
        variables: tuple[str, ...],
    ) -> str:
        """Return the text with values for the pre-bound variables.

        Args:
            bind: From a set of variables to the block that gives them values.
            replaced: Variables to write otherwise: ``?PATH``, and constants that name a graph.
            names: The pre-bound variables.
            variables: What an ASK query returns when it becomes a SELECT, to serve many nodes.
        """
        insert = {}
        for number, group in enumerate(self.groups):
            if group.selects or group.exists:
                continue
            wanted = names if not number else names & (group.expressions - group.bound)
            if wanted:
                insert[group.start] = bind(wanted)
        out = []
        graph = False
        ask = self.form == "ASK"
        for position, token in enumerate(self.tokens):
            if position in insert:
                out.append(f" {insert[position]} ")
            known = token.kind == "variable" and token.text in replaced
            if known and (graph or token.text == "?PATH"):
                out.append(replaced[token.text])
            elif ask and token.word == "ASK":
                out.append(f"SELECT DISTINCT {' '.join(variables)}")
                ask = False
            else:
                out.append(token.text)
            if token.kind != "space":
                graph = token.word == "GRAPH"
        return "".join(out)

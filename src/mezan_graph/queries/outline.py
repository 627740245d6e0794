"""What can be told about a query from its tokens alone: its form, prefixes, groups and clauses.

This is no parser: the engine decides whether the query is SPARQL. It is what the checks before
the engine need, and what binding a parameter needs.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from mezan_graph.errors import QueryError
from mezan_graph.queries.tokens import Kind, Token, error_at, tokenize

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_FORMS: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class Group:
    """A pair of braces.

    Attributes:
        opening: Index of its ``{`` among the tokens.
        closing: Index of its ``}``.
        kind: ``pattern`` for a group graph pattern, ``subselect`` for braces around a SELECT,
            ``template`` for those after CONSTRUCT, ``data`` for those after VALUES.
        parent: The group around it.
        variables: Names of the variables that stand directly in it, not in a group inside of it.
    """

    __slots__ = ("closing", "kind", "opening", "parent", "variables")

    def __init__(self, opening: int, kind: str, parent: Group | None) -> None:
        self.opening = opening
        self.kind = kind
        self.parent = parent
        self.closing = -1
        self.variables: set[str] = set()


class Outline(NamedTuple):
    """A query, its tokens and its shape.

    Attributes:
        text: The query as written.
        place: What people are shown as its place.
        tokens: Its tokens.
        form: Its query form.
        start: Index of the token that names the form.
        prefixes: The declared prefixes, each with the namespace IRI as written between ``< >``.
        groups: Its pairs of braces, by the index of their ``{``.
        depths: For each token, how many braces, brackets and parentheses are open around it.
        where: The group of the outermost WHERE; a DESCRIBE may have none.
        ordered: Whether the outermost solution modifiers have an ORDER BY.
    """

    text: str
    place: str | None
    tokens: tuple[Token, ...]
    form: Form
    start: int
    prefixes: dict[str, str]
    groups: dict[int, Group]
    depths: tuple[int, ...]
    where: Group | None
    ordered: bool

    def error(
        self,
        token: Token,
        message: str,
        hint: str | None = None,
        kind: type[QueryError] = QueryError,
    ) -> QueryError:
        """Make an error for the place of ``token``."""
        return error_at(self.text, token.start, message, self.place, hint=hint, kind=kind)

    @property
    def has_base(self) -> bool:
        """Whether the prologue declares a base IRI."""
        return any(token.word == "BASE" for token in self.tokens[: self.start])

    @property
    def is_short(self) -> bool:
        """Whether this is ``CONSTRUCT WHERE``, whose pattern is its template too."""
        templates = (group.kind == "template" for group in self.groups.values())
        return self.form == "CONSTRUCT" and not any(templates)

    @property
    def selects_all(self) -> bool:
        """Whether this is ``SELECT *``."""
        after = (token.word for token in self.tokens[self.start + 1 :])
        star = next((word for word in after if word not in {"DISTINCT", "REDUCED"}), "")
        return self.form == "SELECT" and star == "*"

    def modifier(self, keyword: str) -> Token | None:
        """Return the number after the outermost LIMIT or OFFSET, ``None`` where there is none."""
        for index in range(len(self.tokens) - 2, self.start, -1):
            number = self.tokens[index + 1]
            if self.depths[index] == 0 and self.tokens[index].word == keyword:
                return number if number.kind is Kind.NUMBER else None
        return None

    @property
    def words(self) -> frozenset[str]:
        """The keywords and built-in functions that the query has, in upper case, and signs."""
        return frozenset(token.word for token in self.tokens)

    @property
    def variables(self) -> frozenset[str]:
        """The names of all variables that the query mentions."""
        return frozenset(token.variable for token in self.tokens if token.variable)


def outline(text: str, place: str | None = None) -> Outline:
    """Read a query as far as its tokens tell.

    Args:
        text: The query.
        place: What people are shown as its place, if it has one.

    Raises:
        QueryError: It has no tokens of a query, no query form, or a bracket without its match.
    """
    tokens = tokenize(text, place)
    prefixes, start = _prologue(tokens)
    if start >= len(tokens):
        message = "the query is empty" if not tokens else "the query has no SELECT, ASK, CONSTRUCT"
        raise error_at(text, len(text), message, place, hint="write a SPARQL query")
    form = next((form for form in _FORMS if form == tokens[start].word), None)
    if form is None:
        hint = "a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE, after PREFIX and BASE"
        message = f"{tokens[start].text[:50]} cannot stand here"
        raise error_at(text, tokens[start].start, message, place, hint=hint)
    groups, depths = _groups(text, tokens, place)
    outermost = [group for group in groups.values() if depths[group.opening] == 0]
    where = next((group for group in outermost if group.kind == "pattern"), None)
    ordered = any(
        token.word == "ORDER" and depth == 0
        for token, depth in zip(tokens[start:], depths[start:], strict=True)
    )
    return Outline(text, place, tokens, form, start, prefixes, groups, depths, where, ordered)


def _prologue(tokens: tuple[Token, ...]) -> tuple[dict[str, str], int]:
    prefixes = {}
    index = 0
    while index < len(tokens):
        if tokens[index].word == "BASE":
            index += 2
        elif tokens[index].word == "PREFIX":
            declared = tokens[index + 1 : index + 3]
            if [token.kind for token in declared] == [Kind.NAME, Kind.IRI]:
                prefixes[declared[0].prefix] = declared[1].text[1:-1]
            index += 3
        else:
            break
    return prefixes, index


def _groups(
    text: str, tokens: tuple[Token, ...], place: str | None
) -> tuple[dict[int, Group], tuple[int, ...]]:
    groups: dict[int, Group] = {}
    depths = []
    brackets: list[Token] = []
    current: Group | None = None
    for index, token in enumerate(tokens):
        word = token.word
        if word in {"}", ")", "]"}:
            opening = brackets.pop() if brackets else None
            if opening is None or _CLOSING[opening.text] != word:
                raise error_at(text, token.start, f"{word} closes nothing", place)
            if word == "}" and current is not None:
                current.closing = index
                current = current.parent
        depths.append(len(brackets))
        if word in _CLOSING:
            brackets.append(token)
            if word == "{":
                current = groups[index] = Group(index, _kind(tokens, index), current)
        elif token.variable and current is not None:
            current.variables.add(token.variable)
    if brackets:
        raise error_at(text, brackets[-1].start, f"{brackets[-1].text} is not closed", place)
    _name_templates(tokens, groups)
    return groups, tuple(depths)


def _kind(tokens: tuple[Token, ...], index: int) -> str:
    before = tokens[index - 1] if index else None
    if index + 1 < len(tokens) and tokens[index + 1].word == "SELECT":
        return "subselect"
    if before is not None and (before.word == "VALUES" or before.variable or before.word == ")"):
        return "data" if _after_values(tokens, index) else "pattern"
    return "template" if before is not None and before.word == "CONSTRUCT" else "pattern"


def _after_values(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether the ``{`` at ``index`` stands after ``VALUES``, ``VALUES ?x`` or ``VALUES (…)``."""
    index -= 1
    if tokens[index].word == ")":
        while index >= 0 and tokens[index].word != "(":
            index -= 1
            if tokens[index].word not in {"", "("}:
                return False
        return index > 0 and tokens[index - 1].word == "VALUES"
    if tokens[index].variable:
        index -= 1
    return index >= 0 and tokens[index].word == "VALUES"


def _name_templates(tokens: tuple[Token, ...], groups: dict[int, Group]) -> None:
    """In ``CONSTRUCT { … }`` without a second group, the braces are the pattern itself."""
    for group in groups.values():
        if group.kind == "template":
            after = tokens[group.closing + 1].word if group.closing + 1 < len(tokens) else ""
            if after not in {"WHERE", "{", "FROM"}:
                group.kind = "pattern"

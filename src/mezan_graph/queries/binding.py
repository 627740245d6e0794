"""Binding values to the variables of a query as terms: by VALUES, never by pasting text.

``VALUES (?p) { (term) }`` goes to the start of every group that mentions ``?p``, since groups are
evaluated from the inside out and a filter in a group sees only what the group binds. In HAVING
and in the expressions of a SELECT clause, where a group cannot reach, the term takes the place of
the variable's token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ParameterError
from mezan_graph.queries.tokens import Kind
from mezan_graph.queries.wording import Edits, Term, serialised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.queries.outline import Group, Outline

_CLAUSE_ENDS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


def bind(query: Outline, bindings: Mapping[str, Term]) -> Edits:
    """Return the edits that bind each variable in ``bindings`` to its term.

    Raises:
        ParameterError: The query does not mention a variable, or the term is a blank node.
        QueryError: The query assigns to a variable that is to be bound.
    """
    edits = Edits()
    if not bindings:
        return edits
    terms = {}
    for name, term in bindings.items():
        if name not in query.variables:
            known = ", ".join(f"?{each}" for each in sorted(query.variables)) or "none"
            raise ParameterError(
                f"the query does not mention ?{name}", place=name, hint=f"its variables: {known}"
            )
        if not isinstance(term, ox.NamedNode | ox.Literal):
            raise ParameterError(
                "a blank node cannot be bound", place=name, hint="bind an IRI or a literal"
            )
        terms[name] = serialised(term)
    _check_assignments(query, terms)
    _replace_in_expressions(query, terms, edits)
    if query.where is None:
        _bind_without_where(query, terms, edits)
    elif query.is_short:
        _bind_at_end(query, terms, edits)
    else:
        _bind_in_groups(query, terms, edits)
    return edits


def total_order(query: Outline, edits: Edits) -> None:
    """Extend the outermost ORDER BY of a SELECT by its variables, so that no tie is left open.

    Without this the engine may give rows that compare equal in any order, and LIMIT may cut
    between them.
    """
    if query.form != "SELECT" or not query.ordered or query.where is None:
        return
    names = _projected(query) or sorted(query.variables)
    index = next(
        i
        for i in range(query.where.closing, len(query.tokens))
        if query.tokens[i].word == "ORDER" and query.depths[i] == 0
    )
    end = index + 2
    while end < len(query.tokens):
        if query.depths[end] == 0 and query.tokens[end].word in {"LIMIT", "OFFSET", "VALUES"}:
            break
        end += 1
    edits.before[end] = "".join(f" ?{name}" for name in names) + " " + edits.before.get(end, "")


def _projected(query: Outline) -> list[str]:
    """Return the variables of the outermost SELECT clause, none for ``*``."""
    if query.where is None:
        return []
    names = []
    for index in range(query.start + 1, query.where.opening):
        token = query.tokens[index]
        named = query.depths[index] == 0 or query.tokens[index - 1].word == "AS"
        if token.variable and named:
            names.append(token.variable)
    return names


def _check_assignments(query: Outline, terms: Mapping[str, str]) -> None:
    for index, token in enumerate(query.tokens):
        if token.variable in terms and query.tokens[index - 1].word == "AS":
            raise query.error(
                token,
                f"?{token.variable} is a parameter and cannot be assigned",
                "choose another name after AS",
            )


def _replace_in_expressions(query: Outline, terms: Mapping[str, str], edits: Edits) -> None:
    """Put terms for variables in HAVING and in the expressions of SELECT clauses."""
    clause: dict[int, str] = {}
    for index, token in enumerate(query.tokens):
        depth = query.depths[index]
        if token.word in {"SELECT", "HAVING"}:
            clause[depth] = token.word
        elif depth in clause and (token.word in _CLAUSE_ENDS or token.word in {"{", "}", "WHERE"}):
            del clause[depth]
        if token.variable not in terms or not token.variable:
            continue
        outer = max((each for each in clause if each < depth), default=None)
        if outer is not None and not _inside_group(query, index, outer):
            edits.instead[index] = f" {terms[token.variable]} "


def _inside_group(query: Outline, index: int, depth: int) -> bool:
    """Whether a brace opens between ``index`` and the clause that stands ``depth`` deep."""
    return any(
        group.opening < index < group.closing and query.depths[group.opening] >= depth
        for group in query.groups.values()
    )


def _values(terms: Mapping[str, str]) -> str:
    names = " ".join(f"?{name}" for name in terms)
    return f" VALUES ({names}) {{ ({' '.join(terms.values())}) }} "


def _bind_without_where(query: Outline, terms: Mapping[str, str], edits: Edits) -> None:
    """Give a DESCRIBE without WHERE a pattern that binds its variables."""
    end = query.start + 1
    kinds = {Kind.VARIABLE, Kind.IRI, Kind.NAME}
    while end < len(query.tokens) and query.tokens[end].kind in kinds:
        end += 1
    edits.before[end] = f" WHERE {{{_values(terms)}}} "


def _bind_at_end(query: Outline, terms: Mapping[str, str], edits: Edits) -> None:
    """Bind in ``CONSTRUCT WHERE``, whose pattern may hold triples only, by a VALUES at the end."""
    assert query.where is not None  # noqa: S101 - the caller has looked
    for index in range(query.where.closing, len(query.tokens)):
        if query.tokens[index].word == "VALUES":
            raise query.error(
                query.tokens[index],
                "no parameter can be bound to CONSTRUCT WHERE with VALUES",
                "write CONSTRUCT { … } WHERE { … }",
            )
    edits.before[len(query.tokens)] = _values(terms)


def _bind_in_groups(query: Outline, terms: Mapping[str, str], edits: Edits) -> None:
    mentions = _mentions(query)
    for group in query.groups.values():
        if group.kind != "pattern":
            continue
        wanted = set(terms) if group is query.where else mentions.get(group.opening, set())
        found = {name: terms[name] for name in terms if name in wanted}
        if found:
            edits.before[group.opening + 1] = _values(found)


def _mentions(query: Outline) -> dict[int, set[str]]:
    """Return the variables that each group must bind, by the index of its brace.

    What the clauses of a sub-select mention counts for its WHERE.
    """
    mentions: dict[int, set[str]] = {}
    for group in query.groups.values():
        target: Group | None = group
        if group.kind == "subselect":
            target = next(
                each
                for each in query.groups.values()
                if each.parent is group and each.kind == "pattern"
            )
        elif group.kind in {"data", "template"}:
            target = group.parent
        if target is not None:
            mentions.setdefault(target.opening, set()).update(group.variables)
    return mentions

"""Constraints on all values of a focus node together, as questions (SHACL, 4.2, 4.4.5, 4.5, 4.8).

Each function takes the run, the constraint, the focus nodes and the value nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import Finding
from mezan_graph.validation.ordering import less
from mezan_graph.validation.originals import rewritten
from mezan_graph.validation.remote.asking import NotCarriedError
from mezan_graph.validation.remote.conditions import not_less
from mezan_graph.validation.set_constraints import (
    Closed,
    HasCount,
    HasValue,
    LessThan,
    PropertyPair,
    UniqueLanguage,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.validation.remote.evaluation import RemoteRun
    from mezan_graph.validation.remote.nodes import Nodes

_OTHER, _PREDICATE, _LANGUAGE = "?mezan_other", "?mezan_predicate", "?mezan_language"


def _count(run: RemoteRun, constraint: HasCount, focus: Nodes, value: Nodes) -> list[Finding]:
    node, count = focus.variable, constraint.count
    total = f"COUNT(DISTINCT {value.variable})"
    if not constraint.lowest:
        having = f"GROUP BY {node} HAVING ({total} > {count})"
        body = f"SELECT {node} WHERE {{ {value.pattern}}} {having}"
    elif count == 1:
        body = f"SELECT DISTINCT {node} WHERE {{ {focus.pattern}{_without(value.step)}}}"
    else:
        body = (
            f"SELECT {node} WHERE {{ {focus.pattern}OPTIONAL {{ {value.step}}} }} "
            f"GROUP BY {node} HAVING ({total} < {count})"
        )
    if constraint.lowest and not count:
        return []
    return [Finding(run.number(row[0])) for row in run.asking.rows((node,), body)]


def _without(pattern: str) -> str:
    return f"FILTER NOT EXISTS {{ {pattern}}} "


def _unique_language(
    run: RemoteRun, _constraint: UniqueLanguage, focus: Nodes, value: Nodes
) -> list[Finding]:
    variables = focus.variable, _LANGUAGE
    body = (
        f"SELECT {' '.join(variables)} WHERE {{ {value.pattern}FILTER(isLiteral({value.variable})) "
        f"BIND(LCASE(LANG({value.variable})) AS {_LANGUAGE}) "
        f'FILTER({_LANGUAGE} != "") }} '
        f"GROUP BY {' '.join(variables)} HAVING (COUNT(DISTINCT {value.variable}) > 1)"
    )
    return [
        Finding(run.number(node), bindings={"language": language})
        for node, language in run.asking.rows(variables, body)
        if language is not None
    ]


def _has_value(run: RemoteRun, constraint: HasValue, focus: Nodes, value: Nodes) -> list[Finding]:
    term = constraint.term
    if isinstance(term, ox.BlankNode):
        raise NotCarriedError("a blank node of the shapes graph cannot be asked for")
    if rewritten([term]):
        raise NotCarriedError(f"the store may write {term} otherwise")
    if focus == value:
        pattern = f"FILTER(!sameTerm({value.variable}, {term})) "
    else:
        pattern = _without(value.step.replace(f"{value.variable} . ", f"{term} . "))
    return [Finding(node) for node, _ in run.pairs(focus, focus, pattern)]


def _pair(run: RemoteRun, constraint: PropertyPair, focus: Nodes, value: Nodes) -> list[Finding]:
    here = f"{focus.variable} {constraint.other} {value.variable} . "
    if constraint.component == SH.DisjointConstraintComponent:
        return [Finding(*each) for each in run.pairs(focus, value, here)]
    found = [Finding(*each) for each in run.pairs(focus, value, _without(here))]
    if focus == value:
        there = f"{focus.variable} {constraint.other} {_OTHER} . "
        missing = f"FILTER(!sameTerm({_OTHER}, {focus.variable})) "
    else:
        there = f"{focus.variable} {constraint.other} {_OTHER} . "
        missing = _without(value.step.replace(f"{value.variable} . ", f"{_OTHER} . "))
    variables = focus.variable, _OTHER
    body = f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {focus.pattern}{there}{missing}}}"
    rows = run.asking.rows(variables, body)
    return found + [Finding(run.number(node), run.number(other)) for node, other in rows]


def _less_than(run: RemoteRun, constraint: LessThan, focus: Nodes, value: Nodes) -> list[Finding]:
    variables = focus.variable, value.variable, _OTHER
    test = not_less(value.variable, _OTHER, or_equal=constraint.or_equal)
    body = (
        f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {value.pattern}"
        f"{focus.variable} {constraint.other} {_OTHER} . FILTER(COALESCE({test}, true)) }}"
    )
    found = []
    for row in run.asking.rows(variables, body):
        node, each, other = map(run.number, row)
        left, right = run.local.ordered(each), run.local.ordered(other)
        if not less(left, right, or_equal=constraint.or_equal):
            found.append(Finding(node, each, bindings={"other": run.local.index.terms[other]}))
    return found


def _closed(run: RemoteRun, constraint: Closed, focus: Nodes, value: Nodes) -> list[Finding]:
    variables = focus.variable, _PREDICATE, _OTHER
    allowed = ", ".join(sorted(map(str, constraint.allowed)))
    outside = f"FILTER({_PREDICATE} NOT IN ({allowed})) " if allowed else ""
    body = (
        f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {value.pattern}"
        f"{value.variable} {_PREDICATE} {_OTHER} . {outside}}}"
    )
    return [
        Finding(run.number(node), run.number(other), str(predicate))
        for node, predicate, other in run.asking.rows(variables, body)
    ]


SETS: dict[type, Callable[[RemoteRun, Any, Nodes, Nodes], list[Finding]]] = {
    HasCount: _count,
    UniqueLanguage: _unique_language,
    HasValue: _has_value,
    PropertyPair: _pair,
    LessThan: _less_than,
    Closed: _closed,
}
"""The question for each kind of constraint."""

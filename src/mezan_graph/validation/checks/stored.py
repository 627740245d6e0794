"""``MZ301``: the project's own checks, stored queries that must return nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name, visible
from mezan_graph.queries.bounded import Bounded
from mezan_graph.queries.evaluation import evaluate
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.stored import list_queries
from mezan_graph.queries.union import ask
from mezan_graph.queries.wording import Edits
from mezan_graph.validation.findings import Finding
from mezan_graph.validation.index import index_of
from mezan_graph.validation.query_predicates import query_predicates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

_CATEGORY = "checks"
_FOCUS = ("this", "focusNode", "node", "subject")
_PATH = ("path", "property", "predicate")


def check_stored_queries(project: Project, graph: Graph) -> Iterator[Finding]:
    """Yield ``MZ301`` for every row of the stored queries in ``checks``, which must return none.

    An ASK query must answer false. The node concerned is what a variable called ``this``,
    ``focusNode``, ``node`` or ``subject`` is bound to, else the first IRI of the row; ``path`` and
    ``value`` are taken from variables of these names, as SHACL does (section 5.3.2).

    Raises:
        QueryError: A stored query is malformed.
        LimitError: One takes longer or more memory than the limits allow.
    """
    checks = list_queries(project, _CATEGORY)
    if not checks:
        return
    reaches = (query_predicates(each.outline, {}, None, graphs=True) for each in checks)
    wanted = index_of(graph).reached(reaches)
    if wanted is not None:
        graph = graph.with_predicates(wanted)
    ask(graph, "ASK { }")  # loads what every check needs, so that it counts for none of them

    def answered(number: int) -> bool | tuple[tuple[str, ...], list[Any]]:
        answer = evaluate(graph, checks[number].outline, Edits())
        return (
            (answer.variables, [tuple(row) for row in answer])
            if isinstance(answer, Solutions)
            else bool(answer)
        )

    limits = project.limits
    work = Bounded(answered, mebibytes=limits.query_mebibytes)
    for number, stored in enumerate(checks):
        answer = work(number, seconds=limits.query_seconds, what=stored.place)
        hint = f"mezan query {stored.name}"
        if answer is True:
            yield Finding("MZ301", "violation", f"{stored.summary}: yes", hint=hint)
        if isinstance(answer, bool):
            continue
        variables, rows = answer
        for row in rows:
            bound = dict(zip(variables, row, strict=True))
            shown = ", ".join(
                f"{name} = {visible(short_name(term, graph.prefixes))}"
                for name, term in bound.items()
                if term is not None
            )
            path = next((bound[each] for each in _PATH if bound.get(each) is not None), None)
            value: Any = bound.get("value")
            yield Finding(
                "MZ301",
                "violation",
                f"{stored.summary}: {shown}",
                focus_node=_focus(bound),
                path=str(path) if isinstance(path, ox.NamedNode) else None,
                value=value,
                hint=hint,
            )


def _focus(bound: dict[str, Any]) -> Any:
    named = (bound[each] for each in _FOCUS if isinstance(bound.get(each), ox.NamedNode))
    iris = (each for each in bound.values() if isinstance(each, ox.NamedNode))
    return next(named, None) or next(iris, None)

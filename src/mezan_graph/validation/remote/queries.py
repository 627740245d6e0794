"""SPARQL constraints at an endpoint: a subquery for the focus nodes in place of ``VALUES``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import XSD
from mezan_graph.validation.constraint import Finding
from mezan_graph.validation.remote.asking import NotCarriedError

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.prebinding import PreboundQuery
    from mezan_graph.validation.remote.evaluation import RemoteRun
    from mezan_graph.validation.remote.nodes import Nodes
    from mezan_graph.validation.sparql import SparqlAsk, SparqlSelect

_TRUE = ox.Literal("true", datatype=XSD.boolean)


def sparql_select(run: RemoteRun, constraint: SparqlSelect, focus: Nodes) -> list[Finding]:
    """Return one breach for each solution (SHACL, section 5.1)."""
    query = constraint.query
    names = tuple(
        each
        for each in ("?this", *sorted(query.text.variables - {"?this", "?PATH"}))
        if each in query.text.returned or "*" in query.text.returned
    )
    found = []
    for row in _rows(run, query, {"?this": focus}, focus, names):
        solution = {name: term for name, term in zip(names, row, strict=True) if term is not None}
        if solution.get("?failure") == _TRUE:
            raise ShapeError(f"{query.name}: the query reports a failure for {solution['?this']}")
        node = run.number(solution.get("?this"))
        value: int | None = node if constraint.at_node else None
        if "?value" in solution:
            value = run.number(solution["?value"])
        path = solution.get("?path")
        bindings = {name[1:]: term for name, term in (query.constants | solution).items()}
        found.append(
            Finding(node, value, str(path) if isinstance(path, ox.NamedNode) else None, bindings)
        )
    return found


def sparql_ask(run: RemoteRun, constraint: SparqlAsk, focus: Nodes, value: Nodes) -> list[Finding]:
    """Return the value nodes for which the query has no solution (5.4.2)."""
    query = constraint.query
    names = "?this", "?value"
    rows = _rows(run, query, {"?this": focus, "?value": value}, value, names)
    good = {(run.number(this), run.number(each)) for this, each in rows}
    bindings = {name[1:]: term for name, term in query.constants.items()}
    return [Finding(*pair, None, bindings) for pair in run.pairs(focus, value) if pair not in good]


def _rows(
    run: RemoteRun,
    query: PreboundQuery,
    varying: dict[str, Nodes],
    pattern: Nodes,
    names: tuple[str, ...],
) -> list[tuple[Term | None, ...]]:
    text = query.text
    if text.sliced:
        raise NotCarriedError("its query has a LIMIT, which is for one node at a time")
    if "?shapesGraph" in text.variables:
        raise NotCarriedError("its query asks the shapes graph, which the endpoint does not have")
    constants = {each: term for each, term in query.constants.items() if each in text.variables}
    if any(isinstance(term, ox.BlankNode) for term in constants.values()):
        raise NotCarriedError("its query is given a blank node of the shapes graph")

    def bind(wanted: set[str]) -> str:
        chosen = [each for each in varying if each in wanted]
        blocks = [f"VALUES {each} {{ {constants[each]} }}" for each in sorted(wanted - {*varying})]
        if chosen:
            selected = " ".join(f"({varying[each].variable} AS {each})" for each in chosen)
            blocks.insert(0, f"{{ SELECT DISTINCT {selected} WHERE {{ {pattern.pattern}}} }}")
        return " ".join(blocks)

    rendered = text.rendered(
        bind,
        replaced={each: str(term) for each, term in constants.items()}
        | ({"?PATH": f"({query.path})"} if query.path else {}),
        names={*constants, *varying},
        columns=tuple(varying),
    )
    prologue = text.prologue
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in query.prefixes.items())
    return run.asking.rows(names, rendered[len(prologue) :], f"{declared}{prologue}\n")

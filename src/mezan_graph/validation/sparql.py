"""SPARQL constraints (SHACL, sections 5 and 6), each evaluated for all focus nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import Constraint, Evaluation, Finding, Shape
from mezan_graph.validation.originals import Originals
from mezan_graph.validation.prebinding import PreboundQuery, prebound_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.shapes_graph import ShapesGraph
    from mezan_graph.validation.value_nodes import ValueNodes


class SparqlSelect(Constraint):
    """A constraint by SELECT (5.1): ``sh:sparql``, ``sh:nodeValidator``, ``sh:propertyValidator``.

    Attributes:
        query: The query; each of its solutions is a breach.
        at_node: Whether it belongs to a node shape, whose value is the focus node.
    """

    query: PreboundQuery
    at_node: bool

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield one breach for each solution."""
        index, originals = evaluation.index, Originals(evaluation.index)
        rows = ((index.terms[focus],) for focus in values.nodes)
        for (this,), solution in self.query.rows(evaluation, ("?this",), rows):
            focus = index.number(this)
            value: int | None = focus if self.at_node else None
            if "?value" in solution:
                value = originals.number(focus, solution["?value"], values.of(focus))
            path = solution.get("?path")
            yield Finding(
                focus,
                value,
                str(path) if isinstance(path, ox.NamedNode) else None,
                {name[1:]: term for name, term in (self.query.constants | solution).items()},
            )


class SparqlAsk(Constraint):
    """A constraint by ASK (5.4.2): each value node for which the answer is false is a breach."""

    query: PreboundQuery

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield the value nodes for which the query has no solution."""
        index = evaluation.index
        pairs = [
            (index.terms[focus], index.terms[value])
            for focus, each in values.pairs()
            for value in each
        ]
        good = {row for row, _ in self.query.rows(evaluation, ("?this", "?value"), pairs)}
        bindings = {name[1:]: term for name, term in self.query.constants.items()}
        for this, value in pairs:
            if (this, value) not in good:
                yield Finding(index.number(this), index.number(value), None, bindings)


def sparql_constraints(rdf: ShapesGraph, shape: Shape) -> list[Constraint]:
    """Return the constraints that ``sh:sparql`` declares at ``shape`` (5.2).

    Raises:
        ShapeError: One of them is malformed.
    """
    constraints: list[Constraint] = []
    for node in rdf.objects(shape.node, SH.sparql):
        query = prebound_query(rdf, shape, node, "SELECT", {})
        if rdf.flag(node, SH.deactivated):
            continue
        constraints.append(
            SparqlSelect(
                component=SH.SPARQLConstraintComponent,
                requirement="the SPARQL constraint is not met"
                + ("" if shape.path is None else ": {?value}"),
                messages=rdf.messages(node),
                source=node,
                query=query,
                at_node=shape.path is None,
            )
        )
    return constraints

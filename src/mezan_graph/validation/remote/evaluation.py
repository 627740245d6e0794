"""Compiled shapes evaluated at an endpoint: questions for each constraint, answers combined here.

A set of focus or value nodes is a graph pattern, which grows by a step with each property path. An
endpoint answers which of them break one constraint; what follows from several such answers
(``sh:or``, ``sh:qualifiedMinCount``) is worked out here, so that shapes nest as deeply as they like
and no question has a subquery inside of EXISTS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.graph import Graph
from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import Finding, Shape, ValueConstraint
from mezan_graph.validation.evaluation import Run
from mezan_graph.validation.remote.asking import Asking, NotCarriedError
from mezan_graph.validation.remote.conditions import condition, may_be_rewritten, numeric
from mezan_graph.validation.remote.nodes import Classes, Nodes
from mezan_graph.validation.remote.queries import sparql_ask, sparql_select
from mezan_graph.validation.remote.sets import SETS
from mezan_graph.validation.shape_constraints import ConformsTo, Logical, QualifiedCount
from mezan_graph.validation.sparql import SparqlAsk, SparqlSelect
from mezan_graph.validation.value_constraints import HasClass, HasDatatype

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.constraint import Constraint, Term
    from mezan_graph.validation.shapes import Shapes

_BATCH = 200


class RemoteRun:
    """One validation at an endpoint.

    Attributes:
        local: Numbers of terms, and messages.
        not_carried: Shape and constraint to why it was not decided, or not for all nodes.
    """

    def __init__(self, asking: Asking, shapes: Shapes) -> None:
        self.asking = asking
        self.classes = Classes(asking)
        self.local = Run(Graph.from_quads([], {}), shapes)
        self.not_carried: dict[tuple[Shape, Constraint], str] = {}
        self._failing: dict[tuple[Shape, str], set[int]] = {}
        self._held: dict[ox.NamedNode, bool] = {}

    def findings(self, shape: Shape, nodes: Nodes) -> Iterator[tuple[Shape, Constraint, Finding]]:
        """Yield what is wrong with ``nodes``, in the shape and its nested property shapes."""
        for constraint in shape.constraints:
            if isinstance(constraint, ConformsTo) and not constraint.reports_itself:
                yield from self.findings(constraint.shape, nodes.along(shape.path))
                continue
            try:
                found, undecided = self._breaches(shape, constraint, nodes)
            except NotCarriedError as error:
                self.not_carried[shape, constraint] = str(error)
                continue
            if undecided:
                self.not_carried[shape, constraint] = undecided
            for each in found:
                yield shape, constraint, each

    def failing(self, shape: Shape, nodes: Nodes) -> set[int]:
        """Return those of ``nodes`` that do not conform to ``shape``.

        Raises:
            NotCarriedError: That is not decided for all of them.
        """
        key = shape, nodes.pattern
        if key not in self._failing:
            bad: set[int] = set()
            for constraint in shape.constraints:
                found, undecided = self._breaches(shape, constraint, nodes)
                if undecided:
                    raise NotCarriedError(undecided)
                bad.update(each.focus for each in found)
            self._failing[key] = bad
        return self._failing[key]

    def pairs(self, focus: Nodes, value: Nodes, pattern: str = "") -> list[tuple[int, int]]:
        """Return the distinct pairs of a focus and a value node for which ``pattern`` matches."""
        variables = tuple(dict.fromkeys((focus.variable, value.variable)))
        body = f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {value.pattern}{pattern} }}"
        rows = self.asking.rows(variables, body)
        return [(self.number(row[0]), self.number(row[-1])) for row in rows]

    def number(self, term: Term | None) -> int:
        """Return the number of a term that an endpoint gave."""
        if term is None:
            raise NotCarriedError("the endpoint leaves a variable without a value that has one")
        return self.local.index.number(term)

    def _breaches(  # noqa: PLR0911 - one for each kind of constraint
        self, shape: Shape, constraint: Constraint, focus: Nodes
    ) -> tuple[list[Finding], str]:
        """Return the breaches of one constraint, and why others are undecided, if some are."""
        value = focus.along(shape.path)
        if isinstance(constraint, SparqlSelect):
            return sparql_select(self, constraint, focus), ""
        if isinstance(constraint, SparqlAsk):
            return sparql_ask(self, constraint, focus, value), ""
        if isinstance(constraint, QualifiedCount):
            return self._qualified(constraint, focus, value), ""
        if isinstance(constraint, ConformsTo):
            return self._leading_to(focus, value, self.failing(constraint.shape, value)), ""
        if isinstance(constraint, Logical):
            return self._leading_to(focus, value, self._illogical(constraint, value)), ""
        if isinstance(constraint, HasClass):
            test = self.classes.is_instance(value.variable, constraint.rdf_class)
            pairs = self.pairs(focus, value, f"FILTER NOT EXISTS {{ {test}}} ")
            return [Finding(*each) for each in pairs], ""
        if isinstance(constraint, ValueConstraint):
            return self._of_values(constraint, focus, value)
        return SETS[type(constraint)](self, constraint, focus, value), ""

    def _of_values(
        self, constraint: ValueConstraint, focus: Nodes, value: Nodes
    ) -> tuple[list[Finding], str]:
        test = condition(constraint, value.variable)
        pairs = self.pairs(focus, value, f"FILTER(COALESCE({test}, true)) ")
        terms = self.local.index.terms
        distinct = dict.fromkeys(each for _, each in pairs)
        rejected = set(constraint.rejected(self.local, distinct))
        unsure = {each for each in rejected if may_be_rewritten(constraint, terms[each])}
        if unsure and isinstance(constraint, HasDatatype) and self._holds(constraint.datatype):
            unsure.clear()
        undecided = ""
        if unsure:
            undecided = (
                f"{len(unsure):,} values, such as {terms[min(unsure)]}, may be what the store made "
                "of literals that meet it"
            )
        found = [Finding(*each) for each in pairs if each[1] in rejected - unsure]
        return found, undecided

    def _holds(self, datatype: ox.NamedNode) -> bool:
        """Whether there is any literal of ``datatype``, so that the store keeps it."""
        if datatype not in self._held:
            # Ill-formed literals are kept by stores that rewrite all others.
            test = f"DATATYPE(?o) = {datatype}" + numeric(datatype, "?o")
            body = f"SELECT ?o WHERE {{ ?s ?p ?o FILTER({test}) }} LIMIT 1"
            self._held[datatype] = self.asking.count(f"{{ {body} }}") > 0
        return self._held[datatype]

    def _leading_to(self, focus: Nodes, value: Nodes, bad: set[int]) -> list[Finding]:
        """Return a breach for each focus node that has one of the ``bad`` values."""
        if focus == value:
            return [Finding(each, each) for each in sorted(bad)]
        terms = self.local.index.terms
        named = [terms[each] for each in sorted(bad) if isinstance(terms[each], ox.NamedNode)]
        pairs: list[tuple[int, int]] = []
        for start in range(0, len(named), _BATCH):
            values = " ".join(map(str, named[start : start + _BATCH]))
            pairs += self.pairs(focus, value, f"VALUES {value.variable} {{ {values} }} ")
        if len(named) < len(bad):
            # A literal or blank node is not asked for by name: the store may write it otherwise.
            pairs += self.pairs(focus, value, f"FILTER(!isIRI({value.variable})) ")
        return [Finding(*each) for each in pairs if each[1] in bad]

    def _illogical(self, constraint: Logical, value: Nodes) -> set[int]:
        """Return the values for which a combination of shapes is false (SHACL, section 4.6)."""
        failing = [self.failing(each, value) for each in constraint.shapes]
        if constraint.component == SH.AndConstraintComponent:
            return set().union(*failing)
        if constraint.component == SH.OrConstraintComponent and failing:
            return failing[0].intersection(*failing[1:])
        nodes = {each for _, each in self.pairs(value, value)}
        if constraint.component == SH.OrConstraintComponent:
            return nodes
        if constraint.component == SH.NotConstraintComponent:
            return nodes - failing[0]
        return {each for each in nodes if sum(each not in some for some in failing) != 1}

    def _qualified(self, constraint: QualifiedCount, focus: Nodes, value: Nodes) -> list[Finding]:
        bad = self.failing(constraint.shape, value)
        siblings = [self.failing(each, value) for each in constraint.siblings]
        counts: dict[int, int] = {}
        if constraint.lowest:
            counts = {each: 0 for each, _ in self.pairs(focus, focus)}
        for node, each in self.pairs(focus, value):
            counted = each not in bad and all(each in some for some in siblings)
            counts[node] = counts.get(node, 0) + counted
        if constraint.lowest:
            return [Finding(each) for each, count in counts.items() if count < constraint.count]
        return [Finding(each) for each, count in counts.items() if count > constraint.count]

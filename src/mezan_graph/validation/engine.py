"""The default engine: compiled shapes evaluated on sets of focus nodes (SHACL, section 3.4)."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import LimitError
from mezan_graph.graph import collector_off
from mezan_graph.validation.index import index_of
from mezan_graph.validation.messages import best, filled
from mezan_graph.validation.ordering import Value, value_of
from mezan_graph.validation.paths import step, table_of
from mezan_graph.validation.prebinding import SHAPES_GRAPH, source_limits
from mezan_graph.validation.report import Result, Severity
from mezan_graph.validation.shape_constraints import ConformsTo
from mezan_graph.validation.shapes import Shapes
from mezan_graph.validation.sparql import SparqlAsk, SparqlSelect
from mezan_graph.validation.targets import focus_nodes, targeted_shapes, unmatched_shapes
from mezan_graph.validation.value_nodes import FocusValues, PathValues, TableValues

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mezan_graph.graph import Graph
    from mezan_graph.validation.constraint import Constraint, Finding, Shape, Term
    from mezan_graph.validation.value_nodes import ValueNodes

_BATCH = 500_000
_GOOD, _BAD = 1, 2
_SEVERITIES = {each.iri: each for each in Severity}


class Outcome(NamedTuple):
    """What a validation found.

    Attributes:
        results: The validation results, in an order that depends on the input alone.
        unmatched: Shapes that checked nothing: their target matches no node of the data, or they
            have neither a target nor a shape that refers to them.
        delegated: Shapes that the reference engine validated by themselves, each with the reason.
    """

    results: tuple[Result, ...]
    unmatched: tuple[ox.NamedNode | ox.BlankNode, ...]
    delegated: tuple[tuple[ox.NamedNode | ox.BlankNode, str], ...] = ()


def validate_graph(data: Graph, shapes: Graph, *, among: Collection[Term] | None = None) -> Outcome:
    """Validate the union of the graphs of ``data`` against ``shapes``.

    Args:
        data: The data graph.
        shapes: The shapes graph.
        among: Only these nodes are taken as focus nodes; by default all that a target matches.

    A value node that several focus nodes share is validated against a nested property shape once
    and reported for each of them, so that equal results may be repeated (section 4.7.2).

    Raises:
        ShapeError: The shapes graph is empty or malformed, needs rules, functions or entailment,
            or a shape refers to itself without end on this data.
        LimitError: There are more results than ``limits.results`` of the shapes' project, or a
            query or path takes too much.
    """
    compiled = Shapes(shapes)
    with collector_off():
        outcome = _validated(data, compiled, among)
    return (
        _with_delegated(outcome, data, compiled, among) if compiled.delegated.reasons else outcome
    )


def _with_delegated(
    outcome: Outcome, data: Graph, compiled: Shapes, among: Collection[Term] | None
) -> Outcome:
    from mezan_graph.validation.delegation import delegated_graph
    from mezan_graph.validation.reference import validate_graph as by_reference

    found = by_reference(data, delegated_graph(compiled.rdf, compiled.delegated)).results
    chosen = (each for each in found if among is None or each.focus_node in among)
    return Outcome(
        (*outcome.results, *chosen),
        outcome.unmatched,
        tuple(compiled.delegated.reasons.items()),  # type: ignore[arg-type]
    )


def _validated(data: Graph, compiled: Shapes, among: Collection[Term] | None) -> Outcome:
    run = Run(data, compiled)
    wanted = None if among is None else {run.index.number(node) for node in among}
    limit = source_limits(compiled.rdf.graph).results
    count = 0
    found: list[tuple[Shape, Constraint, Finding, int]] = []
    for node in targeted_shapes(compiled.rdf):
        if node in compiled.delegated.reasons:
            continue
        targets = focus_nodes(compiled.rdf, node, run.index)
        once = {number: 1 for number in targets if wanted is None or number in wanted}
        for each in run.findings(compiled.by_node[node], once):
            # Counted before they are made: one can count more often than fits into memory.
            count += each[3]
            if count > limit:
                raise too_many_results(limit, compiled.rdf.short(node))
            found.append(each)
    results: list[Result] = []
    for shape, constraint, finding, times in found:
        results += [run.result(shape, constraint, finding)] * times
    for query in compiled.rdf.queries:
        query.check_syntax()
    unmatched = unmatched_shapes(compiled.rdf, run.index)
    run.index.forget_tables()
    return Outcome(tuple(results), unmatched)  # type: ignore[arg-type]


def too_many_results(limit: int, shape: str = "a shape") -> LimitError:
    """Return the error for a validation with more results than ``limit``."""
    return LimitError(
        f"with {shape} there are more than {limit:,} results, which is more than anybody reads",
        hint="validate fewer shapes at a time, or raise limits.results in mezan.toml",
    )


class Run:
    """One validation: the data as an index, and what is known so far about nested shapes."""

    def __init__(self, data: Graph, shapes: Shapes) -> None:
        self.shapes = shapes.rdf.graph
        self.index = index_of(data)
        self._rdf = shapes.rdf
        self._ordered: dict[int, Value | None] = {}
        self._queries = [
            constraint.query
            for shape in shapes.by_node.values()
            for constraint in shape.constraints
            if isinstance(constraint, SparqlSelect | SparqlAsk)
        ]
        self._messages: dict[tuple[Shape, Constraint], tuple[tuple[ox.Literal, ...], str]] = {}
        # By the number of the node; sets of numbers were most of what the engine allocated.
        self._known: dict[Shape, bytearray] = {}

    def findings(
        self, shape: Shape, nodes: Mapping[int, int]
    ) -> Iterator[tuple[Shape, Constraint, Finding, int]]:
        """Yield what is wrong with ``nodes``, in the shape and its nested property shapes.

        Args:
            shape: The shape.
            nodes: Focus node to the number of times that each of its results counts.
        """
        if shape in self._known:
            # Nothing is wrong with what is known to conform.
            known = self._states(shape)
            nodes = {each: nodes[each] for each in nodes if known[each] != _GOOD}
        below: dict[ConformsTo, Mapping[int, int]] = {}
        for values in self._values(shape, nodes):
            for constraint in shape.constraints:
                if isinstance(constraint, ConformsTo) and not constraint.reports_itself:
                    if shape.path is None:
                        below[constraint] = nodes
                        continue
                    met = below.setdefault(constraint, Counter())
                    assert isinstance(met, Counter)  # noqa: S101 - set one line above
                    for focus, each in values.pairs():
                        for value in each:
                            met[value] += nodes[focus]
                else:
                    for finding in constraint.findings(self, values):
                        yield shape, constraint, finding, nodes[finding.focus]
        for constraint, counts in below.items():
            yield from self.findings(constraint.shape, counts)

    def ordered(self, number: int) -> Value | None:
        """Return the value that ``<`` compares, worked out once for each term."""
        try:
            return self._ordered[number]
        except KeyError:
            term = self.index.terms[number]
            value = value_of(term) if isinstance(term, ox.Literal) else None
            self._ordered[number] = value
            return value

    def failing(self, shape: Shape, nodes: Collection[int]) -> set[int]:
        """Return the nodes that do not conform to ``shape``, looking at each only once."""
        known = self._states(shape)
        new = [node for node in nodes if not known[node]]
        if new:
            bad = {
                finding.focus
                for values in self._values(shape, new)
                for constraint in shape.constraints
                for finding in constraint.findings(self, values)
            }
            for node in new:
                known[node] = _BAD if node in bad else _GOOD
        return {node for node in nodes if known[node] == _BAD}

    def _states(self, shape: Shape) -> bytearray:
        """Return what is known of each node; nodes may have got numbers since the last time."""
        known = self._known.setdefault(shape, bytearray())
        known.extend(bytes(len(self.index.terms) - len(known)))
        return known

    def _values(self, shape: Shape, nodes: Collection[int]) -> Iterator[ValueNodes]:
        """Yield the value nodes of ``nodes``, in batches that bound the memory for long paths."""
        if not shape.constraints or not nodes:
            return
        if shape.path is None:
            yield FocusValues(nodes)
            return
        table = table_of(shape.path, self.index)
        if table is not None:
            # These tuples are there already: no memory to bound.
            yield TableValues(nodes, table)
            return
        follow = step(shape.path, self.index)
        batch: dict[int, Collection[int]] = {}
        size = 0
        for node in nodes:
            values = batch[node] = follow(node)
            size += len(values)
            if size > _BATCH:
                yield PathValues(batch)
                batch, size = {}, 0
        if batch:
            yield PathValues(batch)

    @cached_property
    def store(self) -> ox.Store:
        """The data for SPARQL as the default graph, and the shapes graph where it is asked.

        Of the data it holds only what the queries can match, where that can be told.
        """
        wanted = self.index.reached(query.reach for query in self._queries)
        predicates = self.index.predicates if wanted is None else sorted(wanted, key=str)
        store = ox.Store()
        store.bulk_extend(quad for each in predicates for quad in self.index.quads(each))
        if any(query.asks_shapes for query in self._queries):
            quads = self.shapes.triples()
            store.bulk_extend(
                ox.Quad(each.subject, each.predicate, each.object, SHAPES_GRAPH) for each in quads
            )
        return store

    def result(self, shape: Shape, constraint: Constraint, finding: Finding) -> Result:
        """Return the validation result of one finding."""
        terms = self.index.terms
        severity = _SEVERITIES.get(shape.severity)
        value = None if finding.value is None else terms[finding.value]
        declared, text = self._message(shape, constraint)
        if finding.bindings or "{" in text:
            declared, text = self._filled(shape, constraint, finding)
        return Result(
            focus_node=terms[finding.focus],
            path=finding.path or shape.path_text,
            value=value,
            source_shape=shape.node,
            component=constraint.component,
            severity=severity or Severity.VIOLATION,
            message=text,
            messages=declared,
            source_constraint=constraint.source,
            other_severity=None if severity else shape.severity,
        )

    def _message(self, shape: Shape, constraint: Constraint) -> tuple[tuple[ox.Literal, ...], str]:
        """Return the declared messages, and one message, before anything is filled in."""
        known = self._messages.get((shape, constraint))
        if known is None:
            declared = constraint.messages or shape.messages
            message = best(declared)
            text = f"{shape.label}: {constraint.requirement}" if message is None else message.value
            known = self._messages[shape, constraint] = declared, text
        return known

    def _filled(
        self, shape: Shape, constraint: Constraint, finding: Finding
    ) -> tuple[tuple[ox.Literal, ...], str]:
        """Return the messages with what the finding says filled in."""
        terms, row = self.index.terms, finding.bindings or {}
        bindings: dict[str, Term | str] = {**row, "this": terms[finding.focus]}
        if finding.value is not None:
            bindings["value"] = terms[finding.value]
        if finding.path is not None:
            bindings["path"] = ox.NamedNode(finding.path[1:-1])
        elif shape.path is not None:
            bindings["path"] = bindings["PATH"] = shape.label
        declared, text = self._message(shape, constraint)
        of_row = row.get("message")
        if constraint.source is not None and isinstance(of_row, ox.Literal):
            declared, text = (of_row,), of_row.value
        elif row and declared:
            declared = tuple(filled(each, bindings, self._rdf.short) for each in declared)
            text = best(declared).value  # type: ignore[union-attr]
        return declared, filled(ox.Literal(text), bindings, self._rdf.short).value

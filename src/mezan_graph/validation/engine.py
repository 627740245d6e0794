"""The default engine: compiled shapes evaluated on sets of focus nodes (SHACL, section 3.4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.errors import MezanError
from mezan_graph.forked import Forked
from mezan_graph.graph import collector_off
from mezan_graph.namespaces import SH
from mezan_graph.validation.breaches import Packing, within
from mezan_graph.validation.evaluation import Run
from mezan_graph.validation.prebinding import source_limits
from mezan_graph.validation.shapes import Shapes
from mezan_graph.validation.targets import focus_nodes, targeted_shapes, unmatched_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pyoxigraph as ox

    from mezan_graph.graph import Graph
    from mezan_graph.validation.breaches import Breach, Breaches
    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.report import Result


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


def validate_graph(
    data: Graph,
    shapes: Graph,
    *,
    among: Collection[Term] | None = None,
    other: Forked | None = None,
) -> Outcome:
    """Validate the union of the graphs of ``data`` against ``shapes``.

    Args:
        data: The data graph.
        shapes: The shapes graph.
        among: Only these nodes are taken as focus nodes; by default all that a target matches.
        other: What another process does, if there is to be one. Where SPARQL constraints need
            little memory, it is begun here, and asks them while this process evaluates all others.

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
        outcome = _validated(data, compiled, among, other or Forked(apart=False))
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


def _validated(
    data: Graph, compiled: Shapes, among: Collection[Term] | None, other: Forked
) -> Outcome:
    run = Run(data, compiled)
    wanted = None if among is None else {run.index.number(node) for node in among}
    # Nodes that do not stand in the data get the same numbers, and so the same order, in a fork.
    for node in targeted_shapes(compiled.rdf):
        for each in compiled.rdf.objects(node, SH.targetNode):
            run.index.number(each)
    limit = source_limits(compiled.rdf.graph).results
    found = partial(_found, run, compiled, wanted, limit)
    if other.apart and run.asks_little:
        breaches = _found_beside(found, other, Packing(compiled, run.index, limit))
    else:
        # First what is asked of a store, so that its memory serves for the tables of all others.
        breaches = within(limit, found(sparql=True), compiled.rdf)
        breaches += found(sparql=False)
    results: list[Result] = []
    for _, group in within(limit, breaches, compiled.rdf):
        for shape, constraint, finding, times in group:
            results += [run.result(shape, constraint, finding)] * times
    for query in compiled.rdf.queries:
        query.check_syntax()
    unmatched = unmatched_shapes(compiled.rdf, run.index)
    run.index.forget_tables()
    return Outcome(tuple(results), unmatched)  # type: ignore[arg-type]


def _found_beside(found: Callable[..., Breaches], other: Forked, packing: Packing) -> Breaches:
    """Return what ``found`` gives, which the other process asks SPARQL constraints for."""
    asked = other.later(lambda: packing.packed(found(sparql=True)))
    other.begin()
    try:
        others = found(sparql=False)
    except MezanError:
        # What is wrong with a SPARQL constraint is said first, as without a fork.
        packing.unpacked(asked())
        raise
    return packing.unpacked(asked()) + others


def _found(
    run: Run,
    compiled: Shapes,
    wanted: Collection[int] | None,
    limit: int,
    *,
    sparql: bool,
) -> Breaches:
    """Return what SPARQL constraints find, or all others, up to the first beyond ``limit``."""
    breaches: Breaches = []
    left = limit
    for node in targeted_shapes(compiled.rdf):
        if node in compiled.delegated.reasons:
            continue
        shape = compiled.by_node[node]
        if sparql and shape not in run.asking:
            continue
        targets = focus_nodes(compiled.rdf, node, run.index)
        once = {number: 1 for number in targets if wanted is None or number in wanted}
        group: list[Breach] = []
        breaches.append((node, group))
        for each in run.findings(shape, once, sparql=sparql):
            # Counted before they are made: one can count more often than fits into memory.
            group.append(each)
            left -= each[3]
            if left < 0:
                break
        if left < 0:
            break
    run.forget_store()
    return breaches

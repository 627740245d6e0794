"""Shapes that go to the reference engine by themselves, while all others are compiled.

These are the shapes that reach themselves, which SHACL leaves undefined (section 3.4.3), and those
with custom targets or expressions of SHACL Advanced Features; and whatever refers to them, since a
result of the one depends on the other. Rules, functions and entailment change the data or the
queries of every shape and are not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.graph import Graph, Part
from mezan_graph.namespaces import RDF, SH
from mezan_graph.validation.targets import TARGETS, shape_references, targeted_shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mezan_graph.validation.shapes_graph import ShapesGraph, Term

ADVANCED = ("target", "expression")
"""Local names of what the reference engine carries out for one shape alone."""


class Delegation(NamedTuple):
    """What goes to the reference engine.

    Attributes:
        reasons: The shapes with a target that go there, each with the reason.
        shapes: Every shape that is not compiled.
        inside: The nodes that describe their targets and expressions, which are no shapes.
    """

    reasons: dict[Term, str]
    shapes: frozenset[Term]
    inside: frozenset[Term]


def delegation(rdf: ShapesGraph) -> Delegation:
    """Return which shapes of a shapes graph go to the reference engine.

    A shape that reaches itself goes there only if a shape with a target refers to it; any other is
    left to the compiler, which refuses it.
    """
    advanced = {node: name for name in ADVANCED for node in rdf.subjects(SH[name])}
    references = shape_references(rdf)
    cyclic = _reaching_cycles(references)
    if not advanced and not cyclic:
        return Delegation({}, frozenset(), frozenset())
    to_advanced = _reaching(references, advanced)
    targeted = [
        *targeted_shapes(rdf),
        *(node for node, name in advanced.items() if name == "target"),
    ]
    reasons = {}
    for node in dict.fromkeys(targeted):
        if node in cyclic:
            reasons[node] = "it refers to itself, directly or through other shapes"
        elif node in to_advanced:
            name = next(advanced[each] for each in _below(references, [node]) if each in advanced)
            reasons[node] = f"it uses sh:{name} of SHACL Advanced Features"
    reached = _below(references, reasons)
    starts = [
        each for name in ADVANCED for node in advanced for each in rdf.objects(node, SH[name])
    ]
    return Delegation(
        reasons,
        frozenset(node for node in reached if node in cyclic or node in to_advanced),
        frozenset(_described(rdf, starts)),
    )


def delegated_graph(rdf: ShapesGraph, delegated: Delegation) -> Graph:
    """Return the shapes graph without the targets of the shapes that are compiled."""
    names = {SH[name] for name in TARGETS}
    kept = (SH.NodeShape, SH.PropertyShape)

    def stays(subject: object, predicate: object, value: object) -> bool:
        if subject in delegated.reasons:
            return True
        if predicate == RDF.type and subject in rdf.implicit_classes:
            return value in kept
        return predicate not in names

    parts = [
        Part(
            [each for each in part.quads if stays(each.subject, each.predicate, each.object)],
            part.graph_name,
            part.source,
        )
        for part in rdf.graph.parts
    ]
    return Graph(parts, rdf.graph.prefixes)


def _reaching_cycles(references: Mapping[Term, set[Term]]) -> set[Term]:
    """Return the shapes from which a cycle is reached: what is left when leaves are taken away."""
    above: dict[Term, set[Term]] = {}
    count = {}
    for node, below in references.items():
        count[node] = len(below)
        for each in below:
            above.setdefault(each, set()).add(node)
    left = set(references)
    waiting = [each for each in above if each not in references]
    while waiting:
        node = waiting.pop()
        left.discard(node)
        for each in above.get(node, ()):
            count[each] -= 1
            if not count[each]:
                waiting.append(each)
    return left


def _reaching(references: Mapping[Term, set[Term]], ends: Iterable[Term]) -> set[Term]:
    """Return the shapes from which one of ``ends`` is reached, these included."""
    above: dict[Term, set[Term]] = {}
    for node, below in references.items():
        for each in below:
            above.setdefault(each, set()).add(node)
    return set(_below(above, ends))


def _below(references: Mapping[Term, set[Term]], starts: Iterable[Term]) -> dict[Term, None]:
    found = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        for each in references.get(waiting.pop(), ()):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return found


def _described(rdf: ShapesGraph, starts: Iterable[Term]) -> set[Term]:
    """Return every node that ``starts`` lead to along any predicate."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        node = waiting.pop()
        for predicate in rdf.predicates(node):
            for value in rdf.objects(node, predicate):
                if value not in found:
                    found.add(value)
                    waiting.append(value)
    return found

"""The targets of shapes (SHACL, section 2.1.3): which nodes of the data a shape is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.shapes_graph import ShapesGraph, Term

TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
"""Local names of the properties that declare a target."""

_SHAPE_REFERENCES = ("property", "node", "not", "qualifiedValueShape")
_SHAPE_LISTS = ("and", "or", "xone")


def targeted_shapes(shapes: ShapesGraph) -> list[Term]:
    """Return the shapes that declare a target, in the order of the shapes graph."""
    nodes = {node for name in TARGETS for node in shapes.subjects(SH[name])}
    nodes |= set(shapes.implicit_classes)
    return [node for node in shapes.nodes if node in nodes]


def shape_references(shapes: ShapesGraph) -> dict[Term, set[Term]]:
    """Return every shape that refers to others, with those that it refers to (4.6, 4.7).

    Raises:
        ShapeError: A list is malformed.
    """
    found: dict[Term, set[Term]] = {}
    for name in _SHAPE_REFERENCES:
        for node in shapes.subjects(SH[name]):
            found.setdefault(node, set()).update(shapes.objects(node, SH[name]))
    for name in _SHAPE_LISTS:
        for node in shapes.subjects(SH[name]):
            for head in shapes.objects(node, SH[name]):
                found.setdefault(node, set()).update(shapes.members(head))
    return found


def focus_nodes(shapes: ShapesGraph, shape: Term, index: TripleIndex) -> list[int]:
    """Return the target of ``shape`` in the data, each node once, in the order of the index.

    Raises:
        ShapeError: A target is not an IRI, or for ``sh:targetNode`` is a blank node.
    """
    found: set[int] = set()
    for each in _targets(shapes, shape, index):
        found.update(each)
    return sorted(found)


def _targets(shapes: ShapesGraph, shape: Term, index: TripleIndex) -> Iterator[Collection[int]]:
    """Yield the nodes of each target of ``shape``."""
    for name in TARGETS:
        for term in shapes.objects(shape, SH[name]):
            if name == "targetNode" and not isinstance(term, ox.BlankNode):
                yield (index.number(term),)
            elif not isinstance(term, ox.NamedNode):
                raise shapes.error(shape, f"sh:{name} cannot be {term}", term=SH[name], value=term)
            elif name == "targetClass":
                yield index.instances(term)
            elif name == "targetSubjectsOf":
                yield index.forward(term)
            else:
                yield index.backward(term)
    if shape in shapes.implicit_classes:
        if not isinstance(shape, ox.NamedNode):
            raise shapes.error(shape, "a shape that is a class as well needs an IRI")
        yield index.instances(shape)


def unmatched_shapes(shapes: ShapesGraph, index: TripleIndex) -> tuple[Term, ...]:
    """Return the shapes that check nothing: no node in the target, or no target and no use.

    A target node counts as matched only where it stands in the data. Deactivated shapes, and those
    that other shapes refer to, are not listed for having no target of their own.

    Raises:
        ShapeError: As :func:`focus_nodes`.
    """
    idle = unused_shapes(shapes)
    idle += [node for node in targeted_shapes(shapes) if not _matches(shapes, node, index)]
    return tuple(node for node in idle if not shapes.flag(node, SH.deactivated))


def unused_shapes(shapes: ShapesGraph) -> list[Term]:
    """Return the shapes without a target that no other shape refers to."""
    targeted = targeted_shapes(shapes)
    used = {each for below in shape_references(shapes).values() for each in below}
    used.update(shapes.subjects(SH.target))
    return [
        node
        for node in shapes.instances(SH.NodeShape, SH.PropertyShape)
        if node not in used and node not in targeted
    ]


def _matches(shapes: ShapesGraph, shape: Term, index: TripleIndex) -> bool:
    named = shapes.objects(shape, SH.targetNode)
    numbers = {index.number(each) for each in named}
    targets = _targets(shapes, shape, index)
    return any(not numbers.issuperset(each) for each in targets) or index.mentions(named)

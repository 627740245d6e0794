"""Parameters whose values are shapes, or that look at other shapes (SHACL, 4.6, 4.7, 4.8.1)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.parameter_values import (
    component,
    integer,
    malformed,
    property_shape_only,
)
from mezan_graph.validation.set_constraints import Closed
from mezan_graph.validation.shape_constraints import ConformsTo, Logical, QualifiedCount

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Constraint, Shape, Term
    from mezan_graph.validation.parameters import Reader
    from mezan_graph.validation.shapes import Shapes


def _closed(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    if not shapes.rdf.flag(shape.node, parameter):
        return []
    allowed: list[Term] = []
    for each in shapes.rdf.objects(shape.node, SH.property):
        allowed += shapes.rdf.objects(each, SH.path)
    ignored = shapes.rdf.one(shape.node, SH.ignoredProperties)
    for each in shapes.rdf.members(ignored) if ignored is not None else ():
        if not isinstance(each, ox.NamedNode):
            raise malformed(shapes, shape, SH.ignoredProperties, "a list of IRIs", each)
        allowed.append(each)
    return [
        Closed(
            component=component(parameter),
            requirement="the property {$path} is not allowed here, with the value {?value}",
            allowed=frozenset(each for each in allowed if isinstance(each, ox.NamedNode)),
        )
    ]


def _conforms(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, path: bool = False
) -> list[Constraint]:
    constraints: list[Constraint] = []
    for node in shapes.rdf.objects(shape.node, parameter):
        inner = shapes.shape(node)
        if path == (inner.path is None):
            name = shapes.rdf.short(parameter)
            kind = "property" if path else "node"
            raise shapes.rdf.error(
                node,
                f"the value of {name} is a {kind} shape, {'with' if path else 'without'} a sh:path",
            )
        constraints.append(
            ConformsTo(
                component=component(parameter),
                requirement=f"{{?value}} must conform to the shape {inner.label}",
                shape=inner,
            )
        )
    return constraints


def _not(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    return [
        Logical(
            component=component(parameter),
            requirement="{?value} must not conform to the shape that it conforms to",
            shapes=(shapes.shape(node),),
        )
        for node in shapes.rdf.objects(shape.node, parameter)
    ]


def _combined(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, words: str
) -> list[Constraint]:
    return [
        Logical(
            component=component(parameter),
            requirement=f"{{?value}} must conform to {words} the shapes given",
            shapes=tuple(shapes.shape(each) for each in shapes.rdf.members(node)),
        )
        for node in shapes.rdf.objects(shape.node, parameter)
    ]


def _qualified(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, lowest: bool
) -> list[Constraint]:
    node = shapes.rdf.one(shape.node, SH.qualifiedValueShape)
    if node is None:
        # Without its mandatory parameter there is no constraint (the suite's node/qualified-001).
        return []
    property_shape_only(shapes, shape, parameter)
    siblings: dict[Term, None] = {}
    if shapes.rdf.flag(shape.node, SH.qualifiedValueShapesDisjoint):
        for parent in shapes.rdf.subjects(SH.property):
            properties = shapes.rdf.objects(parent, SH.property)
            if shape.node in properties:
                for each in properties:
                    siblings |= dict.fromkeys(shapes.rdf.objects(each, SH.qualifiedValueShape))
    siblings.pop(node, None)
    count = integer(shapes, shape, parameter)
    bound = "at least" if lowest else "at most"
    plural = "values that conform" if count != 1 else "value that conforms"
    inner = shapes.shape(node)
    return [
        QualifiedCount(
            component=component(parameter),
            requirement=f"must have {bound} {count} {plural} to the shape {inner.label}",
            shape=inner,
            siblings=tuple(shapes.shape(each) for each in siblings),
            count=count,
            lowest=lowest,
        )
    ]


def _with_qualified(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    # No component of its own, but a value is a shape, and alone it would check nothing.
    counts = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
    if not any(shapes.rdf.objects(shape.node, each) for each in counts):
        raise shapes.rdf.error(
            shape.node,
            f"{shapes.rdf.short(parameter)} without a sh:qualifiedMinCount or MaxCount",
            term=parameter,
        )
    return []


def _accompanies(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, main: tuple[str, ...]
) -> list[Constraint]:
    if not any(shapes.rdf.objects(shape.node, SH[each]) for each in main):
        names = " or ".join(f"sh:{each}" for each in main)
        raise shapes.rdf.error(
            shape.node,
            f"{shapes.rdf.short(parameter)} has no effect without {names}",
            term=parameter,
        )
    return []


SHAPE_PARAMETERS: dict[str, Reader] = {
    "flags": partial(_accompanies, main=("pattern",)),
    "not": _not,
    "and": partial(_combined, words="all of"),
    "or": partial(_combined, words="at least one of"),
    "xone": partial(_combined, words="exactly one of"),
    "node": _conforms,
    "property": partial(_conforms, path=True),
    "qualifiedValueShape": _with_qualified,
    "qualifiedMinCount": partial(_qualified, lowest=True),
    "qualifiedMaxCount": partial(_qualified, lowest=False),
    "closed": _closed,
}
"""These parameters by local name."""

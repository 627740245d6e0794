"""Values of the parameters of constraint components, read and checked (SHACL, section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH, XSD
from mezan_graph.validation.lexical import has_datatype

if TYPE_CHECKING:
    from mezan_graph.errors import ShapeError
    from mezan_graph.validation.constraint import Shape
    from mezan_graph.validation.shapes import Shapes


def component(parameter: ox.NamedNode) -> ox.NamedNode:
    """Return the component of Core whose only mandatory parameter this is."""
    local = parameter.value.removeprefix(SH.iri)
    return SH[f"{local[0].upper()}{local[1:]}ConstraintComponent"]


def iris(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[ox.NamedNode]:
    """Return the values of ``parameter``, which must be IRIs."""
    iris = []
    for value in shapes.rdf.objects(shape.node, parameter):
        if not isinstance(value, ox.NamedNode):
            raise malformed(shapes, shape, parameter, "an IRI", value)
        iris.append(value)
    return iris


def iri(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> ox.NamedNode:
    """Return the only value of ``parameter``, which must be an IRI."""
    shapes.rdf.one(shape.node, parameter)
    return iris(shapes, shape, parameter)[0]


def literal(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, datatype: ox.NamedNode | None = None
) -> ox.Literal:
    """Return the only value of ``parameter``: a literal, well-formed and of ``datatype``."""
    value = shapes.rdf.one(shape.node, parameter)
    if not isinstance(value, ox.Literal):
        raise malformed(shapes, shape, parameter, "a literal", value)
    if datatype is not None and not has_datatype(value, datatype):
        raise malformed(shapes, shape, parameter, shapes.rdf.short(datatype), value)
    return value


def integer(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> int:
    """Return the only value of ``parameter``, an ``xsd:integer``, as a number."""
    value = literal(shapes, shape, parameter, XSD.integer)
    if len(value.value) > 18:  # noqa: PLR2004
        raise malformed(shapes, shape, parameter, "an integer of at most 18 digits", value)
    return int(value.value)


def malformed(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, expected: str, value: object
) -> ShapeError:
    """Return the error that ``parameter`` has a ``value`` other than ``expected``."""
    name = shapes.rdf.short(parameter)
    message = f"{name} takes {expected}, not {value}"
    # The member of a list is no value of the shape itself.
    direct = value if value in shapes.rdf.objects(shape.node, parameter) else None
    return shapes.rdf.error(shape.node, message, term=parameter, value=direct)


def property_shape_only(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> None:
    """Raise where ``shape``, which has ``parameter``, is a node shape."""
    if shape.path is None:
        name = shapes.rdf.short(parameter)
        message = f"{name} stands only in a shape with a sh:path"
        raise shapes.rdf.error(shape.node, message, term=parameter)

"""The parameters of SHACL Core's constraint components: checked, and made into constraints.

One function for each component, in a table by the local name of its parameter. Each takes the
shapes that are being compiled, the shape, and the parameter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import SH, XSD
from mezan_graph.validation.ordering import value_of
from mezan_graph.validation.parameter_values import (
    component,
    integer,
    iri,
    iris,
    literal,
    malformed,
    property_shape_only,
)
from mezan_graph.validation.set_constraints import (
    HasCount,
    HasValue,
    LessThan,
    PropertyPair,
    UniqueLanguage,
)
from mezan_graph.validation.shape_parameters import SHAPE_PARAMETERS
from mezan_graph.validation.value_constraints import (
    HasClass,
    HasDatatype,
    HasLanguage,
    HasLength,
    HasNodeKind,
    InRange,
    MatchesPattern,
    OneOf,
)

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Constraint, Shape
    from mezan_graph.validation.shapes import Shapes

Reader = Callable[["Shapes", "Shape", ox.NamedNode], "list[Constraint]"]

_KINDS: dict[ox.NamedNode, tuple[type, ...]] = {
    SH.BlankNode: (ox.BlankNode,),
    SH.IRI: (ox.NamedNode,),
    SH.Literal: (ox.Literal,),
    SH.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode),
    SH.BlankNodeOrLiteral: (ox.BlankNode, ox.Literal),
    SH.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


def _class(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    return [
        HasClass(
            component=component(parameter),
            requirement=f"{{?value}} must be an instance of {shapes.rdf.short(each)}",
            rdf_class=each,
        )
        for each in iris(shapes, shape, parameter)
    ]


def _datatype(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    datatype = iri(shapes, shape, parameter)
    name = shapes.rdf.short(datatype)
    return [
        HasDatatype(
            component=component(parameter),
            requirement=f"{{?value}} must be a well-formed literal of the datatype {name}",
            datatype=datatype,
        )
    ]


def _node_kind(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    kind = iri(shapes, shape, parameter)
    if kind not in _KINDS:
        expected = ", ".join(map(shapes.rdf.short, _KINDS))
        raise malformed(shapes, shape, parameter, f"one of {expected}", kind)
    return [
        HasNodeKind(
            component=component(parameter),
            requirement=f"{{?value}} must be of the kind {shapes.rdf.short(kind)}",
            kinds=_KINDS[kind],
        )
    ]


def _count(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, lowest: bool
) -> list[Constraint]:
    property_shape_only(shapes, shape, parameter)
    count = integer(shapes, shape, parameter)
    bound = "at least" if lowest else "at most"
    return [
        HasCount(
            component=component(parameter),
            requirement=f"must have {bound} {count} value{'s' * (count != 1)}",
            count=count,
            lowest=lowest,
        )
    ]


def _range(
    shapes: Shapes,
    shape: Shape,
    parameter: ox.NamedNode,
    *,
    lowest: bool,
    inclusive: bool,
    words: str,
) -> list[Constraint]:
    limit = literal(shapes, shape, parameter)
    return [
        InRange(
            component=component(parameter),
            requirement=f"{{?value}} must be {words} {limit.value}",
            literal=limit,
            limit=value_of(limit),
            lowest=lowest,
            inclusive=inclusive,
        )
    ]


def _length(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, lowest: bool
) -> list[Constraint]:
    length = integer(shapes, shape, parameter)
    bound = "at least" if lowest else "at most"
    return [
        HasLength(
            component=component(parameter),
            requirement=f"{{?value}} must have {bound} {length} character{'s' * (length != 1)}",
            length=length,
            lowest=lowest,
        )
    ]


def _pattern(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    pattern = literal(shapes, shape, parameter, XSD.string).value
    flags = ""
    if shapes.rdf.objects(shape.node, SH.flags):
        flags = literal(shapes, shape, SH.flags, XSD.string).value
    constraint = MatchesPattern(
        component=component(parameter),
        requirement=f"{{?value}} must match the pattern {pattern}",
        pattern=pattern,
        flags=flags,
    )
    try:
        constraint.check()
    except ShapeError as error:
        raise shapes.rdf.error(
            shape.node,
            error.message,
            hint="look-around and back references do not exist here",
            term=parameter,
        ) from None
    return [constraint]


def _language_in(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    languages = []
    for member in shapes.rdf.members(shapes.rdf.one(shape.node, parameter)):
        if not isinstance(member, ox.Literal) or member.datatype != XSD.string:
            raise malformed(shapes, shape, parameter, "a list of strings", member)
        languages.append(member.value)
    return [
        HasLanguage(
            component=component(parameter),
            requirement=f"{{?value}} must have a language tag: one of {', '.join(languages)}",
            languages=tuple(each.lower() for each in languages),
        )
    ]


def _unique_lang(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    property_shape_only(shapes, shape, parameter)
    # Section 4.4.5: only the term true itself; "1"^^xsd:boolean has no effect (uniqueLang-002).
    literal(shapes, shape, parameter, XSD.boolean)
    if shapes.rdf.one(shape.node, parameter) != ox.Literal("true", datatype=XSD.boolean):
        return []
    return [
        UniqueLanguage(
            component=component(parameter),
            requirement="must have at most one value in the language {?language}",
        )
    ]


def _in(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    members = tuple(shapes.rdf.members(shapes.rdf.one(shape.node, parameter)))
    shown = ", ".join(shapes.rdf.short(each) for each in members[:10])
    more = f" and {len(members) - 10} more" if len(members) > 10 else ""  # noqa: PLR2004
    return [
        OneOf(
            component=component(parameter),
            requirement=f"{{?value}} must be one of {shown}{more}",
            members=members,
        )
    ]


def _has_value(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    return [
        HasValue(
            component=component(parameter),
            requirement=f"must have the value {shapes.rdf.short(each)}",
            term=each,
        )
        for each in shapes.rdf.objects(shape.node, parameter)
    ]


def _pair(shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, words: str) -> list[Constraint]:
    return [
        PropertyPair(
            component=component(parameter),
            requirement=f"{{?value}} must {words} {shapes.rdf.short(each)}",
            other=each,
        )
        for each in iris(shapes, shape, parameter)
    ]


def _less_than(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, or_equal: bool
) -> list[Constraint]:
    property_shape_only(shapes, shape, parameter)
    words = "less than or equal to" if or_equal else "less than"
    return [
        LessThan(
            component=component(parameter),
            requirement=f"{{?value}} must be {words} the {shapes.rdf.short(each)} {{?other}}",
            other=each,
            or_equal=or_equal,
        )
        for each in iris(shapes, shape, parameter)
    ]


PARAMETERS: dict[str, Reader] = {
    **SHAPE_PARAMETERS,
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minCount": partial(_count, lowest=True),
    "maxCount": partial(_count, lowest=False),
    "minExclusive": partial(_range, lowest=True, inclusive=False, words="greater than"),
    "minInclusive": partial(_range, lowest=True, inclusive=True, words="at least"),
    "maxExclusive": partial(_range, lowest=False, inclusive=False, words="less than"),
    "maxInclusive": partial(_range, lowest=False, inclusive=True, words="at most"),
    "minLength": partial(_length, lowest=True),
    "maxLength": partial(_length, lowest=False),
    "pattern": _pattern,
    "languageIn": _language_in,
    "uniqueLang": _unique_lang,
    "equals": partial(_pair, words="be a value of this property and of"),
    "disjoint": partial(_pair, words="not also be a value of"),
    "lessThan": partial(_less_than, or_equal=False),
    "lessThanOrEquals": partial(_less_than, or_equal=True),
    "hasValue": _has_value,
    "in": _in,
}
"""Every parameter of SHACL Core by its local name."""

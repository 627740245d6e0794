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
from mezan_graph.validation.lexical import has_datatype
from mezan_graph.validation.ordering import value_of
from mezan_graph.validation.set_constraints import (
    Closed,
    HasCount,
    HasValue,
    LessThan,
    PropertyPair,
    UniqueLanguage,
)
from mezan_graph.validation.shape_constraints import ConformsTo, Logical, QualifiedCount
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
    from mezan_graph.validation.constraint import Constraint, Shape, Term
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


def component(parameter: ox.NamedNode) -> ox.NamedNode:
    """Return the component of Core whose only mandatory parameter this is."""
    local = parameter.value.removeprefix(SH.iri)
    return SH[f"{local[0].upper()}{local[1:]}ConstraintComponent"]


def _iris(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[ox.NamedNode]:
    iris = []
    for value in shapes.rdf.objects(shape.node, parameter):
        if not isinstance(value, ox.NamedNode):
            raise _malformed(shapes, shape, parameter, "an IRI", value)
        iris.append(value)
    return iris


def _iri(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> ox.NamedNode:
    shapes.rdf.one(shape.node, parameter)
    return _iris(shapes, shape, parameter)[0]


def _literal(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, datatype: ox.NamedNode | None = None
) -> ox.Literal:
    value = shapes.rdf.one(shape.node, parameter)
    if not isinstance(value, ox.Literal):
        raise _malformed(shapes, shape, parameter, "a literal", value)
    if datatype is not None and not has_datatype(value, datatype):
        raise _malformed(shapes, shape, parameter, shapes.rdf.short(datatype), value)
    return value


def _integer(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> int:
    value = _literal(shapes, shape, parameter, XSD.integer)
    if len(value.value) > 18:  # noqa: PLR2004
        raise _malformed(shapes, shape, parameter, "an integer of at most 18 digits", value)
    return int(value.value)


def _malformed(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, expected: str, value: object
) -> ShapeError:
    name = shapes.rdf.short(parameter)
    return shapes.rdf.error(shape.node, f"{name} takes {expected}, not {value}")


def _property_shape_only(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> None:
    if shape.path is None:
        name = shapes.rdf.short(parameter)
        raise shapes.rdf.error(shape.node, f"{name} stands only in a shape with a sh:path")


def _class(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    return [
        HasClass(
            component=component(parameter),
            requirement=f"{{?value}} must be an instance of {shapes.rdf.short(each)}",
            rdf_class=each,
        )
        for each in _iris(shapes, shape, parameter)
    ]


def _datatype(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    datatype = _iri(shapes, shape, parameter)
    name = shapes.rdf.short(datatype)
    return [
        HasDatatype(
            component=component(parameter),
            requirement=f"{{?value}} must be a well-formed literal of the datatype {name}",
            datatype=datatype,
        )
    ]


def _node_kind(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    kind = _iri(shapes, shape, parameter)
    if kind not in _KINDS:
        expected = ", ".join(map(shapes.rdf.short, _KINDS))
        raise _malformed(shapes, shape, parameter, f"one of {expected}", kind)
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
    _property_shape_only(shapes, shape, parameter)
    count = _integer(shapes, shape, parameter)
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
    limit = _literal(shapes, shape, parameter)
    return [
        InRange(
            component=component(parameter),
            requirement=f"{{?value}} must be {words} {limit.value}",
            limit=value_of(limit),
            lowest=lowest,
            inclusive=inclusive,
        )
    ]


def _length(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, lowest: bool
) -> list[Constraint]:
    length = _integer(shapes, shape, parameter)
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
    pattern = _literal(shapes, shape, parameter, XSD.string).value
    flags = ""
    if shapes.rdf.objects(shape.node, SH.flags):
        flags = _literal(shapes, shape, SH.flags, XSD.string).value
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
            shape.node, error.message, hint="look-around and back references do not exist here"
        ) from None
    return [constraint]


def _language_in(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    languages = []
    for member in shapes.rdf.list(shapes.rdf.one(shape.node, parameter)):
        if not isinstance(member, ox.Literal) or member.datatype != XSD.string:
            raise _malformed(shapes, shape, parameter, "a list of strings", member)
        languages.append(member.value)
    return [
        HasLanguage(
            component=component(parameter),
            requirement=f"{{?value}} must have a language tag: one of {', '.join(languages)}",
            languages=tuple(each.lower() for each in languages),
        )
    ]


def _unique_lang(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    _property_shape_only(shapes, shape, parameter)
    # Section 4.4.5: only the term true itself; "1"^^xsd:boolean has no effect (uniqueLang-002).
    _literal(shapes, shape, parameter, XSD.boolean)
    if shapes.rdf.one(shape.node, parameter) != ox.Literal("true", datatype=XSD.boolean):
        return []
    return [
        UniqueLanguage(
            component=component(parameter),
            requirement="must have at most one value in the language {?language}",
        )
    ]


def _in(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    members = tuple(shapes.rdf.list(shapes.rdf.one(shape.node, parameter)))
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
        for each in _iris(shapes, shape, parameter)
    ]


def _less_than(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, or_equal: bool
) -> list[Constraint]:
    _property_shape_only(shapes, shape, parameter)
    words = "less than or equal to" if or_equal else "less than"
    return [
        LessThan(
            component=component(parameter),
            requirement=f"{{?value}} must be {words} the {shapes.rdf.short(each)} {{?other}}",
            other=each,
            or_equal=or_equal,
        )
        for each in _iris(shapes, shape, parameter)
    ]


def _closed(shapes: Shapes, shape: Shape, parameter: ox.NamedNode) -> list[Constraint]:
    if not shapes.rdf.flag(shape.node, parameter):
        return []
    allowed: list[Term] = []
    for each in shapes.rdf.objects(shape.node, SH.property):
        allowed += shapes.rdf.objects(each, SH.path)
    ignored = shapes.rdf.one(shape.node, SH.ignoredProperties)
    for each in shapes.rdf.list(ignored) if ignored is not None else ():
        if not isinstance(each, ox.NamedNode):
            raise _malformed(shapes, shape, SH.ignoredProperties, "a list of IRIs", each)
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
            shapes=tuple(shapes.shape(each) for each in shapes.rdf.list(node)),
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
    _property_shape_only(shapes, shape, parameter)
    siblings: dict[Term, None] = {}
    if shapes.rdf.flag(shape.node, SH.qualifiedValueShapesDisjoint):
        for parent in shapes.rdf.subjects(SH.property):
            properties = shapes.rdf.objects(parent, SH.property)
            if shape.node in properties:
                for each in properties:
                    siblings |= dict.fromkeys(shapes.rdf.objects(each, SH.qualifiedValueShape))
    siblings.pop(node, None)
    count = _integer(shapes, shape, parameter)
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
            shape.node, f"{shapes.rdf.short(parameter)} without a sh:qualifiedMinCount or MaxCount"
        )
    return []


def _accompanies(
    shapes: Shapes, shape: Shape, parameter: ox.NamedNode, *, main: tuple[str, ...]
) -> list[Constraint]:
    if not any(shapes.rdf.objects(shape.node, SH[each]) for each in main):
        names = " or ".join(f"sh:{each}" for each in main)
        raise shapes.rdf.error(
            shape.node, f"{shapes.rdf.short(parameter)} has no effect without {names}"
        )
    return []


PARAMETERS: dict[str, Reader] = {
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
    "flags": partial(_accompanies, main=("pattern",)),
    "languageIn": _language_in,
    "uniqueLang": _unique_lang,
    "equals": partial(_pair, words="be a value of this property and of"),
    "disjoint": partial(_pair, words="not also be a value of"),
    "lessThan": partial(_less_than, or_equal=False),
    "lessThanOrEquals": partial(_less_than, or_equal=True),
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
    "hasValue": _has_value,
    "in": _in,
}
"""Every parameter of SHACL Core by its local name."""

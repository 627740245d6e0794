"""Constraint components that a shapes graph declares itself, in SPARQL (SHACL, section 6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.prebinding import prebound_query
from mezan_graph.validation.sparql import SparqlAsk, SparqlSelect

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Constraint, Shape
    from mezan_graph.validation.shapes_graph import ShapesGraph, Term

_RESERVED = frozenset(("this", "shapesGraph", "currentShape", "path", "PATH", "value"))


class Component(NamedTuple):
    """One declared constraint component.

    Attributes:
        node: Its IRI.
        required: Mandatory parameters; a shape with a value for each has the constraint.
        optional: Further parameters.
    """

    node: ox.NamedNode
    required: tuple[ox.NamedNode, ...]
    optional: tuple[ox.NamedNode, ...]

    def constraints(self, rdf: ShapesGraph, shape: Shape) -> list[Constraint]:
        """Return the constraint of this component at ``shape``, or none.

        Where a parameter has several values, each makes a constraint (section 6.1), which is
        possible only for a component of one parameter.

        Raises:
            ShapeError: A validator is malformed, or a parameter has too many values.
        """
        if not all(rdf.objects(shape.node, each) for each in self.required):
            return []
        parameters = (*self.required, *self.optional)
        if len(parameters) == 1:
            rows = [{parameters[0]: each} for each in rdf.objects(shape.node, parameters[0])]
        else:
            rows = [{each: rdf.one(shape.node, each) for each in parameters}]  # type: ignore[misc]
        return [
            self._constraint(rdf, shape, {_local(each): term for each, term in row.items()})
            for row in rows
        ]

    def _constraint(
        self, rdf: ShapesGraph, shape: Shape, parameters: dict[str, Term | None]
    ) -> Constraint:
        own = SH.nodeValidator if shape.path is None else SH.propertyValidator
        validators = rdf.objects(self.node, own) or rdf.objects(self.node, SH.validator)
        if not validators:
            raise rdf.error(
                self.node,
                f"no validator for shapes {'without' if shape.path is None else 'with'} "
                "a sh:path, which use this component",
            )
        validator = validators[0]
        messages = rdf.messages(validator) or rdf.messages(self.node)
        requirement = f"the constraint {rdf.short(self.node)} is not met: {{?value}}"
        if rdf.objects(validator, SH.ask):
            return SparqlAsk(
                component=self.node,
                requirement=requirement,
                messages=messages,
                query=prebound_query(rdf, shape, validator, "ASK", parameters),
            )
        return SparqlSelect(
            component=self.node,
            requirement=requirement,
            messages=messages,
            query=prebound_query(rdf, shape, validator, "SELECT", parameters),
            at_node=shape.path is None,
        )


def find_components(rdf: ShapesGraph) -> list[Component]:
    """Return the constraint components that the shapes graph declares (section 6.2).

    Raises:
        ShapeError: A component or one of its parameters is malformed.
    """
    components = []
    for node in rdf.instances(SH.ConstraintComponent):
        if not isinstance(node, ox.NamedNode):
            raise rdf.error(node, "a constraint component needs an IRI")
        required: list[ox.NamedNode] = []
        optional: list[ox.NamedNode] = []
        for parameter in rdf.objects(node, SH.parameter):
            path = rdf.one(parameter, SH.path)
            if not isinstance(path, ox.NamedNode):
                raise rdf.error(node, "each sh:parameter needs a sh:path that is an IRI")
            name = _local(path)
            if name in _RESERVED or not re.fullmatch(r"[A-Za-z_]\w*", name):
                raise rdf.error(node, f"the parameter {name!r} cannot be a variable of its queries")
            (optional if rdf.flag(parameter, SH.optional) else required).append(path)
        if not required:
            raise rdf.error(node, "a constraint component needs a parameter that is not optional")
        components.append(Component(node, tuple(required), tuple(optional)))
    return components


def _local(iri: ox.NamedNode) -> str:
    return re.split(r"[/#:]", iri.value)[-1]

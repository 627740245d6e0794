"""From a shapes graph to compiled shapes: reading, checking, and following references.

Everything in the graph that is a shape is compiled, used or not, so that a malformed shape is an
error wherever it stands (SHACL, section 2 and appendix C).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import RDF, SH
from mezan_graph.validation.components import find_components
from mezan_graph.validation.constraint import Constraint, Shape
from mezan_graph.validation.delegation import delegation
from mezan_graph.validation.parameters import PARAMETERS
from mezan_graph.validation.paths import read_path
from mezan_graph.validation.shapes_graph import ShapesGraph
from mezan_graph.validation.sparql import sparql_constraints
from mezan_graph.validation.targets import TARGETS
from mezan_graph.validation.vocabulary import check_vocabulary

if TYPE_CHECKING:
    from mezan_graph.graph import Graph
    from mezan_graph.validation.shapes_graph import Term

_NESTING = 100
_IRI = re.compile(r"<([^<>]*)>")


class Shapes:
    """The compiled shapes of a shapes graph.

    Attributes:
        rdf: The shapes graph.
        by_node: Every compiled shape by its node, in the order of the shapes graph.
        delegated: The shapes that go to the reference engine.

    Raises:
        ShapeError: The graph is empty, holds no shape, or a shape is malformed, refers to itself,
            or needs more than SHACL Core and SHACL-SPARQL.
    """

    def __init__(self, graph: Graph) -> None:
        self.rdf = ShapesGraph(graph)
        if not self.rdf:
            raise ShapeError(
                "the shapes graph is empty, so that nothing would be checked",
                hint="write shapes, or name the folder that holds them",
            )
        self.delegated = delegation(self.rdf)
        check_vocabulary(self.rdf, self.delegated)
        self.by_node: dict[Term, Shape] = {}
        self._components = find_components(self.rdf)
        self._inside: list[Term] = []
        for node in self._shape_nodes():
            self.shape(node)
        if not self.by_node and not self.delegated.reasons:
            raise ShapeError(
                "the shapes graph holds no shape, so that nothing would be checked",
                hint="a shape has the type sh:NodeShape or sh:PropertyShape, or a target",
            )

    def _shape_nodes(self) -> dict[Term, None]:
        # SHACL 2.1: what has a type, a target or a parameter, or is used as a shape, is one.
        nodes = self.rdf.instances(SH.NodeShape, SH.PropertyShape)
        declared = [SH[name] for name in (*TARGETS, *PARAMETERS)]
        declared += [SH.sparql, *(each for one in self._components for each in one.required)]
        for predicate in declared:
            nodes |= dict.fromkeys(self.rdf.subjects(predicate))
        parameters = set(self.rdf.instances(SH.Parameter))
        for component in self._components:
            parameters |= set(self.rdf.objects(component.node, SH.parameter))
        left = parameters | self.delegated.shapes | self.delegated.inside
        return {node: None for node in self.rdf.nodes if node in nodes and node not in left}

    def shape(self, node: Term) -> Shape:
        """Return the shape that ``node`` is.

        Raises:
            ShapeError: It is malformed or refers to itself.
        """
        if node in self.by_node:
            return self.by_node[node]
        if isinstance(node, ox.Literal):
            raise self.rdf.error(node, f"a shape is expected, not the literal {node}")
        if node in self._inside:
            cycle = [*self._inside[self._inside.index(node) :], node]
            names = dict.fromkeys(
                self.rdf.short(each) for each in cycle if isinstance(each, ox.NamedNode)
            )
            raise self.rdf.error(
                node,
                "this shape refers to itself, which SHACL leaves undefined (section 3.4.3)",
                hint=f"break the cycle through {', '.join(names)}" if names else None,
            )
        if len(self._inside) > _NESTING:
            raise self.rdf.error(node, f"shapes are nested more than {_NESTING} levels deep")
        self._inside.append(node)
        try:
            shape = self._read(node)
        finally:
            self._inside.pop()
        self.by_node[node] = shape
        return shape

    def _read(self, node: Term) -> Shape:
        rdf = self.rdf
        paths = rdf.objects(node, SH.path)
        typed = rdf.objects(node, RDF.type)
        if len(paths) > 1:
            raise rdf.error(node, "a property shape has one sh:path, this has more", term=SH.path)
        if paths and SH.NodeShape in typed:
            hint = "make it a sh:PropertyShape"
            raise rdf.error(node, "a node shape has no sh:path", hint=hint, term=SH.path)
        if not paths and SH.PropertyShape in typed:
            raise rdf.error(node, "a property shape needs a sh:path")
        severity = rdf.one(node, SH.severity) or SH.Violation
        if not isinstance(severity, ox.NamedNode):
            raise rdf.error(node, f"sh:severity is not an IRI: {severity}", term=SH.severity)
        path = read_path(rdf, paths[0]) if paths else None
        shape = Shape(
            node=node,
            path=path,
            severity=severity,
            messages=rdf.messages(node),
            label=_IRI.sub(lambda each: rdf.short(ox.NamedNode(each[1])), str(path or node)),
            constraints=[],
        )
        constraints = list(self._constraints(shape))
        if not rdf.flag(node, SH.deactivated):
            shape.constraints += constraints
        return shape

    def _constraints(self, shape: Shape) -> list[Constraint]:
        constraints: list[Constraint] = []
        for predicate in self.rdf.predicates(shape.node):
            local = predicate.value.removeprefix(SH.iri)
            if local != predicate.value and local in PARAMETERS:
                constraints += PARAMETERS[local](self, shape, predicate)
        constraints += sparql_constraints(self.rdf, shape)
        for component in self._components:
            constraints += component.constraints(self.rdf, shape)
        return constraints

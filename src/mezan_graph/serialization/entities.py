"""One entity with everything that a reader needs to understand and check what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from mezan_graph.errors import UnknownEntityError
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCT, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    Resource = ox.NamedNode | ox.BlankNode

_NAMING = frozenset({RDF.type, RDFS.label, SCHEMA.name, SKOS.prefLabel})


class QuadIndex:
    """The quads of a graph by subject and by object, in the order of the graph.

    Attributes:
        by_subject: The quads about each IRI or blank node.
        by_object: The quads that lead to each IRI or blank node; literals have no entry.
    """

    def __init__(self, graph: Graph) -> None:
        self.by_subject: dict[object, list[ox.Quad]] = {}
        self.by_object: dict[object, list[ox.Quad]] = {}
        for quad in graph:
            self.by_subject.setdefault(quad.subject, []).append(quad)
            if not isinstance(quad.object, ox.Literal):
                self.by_object.setdefault(quad.object, []).append(quad)


_indexes: WeakKeyDictionary[Graph, QuadIndex] = WeakKeyDictionary()


def index_of(graph: Graph) -> QuadIndex:
    """Return the quads of ``graph`` by subject and by object; made once for a graph."""
    index = _indexes.get(graph)
    if index is None:
        index = _indexes[graph] = QuadIndex(graph)
    return index


def describe(graph: Graph, iri: ox.NamedNode, *, shortcuts: ox.NamedNode | None = None) -> Graph:
    """Return the description of one entity, with the graph names of its quads.

    It holds every triple with the entity as its subject; the relationships, which are the nodes
    that point at it (grants, memberships, claims, notes and others), with all their triples; the
    citations that it and they name with ``dct:source``; the blank nodes of all of these; and types
    and labels of every other IRI that is mentioned.

    The graph is indexed at the first call for it, so that describing all entities takes linear
    time.

    Args:
        graph: What is known.
        iri: The entity.
        shortcuts: Named graph of derived triples. What points at the entity there alone is no
            relationship: the triple is part of the description, its subject is only named.

    Raises:
        UnknownEntityError: No triple has ``iri`` as its subject.
    """
    index = index_of(graph)
    if iri not in index.by_subject:
        raise UnknownEntityError("nothing is said about this entity", place=iri.value)
    description = _Description(index, shortcuts)
    description.add([iri, *description.pointing_at(iri)])
    description.add(
        quad.object  # type: ignore[misc]
        for quad in list(description.quads)
        if quad.predicate == DCT.source and not isinstance(quad.object, ox.Literal)
    )
    description.name_what_is_mentioned()
    return Graph.from_quads(description.quads, graph.prefixes)


def describe_class(graph: Graph, iri: ox.NamedNode) -> Graph:
    """Return the description of a class, which may be one that another vocabulary defines.

    It holds every triple with the class as its subject, with the blank nodes below it, every
    triple that leads to the class (what is of it, below it, or has it as domain or range), and
    types and labels of what is mentioned.

    Args:
        graph: What is known; indexed as for :func:`describe`.
        iri: The class.
    """
    index = index_of(graph)
    description = _Description(index, None)
    description.add([iri])
    description.quads |= dict.fromkeys(index.by_object.get(iri, ()))
    description.name_what_is_mentioned()
    return Graph.from_quads(description.quads, graph.prefixes)


class _Description:
    """Collects quads, each once, in the order in which they are asked for."""

    def __init__(self, index: QuadIndex, shortcuts: ox.NamedNode | None) -> None:
        self.index = index
        self.shortcuts = shortcuts
        self.quads: dict[ox.Quad, None] = {}
        self.whole: set[object] = set()

    def pointing_at(self, node: Resource) -> list[Resource]:
        """Return the subjects of triples with ``node`` as object, through blank nodes to IRIs."""
        found: dict[Resource, None] = {}
        waiting = [node]
        while waiting:
            for quad in self.index.by_object.get(waiting.pop(), ()):
                subject = quad.subject
                if quad.graph_name == self.shortcuts:
                    self.quads[quad] = None
                    continue
                if subject not in found and isinstance(subject, ox.NamedNode | ox.BlankNode):
                    found[subject] = None
                    if isinstance(subject, ox.BlankNode):
                        waiting.append(subject)
        return list(found)

    def add(self, nodes: Iterable[Resource]) -> None:
        """Add all triples of ``nodes``, and of the blank nodes below them."""
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node in self.whole:
                continue
            self.whole.add(node)
            for quad in self.index.by_subject.get(node, ()):
                self.quads[quad] = None
                if isinstance(quad.object, ox.BlankNode):
                    waiting.append(quad.object)

    def name_what_is_mentioned(self) -> None:
        """Add types and labels of the IRIs that are subjects or objects of other triples only."""
        mentioned = (node for quad in list(self.quads) for node in (quad.subject, quad.object))
        for node in mentioned:
            if isinstance(node, ox.NamedNode) and node not in self.whole:
                self.whole.add(node)
                for quad in self.index.by_subject.get(node, ()):
                    if quad.predicate in _NAMING:
                        self.quads[quad] = None

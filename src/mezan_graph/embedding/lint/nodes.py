"""The node objects of a JSON-LD document, as the rules of the lint look at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mezan_graph.embedding.lint.contexts import ASSUMED, Active
from mezan_graph.namespaces import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.embedding.lint.located import Located, Member


@dataclass(slots=True)
class Property:
    """One property of a node.

    Attributes:
        key: As it is written.
        offset: Where the key stands.
        iri: What it stands for; ``None`` where it means nothing.
        coerced: What a plain string means as its value: ``@id``, a datatype, or text.
        containers: Containers of its term.
        values: Its values, arrays, sets and lists taken apart.
        nodes: The nodes among them, in order.
    """

    key: str
    offset: int
    iri: str | None
    coerced: str | None
    containers: frozenset[str]
    values: list[Located]
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Node:
    """One node object.

    Attributes:
        offset: Where it begins.
        context: Its active context.
        types: IRI of each type as far as it has one, how it is written, and where.
        identifier: Its ``@id``.
        properties: Its properties.
        reverse: Properties whose values are the subjects.
        via: The property that it is the value of, and the node that has the property.
    """

    offset: int
    context: Active
    types: list[tuple[str | None, str, int]] = field(default_factory=list)
    identifier: Located | None = None
    properties: list[Property] = field(default_factory=list)
    reverse: list[Property] = field(default_factory=list)
    via: tuple[str | None, Node] | None = None

    def of(self, name: str) -> list[Property]:
        """Return the properties that stand for ``name`` of schema.org."""
        return [each for each in self.properties if each.iri == SCHEMA.iri + name]

    @property
    def names(self) -> list[str]:
        """Local names of its types in schema.org."""
        return [
            iri.removeprefix(SCHEMA.iri)
            for iri, _, _ in self.types
            if iri is not None and iri.startswith(SCHEMA.iri)
        ]

    @property
    def is_reference(self) -> bool:
        """Whether it only says which node is meant."""
        return self.identifier is not None and not (self.properties or self.types or self.reverse)

    def descendants(self) -> Iterator[Node]:
        """Yield the node and every node below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            below = [each for part in (node.properties, node.reverse) for each in part]
            waiting += [each for part in reversed(below) for each in reversed(part.nodes)]


def read_nodes(document: Located) -> list[Node]:
    """Return the nodes at the top of a document: those of its array or its ``@graph``."""
    return list(_top(document, None))


def _top(value: Located, outer: Active | None) -> Iterator[Node]:
    for each in value.items:
        if not each.is_object:
            continue
        stated = any(member.key == "@context" for member in each.members)
        context = outer or (Active() if stated else ASSUMED)
        inner = _active(each, context)
        graphs = [
            member for member in each.members if inner.iri(member.key) in {"@graph", "@included"}
        ]
        for graph in graphs:
            yield from _top(graph.value, inner)
        node = _node(each, context)
        # An object around a graph is no node of its own, and neither is a bare context.
        if node.properties or node.types or node.reverse:
            yield node


def _active(value: Located, context: Active) -> Active:
    for member in value.members:
        if member.key == "@context":
            context = context.extended(member.value)
    return context


def _node(value: Located, context: Active, via: tuple[str | None, Node] | None = None) -> Node:
    context = _active(value, context)
    node = Node(value.offset, context, via=via)
    for member in value.members:
        iri = context.iri(member.key)
        if iri == "@type":
            node.types += [
                (context.iri(each.value), each.value, each.offset)
                for each in member.value.items
                if isinstance(each.value, str)
            ]
        elif iri == "@id":
            node.identifier = member.value
        elif iri == "@reverse":
            for each in member.value.members:
                node.reverse.append(_property(each, node))
        elif iri is None or not iri.startswith("@"):
            target = node.reverse if context.term(member.key).reverse else node.properties
            target.append(_property(member, node))
    return node


def _property(member: Member, node: Node) -> Property:
    context = node.context
    term = context.term(member.key)
    found = Property(
        member.key,
        member.offset,
        term.iri,
        context.coerced(member.key),
        term.container,
        list(_flat(member.value, context)),
    )
    for value in found.values:
        keywords = {context.iri(each.key) for each in value.members}
        if value.is_object and "@value" not in keywords and "@language" not in term.container:
            found.nodes.append(_node(value, context, (found.iri, node)))
    return found


def _flat(value: Located, context: Active) -> Iterator[Located]:
    for each in value.items:
        whole = next(
            (
                member.value
                for member in each.members
                if context.iri(member.key) in {"@set", "@list"}
            ),
            None,
        )
        if whole is not None or isinstance(each.value, list):
            yield from _flat(whole or each, context)
        else:
            yield each

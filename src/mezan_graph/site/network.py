"""The network around an organisation: who funds whom, who belongs where, as the data states it.

A relation is a node of the graph (a grant, a membership, a status) or an authored triple, never a
derived shortcut, so that every line of a picture and every row of a table leads to what says how
it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from mezan_graph.namespaces import ORG, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.site.knowledge import Knowledge, Resource

Family = Literal["funding", "membership", "status", "office", "part"]
FAMILIES: tuple[Family, ...] = ("funding", "membership", "status", "office", "part")
"""What relations there are, in the order in which they are shown."""

MOST = 24
"""Relations that one picture shows at most; more boxes cannot be read."""

CROWDED = 200
"""A relation between two neighbours that both have more relations than this is not looked for."""

_WHOLES = (SCHEMA.parentOrganization, ORG.subOrganizationOf, ORG.unitOf)
_PARTS = (SCHEMA.subOrganization, ORG.hasSubOrganization, ORG.hasUnit)
_OWN_LINES = 3
_CACHED = 1 << 16


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation.

    Attributes:
        family: Which pattern of the data it is.
        concept: The kind of funding, where the data names one.
    """

    family: Family
    concept: ox.NamedNode | None = None

    @property
    def order(self) -> tuple[int, str]:
        """Sort key: families in their order, kinds of funding by IRI, those without one last."""
        return FAMILIES.index(self.family), self.concept.value if self.concept else "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation between two things.

    Attributes:
        kind: What kind of relation.
        source: The funder, the member, the holder of the status or the post, the part.
        target: What is funded, the body, the whole.
        node: The grant, membership or status; ``None`` where the data has a direct triple.
    """

    kind: Kind
    source: ox.NamedNode
    target: ox.NamedNode
    node: ox.NamedNode | None = None

    def other(self, end: ox.NamedNode) -> ox.NamedNode:
        """Return the end that is not ``end``."""
        return self.target if end == self.source else self.source


@dataclass(frozen=True)
class Neighbourhood:
    """What is shown of the network around one thing.

    Attributes:
        centre: The thing.
        relations: Its own relations, then those among its neighbours; at most the limit.
        total: How many relations of its own ``centre`` has, shown or not.
    """

    centre: ox.NamedNode
    relations: tuple[Relation, ...]
    total: int

    @cached_property
    def left_out(self) -> int:
        """How many of the relations of ``centre`` are not shown."""
        own = sum(self.centre in {each.source, each.target} for each in self.relations)
        return self.total - own

    @cached_property
    def nodes(self) -> tuple[ox.NamedNode, ...]:
        """Everything that is shown, the centre first, each thing once."""
        ends = (end for each in self.relations for end in (each.source, each.target))
        return tuple(dict.fromkeys([self.centre, *ends]))


class Network:
    """The relations of a graph, looked up around one thing at a time.

    Attributes:
        knowledge: The graph.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.relations = lru_cache(_CACHED)(self._relations)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of relation of the whole graph in order, so that each looks alike everywhere.

        Every family is there, and each kind of funding that a grant names.
        """
        fundings = {
            Kind("funding", quad.object)
            for quad in self.knowledge.graph.triples()
            if quad.predicate == self.knowledge.mz.fundingKind
            and isinstance(quad.object, ox.NamedNode)
        }
        kinds = fundings | {Kind(family) for family in FAMILIES}
        return tuple(sorted(kinds, key=lambda each: each.order))

    def style(self, kind: Kind) -> str:
        """Return the class that the style sheet knows ``kind`` by.

        The first kinds of funding have a line of their own; all further ones share one.
        """
        if kind.concept is None:
            return kind.family
        number = self.kinds.index(kind) + 1
        return f"funding-{number}" if number <= _OWN_LINES else "funding-other"

    def around(self, centre: ox.NamedNode, limit: int = MOST) -> Neighbourhood:
        """Return the neighbourhood of ``centre``: at most ``limit`` relations.

        Its own relations come first, in the order of kinds and positions; what room is left goes
        to relations among the neighbours.
        """
        own = self.relations(centre)
        shown = list(own[:limit])
        near = dict.fromkeys(each.other(centre) for each in shown)
        for neighbour in near:
            relations = self.relations(neighbour)
            for each in relations if len(relations) <= CROWDED else ():
                if len(shown) < limit and each.other(neighbour) in near and each not in shown:
                    shown.append(each)
        return Neighbourhood(centre, tuple(shown), len(own))

    def _relations(self, end: ox.NamedNode) -> tuple[Relation, ...]:
        """Return every relation of ``end``, by kind, then as the data counts them, then by IRI."""
        found = dict.fromkeys((*self._stated(end), *self._parts(end)))
        return tuple(sorted(found, key=self._order))

    def _order(self, each: Relation) -> tuple[tuple[int, str], float, str, str, str]:
        position = 0.0
        for literal in self.knowledge.literals(each.node, SCHEMA.position) if each.node else ():
            try:
                position = float(literal.value)
            except ValueError:
                continue
        node = each.node.value if each.node else ""
        return each.kind.order, position, node, each.source.value, each.target.value

    def _stated(self, end: ox.NamedNode) -> Iterator[Relation]:
        """Yield the relations that are nodes of their own."""
        mz = self.knowledge.mz
        patterns: tuple[tuple[Family, ox.NamedNode, ox.NamedNode], ...] = (
            ("funding", SCHEMA.funder, SCHEMA.fundedItem),
            ("membership", ORG.member, ORG.organization),
            ("status", mz.statusOf, mz.statusIn),
        )
        incoming = self.knowledge.incoming(end)
        for family, source, target in patterns:
            for node in (*incoming.get(source, ()), *incoming.get(target, ())):
                if not isinstance(node, ox.NamedNode):
                    continue
                sources = self.knowledge.resources(node, source)
                targets = self.knowledge.resources(node, target)
                for one in sources:
                    kind = self._kind(family, node, one)
                    for other in targets:
                        if end in {one, other} and one != other:
                            yield Relation(kind, one, other, node)

    def _kind(self, family: Family, node: ox.NamedNode, source: ox.NamedNode) -> Kind:
        if family == "funding":
            concepts = self.knowledge.resources(node, self.knowledge.mz.fundingKind)
            return Kind(family, min(concepts, key=lambda each: each.value, default=None))
        if family == "membership" and self.knowledge.is_person(source):
            return Kind("office")
        return Kind(family)

    def _parts(self, end: ox.NamedNode) -> Iterator[Relation]:
        """Yield the relations of parts and wholes, which are direct triples."""
        incoming = self.knowledge.incoming(end)
        wholes: dict[Resource, None] = dict.fromkeys(self.knowledge.resources(end, *_WHOLES))
        parts: dict[Resource, None] = dict.fromkeys(self.knowledge.resources(end, *_PARTS))
        wholes |= dict.fromkeys(node for each in _PARTS for node in incoming.get(each, ()))
        parts |= dict.fromkeys(node for each in _WHOLES for node in incoming.get(each, ()))
        for whole in wholes:
            if isinstance(whole, ox.NamedNode) and whole != end:
                yield Relation(Kind("part"), end, whole)
        for part in parts:
            if isinstance(part, ox.NamedNode) and part != end:
                yield Relation(Kind("part"), part, end)

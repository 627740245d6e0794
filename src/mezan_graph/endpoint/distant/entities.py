"""What a store says about one entity and around it: a part of the graph, small enough to be held.

The part is fetched in a few queries and is no smaller than what a description or a page is made
from; :func:`mezan_graph.serialization.describe` and the pages then choose from it as they do from
a whole graph. Where there is more than :data:`MOST` triples there is an error, never a part that
looks whole.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import LimitError
from mezan_graph.exports import shortcuts_graph
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCT, FOAF, OA, RDF, RDFS, SCHEMA, SKOS
from mezan_graph.queries.derivation import derive
from mezan_graph.serialization import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mezan_graph.endpoint.distant.graph import Distant

    Anchor = Callable[[str], str]

MOST = 20_000
"""Most triples that are fetched for one description or one page."""

BATCH = 200
"""Most things of which all is fetched at once."""
_NAMED = 500
_NEIGHBOURS = 300
_DEPTHS = (1, 3, 8)
"""How many blank nodes in a row are followed, first and where there are more."""
_NAMING = (
    RDF.type, RDFS.label, SCHEMA.name, SKOS.prefLabel, DCT.title, FOAF.name, SCHEMA.position,
)  # fmt: skip


class Entities:
    """Fetches the surroundings of one entity.

    Args:
        distant: The project and its store.
    """

    def __init__(self, distant: Distant) -> None:
        self._distant = distant
        self._quads: dict[ox.Quad, None] = {}
        self._whole: set[ox.NamedNode] = set()
        self._answers = 0
        self._left = MOST
        self._apart = distant.dataset is not None
        self._triple = "GRAPH ?g { ?s ?p ?o }" if self._apart else "?s ?p ?o"

    def described(self, entity: ox.NamedNode) -> list[ox.Quad]:
        """Return a part of the graph that holds the description of ``entity``.

        Raises:
            LimitError: It is too large.
        """
        self._fetch_around(entity)
        sources = {q.object for q in self._description(entity) if q.predicate == DCT.source}
        self._fetch_whole(sources)
        self._name(self._description(entity))
        return list(self._quads)

    def shown(self, entity: ox.NamedNode) -> list[ox.Quad]:
        """Return a part of the graph that holds what the page of ``entity`` shows.

        These are its description, notes on its relationships and statements, what notes are about,
        what relationships lead to with their sources, and relations among the neighbours.

        Raises:
            LimitError: It is too large.
        """
        self._fetch_around(entity)
        ring = sorted(self._whole, key=str)
        for some in in_parts(ring, BATCH):
            self._fetch(_noting(some))
        space = f"{self._distant.project.base}id/"
        near = {each for each in self._mentioned(self._quads) if each.value.startswith(space)}
        first = {q.object for q in self._quads if q.predicate in {DCT.source, OA.hasTarget}}
        self._fetch_whole(first)
        self._fetch_whole(sorted(near - self._whole, key=str)[:_NEIGHBOURS])
        for predicate in (DCT.source, OA.hasSelector, SCHEMA.address):
            self._fetch_whole({q.object for q in self._quads if q.predicate == predicate})
        self._name(self._quads)
        return list(self._quads)

    def _description(self, entity: ox.NamedNode) -> Graph:
        graph = self._distant.beside_vocabulary(self._quads)
        return describe(graph, entity, shortcuts=shortcuts_graph(self._distant.project))

    def _fetch_around(self, entity: ox.NamedNode) -> None:
        """Fetch all triples of an entity and of what points at it, also through blank nodes."""
        about = f"VALUES ?t {{ {entity} }}"
        self._fetch(
            _given([entity]),
            lambda node: f"{about} {node} ?i ?t . ",
            lambda node: f"{about} ?m ?i ?t . FILTER(isBlank(?m)) {node} ?j ?m . ",
        )
        if not self._apart and self._quads:
            self._set_shortcuts_apart()

    def _set_shortcuts_apart(self) -> None:
        """Put derived triples into their graph, where the store has everything in one."""
        project = self._distant.project
        graph = Graph.from_quads(self._quads, project.prefixes)
        name = shortcuts_graph(project)
        derived = {q.triple for part in derive(project, graph).parts[1:] for q in part.quads}
        self._quads = {
            ox.Quad(q.subject, q.predicate, q.object, name) if q.triple in derived else q: None
            for q in self._quads
        }

    def _fetch_whole(self, nodes: Iterable[object]) -> None:
        wanted = {each for each in nodes if isinstance(each, ox.NamedNode)} - self._whole
        for some in in_parts(sorted(wanted, key=str), BATCH):
            self._fetch(_given(some))
            self._whole.update(some)

    def _name(self, quads: Iterable[ox.Quad]) -> None:
        self._fetch_names(self._mentioned(quads) - self._whole)

    def _fetch_names(self, nodes: Iterable[ox.NamedNode]) -> None:
        self._fetch_values(nodes, _NAMING)

    def _fetch_values(
        self, nodes: Iterable[ox.NamedNode], predicates: Iterable[ox.NamedNode]
    ) -> None:
        # A second VALUES would have the engine read everything with one of these properties.
        wanted = f"FILTER(?p IN ({', '.join(map(str, predicates))}))"
        for some in in_parts(sorted(set(nodes), key=str), _NAMED):
            self._take(f"VALUES ?s {{ {joined(some)} }} {self._triple} {wanted}")

    @staticmethod
    def _mentioned(quads: Iterable[ox.Quad]) -> set[ox.NamedNode]:
        ends = (node for quad in quads for node in (quad.subject, quad.object))
        return {node for node in ends if isinstance(node, ox.NamedNode)}

    def _fetch(self, *anchors: Anchor) -> None:
        """Fetch all triples of each node that a pattern gives, and of the blank nodes below.

        All of it comes in one answer, since blank nodes have other labels in the next one.
        """
        before = -1
        for depth in _DEPTHS:
            found = self._select(" UNION ".join(self._branches(anchors, depth)))
            subjects = {row[0] for row in found}
            ends = {row[2] for row in found if isinstance(row[2], ox.BlankNode)} - subjects
            # Nothing may be said about a blank node; then a deeper look finds no more.
            if not ends or len(found) == before:
                break
            before = len(found)
        else:
            raise LimitError(
                f"there are more than {depth} blank nodes in a row",
                hint="ask /sparql for the part that you need",
            )
        self._keep(found)
        self._whole |= {each for each in subjects if isinstance(each, ox.NamedNode)}

    def _branches(self, anchors: Sequence[Anchor], depth: int) -> Iterator[str]:
        for anchor in anchors:
            for level in range(depth + 1):
                nodes = [*(f"?n{number}" for number in range(level)), "?s"]
                steps = "".join(
                    f"{one} ?q{number} {other} . FILTER(isBlank({other})) "
                    for number, (one, other) in enumerate(pairwise(nodes))
                )
                yield f"{{ {anchor(nodes[0])}{steps}{self._triple} }}"

    def _take(self, pattern: str) -> None:
        self._keep(self._select(pattern))

    def _select(self, pattern: str) -> list[tuple[Any, ...]]:
        """Return rows of what is asked for and, last, the graph; blank nodes get new labels."""
        names = "?s ?p ?o ?g" if self._apart else "?s ?p ?o"
        text = f"SELECT DISTINCT {names} WHERE {{ {pattern} }} LIMIT {self._left + 1}"
        found = self._distant.select(text)
        if len(found) > self._left:
            raise LimitError(
                f"there are more than {MOST:,} statements of this",
                hint="ask /sparql for the part that you need",
            )
        self._answers += 1
        self._left -= len(found)
        rows = []
        for row in found:
            terms = [self._relabelled(each) for each in row]
            rows.append(tuple(terms if self._apart else [*terms, ox.DefaultGraph()]))
        return rows

    def _relabelled(self, term: Any) -> Any:
        if isinstance(term, ox.BlankNode):
            return ox.BlankNode(f"a{self._answers}x{term.value}")
        return term

    def _keep(self, rows: Iterable[Sequence[Any]]) -> None:
        self._quads |= {ox.Quad(*row): None for row in rows}


def joined(nodes: Iterable[ox.NamedNode]) -> str:
    """Return ``nodes`` as they stand in VALUES."""
    return " ".join(map(str, nodes))


def _given(nodes: Iterable[ox.NamedNode]) -> Anchor:
    listed = joined(nodes)
    return lambda node: f"VALUES {node} {{ {listed} }} "


def _noting(nodes: Iterable[ox.NamedNode]) -> Anchor:
    listed = joined(nodes)
    return lambda node: f"VALUES ?t {{ {listed} }} {node} {OA.hasTarget} ?t . "


def in_parts(nodes: Sequence[ox.NamedNode], size: int) -> list[Sequence[ox.NamedNode]]:
    """Return ``nodes`` in parts of at most ``size``."""
    return [nodes[start : start + size] for start in range(0, len(nodes), size)]

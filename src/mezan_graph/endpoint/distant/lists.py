"""Lists of what a store holds, a page of entries at a time.

The store counts. Where a list is short enough, the IRIs of its entries are fetched with what they
are ordered by, and ordered here as those of a graph of our own; where it is longer, its pages are
asked for one by one and have the order of the store, since few stores sort so much in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import OA, PROV, SCHEMA
from mezan_graph.site.claims import note_classes
from mezan_graph.site.knowledge import PERSONS
from mezan_graph.site.listing import Place
from mezan_graph.site.pages.lists import Members
from mezan_graph.site.relationships import relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.site.knowledge import Knowledge, Resource
    from mezan_graph.site.relationships import Relation

PER_PAGE = 100
MOST_ORDERED = 20_000
"""Entries of a list from which on it has the order of the store."""
MOST_COUNTED = 100_000
"""Most entries that are counted for the front page, which has several lists to count."""

_LAST = 1 << 30


class Wanted(NamedTuple):
    """What one section of a list has, or several that differ in what their entries have.

    Attributes:
        section: Its name.
        patterns: Graph patterns that each bind ``?node``, and may bind ``?kind``.
        kind: A property by whose values entries are ordered first.
        apart: Whether each value makes a section of its own.
        kinds: The values in their order, where it is not that of their IRIs.
        placed: Whether entries may have a position.
    """

    section: object
    patterns: tuple[str, ...]
    kind: ox.NamedNode | None = None
    apart: bool = False
    kinds: tuple[ox.NamedNode, ...] = ()
    placed: bool = True

    def where(self, *further: str) -> str:
        """Return a graph pattern for ``?node``; ``further`` is joined to it in turn."""
        branches = (f"{{ {each} {more} }}" for more in further or ("",) for each in self.patterns)
        return f"{' UNION '.join(branches)} FILTER(isIRI(?node))"


class Listed(Members):
    """What one page of a list names, and how much there is in all.

    Args:
        knowledge: What is known of what the page names.
        nodes: What it names, by section.
        counts: How much there is in each section.
        place: Which page it is.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        nodes: Mapping[object, Sequence[ox.NamedNode]],
        counts: Mapping[object, int | str],
        place: Place | None,
    ) -> None:
        super().__init__(knowledge)
        self._nodes = nodes
        self._counts = counts
        self.place = place

    def of(self, types: Iterable[ox.NamedNode]) -> list[Resource]:
        """Return what is of one of the classes ``types`` and stands on this page."""
        wanted = set(types)
        return [
            node
            for section, nodes in self._nodes.items()
            if section != "documents"
            for node in nodes
            if not wanted.isdisjoint(self.knowledge.types(node))
        ]

    def documents(self, cited: Iterable[Resource]) -> list[Resource]:  # noqa: ARG002 - known
        """Return the documents that this page names."""
        return list(self._nodes.get("documents", ()))

    def count(self, section: object, nodes: Sequence[Resource]) -> int | str:  # noqa: ARG002 - known
        """Return how many the store has of a section."""
        return self._counts.get(section, 0)


class Cut(NamedTuple):
    """One page of a list before it is shown: see :class:`Listed`."""

    nodes: dict[object, list[ox.NamedNode]]
    counts: dict[object, int | str]
    place: Place


def wanted_lists(distant: Distant) -> dict[str, tuple[Wanted, ...]]:
    """Return the sections of each list by its stem."""
    knowledge = distant.site.knowledge
    mz, notes = knowledge.mz, note_classes(knowledge)
    related = {each.id: related_by(each) for each in relations(mz.iri)}
    return {
        "funders": (related["funding"],),
        "affiliations": (related["affiliations"], related["statuses"]),
        "people": (related["offices"], Wanted("persons", _of(sorted(PERSONS, key=str)))),
        "claims": (Wanted("claims", _of([SCHEMA.Claim]), mz.modality, apart=True),),
        "reports": (Wanted("reports", _of([SCHEMA.Report])),),
        "sources": (
            Wanted(
                "documents",
                (
                    f"?cited {OA.hasSource} ?node .",
                    (
                        f"?part {PROV.specializationOf} ?node ."
                        f" FILTER EXISTS {{ ?cited {OA.hasSource} ?part }}"
                    ),
                ),
                placed=False,
            ),
            Wanted(
                "sources",
                (f"?node a {OA.SpecificResource} ; {OA.hasSource} ?kind .",),
                apart=True,
            ),
        ),
        "notes": (
            Wanted(
                "notes",
                tuple(f"?node a {each} . BIND({each} AS ?kind)" for each in notes),
                apart=True,
                kinds=notes,
            ),
        ),
    }


def of_class(iri: ox.NamedNode) -> tuple[Wanted, ...]:
    """Return the only section of the list of what is of a class."""
    return (Wanted(iri, _of([iri])),)


def cut(distant: Distant, wanted: Sequence[Wanted], number: int) -> Cut | None:
    """Return page ``number`` of a list, ``None`` where it has no such page."""
    start, end = (number - 1) * PER_PAGE, number * PER_PAGE
    counts: dict[object, int | str] = {}
    nodes: dict[object, list[ox.NamedNode]] = {}
    before = 0
    for each in wanted:
        many = counted(distant, each)
        counts[each.section] = many
        first, last = max(start - before, 0), min(end - before, many)
        if many <= MOST_ORDERED and (first < last or each.apart):
            entries = _ordered(distant, each)
            if each.apart:
                for _, kind in entries:
                    counts[kind] = int(counts.get(kind, 0)) + 1
            nodes[each.section] = [node for node, _ in entries[first:last]]
        elif first < last:
            nodes[each.section] = _in_order_of_store(distant, each, first, last - first)
        before += many
    if start and start >= before:
        return None
    return Cut(nodes, counts, Place(number, last=end >= before))


def counted(distant: Distant, wanted: Wanted, most: int | None = None) -> int:
    """Return how many entries there are, where that is not more than ``most``."""
    bound = "" if most is None else f" LIMIT {most}"
    inner = f"SELECT DISTINCT ?node WHERE {{ {wanted.where()} }}{bound}"
    return distant.count(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }}")


def roughly_counted(distant: Distant) -> dict[object, int | str]:
    """Return how many entries the lists have that the front page names, up to a bound."""
    lists = wanted_lists(distant)
    stems = ("funders", "affiliations", "people", "claims", "reports", "notes")
    wanted = [*(lists[each][0] for each in stems), Wanted("sources", _of([OA.SpecificResource]))]
    found: dict[object, int | str] = {}
    for each in wanted:
        many = counted(distant, each, MOST_COUNTED + 1)
        found[each.section] = many if many <= MOST_COUNTED else f"{MOST_COUNTED}+"
    return found


def _of(types: Iterable[ox.NamedNode]) -> tuple[str, ...]:
    return tuple(f"?node a {each} ." for each in types)


def related_by(relation: Relation) -> Wanted:
    """Return the section of all relationships of one kind."""
    filters = ""
    if relation.needs is not None:
        filters += f" FILTER EXISTS {{ ?node {relation.needs} ?needed }}"
    if relation.lacks is not None:
        filters += f" FILTER NOT EXISTS {{ ?node {relation.lacks} ?lacked }}"
    types = sorted(relation.types, key=str)
    patterns = tuple(each + filters for each in _of(types))
    return Wanted(relation.id, patterns, relation.kind)


def _ordered(distant: Distant, wanted: Wanted) -> list[tuple[ox.NamedNode, ox.NamedNode | None]]:
    """Return all entries with their kind, by kind, then by position, then by IRI."""
    mz = distant.site.knowledge.mz
    # As OPTIONAL, each of these has some stores read all positions of the graph.
    places_of = (SCHEMA.position, mz.noteNumber) if wanted.placed else ()
    further = ["", *(f"?node {each} ?place ." for each in places_of)]
    if wanted.kind is not None:
        further.append(f"?node {wanted.kind} ?kind .")
    text = f"SELECT DISTINCT ?node ?kind ?place WHERE {{ {wanted.where(*further)} }}"
    kinds: dict[ox.NamedNode, ox.NamedNode | None] = {}
    places: dict[ox.NamedNode, int] = {}

    def rank(kind: ox.NamedNode | None) -> tuple[bool, int, str]:
        if kind is None:
            return True, 0, ""
        return False, wanted.kinds.index(kind) if wanted.kinds else 0, kind.value

    for node, (kind, place) in distant.rows(text):
        known = kinds.setdefault(node, None)
        if isinstance(kind, ox.NamedNode) and rank(kind) < rank(known):
            kinds[node] = kind
        if isinstance(place, ox.Literal) and place.value.isascii() and place.value.isdigit():
            places[node] = min(int(place.value[:9]), places.get(node, _LAST))

    def order(item: tuple[ox.NamedNode, ox.NamedNode | None]) -> tuple[Any, ...]:
        node, kind = item
        return *rank(kind), places.get(node, _LAST), node.value

    return sorted(kinds.items(), key=order)


def _in_order_of_store(
    distant: Distant, wanted: Wanted, start: int, count: int
) -> list[ox.NamedNode]:
    text = f"SELECT DISTINCT ?node WHERE {{ {wanted.where()} }} LIMIT {count} OFFSET {start}"
    return [node for node, _ in distant.rows(text)]

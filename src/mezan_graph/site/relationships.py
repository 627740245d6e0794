"""Relationships as tables: who funds whom, who belongs to what, who holds which office.

A relationship is a node of its own, so that it can carry how the source puts it, where, and when.
What has no date is called undated, and nothing is said about when it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from mezan_graph.namespaces import ORG, RDF, SCHEMA, Namespace
from mezan_graph.site.evidence import Evidence, evidence, period, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyoxigraph as ox

    from mezan_graph.site.allowance import Allowance
    from mezan_graph.site.knowledge import Knowledge, Resource
    from mezan_graph.site.view import View

_MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of relationship.

    Attributes:
        id: Its name, also for links to its table on a page.
        types: Classes of its nodes.
        columns: Properties that make the cells of a row.
        needs: A property that its nodes have; ``None`` where they need none.
        lacks: A property that its nodes do not have.
        kind: The property by which its tables are sorted first.
    """

    id: str
    types: frozenset[ox.NamedNode]
    columns: tuple[ox.NamedNode, ...]
    needs: ox.NamedNode | None = None
    lacks: ox.NamedNode | None = None
    kind: ox.NamedNode | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One relationship in a table.

    Attributes:
        cells: Its parties and kind, for each column; the first is the header of the row.
        when: Its period; ``None`` where it is undated.
        evidence: How we know.
        record: Link to its own page.
    """

    cells: tuple[tuple[Markup, ...], ...]
    when: Markup | None
    evidence: Evidence
    record: Markup


@dataclass(frozen=True, slots=True)
class Table:
    """Relationships of one kind.

    Attributes:
        id: Name for links to it on its page.
        caption: What it lists.
        headings: Headings of the cells of a row.
        names: The same as plain text.
        rows: The rows that are shown.
        count: How many there are.
    """

    id: str
    caption: str
    headings: tuple[Markup, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    count: int

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.count - len(self.rows)


@cache
def relations(vocabulary: str) -> tuple[Relation, ...]:
    """Return the kinds of relationship that are shown as tables, in their order on a page.

    Args:
        vocabulary: Namespace IRI of the project's own vocabulary.
    """
    mz = Namespace(vocabulary)
    membership = frozenset({ORG.Membership})
    return (
        Relation(
            "funding",
            frozenset({SCHEMA.Grant, SCHEMA.MonetaryGrant}),
            (SCHEMA.funder, SCHEMA.fundedItem, mz.fundingKind),
            kind=mz.fundingKind,
        ),
        Relation(
            "affiliations",
            membership,
            (ORG.organization, ORG.member, ORG.role),
            lacks=mz.post,
        ),
        Relation("statuses", frozenset({mz.Status}), (mz.statusKind, mz.statusOf, mz.statusIn)),
        Relation("offices", membership, (ORG.member, mz.post, ORG.organization), needs=mz.post),
    )


def caption(view: View, relation: str) -> str:
    """Return the heading of the table of relationships called ``relation``."""
    return {
        "funding": view.gettext("Funding"),
        "affiliations": view.gettext("Affiliations"),
        "statuses": view.gettext("Statuses"),
        "offices": view.gettext("Offices"),
    }[relation]


def relation_of(knowledge: Knowledge, node: Resource) -> Relation | None:
    """Return which kind of relationship ``node`` is, or ``None`` where it is none."""
    types = knowledge.types(node)
    if not types:
        return None
    about = knowledge.properties(node)
    for each in relations(knowledge.mz.iri):
        if (
            not each.types.isdisjoint(types)
            and (each.needs is None or each.needs in about)
            and (each.lacks is None or each.lacks not in about)
        ):
            return each
    return None


def in_order(view: View, nodes: Iterable[Resource]) -> list[Resource]:
    """Return ``nodes`` as the source lists them, as far as it does, and then by name."""
    knowledge = view.knowledge

    def key(node: Resource) -> tuple[int, str, str]:
        places = knowledge.literals(node, SCHEMA.position, knowledge.mz.noteNumber)
        number = places[0].value if places else ""
        position = int(number) if number.isascii() and number.isdigit() else 1 << 30
        return position, view.name(node).casefold(), str(node)

    return sorted(nodes, key=key)


def in_table(view: View, relation: Relation, nodes: Iterable[Resource]) -> list[Resource]:
    """Return relationships in the order of a table: by kind, where there are several kinds."""
    kind = relation.kind
    listed = in_order(view, nodes)
    if kind is None:
        return listed
    return sorted(listed, key=lambda node: [*map(str, view.knowledge.values(node, kind)), "~"][0])


def row(view: View, relation: Relation, node: Resource, folder: str) -> Row:
    """Return the relationship ``node`` as a row of a table, on pages in ``folder``."""

    def cell(column: ox.NamedNode) -> tuple[Markup, ...]:
        if column == RDF.subject:
            return (view.link(node, folder),)
        values = view.knowledge.values(node, column)[:_MOST_VALUES]
        return tuple(view.value(each, folder) for each in values)

    return Row(
        cells=tuple(cell(column) for column in relation.columns),
        when=period(view, node, folder),
        evidence=evidence(view, node, folder),
        record=Markup() if RDF.subject in relation.columns else record(view, node, folder),
    )


def table(
    view: View, relation: Relation, nodes: Sequence[Resource], folder: str, allowance: Allowance
) -> Table:
    """Return relationships of one kind as a table, on pages in ``folder``."""
    taken = allowance.take(in_table(view, relation, nodes))
    rows = tuple(row(view, relation, node, folder) for node in taken)
    return Table(
        relation.id,
        caption(view, relation.id),
        tuple(view.named(column) for column in relation.columns),
        tuple(view.name(column) for column in relation.columns),
        rows,
        len(nodes),
    )

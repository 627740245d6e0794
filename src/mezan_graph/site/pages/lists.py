"""The lists: funding, affiliations, people, claims, reports, sources, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from mezan_graph.namespaces import OA, PROV, RDF, SCHEMA
from mezan_graph.site.claims import claim, note, note_classes, running_text
from mezan_graph.site.evidence import passage
from mezan_graph.site.frame import page_names
from mezan_graph.site.knowledge import DEFINITIONS, PERSONS
from mezan_graph.site.listing import Section, listing
from mezan_graph.site.relationships import (
    Relation,
    Table,
    caption,
    in_order,
    in_table,
    relation_of,
    relations,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyoxigraph as ox

    from mezan_graph.site.knowledge import Knowledge, Resource
    from mezan_graph.site.listing import Place
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

_REPORTS = Relation(
    "reports", frozenset({SCHEMA.Report}), (RDF.subject, SCHEMA.publisher, SCHEMA.about)
)
_DOCUMENTS = Relation("documents", frozenset(), (RDF.subject, RDF.type, PROV.specializationOf))
LISTS = ("funders", "affiliations", "people", "claims", "reports", "sources", "notes")
"""Stems of the lists that each language has."""
_POSITION = Markup('<li>%s <span class="at">%s</span></li>')
_ITEM = Markup("<li>%s</li>")
_LIST = Markup('<ul class="plain">')
_LIST_END = Markup("</ul>")


class Members:
    """What lists name; here, everything of a class that the graph holds.

    Attributes:
        knowledge: The graph.
        place: The page that is made, where the members are those of one page.
    """

    place: Place | None = None

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def of(self, types: Iterable[ox.NamedNode]) -> list[Resource]:
        """Return what is of one of the classes ``types``, each thing once."""
        found = (each for kind in types for each in self.knowledge.instances(kind))
        return list(dict.fromkeys(found))

    def related(self, relation: Relation) -> list[Resource]:
        """Return every relationship of one kind."""
        nodes = self.of(sorted(relation.types, key=str))
        return [each for each in nodes if relation_of(self.knowledge, each) == relation]

    def documents(self, cited: Iterable[Resource]) -> list[Resource]:
        """Return the documents of citations, and what these are versions of."""
        knowledge = self.knowledge
        documents = [each for node in cited for each in knowledge.resources(node, OA.hasSource)[:1]]
        wholes = [
            whole
            for each in documents
            for whole in knowledge.resources(each, PROV.specializationOf)
        ]
        return list(dict.fromkeys([*documents, *wholes]))

    def count(self, section: object, nodes: Sequence[Resource]) -> int | str | None:  # noqa: ARG002 - for others
        """Return how many there are of a section in all; ``nodes`` are those at hand."""
        return len(nodes)


def list_pages(
    view: View, members: Members | None = None, stems: Iterable[str] = LISTS
) -> Iterator[Page]:
    """Yield the pages of lists in one language.

    Args:
        view: The language.
        members: What is listed; by default all that there is.
        stems: Stems of the lists.
    """
    listed = members or Members(view.knowledge)
    for stem in stems:
        yield from listing(
            view,
            stem,
            page_names(view)[stem],
            _SECTIONS[stem](view, listed),
            indexed=stem != "people",
            leads=_leads(view, stem),
            place=listed.place,
        )


def _leads(view: View, stem: str) -> list[str]:
    """Return what is to be known before reading a list."""
    undated = view.gettext(
        "As listed in the source. What the source does not date is shown as undated: nothing here "
        "says that it still holds."
    )
    found = {
        "funders": [undated],
        "affiliations": [undated],
        "people": [
            undated,
            view.gettext(
                "People are named with their office and nothing else. These pages are kept out of "
                "search engines, and a name is withdrawn on request."
            ),
        ],
        "claims": [
            view.gettext(
                "What is claimed, grouped by how the source puts it. Each claim belongs to whoever "
                "makes it; whether it is true is not judged here."
            )
        ],
        "notes": [
            view.gettext(
                "Where the source contradicts itself, leaves something open or only implies it. "
                "All sides are shown as the source has them; nothing is settled here."
            )
        ],
    }
    return found.get(stem, [])


def _relations(view: View, members: Members, *wanted: str) -> list[Section]:
    return [
        _table(view, each, caption(view, each.id), members.related(each), members)
        for each in relations(view.knowledge.mz.iri)
        if each.id in wanted
    ]


def _table(
    view: View, relation: Relation, heading: str, nodes: Sequence[Resource], members: Members
) -> Section:
    parts = view.parts
    headings = tuple(
        escape(heading) if column == RDF.subject else view.named(column)
        for column in relation.columns
    )
    names = tuple(view.name(column) for column in relation.columns)
    table = Table(relation.id, heading, headings, names, (), len(nodes))
    return Section(
        relation.id,
        escape(heading),
        (
            parts.row(row(view, relation, node, view.language), names)
            for node in in_table(view, relation, nodes)
        ),
        opening=parts.opening(table),
        closing=parts.closing(),
        count=members.count(relation.id, nodes),
    )


def _people(view: View, members: Members) -> Section:
    nodes = members.of(sorted(PERSONS, key=str))
    heading = view.gettext("Everybody who is named")
    return Section(
        "persons",
        escape(heading),
        (_ITEM % view.link(node, view.language) for node in in_order(view, nodes)),
        _LIST,
        _LIST_END,
        count=members.count("persons", nodes),
    )


def _claims(view: View, members: Members) -> Iterator[Section]:
    knowledge = view.knowledge
    by_modality: dict[Resource | None, list[Resource]] = {}
    for each in members.of([SCHEMA.Claim]):
        modalities = knowledge.resources(each, knowledge.mz.modality)
        by_modality.setdefault(modalities[0] if modalities else None, []).append(each)
    named = [each for each in by_modality if each is not None]
    for number, modality in enumerate([*in_order(view, named), None], 1):
        claims = by_modality.get(modality)
        if claims is None:
            continue
        heading = (
            escape(view.gettext("How the source puts it is not recorded"))
            if modality is None
            else view.link(modality, view.language)
        )
        yield Section(
            f"modality-{number}",
            heading,
            (
                view.parts.claim(claim(view, each, view.language))
                for each in _by_claimant(view, claims)
            ),
            lead=Markup() if modality is None else running_text(view, modality, *DEFINITIONS),
            count=members.count(modality, claims),
        )


def _by_claimant(view: View, claims: list[Resource]) -> list[Resource]:
    def claimant(node: Resource) -> str:
        named = view.knowledge.values(node, PROV.wasAttributedTo)
        return str(named[0]) if named else ""

    return sorted(in_order(view, claims), key=claimant)


def _reports(view: View, members: Members) -> list[Section]:
    nodes = members.of([SCHEMA.Report])
    return [_table(view, _REPORTS, page_names(view)["reports"], nodes, members)]


def _sources(view: View, members: Members) -> Iterator[Section]:
    knowledge = view.knowledge
    citations = members.of([OA.SpecificResource])
    by_document: dict[ox.NamedNode, list[Resource]] = {}
    for each in citations:
        for document in knowledge.resources(each, OA.hasSource)[:1]:
            by_document.setdefault(document, []).append(each)
    documents = members.documents(citations)
    yield _table(view, _DOCUMENTS, view.gettext("Documents"), documents, members)
    for number, (document, cited) in enumerate(sorted(by_document.items(), key=str), 1):
        yield Section(
            f"passages-{number}",
            view.link(document, view.language),
            (
                _citation(view, each)
                for each in sorted(cited, key=lambda each: _reading(view, each))
            ),
            _LIST,
            _LIST_END,
            lead=escape(
                view.gettext(
                    "Every passage that something here rests on, in the order of the text."
                )
            ),
            count=members.count(document, cited),
        )


def _citation(view: View, node: Resource) -> Markup:
    return _POSITION % (view.link(node, view.language), passage(view, node))


def _reading(view: View, citation: Resource) -> tuple[list[int], str]:
    """Return the sort key of a citation in the order of its document."""
    numbers = [int(each) for each in _digits(passage(view, citation))]
    return numbers, str(citation)


def _digits(text: str) -> list[str]:
    words = "".join(each if each.isascii() and each.isdigit() else " " for each in text).split()
    return [word[:9] for word in words]


def _notes(view: View, members: Members) -> Iterator[Section]:
    knowledge = view.knowledge
    seen: set[Resource] = set()
    for number, kind in enumerate(note_classes(knowledge), 1):
        notes = [each for each in members.of([kind]) if each not in seen]
        seen.update(notes)
        if notes:
            yield Section(
                f"notes-{number}",
                view.link(kind, view.language),
                (
                    view.parts.note(note(view, each, view.language))
                    for each in in_order(view, notes)
                ),
                lead=running_text(view, kind, *DEFINITIONS),
                count=members.count(kind, notes),
            )


_SECTIONS: dict[str, Callable[[View, Members], Iterable[Section]]] = {
    "funders": lambda view, members: _relations(view, members, "funding"),
    "affiliations": lambda view, members: _relations(view, members, "affiliations", "statuses"),
    "people": lambda view, members: [*_relations(view, members, "offices"), _people(view, members)],
    "claims": _claims,
    "reports": _reports,
    "sources": _sources,
    "notes": _notes,
}

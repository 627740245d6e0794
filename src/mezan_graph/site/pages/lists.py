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
    from collections.abc import Iterable, Iterator, Sequence

    import pyoxigraph as ox

    from mezan_graph.site.knowledge import Knowledge, Resource
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

_REPORTS = Relation(
    "reports", frozenset({SCHEMA.Report}), (RDF.subject, SCHEMA.publisher, SCHEMA.about)
)
_DOCUMENTS = Relation("documents", frozenset(), (RDF.subject, RDF.type, PROV.specializationOf))
_POSITION = Markup('<li>%s <span class="at">%s</span></li>')
_ITEM = Markup("<li>%s</li>")
_LIST = Markup('<ul class="plain">')
_LIST_END = Markup("</ul>")


def list_pages(view: View) -> Iterator[Page]:
    """Yield the pages of every list in one language."""
    names = page_names(view)
    undated = view.gettext(
        "As listed in the source. What the source does not date is shown as undated: nothing here "
        "says that it still holds."
    )
    yield from listing(
        view, "funders", names["funders"], _relations(view, "funding"), leads=[undated]
    )
    yield from listing(
        view,
        "affiliations",
        names["affiliations"],
        _relations(view, "affiliations", "statuses"),
        leads=[undated],
    )
    yield from listing(
        view,
        "people",
        names["people"],
        [*_relations(view, "offices"), _people(view)],
        indexed=False,
        leads=[
            undated,
            view.gettext(
                "People are named with their office and nothing else. These pages are kept out of "
                "search engines, and a name is withdrawn on request."
            ),
        ],
    )
    yield from listing(
        view,
        "claims",
        names["claims"],
        _claims(view),
        leads=[
            view.gettext(
                "What is claimed, grouped by how the source puts it. Each claim belongs to whoever "
                "makes it; whether it is true is not judged here."
            )
        ],
    )
    yield from listing(view, "reports", names["reports"], _reports(view))
    yield from listing(view, "sources", names["sources"], _sources(view))
    yield from listing(
        view,
        "notes",
        names["notes"],
        _notes(view),
        leads=[
            view.gettext(
                "Where the source contradicts itself, leaves something open or only implies it. "
                "All sides are shown as the source has them; nothing is settled here."
            )
        ],
    )


def instances(knowledge: Knowledge, types: Iterable[ox.NamedNode]) -> list[Resource]:
    """Return what is of one of the classes ``types``, each thing once."""
    found = (each for kind in types for each in knowledge.instances(kind))
    return list(dict.fromkeys(found))


def relation_nodes(knowledge: Knowledge, relation: Relation) -> list[Resource]:
    """Return every relationship of one kind."""
    nodes = instances(knowledge, sorted(relation.types, key=str))
    return [each for each in nodes if relation_of(knowledge, each) == relation]


def _relations(view: View, *wanted: str) -> list[Section]:
    return [
        _table(view, each, caption(view, each.id), relation_nodes(view.knowledge, each))
        for each in relations(view.knowledge.mz.iri)
        if each.id in wanted
    ]


def _table(view: View, relation: Relation, heading: str, nodes: Sequence[Resource]) -> Section:
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
        count=len(nodes),
    )


def _links(view: View, id: str, heading: str, nodes: Sequence[Resource]) -> Section:  # noqa: A002
    return Section(
        id,
        escape(heading),
        (_ITEM % view.link(node, view.language) for node in in_order(view, nodes)),
        _LIST,
        _LIST_END,
        count=len(nodes),
    )


def _people(view: View) -> Section:
    people = instances(view.knowledge, sorted(PERSONS, key=str))
    return _links(view, "persons", view.gettext("Everybody who is named"), people)


def _claims(view: View) -> Iterator[Section]:
    knowledge = view.knowledge
    by_modality: dict[Resource | None, list[Resource]] = {}
    for each in instances(knowledge, [SCHEMA.Claim]):
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
            count=len(claims),
        )


def _by_claimant(view: View, claims: list[Resource]) -> list[Resource]:
    def claimant(node: Resource) -> str:
        named = view.knowledge.values(node, PROV.wasAttributedTo)
        return str(named[0]) if named else ""

    return sorted(in_order(view, claims), key=claimant)


def _reports(view: View) -> list[Section]:
    nodes = instances(view.knowledge, [SCHEMA.Report])
    return [_table(view, _REPORTS, page_names(view)["reports"], nodes)]


def _sources(view: View) -> Iterator[Section]:
    knowledge = view.knowledge
    citations = instances(knowledge, [OA.SpecificResource])
    by_document: dict[ox.NamedNode, list[Resource]] = {}
    for each in citations:
        for document in knowledge.resources(each, OA.hasSource)[:1]:
            by_document.setdefault(document, []).append(each)
    documents = list(by_document)
    documents += [
        whole
        for each in by_document
        for whole in knowledge.resources(each, PROV.specializationOf)
        if whole not in by_document
    ]
    yield _table(view, _DOCUMENTS, view.gettext("Documents"), list(dict.fromkeys(documents)))
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
            count=len(cited),
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


def _notes(view: View) -> Iterator[Section]:
    knowledge = view.knowledge
    seen: set[Resource] = set()
    for number, kind in enumerate(note_classes(knowledge), 1):
        notes = [each for each in instances(knowledge, [kind]) if each not in seen]
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
                count=len(notes),
            )

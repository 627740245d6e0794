"""The page of one thing: an entity, a concept, a claim, a note or a citation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mezan_graph.languages import LocalText, all_preferred
from mezan_graph.namespaces import DCT, OA, PROV, RDF, SCHEMA, SKOS
from mezan_graph.site.allowance import Allowance
from mezan_graph.site.claims import claim, claimants, is_claim, is_note, note, running_text
from mezan_graph.site.evidence import evidence, passage, period, undated
from mezan_graph.site.facts import facts
from mezan_graph.site.frame import rendered
from mezan_graph.site.knowledge import DEFINITIONS, LABELS
from mezan_graph.site.picture import network_figure
from mezan_graph.site.relationships import in_order, relation_of, relations, table
from mezan_graph.site.texts import shown

if TYPE_CHECKING:
    import pyoxigraph as ox

    from mezan_graph.embedding import Embedder
    from mezan_graph.site.claims import Claim, Note
    from mezan_graph.site.knowledge import Resource
    from mezan_graph.site.network import Network
    from mezan_graph.site.page import Page
    from mezan_graph.site.relationships import Table
    from mezan_graph.site.view import View

LARGEST = 95_000
"""Most bytes of a page."""
_ALTERNATIVE = (SKOS.altLabel, SCHEMA.alternateName)
_LEAD = frozenset({SCHEMA.text, PROV.wasAttributedTo, OA.hasTarget, *DEFINITIONS, *_ALTERNATIVE})
_DESCRIPTION = 160


@dataclass(frozen=True, slots=True)
class Group:
    """What leads to a thing by one property.

    Attributes:
        name: The property.
        links: The things, linked, as many as are shown.
        more: How many there are beyond these.
    """

    name: Markup
    links: tuple[Markup, ...]
    more: int


@dataclass(slots=True)
class Around:
    """What leads to a thing, sorted by what it is.

    Attributes:
        tables: Relationships by their kind.
        claims: Claims that it makes or that are about it.
        notes: Notes on it, on statements about it and on its relationships.
        others: Everything else by its property.
    """

    tables: dict[str, list[Resource]]
    claims: list[Resource]
    notes: list[Resource]
    others: dict[ox.NamedNode, list[Resource]]


def entity_page(view: View, iri: ox.NamedNode, network: Network, embedder: Embedder) -> Page:
    """Return the page of ``iri``.

    Args:
        view: The language.
        iri: A thing with a page of its own.
        network: The relations of the graph, of which those around the thing are drawn.
        embedder: Makes the embedded JSON-LD.
    """
    html = embedder.snippet(iri, language=view.language).html
    embedded = Markup(html)  # noqa: S704 - escaped by the embedder
    path = f"{view.language}/{view.addresses.stems[iri]}.html"
    picture = network_figure(view, network, iri, path) or Markup()
    around = _around(view, iri)
    most = Allowance().most
    page = _page(view, iri, around, Allowance(), embedded=embedded, picture=picture)
    while len(page.content) > LARGEST and most:
        # What does not fit is in the data beside the page: first its copy in the page goes.
        if embedded:
            embedded = Markup()
        else:
            most //= 2
        shorter = Allowance(most // 4, most)
        page = _page(view, iri, around, shorter, embedded=embedded, picture=picture)
    return page


def _page(
    view: View, iri: ox.NamedNode, around: Around, allowance: Allowance, **parts: Any
) -> Page:
    knowledge = view.knowledge
    stem = view.addresses.stems[iri]
    path = f"{view.language}/{stem}.html"
    folder = path.rpartition("/")[0]
    label = view.label(iri)
    kinds = knowledge.types(iri)
    whole = is_note(knowledge, iri)
    claimed = is_claim(knowledge, iri)
    relation = relation_of(knowledge, iri)
    text = running_text(view, iri, *DEFINITIONS) if not claimed else Markup()
    without = _LEAD if claimed or whole else _LEAD - {SCHEMA.text, PROV.wasAttributedTo}
    when = period(view, iri, folder)
    return rendered(
        view,
        "entity.html",
        path,
        shown(label.text, 100),
        iri=iri,
        indexed=not knowledge.is_person(iri),
        choice=choice_path(stem),
        data=stem,
        description=_description(view, iri),
        **parts,
        label=label,
        kinds=[view.link(each, folder) for each in kinds[:8]],
        names=_names(view, iri, label),
        definition=text,
        claim=claim(view, iri, folder) if claimed else None,
        note=note(view, iri, folder) if whole else None,
        passage=passage(view, iri),
        facts=facts(view, iri, folder, allowance, without=without),
        not_stated=[
            view.link(each, folder)
            for each in allowance.take(knowledge.resources(iri, knowledge.mz.notStated))
        ],
        evidence=evidence(view, iri, folder),
        claimants=claimants(view, iri, folder),
        when=when,
        undated=when is None and (relation is not None or claimed or undated(view, iri)),
        tables=_tables(view, around, folder, allowance),
        claims=_claims(view, around, folder, allowance),
        claim_count=len(around.claims),
        notes=_notes(view, around, folder, allowance),
        note_count=len(around.notes),
        groups=_groups(view, around, folder, allowance),
        is_citation=OA.SpecificResource in kinds,
    )


def choice_path(stem: str) -> str | None:
    """Return the path of the page that chooses a language for ``stem``; classes have none."""
    return None if stem.startswith("class/") else f"{stem}.html"


def _names(view: View, iri: ox.NamedNode, label: LocalText) -> list[Markup]:
    """Return every other name of ``iri``, in all languages."""
    literals = view.knowledge.literals(iri, *LABELS, *_ALTERNATIVE)
    seen = {(label.text, label.language)}
    found = []
    for each in literals:
        if (each.value, each.language) not in seen:
            seen.add((each.value, each.language))
            found.append(view.text(LocalText(each.value, each.language), 200))
    return found[:12]


def _description(view: View, iri: ox.NamedNode) -> str:
    """Return a line for search engines: what kind of thing it is, and what it is."""
    knowledge = view.knowledge
    kinds = view.gettext(", ").join(view.name(each) for each in knowledge.types(iri)[:3])
    literals = knowledge.literals(iri, *DEFINITIONS)
    texts = all_preferred(literals, view.language, view.project.languages)
    parts = [view.name(iri, 100), kinds, *(each.text for each in texts[:1])]
    return shown(" – ".join(part for part in parts if part), _DESCRIPTION)


def _around(view: View, iri: ox.NamedNode) -> Around:
    knowledge = view.knowledge
    around = Around({each.id: [] for each in relations(knowledge.mz.iri)}, [], [], {})
    seen: set[Resource] = set()
    about: list[Resource] = [iri]
    for predicate, subjects in knowledge.incoming(iri).items():
        for subject in subjects:
            types = knowledge.types(subject)
            if RDF.Statement in types:
                if predicate == RDF.subject:
                    about.append(subject)
                continue
            special = predicate not in {DCT.source, RDF.type, OA.hasSource}
            relation = relation_of(knowledge, subject) if special else None
            if relation is not None and predicate in relation.columns:
                if subject not in seen:
                    around.tables[relation.id].append(subject)
                    about.append(subject)
            elif special and is_claim(knowledge, subject):
                if subject not in seen:
                    around.claims.append(subject)
            elif special and is_note(knowledge, subject):
                pass
            else:
                around.others.setdefault(predicate, []).append(subject)
                continue
            seen.add(subject)
    notes = (note for each in about for note in knowledge.incoming(each).get(OA.hasTarget, ()))
    around.notes = list(dict.fromkeys(notes))
    return around


def _tables(view: View, around: Around, folder: str, allowance: Allowance) -> list[Table]:
    return [
        table(view, relation, around.tables[relation.id], folder, allowance)
        for relation in relations(view.knowledge.mz.iri)
        if around.tables[relation.id]
    ]


def _claims(view: View, around: Around, folder: str, allowance: Allowance) -> list[Claim]:
    return [claim(view, each, folder) for each in allowance.take(in_order(view, around.claims), 12)]


def _notes(view: View, around: Around, folder: str, allowance: Allowance) -> list[Note]:
    return [note(view, each, folder) for each in allowance.take(in_order(view, around.notes), 6)]


def _groups(view: View, around: Around, folder: str, allowance: Allowance) -> list[Group]:
    found = []
    for predicate, subjects in around.others.items():
        taken = allowance.take(in_order(view, subjects))
        links = tuple(view.link(each, folder) for each in taken)
        found.append(Group(view.named(predicate), links, len(subjects) - len(taken)))
    return sorted(found, key=lambda each: each.name)

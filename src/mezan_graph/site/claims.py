"""Claims with who makes them, and notes with all their sides. Neither is ever our own voice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup

from mezan_graph.languages import preferred
from mezan_graph.namespaces import OA, PROV, RDF, SCHEMA
from mezan_graph.site.evidence import Evidence, evidence, period, record
from mezan_graph.site.knowledge import LABELS
from mezan_graph.site.texts import PASSAGE

if TYPE_CHECKING:
    from mezan_graph.site.knowledge import Knowledge, Resource
    from mezan_graph.site.view import View

_MOST_SIDES = 12


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as a page shows it.

    Attributes:
        name: Its name, linked.
        text: What is claimed.
        claimants: Who claims it according to the source, linked; empty where nobody is named.
        when: When, where the claim says so.
        evidence: How the source puts it, and where.
    """

    name: Markup
    text: Markup
    claimants: tuple[Markup, ...]
    when: Markup | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Side:
    """What a note is about: a statement, a claim or a thing.

    Attributes:
        name: The thing or the subject, linked.
        property: For a statement, the property.
        value: For a statement its value, for a claim its text.
        claim: Whether it is a claim, whose text is somebody's and not ours.
        claimants: Who makes the claim according to the source.
        evidence: How we know.
    """

    name: Markup
    property: Markup | None
    value: Markup | None
    claim: bool
    claimants: tuple[Markup, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the source as a page shows it.

    Attributes:
        name: Its name, linked.
        kind: What kind of note it is.
        number: Its number, where it has one.
        text: What it records.
        sides: What it is about.
        contradiction: Whether the sides do not agree.
        evidence: Where the source puts them.
    """

    name: Markup
    kind: Markup | None
    number: str
    text: Markup
    sides: tuple[Side, ...]
    contradiction: bool
    evidence: Evidence


def is_claim(knowledge: Knowledge, node: Resource) -> bool:
    """Whether ``node`` is a claim."""
    return SCHEMA.Claim in knowledge.types(node)


def words(knowledge: Knowledge, node: Resource) -> list[ox.Literal]:
    """Return all that the claim ``node`` says in words; not its name, which is ours."""
    return [
        value
        for predicate, values in knowledge.properties(node).items()
        if predicate not in LABELS
        for value in values
        if isinstance(value, ox.Literal) and value.language is not None
    ]


def note_classes(knowledge: Knowledge) -> tuple[ox.NamedNode, ...]:
    """Return the classes of notes, contradictions first."""
    mz = knowledge.mz
    return (mz.Contradiction, mz.Uncertainty, mz.Inference, mz.SourceNote, OA.Annotation)


def is_note(knowledge: Knowledge, node: Resource) -> bool:
    """Whether ``node`` is a note on the source."""
    return not set(note_classes(knowledge)).isdisjoint(knowledge.types(node))


def running_text(view: View, node: Resource, *predicates: ox.NamedNode) -> Markup:
    """Return the text of ``node`` in the best language that there is; may be empty."""
    for predicate in predicates:
        literals = view.knowledge.literals(node, predicate)
        found = preferred(literals, view.language, view.project.languages)
        if found is not None:
            return view.text(found, PASSAGE)
    return Markup()


def claimants(view: View, node: Resource, folder: str) -> tuple[Markup, ...]:
    """Return who makes the claim ``node`` according to the source, linked."""
    found = view.knowledge.values(node, PROV.wasAttributedTo)
    return tuple(view.value(each, folder) for each in found[:_MOST_SIDES])


def claim(view: View, node: Resource, folder: str) -> Claim:
    """Return the claim ``node`` for pages in ``folder``."""
    return Claim(
        name=view.link(node, folder),
        text=running_text(view, node, SCHEMA.text, SCHEMA.description),
        claimants=claimants(view, node, folder),
        when=period(view, node, folder),
        evidence=evidence(view, node, folder),
    )


def note(view: View, node: Resource, folder: str) -> Note:
    """Return the note ``node`` with all its sides, for pages in ``folder``."""
    knowledge = view.knowledge
    kinds = [each for each in note_classes(knowledge) if each in knowledge.types(node)]
    numbers = knowledge.literals(node, knowledge.mz.noteNumber)
    targets = knowledge.values(node, OA.hasTarget)[:_MOST_SIDES]
    return Note(
        name=view.link(node, folder),
        kind=view.named(kinds[0]) if kinds else None,
        number=numbers[0].value[:9] if numbers else "",
        text=running_text(view, node, SCHEMA.text, RDF.value, OA.bodyValue),
        sides=tuple(_side(view, each, folder) for each in targets),
        contradiction=knowledge.mz.Contradiction in kinds,
        evidence=evidence(view, node, folder),
    )


def _side(view: View, target: object, folder: str) -> Side:
    knowledge = view.knowledge
    node: Resource = target  # type: ignore[assignment]
    known = evidence(view, node, folder)
    subjects, predicates, values = (
        knowledge.values(node, RDF[part]) for part in ("subject", "predicate", "object")
    )
    if subjects and predicates and values:
        return Side(
            view.value(subjects[0], folder),
            view.value(predicates[0], folder),
            view.value(values[0], folder),
            False,
            (),
            replace(known, record=record(view, node, folder)),
        )
    if is_claim(knowledge, node):
        text = running_text(view, node, SCHEMA.text, SCHEMA.description)
        return Side(view.link(node, folder), None, text, True, claimants(view, node, folder), known)
    return Side(view.value(node, folder), None, None, False, (), known)

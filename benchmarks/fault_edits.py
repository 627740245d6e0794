"""Edits that make faults: the simple ones from their arguments, the others one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.description import Description, english, typed
from benchmarks.network_parts import Parts, characters, concept, lines, node

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[Parts], None]


def put(what: str, predicate: str, *objects: str | Description) -> Edit:
    """Return an edit: part ``what`` says ``objects`` in place of what it says."""

    def edit(parts: Parts) -> None:
        parts[what].put(predicate, *objects)

    return edit


def add(what: str, predicate: str, *objects: str | Description) -> Edit:
    """Return an edit: part ``what`` says more."""

    def edit(parts: Parts) -> None:
        parts[what].add(predicate, *objects)

    return edit


def drop(what: str, predicate: str, *objects: str) -> Edit:
    """Return an edit: part ``what`` says less."""

    def edit(parts: Parts) -> None:
        parts[what].drop(predicate, *objects)

    return edit


def remove(what: str) -> Edit:
    """Return an edit: there is no part ``what``."""

    def edit(parts: Parts) -> None:
        del parts[what]

    return edit


def both(first: Edit, second: Edit) -> Edit:
    """Return the edit that makes two edits."""

    def edit(parts: Parts) -> None:
        first(parts)
        second(parts)

    return edit


def inner(what: str, outer: str, predicate: str, *objects: str) -> Edit:
    """Return an edit of the blank node that ``outer`` leads to from part ``what``."""

    def edit(parts: Parts) -> None:
        parts[what].blank(outer).put(predicate, *objects)

    return edit


def statement_follows(what: str, predicate: str, value: str) -> Edit:
    """Return an edit of a triple of the organisation and of the statement about it."""

    def edit(parts: Parts) -> None:
        parts["organization"].put(predicate, value)
        parts[f"statement-{what}"].put("rdf:object", value)

    return edit


def copy_of(what: str) -> Edit:
    """Return an edit: another node says the same as part ``what``."""

    def edit(parts: Parts) -> None:
        parts[f"{what}-again"] = parts[what].copied(f"{parts[what].subject}-again")

    return edit


def renamed(what: str, subject: str) -> Edit:
    """Return an edit: part ``what``, which nothing refers to, gets a subject with its number."""

    def edit(parts: Parts) -> None:
        number = parts[what].subject.rpartition("-")[2]
        parts[what].subject = subject and f"{subject}_{number}"

    return edit


def instant(year: str) -> Edit:
    """Return an edit: one more time:Instant, with ``year``."""

    def edit(parts: Parts) -> None:
        number = _number(parts)
        made = node(f"id:instant-{number}", ("time:Instant",), f"Instant {number}")
        parts["instant"] = made.add("time:inXSDgYear", year)

    return edit


def _number(parts: Parts) -> str:
    return parts["organization"].subject.rpartition("-")[2]


def _statement(parts: Parts, subject: str, predicate: str, value: str) -> Description:
    number = len([each for each in parts if each.startswith("statement-")])
    made = Description(f"id:statement-{number}-{_number(parts)}").add("a", "rdf:Statement")
    made.add("rdfs:label", english("One more statement")).add("rdf:subject", subject)
    made.add("rdf:predicate", predicate).add("rdf:object", value)
    made.add("mz:modality", "concept:modality-infobox")
    made.add("dct:source", parts["cite-infobox"].subject)
    parts[f"statement-{number}"] = made
    return made


def second_lines(parts: Parts) -> None:
    parts["cite-goal"].add("oa:hasSelector", lines(90, 91))


def two_character_selectors(parts: Parts) -> None:
    made = parts["cite-goal"]
    made.pairs = [each for each in made.pairs if each[0] != "oa:hasSelector"]
    made.add("oa:hasSelector", lines(1, 2), characters(1, 5), characters(7, 9))


def characters_reversed(parts: Parts) -> None:
    parts["cite-event"].put("oa:hasSelector", lines(1, 2), characters(9, 5))


def characters_before_start(parts: Parts) -> None:
    parts["cite-event"].put("oa:hasSelector", lines(1, 2), characters(-1, 5))


def alternate_name_repeats_the_name(parts: Parts) -> None:
    name = parts["organization"].value("schema:name")
    statement_follows("alternate-name", "schema:alternateName", name)(parts)


def parent_is_a_place(parts: Parts) -> None:
    _parent(parts, "id:place-0")


def its_own_parent(parts: Parts) -> None:
    _parent(parts, parts["organization"].subject)


def _parent(parts: Parts, parent: str) -> None:
    parts["organization"].add("schema:parentOrganization", parent)
    _statement(parts, parts["organization"].subject, "schema:parentOrganization", parent)


def site_of_nobody(parts: Parts) -> None:
    parts["organization"].drop("org:hasSite")
    del parts["statement-site"]


def empty_address(parts: Parts) -> None:
    for each in ("streetAddress", "addressLocality", "addressCountry"):
        parts["address"].drop(f"schema:{each}")


def statement_of_nothing(parts: Parts) -> None:
    _statement(parts, parts["organization"].subject, "schema:knowsAbout", "topic:topic-0")


def statement_about_person(parts: Parts) -> None:
    _statement(parts, parts["person"].subject, "rdf:type", "schema:Person")


def funds_itself(parts: Parts) -> None:
    parts["core-grant"].put("schema:funder", parts["organization"].subject)


def funds_nobody(parts: Parts) -> None:
    parts["core-grant"].put("schema:fundedItem", f"id:nobody-{_number(parts)}")


def amount_without_iri(parts: Parts) -> None:
    amount = Description("", parts.pop("amount").pairs)
    parts["project-grant"].put("schema:amount", amount)


def interval_reversed(parts: Parts) -> None:
    interval = parts["interval"]
    begin, end = interval.value("time:hasBeginning"), interval.value("time:hasEnd")
    interval.put("time:hasBeginning", end).put("time:hasEnd", begin)


def site_is_member(parts: Parts) -> None:
    parts["membership"].put("org:member", parts["site"].subject)


def member_of_itself(parts: Parts) -> None:
    parts["membership"].put("org:organization", parts["organization"].subject)


def person_renamed(parts: Parts) -> None:
    subject = f"id:person-{_number(parts)}"
    parts["person"].subject = subject
    parts["office"].put("org:member", subject)


def person_without_office(parts: Parts) -> None:
    subject = parts["person"].subject.replace("/person-p0", "/person-p5")
    parts["another-person"] = node(subject, ("schema:Person",), "Another person")


def status_in_itself(parts: Parts) -> None:
    parts["status"].put("mz:statusIn", parts["organization"].subject)


def contrast_one_way(parts: Parts) -> None:
    parts["activity"].add("mz:contrastedWith", parts["goal"].subject)


def two_counts(parts: Parts) -> None:
    counts = (typed(each, "xsd:nonNegativeInteger") for each in (1000, 1001))
    parts["count"].put("mz:count", *counts)


def claim_reviewed(parts: Parts) -> None:
    parts["report"].add("schema:itemReviewed", parts["goal"].subject)


def two_beginnings(parts: Parts) -> None:
    parts["event"].put("schema:startDate", typed("1981", "xsd:gYear"), typed("1982", "xsd:gYear"))


def person_at_event(parts: Parts) -> None:
    parts["event"].add("schema:attendee", parts["person"].subject)


def bare_event(parts: Parts) -> None:
    made = parts["goal"].copied(f"id:incident-{_number(parts)}")
    made.put("mz:claimKind", "concept:claim-incident").put("schema:about", parts["event"].subject)
    parts["incident"] = made
    parts["event"].add("schema:location", "id:place-0")


def event_names(parts: Parts) -> None:
    parts["event"].add("schema:name", '"Event"@en', '"Event"@ar')


def negative_note_number(parts: Parts) -> None:
    parts["note"].put("mz:noteNumber", typed(-1 - int(_number(parts)), "xsd:integer"))


def new_concept(parts: Parts, *, without: str) -> None:
    _concept(parts).drop(without)


def concept_in_english(parts: Parts) -> None:
    made = _concept(parts)
    made.put("skos:prefLabel", made.value("skos:prefLabel"))


def concept_label_twice(parts: Parts) -> None:
    made = _concept(parts)
    made.add("skos:altLabel", made.value("skos:prefLabel"))


def two_concepts_of_one_label(parts: Parts) -> None:
    made = _concept(parts)
    parts["concept-again"] = made.copied(f"{made.subject}-again")


def _concept(parts: Parts) -> Description:
    number = _number(parts)
    made = concept(f"topic:new-{number}", "topics", f"New topic {number}", f"موضوع جديد {number}")
    parts["concept"] = made
    return made

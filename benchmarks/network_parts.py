"""What a network of NGOs is made of, in the shape of the project's model.

One organisation at a time, with its source document, citations, funding, affiliations, an office,
claims, an event, an activity, a report, a note, a status and links: about 400 triples. Names are
numbers, so that nothing is said about anyone. Everything refers to shared nodes, to earlier
organisations or to itself.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from benchmarks.description import BASE, Description, arabic, english, typed

if TYPE_CHECKING:
    from random import Random

Parts = dict[str, Description]
"""The descriptions that come with one organisation, by what they are."""

FIRST_YEAR, LAST_YEAR = 1990, 2024
FUNDERS, NETWORKS, PLACES, PEOPLE_PER_BASE = 40, 60, 30, 1000
_CONCEPTS = {
    "modalities": ("infobox", "listed", "declared", "reported", "source-voice"),
    "funding-kinds": ("core", "project"),
    "roles": ("member", "chairman", "director-general"),
    "claim-kinds": ("goal", "incident", "reported-count"),
    "activity-kinds": ("service", "education"),
    "status-kinds": ("special-consultative",),
    "organization-kinds": ("non-profit", "non-governmental"),
}
_STEMS = {
    "modalities": "modality",
    "funding-kinds": "funding",
    "roles": "role",
    "claim-kinds": "claim",
    "activity-kinds": "activity",
    "status-kinds": "status",
    "organization-kinds": "kind",
}


def drawn(random: Random, number: int) -> int:
    """Return a number below ``number``; only ``random()`` is the same in all versions of Python."""
    return int(random.random() * number)


def drawn_apart(random: Random, number: int, wanted: int) -> list[int]:
    """Return ``wanted`` different numbers below ``number``."""
    found: list[int] = []
    while len(found) < wanted:
        each = drawn(random, number)
        if each not in found:
            found.append(each)
    return found


def node(subject: str, types: tuple[str, ...], name: str = "", name_ar: str = "") -> Description:
    description = Description(subject).add("a", *types)
    if name:
        description.add("schema:name", english(name))
    if name_ar:
        description.add("schema:name", arabic(name_ar))
    return description


def concept(iri: str, scheme: str, name: str, name_ar: str) -> Description:
    return (
        Description(iri)
        .add("a", "skos:Concept")
        .add("skos:inScheme", f"concept:{scheme}")
        .add("skos:prefLabel", english(name), arabic(name_ar))
        .add("skos:definition", english(f"What {name} stands for"), arabic(f"معنى {name_ar}"))
    )


def shared_parts() -> list[Description]:
    """Return what all organisations refer to: concepts, places, years, funders, networks."""
    found = []
    schemes = {scheme: list(slugs) for scheme, slugs in _CONCEPTS.items()}
    for scheme in [*schemes, "topics", "counted-things"]:
        words = scheme.replace("-", " ")
        found.append(
            Description(f"concept:{scheme}")
            .add("a", "skos:ConceptScheme")
            .add("skos:prefLabel", english(words), arabic("مخطط"))
            .add("skos:definition", english(f"The {words} that are told apart"), arabic("مخطط"))
        )
    for scheme, slugs in schemes.items():
        for number, slug in enumerate(slugs):
            iri = f"concept:{_STEMS[scheme]}-{slug}"
            each = concept(iri, scheme, slug.replace("-", " "), f"مفهوم {number}")
            found.append(each.add("a", "org:Role") if scheme == "roles" else each)
    found += [concept(f"topic:topic-{n}", "topics", f"Topic {n}", f"موضوع {n}") for n in range(20)]
    found.append(concept("topic:visitors", "counted-things", "Visitors", "زوار"))
    found += [
        node(f"id:place-{n}", ("schema:Place",), f"Place {n}", f"مكان {n}") for n in range(PLACES)
    ]
    found += [
        node(f"id:year-{year}", ("time:Instant",), str(year)).add(
            "time:inXSDgYear", typed(year, "xsd:gYear")
        )
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    bodies = ("schema:Organization", "org:Organization")
    found += [node(f"id:funder-{n}", bodies, f"Funder {n}") for n in range(FUNDERS)]
    found += [node(f"id:network-{n}", bodies, f"Network {n}") for n in range(NETWORKS)]
    found += [
        node("id:granting-body", bodies, "Body that grants a status"),
        node("id:audience", ("schema:Audience",), "Local public"),
    ]
    return found + list(document_parts("shared", "topic:topic-0").values())


def document_parts(slug: str, about: str) -> Parts:
    """Return an article and the file that was taken from it."""
    article = node(f"id:article-{slug}", ("schema:Article", "prov:Entity"), f"Article {slug}")
    file = node(f"id:file-{slug}", ("schema:DigitalDocument", "prov:Entity"), f"Text {slug}")
    return {
        "article": article.add("schema:about", about).add("schema:inLanguage", '"en"'),
        "file": file.add("prov:specializationOf", article.subject)
        .add("schema:encodingFormat", '"text/plain; charset=utf-8"')
        .add("dcat:byteSize", typed(3000 + len(slug), "xsd:nonNegativeInteger"))
        .add("mz:notStated", "schema:version", "prov:generatedAtTime")
        .add("spdx:checksum", checksum(slug)),
        "citation": citation(slug, "whole", f"id:file-{slug}", 1),
    }


def checksum(text: str) -> Description:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return (
        Description("")
        .add("a", "spdx:Checksum")
        .add("spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        .add("spdx:checksumValue", typed(digest, "xsd:hexBinary"))
    )


def lines(first: int, last: int) -> Description:
    return (
        Description("")
        .add("a", "oa:FragmentSelector")
        .add("dct:conformsTo", "<http://tools.ietf.org/rfc/rfc5147>")
        .add("rdf:value", f'"line={first},{last}"')
    )


def characters(start: int, end: int) -> Description:
    return (
        Description("")
        .add("a", "oa:TextPositionSelector")
        .add("oa:start", typed(start, "xsd:integer"))
        .add("oa:end", typed(end, "xsd:integer"))
    )


def citation(slug: str, what: str, file: str, line: int) -> Description:
    return (
        Description(f"id:cite-{what}-{slug}")
        .add("a", "oa:SpecificResource")
        .add("rdfs:label", english(f"Text {slug}: {what.replace('-', ' ')}"))
        .add("oa:hasSource", file)
        .add("oa:hasSelector", lines(line, line + 1))
        .add("spdx:checksum", checksum(f"{what}-{slug}"))
    )


def person_iri(number: int) -> str:
    """Return the IRI of a person; four digits are all that it has, so each base has its own."""
    return f"<{BASE}{number // PEOPLE_PER_BASE}/id/person-p{number % PEOPLE_PER_BASE:04d}>"

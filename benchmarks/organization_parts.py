"""One organisation of the network with everything that is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.description import Description, arabic, english, typed
from benchmarks.network_parts import (
    FIRST_YEAR,
    FUNDERS,
    LAST_YEAR,
    NETWORKS,
    PLACES,
    Parts,
    characters,
    citation,
    document_parts,
    drawn,
    drawn_apart,
    node,
    person_iri,
)

if TYPE_CHECKING:
    from random import Random


class _Maker:
    """Makes the parts of organisation ``number``, and a citation for each that wants one."""

    def __init__(self, number: int, random: Random) -> None:
        self.number, self.random = number, random
        self.organization = f"id:organization-{number}"
        self.parts: Parts = {}

    def part(self, what: str, *types: str, ar: str = "", modality: str = "") -> Description:
        """Add a part with a name, and where it has a modality, with that and a citation."""
        name = f"{what.replace('-', ' ').capitalize()} {self.number}"
        made = node(f"id:{what}-{self.number}", types, name, ar and f"{ar} {self.number}")
        self.parts[what] = made
        return self.cited(made, what, modality) if modality else made

    def cited(self, made: Description, what: str, modality: str) -> Description:
        return made.add("mz:modality", f"concept:modality-{modality}").add(
            "dct:source", self.cite(what)
        )

    def cite(self, what: str) -> str:
        slug = str(self.number)
        made = citation(slug, what, f"id:file-{slug}", len(self.parts))
        if len(self.parts) % 3 == 0:
            made.add("oa:hasSelector", characters(self.number, self.number + 40))
        self.parts[f"cite-{what}"] = made
        return made.subject

    def statement(self, what: str, predicate: str, value: str) -> Description:
        """Add what reifies ``predicate`` ``value`` of the organisation."""
        made = (
            Description(f"id:statement-{what}-{self.number}")
            .add("a", "rdf:Statement")
            .add("rdfs:label", english(f"{what.capitalize()} of organisation {self.number}"))
            .add("rdf:subject", self.organization)
            .add("rdf:predicate", predicate)
            .add("rdf:object", value)
        )
        self.parts[f"statement-{what}"] = made
        return made

    def year(self, at_least: int = FIRST_YEAR) -> int:
        return at_least + drawn(self.random, LAST_YEAR - at_least + 1)

    def place(self) -> str:
        return f"id:place-{drawn(self.random, PLACES)}"

    def topic(self) -> str:
        return f"topic:topic-{drawn(self.random, 20)}"


def organization_parts(number: int, random: Random) -> Parts:
    """Return the parts of organisation ``number``: about 400 triples that break no shape."""
    make = _Maker(number, random)
    make.parts |= document_parts(str(number), make.organization)
    _organization(make)
    _funding(make)
    _affiliations(make)
    _claims(make)
    _doings(make)
    return make.parts


def _organization(make: _Maker) -> None:
    number = make.number
    stated = {
        "alternate-name": ("schema:alternateName", english(f"ORG {number}")),
        "classification": ("org:classification", "concept:kind-non-profit"),
        "area": ("schema:areaServed", make.place()),
        "site": ("org:hasSite", f"id:site-{number}"),
    }
    described = make.part("organization", "schema:NGO", "org:Organization", ar="منظمة")
    source = make.cite("infobox")
    for what, (predicate, value) in stated.items():
        described.add(predicate, value)
        made = make.statement(what, predicate, value)
        made.add("mz:modality", "concept:modality-infobox").add("dct:source", source)
    page = f"<https://organization-{number}.example/about>"
    described.add("schema:url", page)
    make.statement("link", "schema:url", page).add(
        "dct:source", f"<https://registry.example/record/{number}>"
    )
    make.part("site", "org:Site", "schema:Place").add("schema:address", f"id:address-{number}")
    make.part("address", "schema:PostalAddress", modality="infobox").add(
        "schema:streetAddress", english(f"{1 + number % 90} First Street")
    ).add("schema:addressLocality", english(f"Town {number % 50}")).add(
        "schema:addressCountry", english("Country")
    )


def _funding(make: _Maker) -> None:
    number, random = make.number, make.random
    known = [f"id:funder-{each}" for each in drawn_apart(random, FUNDERS, 2)]
    earlier = f"id:organization-{drawn(random, number)}" if number else "id:network-0"
    kinds = {"core-grant": "core", "project-grant": "project", "open-grant": "project"}
    for position, (what, kind) in enumerate(kinds.items(), 1):
        made = make.part(what, "schema:Grant", modality="listed")
        made.add("schema:funder", [*known, earlier][position - 1])
        made.add("schema:fundedItem", make.organization)
        made.add("mz:fundingKind", f"concept:funding-{kind}")
        made.add("schema:position", typed(position, "xsd:integer"))
    make.parts["core-grant"].add("mz:notStated", "schema:amount", "dct:temporal")
    begin = FIRST_YEAR + drawn(random, LAST_YEAR - FIRST_YEAR - 3)
    end = begin + 1 + drawn(random, 3)
    make.parts["project-grant"].add("a", "schema:MonetaryGrant").add(
        "schema:amount", f"id:amount-{number}"
    ).add("dct:temporal", typed(f"{begin}/{end}", "edtf:EDTF")).add(
        "time:hasTime", f"id:interval-{number}"
    )
    make.parts["amount"] = (
        Description(f"id:amount-{number}")
        .add("a", "schema:MonetaryAmount")
        .add("schema:currency", ('"EUR"', '"USD"', '"CHF"')[drawn(random, 3)])
        .add("schema:value", typed(f"{1000 + drawn(random, 90000)}.00", "xsd:decimal"))
    )
    make.part("interval", "time:ProperInterval").add("time:hasBeginning", f"id:year-{begin}").add(
        "time:hasEnd", f"id:year-{end}"
    )
    make.parts["open-grant"].add("dct:temporal", typed(f"{make.year()}/", "edtf:EDTF"))


def _affiliations(make: _Maker) -> None:
    networks = drawn_apart(make.random, NETWORKS, 2)
    for position, what in enumerate(("membership", "second-membership"), 1):
        made = make.part(what, "org:Membership", modality="listed")
        made.add("org:member", make.organization)
        made.add("org:organization", f"id:network-{networks[position - 1]}")
        made.add("org:role", "concept:role-member")
        made.add("schema:position", typed(position, "xsd:integer"))
        made.add("mz:notStated", "org:memberDuring")
    make.part("post", "org:Post").add("org:postIn", make.organization).add(
        "org:role", "concept:role-chairman"
    )
    person = person_iri(make.number)
    make.parts["person"] = node(person, ("schema:Person",), f"Office-holder {make.number}")
    make.part("office", "org:Membership", modality="infobox").add("org:member", person).add(
        "org:organization", make.organization
    ).add("org:role", "concept:role-chairman").add("mz:post", f"id:post-{make.number}")
    make.part("status", "mz:Status", modality="listed").add("mz:statusOf", make.organization).add(
        "mz:statusIn", "id:granting-body"
    ).add("mz:statusKind", "concept:status-special-consultative")


def _claims(make: _Maker) -> None:
    number = make.number
    for what, ar, modality in (("goal", "هدف", "declared"), ("count", "عدد", "reported")):
        made = make.part(what, "schema:Claim", ar=ar, modality=modality)
        made.add("schema:text", english(f"Text of {what} {number}."), arabic(f"نص {ar} {number}."))
        made.add("schema:appearance", f"id:article-{number}")
    make.parts["goal"].add("mz:claimKind", "concept:claim-goal").add(
        "prov:wasAttributedTo", make.organization
    ).add("schema:about", make.topic()).add("mz:focus", make.topic())
    make.parts["count"].add("mz:claimKind", "concept:claim-reported-count").add(
        "schema:about", f"id:event-{number}"
    ).add("mz:count", typed(drawn(make.random, 500), "xsd:nonNegativeInteger")).add(
        "mz:countedThing", "topic:visitors"
    ).add("schema:contentLocation", make.place()).add("mz:actorLabel", english("the hosts")).add(
        "mz:actorQualifier", english("mainly")
    ).add("mz:statedDuration", typed("PT24H", "xsd:duration"))
    begin = make.year()
    make.part("event", "schema:Event", ar="حدث").add(
        "schema:startDate", typed(begin, "xsd:gYear")
    ).add("schema:endDate", typed(make.year(begin), "xsd:gYear")).add(
        "dct:source", make.cite("event")
    )


def _doings(make: _Maker) -> None:
    number = make.number
    make.part("activity", "mz:Activity", "schema:Service", ar="نشاط", modality="source-voice").add(
        "prov:wasAssociatedWith", make.organization
    ).add("schema:provider", make.organization).add("schema:serviceType", english("courses")).add(
        "mz:activityKind", "concept:activity-service"
    ).add("dct:subject", make.topic()).add("schema:audience", "id:audience").add(
        "mz:examplesOnly", typed("true", "xsd:boolean")
    ).add("mz:purpose", english("Knowledge of rights"))
    make.part("report", "schema:Report", ar="تقرير", modality="listed").add(
        "schema:publisher", make.organization
    ).add("schema:datePublished", typed(make.year(), "xsd:gYear")).add("schema:about", make.topic())
    make.part("note", "mz:SourceNote", "mz:Uncertainty", ar="ملاحظة").add(
        "schema:text", english(f"Note {number} says what is open."), arabic(f"ملاحظة {number}.")
    ).add("oa:hasTarget", f"id:goal-{number}").add("oa:motivatedBy", "oa:assessing").add(
        "mz:noteNumber", typed(number + 1, "xsd:integer")
    ).add("dct:source", make.cite("note"))
    make.part("item", "schema:ListItem").add("schema:position", typed(1, "xsd:integer")).add(
        "schema:isPartOf", f"id:article-{number}"
    ).add("dct:source", make.cite("item"))
    make.parts["article"].add("rdfs:seeAlso", f"id:item-{number}")

"""Faults that are seeded into the network, each with the findings it must cause.

A fault is named after the constraint that it breaks, ``<shape>.<component>`` without
``ConstraintComponent``, like the failing graphs in ``tests/shapes/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import fault_edits
from benchmarks.description import Description, typed
from benchmarks.fault_edits import (
    add,
    both,
    drop,
    inner,
    put,
    remove,
    statement_follows,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.network_parts import Parts

    Edit = Callable[[Parts], None]


@dataclass(frozen=True)
class Fault:
    """One way to break the shapes.

    Attributes:
        name: ``<shape>.<component>`` of the constraint that is broken.
        edit: Changes the parts of one organisation.
        results: Validation results of that constraint.
        also: Further constraints that cannot but break, with one result each.
    """

    name: str
    edit: Edit
    results: int = 1
    also: tuple[str, ...] = ()

    def findings(self) -> dict[str, int]:
        """Return the number of results by ``<shape>.<component>``."""
        return {self.name: self.results} | dict.fromkeys(self.also, 1)


def _whole(number: object) -> str:
    return typed(number, "xsd:integer")


def _year(lexical: str) -> str:
    return typed(lexical, "xsd:gYear")


NOWHERE = "id:described-nowhere"
PLACE, TOPIC, NETWORK, BODY = "id:place-0", "topic:topic-0", "id:network-0", "id:granting-body"
CITATION, CHECKSUM, SELECTOR = "cite-core-grant", "spdx:checksum", "oa:hasSelector"

FAULTS = (
    # The source document and its article
    Fault("source-document-encoding.Pattern", put("file", "schema:encodingFormat", '"plain text"')),
    Fault("source-document-size.Datatype", put("file", "dcat:byteSize", '"3000"')),
    Fault("source-document-of.MinCount", drop("file", "prov:specializationOf")),
    Fault("source-document-version.Or", drop("file", "mz:notStated", "schema:version")),
    Fault("source-document-retrieval.Or", drop("file", "mz:notStated", "prov:generatedAtTime")),
    Fault("source-document-checksum.Class", put("file", CHECKSUM, PLACE)),
    Fault("article-language.Pattern", put("article", "schema:inLanguage", '"in English"')),
    Fault("article-about.Node", put("article", "schema:about", NOWHERE)),
    # Citations
    Fault("citation-label.MinCount", drop(CITATION, "rdfs:label")),
    Fault("citation-source.Class", put(CITATION, "oa:hasSource", TOPIC)),
    Fault(
        "citation-lines.QualifiedMinCount",
        put(CITATION, SELECTOR, Description("").add("a", "oa:FragmentSelection")),
        also=("citation-selector.Or",),
    ),
    Fault("citation-lines.QualifiedMaxCount", fault_edits.second_lines),
    Fault("citation-characters.QualifiedMaxCount", fault_edits.two_character_selectors),
    Fault("character-selector-start.LessThan", fault_edits.characters_reversed),
    Fault("character-selector-start.MinInclusive", fault_edits.characters_before_start),
    Fault("citation-checksum.MinCount", drop(CITATION, CHECKSUM)),
    Fault("citation-part-of.Class", add(CITATION, "dct:isPartOf", TOPIC)),
    Fault(
        "citation-part-of-other-source.SPARQL",
        add(CITATION, "dct:isPartOf", "id:cite-whole-shared"),
    ),
    Fault("line-selector-value.Pattern", inner(CITATION, SELECTOR, "rdf:value", '"lines 3 and 4"')),
    Fault("line-selector-standard.HasValue", inner(CITATION, SELECTOR, "dct:conformsTo", TOPIC)),
    Fault("line-selector-order.SPARQL", inner(CITATION, SELECTOR, "rdf:value", '"line=9,8"')),
    Fault(
        "checksum-value.Pattern",
        inner(CITATION, CHECKSUM, "spdx:checksumValue", typed("AB12", "xsd:hexBinary")),
    ),
    Fault(
        "checksum-value.Datatype",
        inner(CITATION, CHECKSUM, "spdx:checksumValue", f'"{"0f" * 32}"'),
    ),
    Fault(
        "checksum-algorithm.HasValue",
        inner(CITATION, CHECKSUM, "spdx:algorithm", "spdx:checksumAlgorithm_md5"),
    ),
    # The organisation, its site and its address
    Fault("organization-type.QualifiedMinCount", drop("organization", "a", "schema:NGO")),
    Fault("organization-alternate-name.Disjoint", fault_edits.alternate_name_repeats_the_name),
    Fault(
        "organization-no-nonprofit-status.MaxCount",
        add("organization", "schema:nonprofitStatus", "schema:NonprofitType"),
    ),
    Fault("organization-no-shortcut.MaxCount", add("organization", "schema:memberOf", NETWORK)),
    Fault(
        "organization-classification.Node",
        statement_follows("classification", "org:classification", TOPIC),
    ),
    Fault("organization-area-served.Class", statement_follows("area", "schema:areaServed", TOPIC)),
    Fault("organization-parent.Class", fault_edits.parent_is_a_place),
    Fault("organization-not-own-parent.SPARQL", fault_edits.its_own_parent),
    Fault("name.UniqueLang", add("organization", "schema:name", '"Another name"@en')),
    Fault("direct-triple-cited.SPARQL", remove("statement-classification")),
    Fault("site-organization.MinCount", fault_edits.site_of_nobody),
    Fault("place.Class", drop("site", "a", "schema:Place")),
    Fault("place-no-coordinates.MaxCount", add("site", "schema:latitude", _whole(31))),
    Fault("place-address.Class", put("site", "schema:address", PLACE)),
    Fault("name-english.QualifiedMinCount", put("site", "schema:name", '"موقع"@ar')),
    Fault("address.Or", fault_edits.empty_address),
    Fault("text-language.Datatype", put("address", "schema:streetAddress", '"9 First Street"')),
    Fault("text-white-space.MinLength", put("address", "schema:addressCountry", '""@en')),
    Fault("text-white-space.Not", put("address", "schema:addressLocality", '" Town"@en')),
    Fault("qualified-modality.MinCount", drop("address", "mz:modality")),
    Fault("resource-one-person-class.Not", add("site", "a", "foaf:Person")),
    Fault("resource-no-owl-same-as.MaxCount", add("organization", "owl:sameAs", NOWHERE)),
    # Links and statements
    Fault("link-object.NodeKind", statement_follows("link", "schema:url", '"https://a.example/"')),
    Fault("link-object.Pattern", statement_follows("link", "schema:url", "<urn:example:a>")),
    Fault("link-not-verified.SPARQL", remove("statement-link")),
    Fault("statement.Xone", put("statement-area", "dct:source", PLACE)),
    Fault("statement-label.MinCount", drop("statement-site", "rdfs:label")),
    Fault(
        "statement-subject.MaxCount",
        add("statement-area", "rdf:subject", PLACE),
        also=("statement-triple-missing.SPARQL",),
    ),
    Fault("statement-triple-missing.SPARQL", fault_edits.statement_of_nothing),
    Fault("statement-about-person.SPARQL", fault_edits.statement_about_person),
    # Funding and periods
    Fault("funding-funder.MinCount", drop("core-grant", "schema:funder")),
    Fault("funding-funder.MaxCount", add("core-grant", "schema:funder", BODY)),
    Fault("funding-funder.Class", put("core-grant", "schema:funder", PLACE)),
    Fault("funding-funder.Disjoint", fault_edits.funds_itself),
    Fault("funding-funded-item.MinCount", drop("core-grant", "schema:fundedItem")),
    Fault("funding-funded-item.Node", fault_edits.funds_nobody),
    Fault("funding-kind.MinCount", drop("core-grant", "mz:fundingKind")),
    Fault("funding-kind.Node", put("core-grant", "mz:fundingKind", TOPIC)),
    Fault("funding.Class", drop("project-grant", "a", "schema:Grant")),
    Fault("funding-amount-needs-money.SPARQL", drop("project-grant", "a", "schema:MonetaryGrant")),
    Fault("funding-amount.Node", put("amount", "schema:currency", '"euro"')),
    Fault("funding-amount.NodeKind", fault_edits.amount_without_iri),
    Fault("funding-duplicate.SPARQL", fault_edits.copy_of("core-grant"), results=2),
    Fault("position-number.MinInclusive", put("open-grant", "schema:position", _whole(0))),
    Fault(
        "position-number.Datatype",
        put("open-grant", "schema:position", '"1"'),
        also=("position-number.MinInclusive",),
    ),
    Fault("not-stated-but-given.SPARQL", add("second-membership", "mz:notStated", "org:role")),
    Fault("not-stated-property.NodeKind", add("core-grant", "mz:notStated", '"the period"')),
    Fault("temporal-edtf.Datatype", put("open-grant", "dct:temporal", '"2004/"')),
    Fault(
        "temporal-edtf.Pattern", put("open-grant", "dct:temporal", typed("2004-13/", "edtf:EDTF"))
    ),
    Fault(
        "temporal-order.SPARQL",
        put("open-grant", "dct:temporal", typed("2005-03/2005-01", "edtf:EDTF")),
        also=("temporal-needs-interval.SPARQL",),
    ),
    Fault("temporal-needs-interval.SPARQL", drop("project-grant", "time:hasTime")),
    Fault("timed-temporal.MinCount", drop("project-grant", "dct:temporal")),
    Fault(
        "timed-agrees.SPARQL",
        put("project-grant", "dct:temporal", typed("1980/1981", "edtf:EDTF")),
    ),
    Fault("interval-order.SPARQL", fault_edits.interval_reversed, also=("timed-agrees.SPARQL",)),
    Fault("interval-beginning.Class", put("interval", "time:hasBeginning", PLACE)),
    Fault("interval-end.MinCount", drop("interval", "time:hasEnd")),
    Fault("instant-year.Pattern", fault_edits.instant(_year("2003Z"))),
    Fault("instant-year.Datatype", fault_edits.instant('"2003"')),
    # Affiliations, posts, persons
    Fault("affiliation-member.MinCount", drop("membership", "org:member")),
    Fault("affiliation-member.Or", fault_edits.site_is_member),
    Fault("affiliation-member.Disjoint", fault_edits.member_of_itself),
    Fault("affiliation-organization.Class", put("membership", "org:organization", PLACE)),
    Fault("affiliation-organization.MinCount", drop("membership", "org:organization")),
    Fault("affiliation-role.Node", put("membership", "org:role", TOPIC)),
    Fault("affiliation-role.MaxCount", add("membership", "org:role", "concept:role-chairman")),
    Fault("affiliation-duplicate.SPARQL", fault_edits.copy_of("membership"), results=2),
    Fault("affiliation-office-has-post.SPARQL", drop("office", "mz:post")),
    Fault("affiliation-post.Class", put("office", "mz:post", PLACE)),
    Fault(
        "affiliation-post-agrees.SPARQL", put("post", "org:role", "concept:role-director-general")
    ),
    Fault(
        "post-in.Class", put("post", "org:postIn", PLACE), also=("affiliation-post-agrees.SPARQL",)
    ),
    Fault("post-no-holder.MaxCount", add("post", "org:heldBy", PLACE)),
    Fault("person.Closed", add("person", "schema:jobTitle", '"Chairman"@en')),
    Fault("person-iri.Pattern", fault_edits.person_renamed),
    Fault("person-type-only.In", add("person", "a", "prov:Agent")),
    Fault("person-name.UniqueLang", add("person", "schema:name", '"Holder of an office"@en')),
    Fault("person-name-english.QualifiedMinCount", put("person", "schema:name", '"رئيس"@ar')),
    Fault("person-holds-office.MinCount", fault_edits.person_without_office),
    # Statuses
    Fault("status-of.Disjoint", fault_edits.status_in_itself),
    Fault("status-in.Class", put("status", "mz:statusIn", PLACE)),
    Fault("status-kind.Node", put("status", "mz:statusKind", TOPIC)),
    Fault("status-duplicate.SPARQL", fault_edits.copy_of("status"), results=2),
    Fault("modality-concept.Node", put("status", "mz:modality", TOPIC)),
    Fault("entity-iri.Pattern", fault_edits.renamed("status", "id:Granted_status")),
    Fault("entity-iri.NodeKind", fault_edits.renamed("status", ""), also=("entity-iri.Pattern",)),
    # Claims and events
    Fault("claim-text.QualifiedMinCount", put("goal", "schema:text", '"نص"@ar')),
    Fault("claim-text.UniqueLang", add("goal", "schema:text", '"More text."@en')),
    Fault("claim-text-arabic.QualifiedMinCount", put("goal", "schema:text", '"Some text."@en')),
    Fault("claim-kind.Node", put("goal", "mz:claimKind", TOPIC)),
    Fault("claim-claimant.Class", put("goal", "prov:wasAttributedTo", PLACE)),
    Fault("modality-needs-claimant.SPARQL", drop("goal", "prov:wasAttributedTo")),
    Fault("modality-forbids-claimant.SPARQL", add("count", "prov:wasAttributedTo", NETWORK)),
    Fault("claim-appearance.Class", put("goal", "schema:appearance", PLACE)),
    Fault("claim-about.MinCount", drop("goal", "schema:about")),
    Fault("focus.Or", put("goal", "mz:focus", PLACE)),
    Fault("contrast-both-ways.SPARQL", fault_edits.contrast_one_way),
    Fault(
        "text-source-wording.Not",
        add("goal", "mz:sourceWording", '"one two three four five six"@en'),
    ),
    Fault("claim-place.Class", put("count", "schema:contentLocation", TOPIC)),
    Fault("claim-count.Datatype", put("count", "mz:count", _whole(6))),
    Fault("claim-count.MaxCount", fault_edits.two_counts),
    Fault("claim-duration.Datatype", put("count", "mz:statedDuration", '"a day"')),
    Fault("claim-not-reviewed.MaxCount", fault_edits.claim_reviewed),
    Fault("claim-no-interpreter.MaxCount", add("count", "schema:claimInterpreter", NETWORK)),
    Fault("counted-thing.MinCount", drop("count", "mz:countedThing")),
    Fault("counted-number.MinCount", drop("count", "mz:count")),
    Fault("actor-label.MinCount", drop("count", "mz:actorLabel")),
    Fault("event-start.MaxCount", fault_edits.two_beginnings),
    Fault("event-end.Or", put("event", "schema:endDate", '"later"')),
    Fault("event-order.SPARQL", put("event", "schema:endDate", _year("1980"))),
    Fault("event-no-person.Not", fault_edits.person_at_event),
    Fault("event-contested-bare.SPARQL", fault_edits.bare_event),
    Fault("cited-source.Class", put("event", "dct:source", PLACE)),
    Fault("text-arabic-script.Or", both(drop("event", "schema:name"), fault_edits.event_names)),
    # Activities, reports, notes, see-also entries
    Fault(
        "activity-organization.MinCount",
        drop("activity", "prov:wasAssociatedWith"),
        also=("service-provider.Equals",),
    ),
    Fault("activity-kind.Node", put("activity", "mz:activityKind", TOPIC)),
    Fault("activity-subject.Class", put("activity", "dct:subject", PLACE)),
    Fault("activity-audience.Class", put("activity", "schema:audience", PLACE)),
    Fault("activity-examples-only.Datatype", put("activity", "mz:examplesOnly", '"true"')),
    Fault("activity-purpose.UniqueLang", add("activity", "mz:purpose", '"Another purpose"@en')),
    Fault("service.Class", drop("activity", "a", "mz:Activity")),
    Fault("service-provider.Equals", put("activity", "schema:provider", NETWORK), results=2),
    Fault("name-arabic.QualifiedMinCount", put("activity", "schema:name", '"Activity"@en')),
    Fault("report-publisher.Class", put("report", "schema:publisher", PLACE)),
    Fault("report-date.Or", put("report", "schema:datePublished", '"2017"')),
    Fault("report-about.Node", put("report", "schema:about", NOWHERE)),
    Fault("modality-concept.MaxCount", add("report", "mz:modality", "concept:modality-infobox")),
    Fault("resource-https-schema.Not", add("report", "a", "<http://schema.org/Report>")),
    Fault("text-latin-script.Or", put("report", "schema:name", '"تقرير"@en', '"تقرير"@ar')),
    Fault("source-note-kind.QualifiedMinCount", drop("note", "a", "mz:Uncertainty")),
    Fault("source-note-kind.QualifiedMaxCount", add("note", "a", "mz:Inference")),
    Fault("contradiction-sides.MinCount", put("note", "a", "mz:SourceNote", "mz:Contradiction")),
    Fault("source-note-target.Node", put("note", "oa:hasTarget", NOWHERE)),
    Fault("source-note-motivation.HasValue", put("note", "oa:motivatedBy", "oa:commenting")),
    Fault("source-note-number.MinInclusive", fault_edits.negative_note_number),
    Fault("source-note-number-taken.SPARQL", fault_edits.copy_of("note"), results=2),
    Fault("list-item.Closed", add("item", "schema:description", '"Related"@en')),
    Fault("list-item-position.MinCount", drop("item", "schema:position")),
    Fault("list-item-article.Class", put("item", "schema:isPartOf", PLACE)),
    Fault("list-item-see-also.MinCount", drop("article", "rdfs:seeAlso")),
    Fault("list-item-type.In", add("item", "a", "schema:CreativeWork")),
    Fault("cited-source.MinCount", drop("item", "dct:source")),
    # Concepts
    Fault("concept-scheme.MinCount", partial(fault_edits.new_concept, without="skos:inScheme")),
    Fault(
        "concept-definition.MinCount",
        partial(fault_edits.new_concept, without="skos:definition"),
    ),
    Fault("concept-label-arabic.QualifiedMinCount", fault_edits.concept_in_english),
    Fault("concept-alternative-label.Disjoint", fault_edits.concept_label_twice),
    Fault("concept-label-taken.SPARQL", fault_edits.two_concepts_of_one_label, results=2),
)

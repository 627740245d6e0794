"""``MZ108``: one relationship written down twice, as two nodes that say the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import DCT, FOAF, ORG, PROV, RDF, RDFS, SCHEMA, SKOS, TIME
from mezan_graph.validation.checks.survey import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding
    from mezan_graph.validation.index import TripleIndex

RELATIONSHIPS = (
    SCHEMA.Grant,
    SCHEMA.MonetaryGrant,
    SCHEMA.Role,
    SCHEMA.OrganizationRole,
    SCHEMA.EmployeeRole,
    ORG.Membership,
    PROV.Association,
    PROV.Attribution,
    PROV.Delegation,
)
"""Classes whose instances relate other things; their subclasses in the data count as well."""

_ABOUT_THE_NODE = {
    RDF.type, RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy,
    SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.note, SKOS.definition, SKOS.notation,
    SCHEMA.name, SCHEMA.alternateName, SCHEMA.description, SCHEMA.identifier, SCHEMA.position,
    SCHEMA.url, SCHEMA.dateCreated, SCHEMA.dateModified,
    DCT.title, DCT.description, DCT.identifier, DCT.source, DCT.created, DCT.modified,
    DCT.creator, DCT.isReferencedBy, FOAF.name,
    PROV.wasDerivedFrom, PROV.wasAttributedTo, PROV.wasGeneratedBy, PROV.hadPrimarySource,
    PROV.generatedAtTime,
}  # fmt: skip
"""What says something of the node itself, and not of what it relates."""

_MAIN = (
    SCHEMA.funder, SCHEMA.sponsor, SCHEMA.fundedItem, ORG.member, ORG.organization, ORG.role,
    PROV.agent, PROV.hadRole,
)  # fmt: skip
_INTERVALS = (TIME.Interval, TIME.ProperInterval, TIME.Instant, TIME.TemporalEntity)
_RELATED = 2
_DEPTH = 3
_Described = dict[int, list[tuple[ox.NamedNode, int]]]


def check_relationships(survey: Survey) -> Iterator[Finding]:
    """Yield ``MZ108`` for every relationship that another one repeats.

    Two relationships are the same where they have the same types and the same values for all that
    they relate: everything but labels, notes, identifiers and provenance. Blank nodes and intervals
    of time are compared by what they say. A node that relates fewer than two things is left alone.
    """
    index, terms = survey.index, survey.index.terms
    nodes = _candidates(index)
    if not nodes:
        return
    described = _descriptions(index, nodes)
    first: dict[object, int] = {}
    repeated: dict[Any, Any] = {}
    for node in sorted(nodes, key=lambda each: str(terms[each])):
        types, values = _signature(node, described)
        if len(values) >= _RELATED:
            original = first.setdefault((types, values), node)
            if original != node:
                repeated[terms[node]] = terms[original]
    prefixes = survey.graph.prefixes
    for node, part, quad, _ in survey.uses(repeated.keys(), as_subject=True):
        shown = short_name(repeated[node], prefixes)
        message = f"{short_name(node, prefixes)} relates the same things as {shown}"
        hint = "keep one of the two, or add what tells them apart, such as a period"
        yield at("MZ108", "warning", message, part, quad, hint=hint)


def _candidates(index: TripleIndex) -> set[int]:
    """Return the relationships that agree with another one on the main things they relate."""
    nodes = list(frozenset().union(*map(index.instances, RELATIONSHIPS)))
    main = []
    for predicate in _MAIN:
        values = index.forward(predicate)
        if values:
            main.append(
                [
                    each if each is None or len(each) == 1 else frozenset(each)
                    for each in map(values.get, nodes)
                ]
            )
    related = list(zip(*main, strict=True)) or [()] * len(nodes)
    count = Counter(related)
    return {node for node, each in zip(nodes, related, strict=True) if count[each] > 1}


def _descriptions(index: TripleIndex, nodes: set[int]) -> _Described:
    """Return predicates and objects of ``nodes``, and of what is compared by what it says."""
    intervals = {
        node for each in _INTERVALS for node in index.backward(RDF.type).get(index.number(each), ())
    }
    subjects, terms = index.subjects, index.terms
    described: _Described = {}
    wanted = nodes
    for _ in range(_DEPTH + 1):
        for predicate in index.predicates_of(wanted, besides=_ABOUT_THE_NODE - {RDF.type}):
            for subject, value in index.pairs(predicate):
                if subject in wanted:
                    described.setdefault(subject, []).append((predicate, value))
        values = {value for node in wanted for _, value in described.get(node, ())}
        wanted = {
            value
            for value in values - described.keys()
            if value in intervals or (isinstance(terms[value], ox.BlankNode) and value in subjects)
        }
        if not wanted:
            break
    return described


def _signature(
    node: int, described: _Described, depth: int = 0
) -> tuple[frozenset[object], frozenset[object]]:
    types: set[object] = set()
    values: set[object] = set()
    for predicate, value in described.get(node, ()):
        if predicate == RDF.type:
            types.add(value)
        elif value in described and depth < _DEPTH:
            values.add((predicate, _signature(value, described, depth + 1)))
        else:
            values.add((predicate, value))
    return frozenset(types), frozenset(values)

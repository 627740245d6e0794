"""``MZ108``: one relationship written down twice, as two nodes that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import DCT, FOAF, ORG, PROV, RDF, RDFS, SCHEMA, SKOS, TIME
from mezan_graph.validation.checks.survey import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Node, Survey
    from mezan_graph.validation.findings import Finding

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


def check_relationships(survey: Survey) -> Iterator[Finding]:
    """Yield ``MZ108`` for every relationship that another one repeats.

    Two relationships are the same where they have the same types and the same values for all that
    they relate: everything but labels, notes, identifiers and provenance. Blank nodes and intervals
    of time are compared by what they say. A node that relates fewer than two things is left alone.
    """
    nodes = _candidates(survey, _relationships(survey))
    if not nodes:
        return
    described = _descriptions(survey, nodes)
    first: dict[object, Any] = {}
    repeated: dict[Any, Any] = {}
    for node in sorted(nodes, key=str):
        types, values = _signature(node, described)
        if len(values) >= _RELATED:
            original = first.setdefault((types, values), node)
            if original is not node:
                repeated[node] = original
    prefixes = survey.graph.prefixes
    for node, part, quad, _ in survey.uses(repeated.keys(), as_subject=True):
        shown = short_name(repeated[node], prefixes)
        message = f"{short_name(node, prefixes)} relates the same things as {shown}"
        hint = "keep one of the two, or add what tells them apart, such as a period"
        yield at("MZ108", "warning", message, part, quad, hint=hint)


def _relationships(survey: Survey) -> set[Node]:
    subclasses: dict[Any, list[Any]] = {}
    for quad in survey.quads(RDFS.subClassOf):
        subclasses.setdefault(quad.object, []).append(quad.subject)
    waiting: list[Any] = list(RELATIONSHIPS)
    classes: set[Any] = set()
    while waiting:
        each = waiting.pop()
        if each not in classes:
            classes.add(each)
            waiting.extend(subclasses.get(each, ()))
    found: set[Node] = set()
    for each in classes:
        found |= survey.types.get(each, set())
    return found


def _candidates(survey: Survey, nodes: set[Node]) -> set[Node]:
    """Return those of ``nodes`` that agree with another one on the main things they relate."""
    main: dict[Any, set[Any]] = {node: set() for node in nodes}
    for predicate in _MAIN:
        for quad in survey.quads(predicate):
            if quad.subject in main:
                main[quad.subject].add((predicate, quad.object))
    groups: dict[frozenset[Any], list[Any]] = {}
    for node, values in main.items():
        groups.setdefault(frozenset(values), []).append(node)
    return {node for group in groups.values() if len(group) > 1 for node in group}


def _descriptions(survey: Survey, nodes: set[Node]) -> dict[Any, list[tuple[Any, Any]]]:
    """Return predicates and objects of ``nodes``, and of what is compared by what it says."""
    wanted: set[Any] = set(nodes)
    for each in _INTERVALS:
        wanted |= survey.types.get(each, set())
    described: dict[Any, list[tuple[Any, Any]]] = {}
    for predicate, quads in survey.by_predicate.items():
        if predicate in _ABOUT_THE_NODE and predicate != RDF.type:
            continue
        for quad in quads:
            subject = quad.subject
            if subject in wanted or isinstance(subject, ox.BlankNode):
                described.setdefault(subject, []).append((predicate, quad.object))
    return described


def _signature(
    node: object, described: dict[Any, list[tuple[Any, Any]]], depth: int = 0
) -> tuple[frozenset[object], frozenset[object]]:
    types: set[object] = set()
    values: set[object] = set()
    for predicate, value in described.get(node, ()):
        if predicate == RDF.type:
            types.add(value)
        elif value in described and depth < _DEPTH and not isinstance(value, ox.Literal):
            values.add((predicate, _signature(value, described, depth + 1)))
        else:
            values.add((predicate, value))
    return frozenset(types), frozenset(values)

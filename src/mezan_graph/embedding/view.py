"""A graph as schema.org sees it: its types and properties, and what other vocabularies say in them.

``docs/embedding.md`` has the table of what is read as what. Nothing is made up here: a name of
schema.org stands for a triple of the graph, or for a sentence on how the source puts it. Derived
shortcuts are passed over, because the relationships that they abbreviate say more.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.embedding.wording import how_put
from mezan_graph.exports import shortcuts_graph
from mezan_graph.languages import all_preferred, preferred
from mezan_graph.namespaces import DCAT, DCT, OA, ORG, PROV, RDF, RDFS, SCHEMA, SKOS, Namespace
from mezan_graph.serialization import index_of
from mezan_graph.vocabularies import superclasses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

Resource = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal

_CLASSES = {
    ORG.Organization: "Organization",
    ORG.Membership: "OrganizationRole",
    ORG.Site: "Place",
    RDF.Statement: "Role",
    SKOS.Concept: "DefinedTerm",
    SKOS.ConceptScheme: "DefinedTermSet",
    OA.Annotation: "CreativeWork",
    OA.SpecificResource: "CreativeWork",
    DCAT.Dataset: "Dataset",
    DCAT.Distribution: "DataDownload",
}
"""What instances of other vocabularies' classes are in schema.org."""

_ALSO = {
    "about": (OA.hasTarget,),
    "alternateName": (SKOS.altLabel,),
    "author": (PROV.wasAttributedTo,),
    "citation": (DCT.source,),
    "description": (SKOS.definition,),
    "inDefinedTermSet": (SKOS.inScheme,),
    "isPartOf": (OA.hasSource,),
    "location": (ORG.hasSite,),
    "termCode": (SKOS.notation,),
}
"""Properties of other vocabularies that are read along with one of schema.org."""

_INVERSE = {
    "containsPlace": (SCHEMA.containedInPlace,),
    "funding": (SCHEMA.fundedItem,),
    "hasDefinedTerm": (SKOS.inScheme,),
    "hasPart": (SCHEMA.isPartOf,),
    "subOrganization": (SCHEMA.parentOrganization,),
    "subjectOf": (SCHEMA.about,),
}
"""Properties of schema.org that say from the other end what the graph says from this one."""

LONGEST_TEXT = 5000
"""Code points of a text that are embedded; data set search reads no more of a description."""

_REMEMBERED = 1024
_LABELS = (SCHEMA.name, SKOS.prefLabel, RDFS.label, DCT.title)
_ENDS = {"member": ORG.member, "memberOf": ORG.organization}
_PERIODS = frozenset({DCT.temporal, ORG.memberDuring, SCHEMA.startDate})


class SchemaOrgView:
    """Reads a graph in terms of schema.org, in one language or another.

    Args:
        project: Its languages are the order in which labels fall back.
        graph: The published graph; it is indexed once.
    """

    def __init__(self, project: Project, graph: Graph) -> None:
        self._index = index_of(graph)
        self._shortcuts = shortcuts_graph(project)
        self._languages = project.languages
        # A frame asks the same few nodes again and again: the entity, and those beside it.
        self._about = lru_cache(_REMEMBERED)(self._group)
        self._types = cache(self._read_types)
        self._terms = Namespace(project.prefixes.get("mz", ""))

    def describes(self, node: object) -> bool:
        """Whether the graph says anything about ``node``."""
        return node in self._index.by_subject

    def types(self, node: Resource) -> tuple[str, ...]:
        """Return the types of ``node`` as local names of schema.org, the narrowest, sorted.

        ``Thing`` stands for what schema.org has no type for.
        """
        return self._types(tuple(self._about(node).get(RDF.type, ())))

    def _read_types(self, classes: tuple[Value, ...]) -> tuple[str, ...]:
        found: set[str] = set()
        waiting = list(classes)
        seen = set(waiting)
        while waiting:
            each = waiting.pop()
            if isinstance(each, ox.NamedNode) and each in SCHEMA:
                found.add(each.value.removeprefix(SCHEMA.iri))
            elif each in _CLASSES:
                found.add(_CLASSES[each])  # type: ignore[index]
            elif not isinstance(each, ox.Literal):
                above = set(self._objects(each, RDFS.subClassOf)) - seen
                seen |= above
                waiting += above
        wider = {above for each in found for above in superclasses(SCHEMA.iri, each) - {each}}
        return tuple(sorted(found - wider)) or ("Thing",)

    def values(self, node: Resource, name: str) -> list[Value]:
        """Return the values of a property of schema.org, each once, in the order of the graph."""
        about = self._about(node)
        if name == "name":
            return list(next((about[term] for term in _LABELS if term in about), ()))
        terms = _terms(name)
        found: dict[Value, None] = {}
        for term in (*terms, _ENDS[name]) if name in _ENDS else terms:
            if term in about:
                found |= dict.fromkeys(about[term])
        for term in _INVERSE.get(name, ()):
            found |= dict.fromkeys(self.subjects(node, term))
        if name == "roleName":
            for role in about.get(ORG.role, ()):
                found |= dict.fromkeys(self.values(role, "name"))  # type: ignore[arg-type]
        for predicate in about.get(RDF.predicate, ()):
            if predicate in terms:
                found |= dict.fromkeys(about.get(RDF.object, ()))
        return list(found)

    def roles(self, node: Resource, name: str) -> list[Resource]:
        """Return the nodes that stand between ``node`` and the values of a property.

        They are memberships, and statements about a triple, as schema.org's ``Role`` is meant.
        """
        found: dict[Resource, None] = {}
        if name == "memberOf":
            found |= dict.fromkeys(self.subjects(node, ORG.member))
        elif name == "member":
            found |= dict.fromkeys(self.subjects(node, ORG.organization))
        terms = _terms(name)
        for statement in self.subjects(node, RDF.subject):
            if any(each in terms for each in self._objects(statement, RDF.predicate)):
                found[statement] = None
        return list(found)

    def subjects(self, node: Resource, term: ox.NamedNode) -> list[Resource]:
        """Return the subjects of authored triples with ``node`` as their object."""
        return [
            quad.subject
            for quad in self._index.by_object.get(node, ())
            if quad.predicate == term
            and quad.graph_name != self._shortcuts
            and isinstance(quad.subject, ox.NamedNode | ox.BlankNode)
        ]

    def texts(self, values: Iterable[Value], language: str) -> list[str]:
        """Return the texts among ``values`` that a reader of ``language`` is shown."""
        texts = [each for each in values if isinstance(each, ox.Literal) and is_text(each)]
        if not texts:
            return []
        shown = all_preferred(texts, language, self._languages)
        return list(dict.fromkeys(_shortened(each.text) for each in shown))

    def order(self, node: Value) -> tuple[int, str, str]:
        """Return what values are sorted by: their ``schema:position``, then code points."""
        if isinstance(node, ox.Literal):
            return 0, node.value, node.datatype.value
        positions = self._about(node).get(SCHEMA.position, ())
        first = min((int(each.value) for each in positions if _is_number(each)), default=0)
        return first, node.value, ""

    def how_put(self, node: Resource, language: str) -> str | None:
        """Return how the source puts a relationship or a claim, where that is recorded."""
        terms = self._terms
        for modality in self._objects(node, terms.modality) if terms.iri else ():
            if not isinstance(modality, ox.NamedNode):
                continue
            words = self._first(self._objects(node, terms.sourceWording), language)
            period = self._first(self._objects(node, DCT.temporal), language)
            put = how_put(
                modality.value.rpartition("/")[2].removeprefix("modality-"),
                language,
                claimant=self._claimant(node, language),
                undated=period is None
                and not _PERIODS.isdisjoint(self._objects(node, terms.notStated)),
                period=period,
                words=words,
            )
            return put or self._first(self.values(modality, "description"), language)
        return None

    def _claimant(self, node: Resource, language: str) -> str | None:
        names = (
            self._first(self.values(each, "name"), language)
            for each in self._objects(node, PROV.wasAttributedTo)
            if not isinstance(each, ox.Literal)
        )
        return next((each for each in names if each is not None), None)

    def _first(self, values: Iterable[Value], language: str) -> str | None:
        literals = [each for each in values if isinstance(each, ox.Literal)]
        shown = preferred(literals, language, self._languages)
        return None if shown is None else shown.text

    def _objects(self, node: Value, term: ox.NamedNode) -> list[Value]:
        return self._about(node).get(term, [])

    def _group(self, node: Value) -> dict[ox.NamedNode, list[Value]]:
        """Return the objects of the authored triples about ``node`` by predicate."""
        found: dict[ox.NamedNode, list[Value]] = {}
        for quad in self._index.by_subject.get(node, ()):
            if quad.graph_name != self._shortcuts:
                found.setdefault(quad.predicate, []).append(quad.object)  # type: ignore[arg-type]
        return found


@cache
def _terms(name: str) -> tuple[ox.NamedNode, ...]:
    """Return the properties that are read as ``name``."""
    return (SCHEMA[name], *_ALSO.get(name, ()))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def is_text(literal: ox.Literal) -> bool:
    """Whether a literal is for people to read: with a language, or plain."""
    return literal.language is not None or literal.datatype.value.endswith("#string")


def _is_number(value: Value) -> bool:
    return isinstance(value, ox.Literal) and value.value.isascii() and value.value.isdigit()

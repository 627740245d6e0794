"""What the pages ask of the graph, each question answered in the time of its answer.

The triples that queries derive are left out: a page shows the relationships that they come from.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.exports import shortcuts_graph
from mezan_graph.languages import LocalText, preferred
from mezan_graph.namespaces import (
    DCT,
    FOAF,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    Namespace,
    project_prefixes,
)
from mezan_graph.serialization import index_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

Resource = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

LABELS = (SKOS.prefLabel, SCHEMA.name, RDFS.label, DCT.title, FOAF.name)
"""Properties that name a thing; the first one that a thing has is its label."""
DEFINITIONS = (SKOS.definition, RDFS.comment, DCT.description, SCHEMA.description)
"""Properties that say what a thing is."""
PERSONS = frozenset({SCHEMA.Person, FOAF.Person})
_TERMS = Path(__file__).with_name("terms.ttl")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\-]+")
_CACHED = 1 << 16


class Knowledge:
    """An indexed graph with the words for its terms.

    Attributes:
        project: The project that the graph belongs to.
        graph: The graph.
        mz: The namespace of the project's own vocabulary.

    Args:
        project: The project.
        graph: Its graph, or its shapes.
        names: What else knows names of terms.
    """

    def __init__(self, project: Project, graph: Graph, names: Knowledge | None = None) -> None:
        self.project = project
        self.graph = graph
        self.mz = Namespace(project_prefixes(project.base)["mz"])
        self._index = index_of(graph)
        self._shortcuts = shortcuts_graph(project)
        self._words = _words()
        self._names = names
        self.label = lru_cache(_CACHED)(self._label)
        self.properties = lru_cache(_CACHED)(self._properties)

    def _properties(self, node: Resource) -> dict[ox.NamedNode, list[Term]]:
        """Return what is authored about ``node``: property to its distinct values, in order."""
        found: dict[ox.NamedNode, dict[Term, None]] = {}
        for quad in self._index.by_subject.get(node, ()):
            if quad.graph_name != self._shortcuts:
                found.setdefault(quad.predicate, {})[quad.object] = None
        return {predicate: list(values) for predicate, values in found.items()}

    def values(self, node: Resource, *predicates: ox.NamedNode) -> list[Term]:
        """Return the values of the properties ``predicates`` of ``node``, in this order."""
        about = self.properties(node)
        return [value for predicate in predicates for value in about.get(predicate, ())]

    def resources(self, node: Resource, *predicates: ox.NamedNode) -> list[ox.NamedNode]:
        """Return those of :meth:`values` that are IRIs."""
        return [each for each in self.values(node, *predicates) if isinstance(each, ox.NamedNode)]

    def literals(self, node: Resource, *predicates: ox.NamedNode) -> list[ox.Literal]:
        """Return those of :meth:`values` that are literals."""
        return [each for each in self.values(node, *predicates) if isinstance(each, ox.Literal)]

    def types(self, node: Resource) -> list[ox.NamedNode]:
        """Return the classes of ``node``."""
        return self.resources(node, RDF.type)

    def incoming(self, node: Resource) -> dict[ox.NamedNode, list[Resource]]:
        """Return what leads to ``node``: property to the distinct subjects, in order.

        A blank node stands for the IRIs that lead to it.
        """
        found: dict[ox.NamedNode, dict[Resource, None]] = {}
        for quad in self._index.by_object.get(node, ()):
            subject = quad.subject
            if quad.graph_name != self._shortcuts and not isinstance(subject, ox.Triple):
                for owner in self._owners(subject):
                    found.setdefault(quad.predicate, {})[owner] = None
        return {predicate: list(subjects) for predicate, subjects in found.items()}

    def _owners(self, node: Resource) -> Iterable[Resource]:
        seen: set[Resource] = set()
        waiting = [node]
        while waiting:
            each = waiting.pop()
            if isinstance(each, ox.NamedNode):
                yield each
                continue
            for quad in self._index.by_object.get(each, ()):
                subject = quad.subject
                if subject not in seen and not isinstance(subject, ox.Triple):
                    seen.add(subject)
                    waiting.append(subject)

    def instances(self, kind: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the IRIs that are said to be of the class ``kind`` itself."""
        subjects = self.incoming(kind).get(RDF.type, ())
        return [each for each in subjects if isinstance(each, ox.NamedNode)]

    def is_person(self, node: Resource) -> bool:
        """Whether a page about ``node`` is one about a person."""
        return not PERSONS.isdisjoint(self.types(node))

    @cached_property
    def statements(self) -> dict[tuple[Term, Term, Term], list[Resource]]:
        """Every triple that a ``rdf:Statement`` is about, to these statements."""
        found: dict[tuple[Term, Term, Term], list[Resource]] = {}
        for subject in self.instances(RDF.Statement):
            parts = [self.values(subject, RDF[part]) for part in ("subject", "predicate", "object")]
            if all(parts):
                key = (parts[0][0], parts[1][0], parts[2][0])
                found.setdefault(key, []).append(subject)
        return found

    @cached_property
    def terms(self) -> list[ox.NamedNode]:
        """The classes and properties that the project defines itself, sorted."""
        if self._names is not None:
            return self._names.terms
        kinds = (
            OWL.Class, RDFS.Class, OWL.ObjectProperty, OWL.DatatypeProperty,
            OWL.AnnotationProperty, RDF.Property,
        )  # fmt: skip
        found = {term for kind in kinds for term in self.instances(kind)}
        return sorted(found, key=lambda each: each.value)

    def _label(self, term: Resource, language: str) -> LocalText | None:
        """Return the label of ``term`` for readers of ``language``, or ``None``."""
        languages = self.project.languages
        for predicate in LABELS:
            found = preferred(self.literals(term, predicate), language, languages)
            if found is not None:
                return found
        if self._names is not None:
            return self._names.label(term, language)
        words = preferred(self._words.get(term, ()), language, languages)
        if words is not None or not isinstance(term, ox.NamedNode):
            return words
        return self._local_name(term)

    def _local_name(self, term: ox.NamedNode) -> LocalText | None:
        """Return the words of the name of a term of a known vocabulary, which is English."""
        for namespace in self.graph.prefixes.values():
            local = term.value.removeprefix(namespace)
            if local != term.value and local.isascii() and local.isidentifier():
                words = [word if word.isupper() else word.lower() for word in _WORD.findall(local)]
                return LocalText(" ".join(words), "en", fallen_back=False)
        return None


@lru_cache(1)
def _words() -> dict[Term, list[ox.Literal]]:
    found: dict[Term, list[ox.Literal]] = {}
    for quad in ox.parse(_TERMS.read_bytes(), ox.RdfFormat.TURTLE):
        if isinstance(quad.object, ox.Literal):
            found.setdefault(quad.subject, []).append(quad.object)
    return found

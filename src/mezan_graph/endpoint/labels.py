"""Entities by their names in any script, found by names that are nearly the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, RDFS, SCHEMA, SKOS
from mezan_graph.serialization.entities import index_of

if TYPE_CHECKING:
    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

NAMES = (SCHEMA.name, SKOS.prefLabel, RDFS.label, SCHEMA.alternateName, SKOS.altLabel)
"""Properties whose values name an entity, names before alternate names."""

_CUTOFF = 45
"""Score below which a name is no candidate, of 100."""

_SEPARATORS = re.compile(r"[\W_]+")
# Vowel signs and the stretching line of Arabic are often left out; letters that carry a hamza, the
# two forms of ya and ta marbuta are often written without.
_ARABIC = str.maketrans(
    dict.fromkeys([*map(chr, range(0x064B, 0x0653)), "\u0640", "\u0670"], "")
    | dict.fromkeys("أإآٱ", "ا")
    | {"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
)


def normalised(text: str) -> str:
    """Return ``text`` without what people write differently: case, accents, vowel signs, marks."""
    text = text.translate(_ARABIC)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(each for each in text if not unicodedata.combining(each))
    return _SEPARATORS.sub(" ", text).strip()


class Candidate(NamedTuple):
    """An entity whose name is like the one that was looked for.

    Attributes:
        iri: The entity.
        score: From 0 to 100.
        exact: Whether one of its names is the same but for case, accents and marks.
    """

    iri: ox.NamedNode
    score: float
    exact: bool


class LabelIndex:
    """The names of every entity of a project that has one.

    Attributes:
        literals: The names of each entity, as literals.
        types: The classes of each entity.
        usage: How many entities with a name have each class.
    """

    def __init__(self, project: Project, graph: Graph) -> None:
        space = f"{project.base}id/"
        self.literals: dict[ox.NamedNode, list[ox.Literal]] = {}
        self.types: dict[ox.NamedNode, list[ox.NamedNode]] = {}
        self.usage: dict[ox.NamedNode, int] = {}
        self._keys: list[str] = []
        self._owners: list[ox.NamedNode] = []
        for subject, quads in index_of(graph).by_subject.items():
            if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(space):
                continue
            names = [
                quad.object
                for name in NAMES
                for quad in quads
                if quad.predicate == name and isinstance(quad.object, ox.Literal)
            ]
            if names:
                self._add(subject, list(dict.fromkeys(names)))
                types = {
                    quad.object
                    for quad in quads
                    if quad.predicate == RDF.type and isinstance(quad.object, ox.NamedNode)
                }
                self.types[subject] = sorted(types, key=str)
                for each in types:
                    self.usage[each] = self.usage.get(each, 0) + 1

    def _add(self, entity: ox.NamedNode, names: list[ox.Literal]) -> None:
        self.literals[entity] = names
        for key in dict.fromkeys(normalised(name.value) for name in names):
            if key:
                self._keys.append(key)
                self._owners.append(entity)

    def like(self, text: str) -> list[Candidate]:
        """Return the entities with a name like ``text``, the nearest first."""
        from rapidfuzz import fuzz, process

        wanted = normalised(text)
        found: dict[ox.NamedNode, Candidate] = {}
        if not wanted:
            return []
        matches = process.extract(
            wanted, self._keys, scorer=fuzz.WRatio, limit=None, score_cutoff=_CUTOFF
        )
        for key, score, position in matches:
            entity = self._owners[position]
            exact = key == wanted
            # A part of a name, or its words in another order, is like it but not the same.
            shown = 100.0 if exact else min(99.0, 0.5 * score + 0.5 * fuzz.ratio(wanted, key))
            known = found.get(entity)
            if known is None or known.score < shown:
                found[entity] = Candidate(entity, round(shown, 1), exact)
        return sorted(found.values(), key=lambda each: (-each.score, each.iri.value))

    def starting(self, prefix: str) -> list[ox.NamedNode]:
        """Return the entities with a word that starts with ``prefix``, then those like it."""
        wanted = normalised(prefix)
        if not wanted:
            return sorted(self.literals, key=str)
        first = {
            entity: not key.startswith(wanted)
            for key, entity in zip(self._keys, self._owners, strict=True)
            if f" {wanted}" in f" {key}"
        }
        listed = sorted(first, key=lambda each: (first[each], each.value))
        return listed + [each.iri for each in self.like(prefix) if each.iri not in first]


def likeness(one: str, other: str) -> float:
    """Return how alike two normalised texts are, from 0 to 100."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)

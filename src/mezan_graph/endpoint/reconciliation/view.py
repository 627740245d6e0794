"""The graph as the Reconciliation Service API shows it to a reader of one language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.endpoint.negotiation import choose_language
from mezan_graph.languages import preferred
from mezan_graph.namespaces import RDFS, SCHEMA, SKOS
from mezan_graph.serialization.entities import index_of

if TYPE_CHECKING:
    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces

MOST_QUERIES = 100
"""Most queries of a batch, and most entities of a data extension."""

_LABELS = (SCHEMA.name, SKOS.prefLabel, RDFS.label)


class View:
    """The graph as a reader of one language sees it."""

    def __init__(self, loaded: Loaded, language: str | None) -> None:
        self.loaded = loaded
        self.project = loaded.project
        self.index = index_of(loaded.graph)
        self.language = choose_language(language, loaded.project.languages)
        self.space = f"{loaded.project.base}id/"

    def values(self, subject: object, predicate: ox.NamedNode) -> list[Any]:
        """Return the objects of ``subject`` and ``predicate``, each once."""
        quads = self.index.by_subject.get(subject, ())
        return list(dict.fromkeys(q.object for q in quads if q.predicate == predicate))

    def name(self, node: ox.NamedNode) -> str:
        """Return what ``node`` is called."""
        for predicate in _LABELS:
            literals = [v for v in self.values(node, predicate) if isinstance(v, ox.Literal)]
            found = preferred(literals, self.language, self.project.languages)
            if found is not None:
                return found.text
        return short_name(node, self.project.prefixes)

    def described(self, node: ox.NamedNode) -> dict[str, str]:
        """Return identifier and name of a type or property."""
        return {"id": node.value, "name": self.name(node)}

    def types(self, entity: ox.NamedNode) -> list[dict[str, str]]:
        """Return the types of ``entity``."""
        return [self.described(each) for each in self.loaded.labels.types.get(entity, [])]

    def entity(self, identifier: str) -> ox.NamedNode | None:
        """Return the entity that ``identifier``, a slug or an IRI, stands for."""
        iri = identifier if identifier.startswith(self.space) else self.space + identifier
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return None
        return node if node in self.loaded.labels.literals else None

    def slug(self, entity: ox.NamedNode) -> str:
        """Return the identifier of ``entity``."""
        return entity.value.removeprefix(self.space)

    def other_names(self, entity: ox.NamedNode) -> str:
        """Return the other names of ``entity``, for people who tell namesakes apart."""
        own = self.name(entity)
        names = (each.value for each in self.loaded.labels.literals.get(entity, []))
        return " · ".join(name for name in dict.fromkeys(names) if name != own)


def iri_of(view: View, identifier: str) -> str:
    """Return the IRI of a type or property, which may be a prefixed name."""
    return view.project.entity_iri(identifier) if ":" in identifier else identifier


def property_values(
    view: View, entity: ox.NamedNode, identifier: str
) -> list[ox.NamedNode | ox.Literal]:
    """Return the values of a property of an entity, blank nodes left out."""
    try:
        predicate = ox.NamedNode(iri_of(view, identifier))
    except ValueError:
        return []
    values = view.values(entity, predicate)
    return [each for each in values if isinstance(each, ox.NamedNode | ox.Literal)]


def send(view: View, pieces: Pieces, document: Any) -> None:
    """Send a JSON document that was made from ``view``."""
    pieces.head({"media_type": "application/json", "stable": view.loaded.lasting})
    pieces.piece(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

"""Reconciliation where the store has the names: it gives candidates, and they are scored here.

Each job fetches what it will need, and is then the one of a graph of our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.endpoint.distant.candidates import (
    called,
    called_like,
    in_each_language,
    some_of,
    starting,
    valued,
)
from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.endpoint.reconciliation import extension, matching, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.endpoint.worker import Pieces

_LONGEST = 200
"""Most code points of a name that are looked for."""
_SUGGESTED = 20
_NAMED_CLASSES = 200
_LARGEST, _OF_EACH, _OF_ONE = 20, 20, 200
"""Classes, and entities of each, whose properties stand for those of all."""


def manifest(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the service manifest; see :func:`matching.manifest`."""
    matching.manifest(_with_classes(distant), job, pieces)


def reconcile(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the candidates for each query of a batch; see :func:`matching.reconcile`."""
    nodes: dict[ox.NamedNode, None] = {}
    predicates: set[ox.NamedNode] = set()
    for query in matching.checked_batch(job).values():
        text, asked = query.get("query", ""), query.get("properties", [])
        listed = asked if isinstance(asked, list) else []
        properties = [each for each in listed if isinstance(each, dict) and "v" in each]
        if isinstance(text, str) and text.strip():
            shortened = text[:_LONGEST].strip()
            nodes |= dict.fromkeys(_identified(distant, [shortened]))
            nodes |= dict.fromkeys(called(distant, shortened))
            nodes |= dict.fromkeys(called_like(distant, shortened, _types(distant, query)))
        for each in properties:
            predicate = _property(distant, each.get("pid"))
            if predicate is not None:
                predicates.add(predicate)
                if not text:
                    nodes |= dict.fromkeys(valued(distant, predicate, _values(distant, each["v"])))
    part = distant.part(Excerpts(distant).compared(nodes, predicates))
    matching.reconcile(part, job, pieces)


def suggest(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send suggestions for what somebody types; see :func:`suggestion.suggest`."""
    given = job["fields"]
    prefix = given.get("prefix", "")[:_LONGEST]
    if job["what"] == "entity":
        nodes = [*_identified(distant, [prefix]), *starting(distant, prefix)]
        if len(nodes) < _SUGGESTED:
            nodes += called_like(distant, prefix)
        part = distant.part(Excerpts(distant).compared(nodes))
    elif job["what"] == "type":
        part = _with_classes(distant)
    else:
        kind = _property(distant, given.get("type")) if given.get("type") else None
        part = distant.part(_used(distant, kind))
    suggestion.suggest(part, job, pieces)


def preview(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a small page about an entity; see :func:`suggestion.preview`."""
    nodes = _identified(distant, [job["fields"].get("id", "")])
    suggestion.preview(distant.part(Excerpts(distant).compared(nodes)), job, pieces)


def extend(distant: Distant, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the values of properties of entities; see :func:`extension.extend`."""
    batch = job["batch"] if isinstance(job["batch"], dict) else {}
    ids, asked = batch.get("ids"), batch.get("properties")
    nodes: list[ox.NamedNode] = []
    predicates: list[ox.NamedNode | None] = []
    if isinstance(ids, list) and isinstance(asked, list):
        nodes = _identified(distant, ids)
        names = (each.get("id") for each in asked if isinstance(each, dict))
        predicates = [_property(distant, each) for each in names]
    known = [each for each in predicates if each is not None]
    extension.extend(distant.part(Excerpts(distant).compared(nodes, known)), job, pieces)


def _with_classes(distant: Distant) -> Distant:
    """Return the project with the names of its classes, and how much is of each."""
    counts = distant.classes.counts
    part = distant.part(Excerpts(distant).named(list(counts)[:_NAMED_CLASSES]))
    part.labels.usage = counts
    return part


def _used(distant: Distant, kind: ox.NamedNode | None) -> list[ox.Quad]:
    """Return names and types of some entities, with their properties but without the values."""
    if kind is None:
        largest = list(distant.classes.counts)[:_LARGEST]
        nodes = [node for each in largest for node in some_of(distant, each, _OF_EACH)]
    else:
        nodes = some_of(distant, kind, _OF_ONE)
    if not nodes:
        return []
    listed = " ".join(map(str, dict.fromkeys(nodes)))
    used = distant.rows(f"SELECT DISTINCT ?s ?p WHERE {{ VALUES ?s {{ {listed} }} ?s ?p ?o }}")
    value = ox.BlankNode("any")
    quads = Excerpts(distant).compared(nodes)
    return [*quads, *(ox.Quad(node, predicate, value) for node, (predicate,) in used)]


def _identified(distant: Distant, identifiers: Iterable[object]) -> list[ox.NamedNode]:
    """Return what slugs or IRIs may stand for; whether there is such a thing is not looked up."""
    space = f"{distant.project.base}id/"
    found = []
    for each in identifiers:
        if isinstance(each, str) and each:
            iri = _iri(each if each.startswith(space) else space + each)
            found += [iri] if iri is not None else []
    return found


def _property(distant: Distant, identifier: object) -> ox.NamedNode | None:
    """Return the IRI of a property or type, which may be a prefixed name."""
    if not isinstance(identifier, str):
        return None
    return _iri(distant.project.entity_iri(identifier) if ":" in identifier else identifier)


def _types(distant: Distant, query: Mapping[str, Any]) -> list[ox.NamedNode]:
    """Return the types of which the candidates of a query must have one; none where any will do."""
    given = query.get("type") or []
    if query.get("type_strict") == "should":
        return []
    found = (_property(distant, each) for each in (given if isinstance(given, list) else [given]))
    return [each for each in found if each is not None]


def _values(distant: Distant, given: object) -> list[ox.NamedNode | ox.Literal]:
    """Return what the values of a property of a query may be."""
    found: list[ox.NamedNode | ox.Literal] = []
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, dict):
            found += _identified(distant, [each.get("id")])
        else:
            found += in_each_language(distant, str(each)[:_LONGEST])
    return found


def _iri(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None

"""Service manifest and reconciliation queries: candidates for names, with scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.endpoint.labels import Candidate, likeness, normalised
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.reconciliation.view import (
    MOST_QUERIES,
    View,
    iri_of,
    property_values,
    send,
)
from mezan_graph.namespaces import RDFS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces

_MOST_CANDIDATES = 100
_USUAL_CANDIDATES = 5
_NAME_SHARE = 0.7
_SAME = 99.9


def manifest(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the service manifest (section 4.1)."""
    view = View(loaded, job.get("language"))
    root = f"{loaded.project.site}reconcile"
    counted = sorted(loaded.labels.usage.items(), key=lambda item: (-item[1], item[0].value))
    suggest = {
        what: {"service_url": root, "service_path": f"/{what}"}
        for what in ("entity", "type", "property")
    }
    title = loaded.project.title
    send(
        view,
        pieces,
        {
            "versions": ["0.2"],
            "name": title.get(view.language) or next(iter(title.values()), loaded.project.name),
            "identifierSpace": view.space,
            "schemaSpace": RDFS.iri,
            "defaultTypes": [view.described(each) for each, _ in counted[:5]],
            "documentation": f"{loaded.project.site}openapi.json",
            "serviceVersion": loaded.project.version,
            "view": {"url": f"{view.space}{{{{id}}}}"},
            "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": 430, "height": 240},
            "suggest": suggest,
            "extend": {
                "propose_properties": {"service_url": root, "service_path": "/properties"},
                "property_settings": [],
            },
            "batchSize": loaded.batch,
        },
    )


def reconcile(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the candidates for each query of a batch (section 4.3).

    Raises:
        Problem: The batch is not one.
    """
    batch = checked_batch(job)
    view = View(loaded, job.get("language"))
    send(view, pieces, {key: {"result": _candidates(view, each)} for key, each in batch.items()})


def checked_batch(job: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the queries of a batch.

    Raises:
        Problem: The batch is not one.
    """
    batch = job["batch"]
    if not isinstance(batch, dict) or not all(isinstance(each, dict) for each in batch.values()):
        raise Problem(400, "queries: must be an object of objects")
    if len(batch) > MOST_QUERIES:
        raise Problem(413, f"queries: more than {MOST_QUERIES} in one batch")
    return batch


def _candidates(view: View, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = query.get("query", "")
    properties = query.get("properties", [])
    limit = query.get("limit", _USUAL_CANDIDATES)
    types = query.get("type") or []
    types = [types] if isinstance(types, str) else types
    valid = (
        isinstance(text, str)
        and isinstance(properties, list)
        and all(isinstance(each, dict) and {"pid", "v"} <= each.keys() for each in properties)
        and isinstance(limit, int | float)
        and isinstance(types, list)
    )
    if not valid:
        raise Problem(400, "queries: a query has a field of the wrong type")
    found = _found(view, text, properties)
    wanted = {iri_of(view, each) for each in types if isinstance(each, str)}
    if wanted and query.get("type_strict") != "should":
        strict = query.get("type_strict") == "all"
        found = [each for each in found if _fits(view, each.iri, wanted, strict=strict)]
    scored = []
    for candidate in found:
        features = {"name": candidate.score}
        for each in properties:
            features[str(each["pid"])] = _likeness(view, candidate.iri, each)
        score = candidate.score
        if len(features) > 1:
            others = [value for name, value in features.items() if name != "name"]
            share = _NAME_SHARE if text else 0.0
            score = share * score + (1 - share) * sum(others) / len(others)
        scored.append((score, candidate, features))
    scored.sort(key=lambda each: (-each[0], each[1].iri.value))
    # A match is claimed where there is no doubt: one entity alone has exactly this name.
    exact = [each for score, each, _ in scored if each.exact and score >= _SAME]
    most = max(0, min(int(limit), _MOST_CANDIDATES))
    return [
        {
            "id": view.slug(candidate.iri),
            "name": view.name(candidate.iri),
            "description": view.other_names(candidate.iri),
            "type": view.types(candidate.iri),
            "score": round(score, 1),
            "match": len(exact) == 1 and candidate is exact[0],
            "features": [{"id": name, "value": value} for name, value in features.items()],
        }
        for score, candidate, features in scored[:most]
    ]


def _found(view: View, text: str, properties: Sequence[Mapping[str, Any]]) -> list[Candidate]:
    named = view.entity(text) if text else None
    found = view.loaded.labels.like(text)
    if named is not None:
        same = Candidate(named, 100.0, exact=True)
        found = [same, *(each._replace(exact=False) for each in found if each.iri != named)]
    if text or not properties:
        return found
    return [
        Candidate(entity, 0.0, exact=False)
        for entity in view.loaded.labels.literals
        if any(_likeness(view, entity, each) for each in properties)
    ]


def _fits(view: View, entity: ox.NamedNode, wanted: set[str], *, strict: bool) -> bool:
    types = {each.value for each in view.loaded.labels.types.get(entity, [])}
    return wanted <= types if strict else bool(wanted & types)


def _likeness(view: View, entity: ox.NamedNode, asked: Mapping[str, Any]) -> float:
    """Return how well the values of a property are those that are asked for, from 0 to 100."""
    given = asked["v"] if isinstance(asked["v"], list) else [asked["v"]]
    wanted = {normalised(str(v.get("id", "") if isinstance(v, dict) else v)) for v in given}
    best = 0.0
    for value in property_values(view, entity, str(asked["pid"])):
        texts = [value.value]
        if isinstance(value, ox.NamedNode):
            texts += [view.slug(value), view.name(value)]
        keys = {normalised(each) for each in texts}
        best = max([best, *(likeness(key, each) for key in keys for each in wanted)])
    return round(best, 1)

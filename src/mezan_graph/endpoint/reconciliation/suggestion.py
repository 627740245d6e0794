"""Suggest services, proposed properties and previews."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.labels import normalised
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.reconciliation.view import View, iri_of, send
from mezan_graph.languages import direction
from mezan_graph.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces

_SUGGESTED = 20


def suggest(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send suggestions for what somebody types (section 6), or properties of a type (7.4).

    Raises:
        Problem: A field is not what it must be.
    """
    given = job["fields"]
    view = View(loaded, job.get("language"))
    if job["what"] == "properties":
        send(view, pieces, _proposed(view, given))
        return
    cursor = given.get("cursor") or "0"
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 7):  # noqa: PLR2004
        raise Problem(400, "cursor: must be a whole number")
    if "prefix" not in given:
        raise Problem(400, "prefix: is required")
    start = int(cursor)
    prefix = given["prefix"]
    if job["what"] == "entity":
        listed = loaded.labels.starting(prefix)
        named = view.entity(prefix)
        if named is not None:
            listed = [named, *(each for each in listed if each != named)]
        shown: list[Any] = [
            {
                "id": view.slug(each),
                "name": view.name(each),
                "description": view.other_names(each),
                "notable": view.types(each),
            }
            for each in listed[start : start + _SUGGESTED]
        ]
    else:
        nodes = loaded.labels.usage if job["what"] == "type" else _properties(view, None)
        wanted = normalised(prefix)
        described = [view.described(each) for each in nodes]
        found = [
            each
            for each in described
            if f" {wanted}" in f" {normalised(each['name'])}" or each["id"] == prefix
        ]
        found.sort(key=lambda each: (each["name"], each["id"]))
        shown = found[start : start + _SUGGESTED]
    send(view, pieces, {"result": shown})


def _proposed(view: View, given: Mapping[str, str]) -> dict[str, Any]:
    limit = given.get("limit") or "0"
    if not (limit.isascii() and limit.isdecimal()):
        raise Problem(400, "limit: must be a whole number")
    kind = given.get("type")
    counted = _properties(view, iri_of(view, kind) if kind else None)
    listed = sorted(counted, key=lambda each: (-counted[each], each.value))
    proposed: dict[str, Any] = {
        "properties": [view.described(each) for each in listed[: int(limit[:6]) or None]]
    }
    return ({"type": kind} if kind else {}) | proposed


def _properties(view: View, kind: str | None) -> dict[ox.NamedNode, int]:
    """Return how often each property is used with the entities of a type."""
    found: dict[ox.NamedNode, int] = {}
    for entity, types in view.loaded.labels.types.items():
        if kind is not None and kind not in {each.value for each in types}:
            continue
        for predicate in {quad.predicate for quad in view.index.by_subject[entity]}:
            if predicate != RDF.type:
                found[predicate] = found.get(predicate, 0) + 1
    return found


_PREVIEW = """<!DOCTYPE html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<title>{name}</title>
<h1>{name}</h1>
<p>{types}</p>
<p>{others}</p>
<p><a href="{iri}">{iri}</a></p>
</html>
"""


def preview(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send a small page about an entity, to be shown in a frame (section 5).

    Raises:
        Problem: There is no such entity.
    """
    view = View(loaded, job.get("language"))
    entity = view.entity(job["fields"].get("id", ""))
    if entity is None:
        raise Problem(404, "there is no such entity")
    page = _PREVIEW.format(
        language=view.language,
        direction=direction(view.language),
        name=html.escape(view.name(entity)),
        types=html.escape(", ".join(each["name"] for each in view.types(entity))),
        others=html.escape(view.other_names(entity)),
        iri=html.escape(entity.value),
    )
    policy = "default-src 'none'; frame-ancestors *"
    headers = {"Content-Security-Policy": policy, "Content-Language": view.language}
    pieces.head({"media_type": "text/html", "stable": loaded.lasting, "headers": headers})
    pieces.piece(page.encode())

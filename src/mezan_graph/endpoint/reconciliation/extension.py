"""Data extension: values of properties of entities that were reconciled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.reconciliation.view import (
    MOST_QUERIES,
    View,
    iri_of,
    property_values,
    send,
)
from mezan_graph.queries.solutions import python_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces


def extend(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the values of properties of entities (section 7).

    Raises:
        Problem: The request is not one for data extension.
    """
    batch = job["batch"]
    view = View(loaded, job.get("language"))
    ids = batch.get("ids") if isinstance(batch, dict) else None
    asked = batch.get("properties") if isinstance(batch, dict) else None
    if not isinstance(ids, list) or not isinstance(asked, list):
        raise Problem(400, "extend: must be an object with ids and properties")
    names: list[Any] = [each.get("id") for each in asked if isinstance(each, dict)]
    if not all(isinstance(each, str) for each in [*ids, *names]) or len(names) < len(asked):
        raise Problem(400, "extend: each identifier must be a string")
    if len(ids) * max(1, len(names)) > MOST_QUERIES**2:
        raise Problem(413, "extend: too many values in one request")
    rows = {}
    for identifier in ids:
        entity = view.entity(identifier)
        rows[identifier] = {
            name: [] if entity is None else _cells(view, entity, name) for name in names
        }
    meta = [{"id": name, "name": _named(view, name)} for name in names]
    send(view, pieces, {"meta": meta, "rows": rows})


def _named(view: View, identifier: str) -> str:
    try:
        return view.name(ox.NamedNode(iri_of(view, identifier)))
    except ValueError:
        return identifier


def _cells(view: View, entity: ox.NamedNode, name: str) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = []
    for value in property_values(view, entity, name):
        if isinstance(value, ox.NamedNode):
            known = value in view.loaded.labels.literals
            identified = {"id": view.slug(value), "name": view.name(value)}
            cells.append(identified if known else {"str": value.value})
            continue
        plain = python_value(value)
        if isinstance(plain, int) and not isinstance(plain, bool):
            cells.append({"int": plain})
        elif isinstance(plain, float) and plain - plain == 0:
            cells.append({"float": plain})
        else:
            cells.append({"str": value.value})
    return cells

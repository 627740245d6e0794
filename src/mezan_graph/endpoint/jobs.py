"""What a worker can be asked to do; each job takes JSON values and gives a head and a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint import api, asking, description, openapi, resources, site_pages
from mezan_graph.endpoint.reconciliation import extension, matching, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces

JOBS: dict[str, Callable[[Loaded, dict[str, Any], Pieces], None]] = {
    "query": asking.query,
    "stored": api.stored,
    "queries": api.catalogue,
    "openapi": openapi.document,
    "resource": resources.resource,
    "service": description.service,
    "manifest": matching.manifest,
    "reconcile": matching.reconcile,
    "extend": extension.extend,
    "suggest": suggestion.suggest,
    "preview": suggestion.preview,
    "page": site_pages.page,
    "search": site_pages.search,
    "versions": site_pages.versions,
}
"""Every job by its name."""


def distant_jobs() -> dict[str, Any]:
    """Return every job by its name for a project whose data is in a store elsewhere."""
    from mezan_graph.endpoint.distant import pages, reconciliation

    names = ("manifest", "reconcile", "extend", "suggest", "preview")
    return JOBS | {each: getattr(reconciliation, each) for each in names} | {"page": pages.page}

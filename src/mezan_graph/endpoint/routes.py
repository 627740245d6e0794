"""The paths of the service and what answers each of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint import handlers, releases
from mezan_graph.endpoint.answer import Answer, Request
from mezan_graph.endpoint.metrics import MEDIA_TYPE
from mezan_graph.endpoint.resources import FORMATS

if TYPE_CHECKING:
    from mezan_graph.endpoint.metrics import Metrics
    from mezan_graph.endpoint.service import Service

Receive = Callable[[], Awaitable[Any]]
Handler = Callable[[Request, Receive, bool], Awaitable[Answer]]
"""Takes a request, what waits for more of it, and whether an answer may be sent in pieces."""

POSTED = frozenset({"/sparql", "/reconcile"})
"""Paths to which something may be posted."""


def table(service: Service, metrics: Metrics) -> dict[str, Handler]:
    """Return the handler of each path, in starlette's notation."""
    found: dict[str, Handler] = {
        "/sparql": lambda request, receive, stream: handlers.sparql(
            service, request, _gone(receive), stream=stream
        ),
        "/id/{name:path}": lambda request, *_: handlers.identifier(service, request, "id"),
        "/doc/{name:path}": _document(service, "id"),
        "/concept/{name:path}": lambda request, *_: handlers.concept(service, request),
        "/graph/{name}": _document(service, "graph"),
        "/dataset/{name:path}": lambda request, *_: releases.dataset(service, request),
        "/versions": lambda request, *_: releases.slash(service, request),
        "/versions/": lambda request, *_: releases.index(service, request),
        "/versions/{version}": lambda request, *_: releases.folder(service, request),
        "/versions/{version}/{path:path}": lambda request, *_: releases.file(service, request),
        "/{language}/search.html": lambda request, *_: handlers.search(service, request),
        "/{language}/versions.html": lambda request, *_: releases.page(service, request),
        "/def": _document(service, "vocabulary"),
        "/shapes": _document(service, "shapes"),
        "/.well-known/void": _document(service, "dataset"),
        "/api/queries": _job(service, "queries"),
        "/api/queries/{name}": lambda request, receive, _: handlers.stored_query(
            service, request, _gone(receive)
        ),
        "/openapi.json": _job(service, "openapi"),
        "/reconcile": lambda request, receive, _: handlers.reconcile(
            service, request, _gone(receive)
        ),
    }
    for each in FORMATS:
        found[f"/void{each.suffix}"] = _document(service, "dataset", each.suffix)
        found[f"/def{each.suffix}"] = _document(service, "vocabulary", each.suffix)
        found[f"/shapes{each.suffix}"] = _document(service, "shapes", each.suffix)
    for what in ("entity", "type", "property", "preview", "properties"):
        found[f"/reconcile/{what}"] = _suggestions(service, what)

    async def health(request: Request, *_: Any) -> Answer:
        return handlers.health(service, request)

    async def figures(*_: Any) -> Answer:
        headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
        return Answer(200, headers, metrics.text())

    async def page(request: Request, _: Receive, stream: bool) -> Answer:
        return await handlers.page(service, request, stream=stream)

    # The folders of languages and of data come last, so that they hide nothing.
    last = dict.fromkeys(("/", "/{language}/{path:path}", "/{file}"), page)
    return {**found, "/health": health, "/metrics": figures, **last}


def _gone(receive: Receive) -> Callable[[], Awaitable[object]]:
    async def wait() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return wait


def _job(service: Service, name: str) -> Handler:
    return lambda request, *_: handlers.plain_job(service, request, {"job": name})


def _document(service: Service, kind: str, suffix: str | None = None) -> Handler:
    return lambda request, *_: handlers.document(service, request, kind, suffix)


def _suggestions(service: Service, what: str) -> Handler:
    return lambda request, *_: handlers.suggestions(service, request, what)

"""What the paths of released versions answer; files are read in threads, large ones in pieces."""

from __future__ import annotations

import asyncio
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mezan_graph.endpoint.answer import Answer, Request, etag_of
from mezan_graph.endpoint.handlers import READING, document
from mezan_graph.endpoint.negotiation import choose, choose_language
from mezan_graph.endpoint.problems import Problem, not_allowed
from mezan_graph.endpoint.service import REVALIDATE
from mezan_graph.endpoint.versions import INDEX, Versions
from mezan_graph.site.headers import EVERYWHERE, NAMED_TYPES, TYPES, with_charset

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mezan_graph.endpoint.service import Service

_LASTING = "public, max-age=31536000, immutable"
_HTML, _JSON = "text/html", "application/json"
_NEGOTIATED = {"Vary": "Accept, Accept-Language", "Cache-Control": REVALIDATE}
_DESCRIPTIONS = {
    _HTML: "",
    "text/turtle": "void.ttl",
    "application/ld+json": "dataset.jsonld",
    "application/n-triples": "dataset.nt",
}
"""Where the data set of a version is described within it, by media type."""


def _versions(service: Service, request: Request) -> Versions:
    if request.method not in READING:
        raise not_allowed(*READING)
    if service.versions is None:
        raise Problem(404, "no released versions are kept here")
    return service.versions


def _withdrawn(service: Service) -> list[str]:
    found: list[str] = service.facts.get("withdrawn", [])
    return found


async def index(service: Service, request: Request) -> Answer:
    """Answer the list of the versions: as JSON, or the way to the page in a reader's language."""
    versions = _versions(service, request)
    if choose(request.headers.get("accept"), [_HTML, _JSON]) == _JSON:
        listed = await asyncio.to_thread(versions.listed, _withdrawn(service))
        root = f"{service.facts['site']}versions/"
        return _json([{**each._asdict(), "url": f"{root}{each.name}/"} for each in listed])
    return _to_page(service, request, "../")


async def slash(service: Service, request: Request) -> Answer:
    """Answer the path of the list without its slash, by which its links would lead elsewhere."""
    _versions(service, request)
    query = f"?{request.query_string}" if request.query_string else ""
    return Answer(308, {"Location": f"versions/{query}", "Cache-Control": REVALIDATE})


def _to_page(service: Service, request: Request, root: str) -> Answer:
    languages = service.facts["languages"]
    language = choose_language(request.headers.get("accept-language"), languages)
    return Answer(303, {"Location": f"{root}{language}/versions.html", **_NEGOTIATED})


def _json(document: object) -> Answer:
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    headers = {"Content-Type": _JSON, "ETag": etag_of(body, _JSON), **_NEGOTIATED}
    return Answer(200, headers, body)


async def page(service: Service, request: Request) -> Answer:
    """Answer the page that lists the versions in one language."""
    versions = _versions(service, request)
    language = request.parts["language"]
    if language not in service.facts["languages"]:
        raise Problem(404, "there is no such page")
    listed = await asyncio.to_thread(versions.listed, _withdrawn(service))
    job = {"job": "versions", "language": language, "versions": [each._asdict() for each in listed]}
    answer = await service.answer(job)
    # Versions come and go without a new graph.
    answer.keep = False
    return answer


async def file(service: Service, request: Request) -> Answer:
    """Answer a file of a version, or the version itself."""
    versions = _versions(service, request)
    name, path = request.parts["version"], request.parts["path"]
    await asyncio.to_thread(versions.require, name, _withdrawn(service))
    if not path:
        if choose(request.headers.get("accept"), [_HTML, _JSON]) == _JSON:
            files = await asyncio.to_thread(lambda: dict(versions.paths(name)))
            return _json({"name": name, "sha256": files})
        if not await asyncio.to_thread(versions.holds, name, INDEX):
            return _to_page(service, request, "../../")
    path = f"{path}{INDEX}" if path.endswith("/") or not path else path
    try:
        found = await asyncio.to_thread(versions.file, name, path)
    except Problem as problem:
        if problem.status not in {404, 410}:
            service.report("version changed", f"{name}/{path}: {problem.detail}")
        raise
    media_type = NAMED_TYPES.get(path) or TYPES.get(PurePosixPath(path).suffix)
    headers = {
        "Content-Type": with_charset(media_type or "application/octet-stream"),
        "Content-Security-Policy": EVERYWHERE["Content-Security-Policy"],
        "Cache-Control": _LASTING,
        "ETag": f'"{found.digest}"',
        "Link": f'<{service.facts["site"]}versions/>; rel="version-history"',
        # Search engines should find what holds now.
        "X-Robots-Tag": "noindex",
    }
    if found.content is not None:
        return Answer(200, headers, found.content)
    headers["Content-Length"] = str(found.size)
    return Answer(200, headers, pieces=_pieces(versions, name, path))


async def _pieces(versions: Versions, name: str, path: str) -> AsyncIterator[bytes]:
    pieces = versions.pieces(name, path)
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


async def folder(service: Service, request: Request) -> Answer:
    """Answer a version without its slash."""
    name = request.parts["version"]
    await asyncio.to_thread(_versions(service, request).require, name, _withdrawn(service))
    return Answer(303, {"Location": f"{name}/", "Cache-Control": REVALIDATE})


async def dataset(service: Service, request: Request) -> Answer:
    """Answer the IRI of the data set, or of a version of it, which leads to the version."""
    whole, _, version = request.parts["name"].partition("/")
    if service.versions is None or not version or whole != service.facts["name"]:
        return await document(service, request, "dataset")
    _versions(service, request)
    try:
        await asyncio.to_thread(service.versions.require, version, _withdrawn(service))
    except Problem as problem:
        if problem.status != 404:  # noqa: PLR2004
            raise
        return await document(service, request, "dataset")
    wanted = choose(request.headers.get("accept"), list(_DESCRIPTIONS)) or _HTML
    where = f"../../versions/{version}/{_DESCRIPTIONS[wanted]}"
    return Answer(303, {"Location": where, **_NEGOTIATED})

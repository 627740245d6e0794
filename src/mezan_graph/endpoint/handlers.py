"""What each path answers: from a request to a job for a worker, or to an answer at once."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mezan_graph.endpoint.answer import PREFLIGHT, Answer, Request
from mezan_graph.endpoint.frames import write_job
from mezan_graph.endpoint.negotiation import choose_language
from mezan_graph.endpoint.problems import Problem, not_allowed
from mezan_graph.endpoint.protocol import METHODS, fields, has_query, read_operation
from mezan_graph.endpoint.resources import suffix_of
from mezan_graph.endpoint.service import REVALIDATE
from mezan_graph.filenames import file_stem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mezan_graph.endpoint.service import Service

READING = ("GET", "HEAD", "OPTIONS")
BY_ACCEPT = {"Vary": "Accept"}
_NEGOTIATED = {"Vary": "Accept, Accept-Language"}


def preflight(methods: tuple[str, ...]) -> Answer:
    """Return the answer to OPTIONS."""
    listed = ", ".join(methods)
    headers = {"Allow": listed, "Access-Control-Allow-Methods": listed, **PREFLIGHT}
    return Answer(204, headers)


def _read_only(request: Request) -> None:
    if request.method not in READING:
        raise not_allowed(*READING)


def _format(request: Request) -> str | None:
    values = [value for name, value in fields(request.query_string) if name == "format"]
    return values[-1] if values else None


async def sparql(
    service: Service, request: Request, gone: Callable[[], Awaitable[object]], *, stream: bool
) -> Answer:
    """Answer a query (SPARQL 1.1 Protocol), or describe the endpoint."""
    if request.method == "OPTIONS":
        return preflight(METHODS)
    accept = request.headers.get("accept")
    headers = dict(BY_ACCEPT)
    query_string = request.query_string.encode("latin-1")
    if request.method in READING and has_query(query_string):
        asked = {**_query_job(accept, _base(service)), "url": query_string}
        return await service.answer(
            asked, headers=headers, gone=gone, left=request.left, stream=stream, begun=request.begun
        )
    operation = read_operation(
        request.method,
        request.query_string,
        request.headers.get("content-type", ""),
        request.body,
    )
    if operation is None:
        described = {"job": "service", "accept": accept, "format": _format(request)}
        return await service.answer(described, headers=headers)
    job: dict[str, Any] = {
        "job": "query",
        "operation": operation._asdict(),
        "accept": accept,
        "base": _base(service),
    }
    return await service.answer(job, headers=headers, gone=gone, left=request.left, stream=stream)


def query_job(service: Service, query_string: bytes, accept: str | None) -> bytes:
    """Return the job for a GET of a query; a worker reads the URL, of which there are several."""
    return _query_line(accept, _base(service)) + query_string


@lru_cache(256)
def _query_line(accept: str | None, base: str) -> bytes:
    return write_job({**_query_job(accept, base), "url": b""})


def _query_job(accept: str | None, base: str) -> dict[str, Any]:
    return {"job": "query", "accept": accept, "base": base}


def _base(service: Service) -> str:
    return f"{service.facts.get('site', '')}sparql"


async def identifier(service: Service, request: Request, space: str) -> Answer:
    """Answer ``/id/x`` with 303 and the place of the document about it."""
    _read_only(request)
    name = request.parts["name"]
    job = {"job": "resource", "kind": space, "name": name, "locate": True}
    found = await service.answer(job)
    return _see_other(found, 1 + name.count("/"), request.query_string)


async def document(
    service: Service, request: Request, kind: str, fixed: str | None = None
) -> Answer:
    """Answer the path of a document, with the suffix of a format or without."""
    _read_only(request)
    name, suffix = suffix_of(request.parts.get("name", ""))
    job = {
        "job": "resource",
        "kind": kind,
        "name": name,
        "suffix": suffix or fixed,
        "accept": request.headers.get("accept"),
        "format": _format(request),
        "language": request.headers.get("accept-language"),
    }
    headers = {} if suffix not in {None, ".html"} or fixed else dict(_NEGOTIATED)
    found = await service.answer(job, headers=headers)
    if "Location" in found.headers:
        return _see_other(found, 1 + name.count("/"))
    return found


def _see_other(found: Answer, depth: int, query_string: str = "") -> Answer:
    """Return the redirect to a path of the site, from ``depth`` folders below its root."""
    query = f"?{query_string}" if query_string else ""
    location = "../" * depth + quote(found.headers["Location"], safe="/~") + query
    headers = {"Location": location, "Cache-Control": REVALIDATE, **_NEGOTIATED}
    return Answer(303, headers, keep=found.keep)


async def concept(service: Service, request: Request) -> Answer:
    """Answer ``/concept/x``: the concept's own IRI redirects to the document in a format."""
    name = request.parts["name"]
    if suffix_of(name)[1] is not None:
        return await document(service, request, "concept")
    _read_only(request)
    job = {
        "job": "resource",
        "kind": "concept",
        "name": name,
        "accept": request.headers.get("accept"),
        "format": _format(request),
        "language": request.headers.get("accept-language"),
    }
    found = await service.answer(job)
    if "Location" in found.headers:
        return _see_other(found, 1 + name.count("/"))
    suffix = suffix_of(found.headers["Content-Location"])[1]
    location = "../" * name.count("/") + quote(file_stem(name), safe="~") + (suffix or "")
    headers = {"Location": location, "Cache-Control": REVALIDATE, **_NEGOTIATED}
    return Answer(303, headers, keep=found.keep)


async def stored_query(
    service: Service, request: Request, gone: Callable[[], Awaitable[object]]
) -> Answer:
    """Answer a stored query with the parameters of the URL."""
    _read_only(request)
    given = fields(request.query_string)
    names = [name for name, _ in given]
    for name in names:
        if names.count(name) > 1:
            raise Problem(400, f"{name} is given twice")
    job = {
        "job": "stored",
        "name": request.parts["name"],
        "fields": dict(given),
        "accept": request.headers.get("accept"),
    }
    return await service.answer(job, headers=dict(BY_ACCEPT), gone=gone, left=request.left)


async def page(service: Service, request: Request, *, stream: bool) -> Answer:
    """Answer a page of the site or what pages load; the root leads to the reader's language."""
    _read_only(request)
    if request.path == "/":
        languages = service.facts["languages"]
        chosen = choose_language(request.headers.get("accept-language"), languages)
        return _see_other(Answer(headers={"Location": f"{chosen}/index.html"}, keep=True), 0)
    found = await service.answer({"job": "page", "path": request.path[1:]}, stream=stream)
    if "Location" in found.headers:
        return _see_other(found, request.path.count("/") - 1)
    return found


async def search(service: Service, request: Request) -> Answer:
    """Answer a search of the site."""
    _read_only(request)
    given = dict(fields(request.query_string))
    return await service.answer(
        {
            "job": "search",
            "language": request.parts["language"],
            "text": given.get("q", ""),
            "page": given.get("page", "1"),
        }
    )


async def plain_job(service: Service, request: Request, job: dict[str, Any]) -> Answer:
    """Answer with what a job gives that depends on nothing else."""
    _read_only(request)
    return await service.answer(job)


async def reconcile(
    service: Service, request: Request, gone: Callable[[], Awaitable[object]]
) -> Answer:
    """Answer the root of the Reconciliation Service API: manifest, queries, data extension."""
    methods = ("GET", "HEAD", "POST", "OPTIONS")
    if request.method not in methods:
        raise not_allowed(*methods)
    given = dict(fields(request.query_string))
    if request.method == "POST":
        essence = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if essence != "application/x-www-form-urlencoded":
            raise Problem(415, "queries are posted as application/x-www-form-urlencoded")
        try:
            given |= dict(fields(request.body.decode()))
        except UnicodeDecodeError:
            raise Problem(400, "the body is not UTF-8") from None
    language = request.headers.get("accept-language")
    headers = {"Vary": "Accept-Language"}
    for name, work in (("queries", "reconcile"), ("extend", "extend")):
        if name in given:
            job = {"job": work, "batch": _json(given[name], name), "language": language}
            return await service.answer(job, headers=headers, gone=gone, left=request.left)
    if request.method == "POST":
        raise Problem(400, "there are no queries", hint="send them in the field named queries")
    job = {"job": "manifest", "language": language}
    return await service.answer(job, headers=headers)


async def suggestions(service: Service, request: Request, what: str) -> Answer:
    """Answer a suggest service, a proposal of properties or a preview of reconciliation."""
    _read_only(request)
    job = {
        "job": "preview" if what == "preview" else "suggest",
        "what": what,
        "fields": dict(fields(request.query_string)),
        "language": request.headers.get("accept-language"),
    }
    return await service.answer(job, headers={"Vary": "Accept-Language"})


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, f"the field {name} is not JSON") from None


def _no_constant(text: str) -> None:
    raise ValueError(text)


def health(service: Service, request: Request) -> Answer:
    """Answer whether the service can answer."""
    _read_only(request)
    current = service.current
    ready = current is not None and not current.ended
    members = {
        "status": "ok" if ready else "loading",
        "version": service.facts.get("version"),
        "triples": service.facts.get("triples"),
        "pages": current is not None and current.prepared.is_set(),
        "reload_failed": service.last_error is not None,
    }
    if service.elsewhere is not None:
        members["store"] = "failing" if service.store_fails else "ok"
    body = json.dumps(members).encode() + b"\n"
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Answer(200 if ready else 503, headers, body)

"""Stored queries as an API: typed parameters, pages, formats."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mezan_graph.endpoint.asking import choose_format, is_stable
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.sink import Sink
from mezan_graph.errors import ParameterError
from mezan_graph.formats import FORMATS
from mezan_graph.graph import Graph
from mezan_graph.queries.parameters import TYPES
from mezan_graph.queries.results import write_results
from mezan_graph.queries.solutions import Solutions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.queries.stored import StoredQuery

_IRI = r"(?:[A-Za-z0-9._~!$&'()*+,;=@/?\u00a1-\ud7ff-]|%[0-9A-Fa-f]{2})"
_NAMED = rf"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:{_IRI}|:)*|{_IRI}+)(?:#{_IRI}*)?"
PATTERNS = {
    "iri": _NAMED,
    "concept": _NAMED,
    "string": r"[\s\S]*",
    "langstring": r"[\s\S]*@[a-z]{2,3}(?:-[A-Z]{2})?",
    "integer": r"[+-]?[0-9]{1,40}",
    "decimal": r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?",
    "boolean": "true|false|1|0|yes|no",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "year": "-?(?:[1-9][0-9]{4,8}|[0-9]{4})",
    "limit": "[0-9]{1,9}",
    "offset": "[0-9]{1,9}",
}
"""What a value of each type looks like: a part of what :mod:`mezan_graph.queries.parameters` reads,
in regular expressions that JSON Schema has too."""

PER_PAGE = 100
MOST_PER_PAGE = 10_000
LAST_PAGE = 1_000_000


def stored(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the answer of a stored query.

    Args:
        loaded: The project and its graph.
        job: ``name`` of the query, ``fields`` of the URL, ``accept``.
        pieces: Where the answer goes.

    Raises:
        Problem: There is no such query, or a field is wrong.
        ParameterError: A parameter is unknown, missing or of the wrong type.
    """
    query = loaded.queries.get(job["name"])
    if query is None:
        raise Problem(404, "no stored query has this name", hint="/api/queries lists them all")
    given = dict(job["fields"])
    format_name, media_type = choose_format(
        query.form, job.get("accept"), given.pop("format", None)
    )
    page = _number(given, "page", 1, LAST_PAGE)
    per_page = _number(given, "per-page", PER_PAGE, MOST_PER_PAGE)
    for parameter in query.parameters:
        value = given.get(parameter.name)
        if value is not None and not re.fullmatch(PATTERNS[parameter.type], value):
            expected = TYPES[parameter.type][0]
            raise ParameterError(f"expected {expected}", place=parameter.name)
    answer, total = loaded.stored(query, given, (page - 1) * per_page, per_page)
    stable = loaded.lasting and is_stable(query.outline.words)
    head: dict[str, Any] = {"media_type": media_type, "stable": stable}
    if isinstance(answer, Graph):
        from mezan_graph.serialization import serialize

        body = serialize(answer, FORMATS[format_name], context=loaded.context)
    else:
        if isinstance(answer, Solutions):
            last = max(1, -(-total // per_page))
            head["headers"] = _links(loaded, query, job["fields"], page=page, last=last)
            head["headers"]["X-Total-Count"] = str(total)
        body = write_results(answer, format_name)
    pieces.head(head)
    sink = Sink(pieces.piece, loaded.project.serve.answer_mebibytes << 20)
    sink.write(body)
    sink.flush()


def _number(given: dict[str, str], name: str, default: int, most: int) -> int:
    text = given.pop(name, None)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:10]) <= most:
        raise ParameterError(f"{text[:20]!r} is no whole number from 1 to {most}", place=name)
    return int(text)


def _links(
    loaded: Loaded, query: StoredQuery, given: Mapping[str, str], *, page: int, last: int
) -> dict[str, str]:
    """Return the header that links to the other pages (RFC 8288)."""
    pages = {"first": 1, "prev": min(page - 1, last), "next": page + 1, "last": last}
    if page <= 1:
        del pages["prev"]
    if page >= last:
        del pages["next"]
    url = f"{loaded.project.site}api/queries/{query.name}"
    links = [
        f'<{url}?{urlencode({**given, "page": number})}>; rel="{relation}"'
        for relation, number in pages.items()
    ]
    return {"Link": ", ".join(links)}


def catalogue(loaded: Loaded, _: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the list of the stored queries with their parameters."""
    listed = [
        {
            "name": query.name,
            "category": query.category,
            "summary": query.summary,
            "description": query.description.strip(),
            "tags": list(query.tags),
            "form": query.form,
            "parameters": [
                {
                    "name": each.name,
                    "type": each.type,
                    "description": each.description,
                    "required": each.required and each.default is None,
                    "default": each.default,
                    "enum": list(each.enum) or None,
                }
                for each in query.parameters
            ],
            "url": f"{loaded.project.site}api/queries/{query.name}",
        }
        for query in loaded.queries.values()
    ]
    pieces.head({"media_type": "application/json", "stable": True})
    pieces.piece(json.dumps({"queries": listed}, ensure_ascii=False).encode() + b"\n")

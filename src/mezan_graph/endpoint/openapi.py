"""The OpenAPI 3.1 document of the service, made from its stored queries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.api import LAST_PAGE, MOST_PER_PAGE, PATTERNS, PER_PAGE
from mezan_graph.endpoint.asking import GRAPHS, RESULTS, media_types
from mezan_graph.endpoint.resources import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.queries.parameters import Parameter
    from mezan_graph.queries.stored import StoredQuery

_PROBLEMS = {
    "400": "The request is malformed; the answer says where.",
    "404": "There is nothing of this name.",
    "406": "None of the accepted media types can be had.",
    "408": "The request did not come in time.",
    "410": "The entity was withdrawn.",
    "413": "The request is too large.",
    "415": "The media type of the body is not one that is read.",
    "422": "The answer is too large.",
    "403": "The service only answers queries.",
    "429": "Too many requests; Retry-After says when to come back.",
    "500": "The query needs more memory than it may have.",
    "503": "No worker became free in time; Retry-After says when to come back.",
    "504": "The query takes longer than it may.",
}
_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ALWAYS = ("400", "429", "500", "503", "504")

_SCHEMAS: dict[str, dict[str, Any]] = {
    **{name: {"type": "string", "pattern": f"^(?:{each})$"} for name, each in PATTERNS.items()},
    "boolean": {"type": "string", "enum": PATTERNS["boolean"].split("|")},
    "date": {"type": "string", "format": "date"},
    "limit": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "offset": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "string": {"type": "string"},
}


def document(loaded: Loaded, _: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the document."""
    pieces.head({"media_type": "application/json", "stable": True})
    pieces.piece(json.dumps(described(loaded), ensure_ascii=False).encode() + b"\n")


def described(loaded: Loaded) -> dict[str, Any]:
    """Return the document (OpenAPI 3.1.0)."""
    project = loaded.project
    title = project.title.get("en") or next(iter(project.title.values()), project.name)
    paths: dict[str, Any] = {
        f"/api/queries/{query.name}": {"get": _stored(query)} for query in loaded.queries.values()
    }
    paths["/api/queries"] = {
        "get": _operation("listQueries", "The stored queries", ["application/json"], "queries")
    }
    paths["/sparql"] = _sparql()
    paths["/doc/{slug}"] = {"get": _document(loaded)}
    paths["/health"] = {
        "get": _operation("health", "Whether the service can answer", ["application/json"])
    }
    if loaded.lasting is None:
        failing = {"description": "The store behind the server fails.", "content": _CONTENT}
        for operation in (each for path in paths.values() for each in path.values()):
            operation["responses"]["502"] = failing
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": project.version,
            "description": project.description.get("en", ""),
            "license": {"name": project.attribution, "url": project.license},
        },
        "servers": [{"url": project.site.rstrip("/")}],
        "tags": [{"name": "queries"}, {"name": "sparql"}, {"name": "entities"}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "line": {"type": "integer", "description": "Line in the query, counted from 1."},
        "column": {"type": "integer", "description": "Column in the query, in code points."},
    },
}


def _responses(types: list[str], *statuses: str) -> dict[str, Any]:
    listed = {
        status: {"description": _PROBLEMS[status], "content": _CONTENT}
        for status in sorted({*_ALWAYS, *statuses})
    }
    return {
        "200": {"description": "The answer.", "content": {each: {} for each in types}},
        **listed,
    }


def _operation(name: str, summary: str, types: list[str], tag: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": _responses(types, "406"),
    }
    return made | ({"tags": [tag]} if tag else {})


def _query_field(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _formats(form: str) -> dict[str, Any]:
    names = list(RESULTS) if form in {"SELECT", "ASK"} else [each.name for each in GRAPHS]
    description = "Format of the answer; it goes before the Accept header."
    return _query_field("format", description, {"type": "string", "enum": names})


def _stored(query: StoredQuery) -> dict[str, Any]:
    parameters = [_parameter(each) for each in query.parameters]
    parameters.append(_formats(query.form))
    pages = {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1}
    rows = {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE}
    parameters.append(_query_field("page", "Which page of the solutions.", pages))
    parameters.append(_query_field("per-page", "How many solutions a page has.", rows))
    return {
        "operationId": query.name,
        "tags": ["queries"],
        "summary": query.summary,
        "description": query.description.strip(),
        "parameters": parameters,
        "responses": _responses(media_types(query.form), "406", "422"),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS[parameter.type])
    if parameter.enum:
        schema = {"type": "string", "enum": list(parameter.enum)}
    if parameter.default is not None:
        numeric = schema["type"] == "integer"
        schema["default"] = int(parameter.default) if numeric else parameter.default
    required = parameter.required and parameter.default is None
    field = _query_field(parameter.name, parameter.description, schema)
    return {**field, "required": required}


def _sparql() -> dict[str, Any]:
    names = [*RESULTS, *(each.name for each in GRAPHS)]
    graphs = {"type": "array", "items": {"type": "string", "format": "iri"}}
    fields = [
        _query_field("default-graph-uri", "Graphs whose merge is the default graph.", graphs),
        _query_field("named-graph-uri", "Graphs that GRAPH reaches.", graphs),
        _query_field("format", "Format of the answer.", {"type": "string", "enum": names}),
    ]
    types = sorted({*media_types("SELECT"), *media_types("CONSTRUCT")})
    query = _query_field(
        "query", "The query; without it the service describes itself.", {"type": "string"}
    )
    common = {
        "tags": ["sparql"],
        "responses": _responses(types, "403", "406", "408", "413", "415", "422"),
    }
    posted = {
        "application/sparql-query": {"schema": {"type": "string"}},
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["query"],
                "properties": {"query": {"type": "string"}},
            }
        },
    }
    return {
        "get": {
            "operationId": "query",
            "summary": "A SPARQL 1.1 query",
            "parameters": [query, *fields],
            **common,
        },
        "post": {
            "operationId": "postQuery",
            "summary": "A SPARQL 1.1 query that is posted",
            "parameters": fields,
            "requestBody": {"required": True, "content": posted},
            **common,
        },
    }


def _document(loaded: Loaded) -> dict[str, Any]:
    example = loaded.project.subject or "x"
    names = [*(each.name for each in FORMATS), *(each.suffix[1:] for each in FORMATS)]
    return {
        "operationId": "entity",
        "tags": ["entities"],
        "summary": "An entity with its relationships and their sources",
        "parameters": [
            {
                "name": "slug",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
                "example": example,
            },
            _query_field("format", "Format of the document.", {"type": "string", "enum": names}),
        ],
        "responses": _responses([each.media_type for each in FORMATS], "404", "406", "410"),
    }

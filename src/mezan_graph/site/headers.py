"""Headers and media types of a published site, the same on every host that can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.formats import FORMATS
from mezan_graph.site.rendering import CONTENT_SECURITY_POLICY
from mezan_graph.site.routes import SIBLINGS

if TYPE_CHECKING:
    from mezan_graph.project import Project

VARY = "Accept, Accept-Language"

EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, ETag, Content-Location",
    "Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer. Framing can be forbidden in a header only, not in a page."""

TYPES: dict[str, str] = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".map": "application/json",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".cff": "application/yaml",
    ".yml": "application/yaml",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".rq": "application/sparql-query",
    ".gz": "application/gzip",
    **{each.suffix: each.media_type for each in FORMATS.values()},
}
"""Media type by suffix of everything that a site may hold."""

NAMED_TYPES = {
    ".well-known/void": "text/turtle",
    "SHA256SUMS": "text/plain",
}
"""Media type of the files that have no suffix."""

UNLISTED = (".ttl", ".trig", ".nt", ".nq", ".gz", ".jsonld", ".rdf")
"""Suffixes of data, which search engines are asked not to list: the pages stand for it, and the
data of a person must not be found where the page is not."""


def with_charset(media_type: str) -> str:
    """Return ``media_type`` with ``charset=utf-8`` where it is a type of text."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def links(project: Project, stem: str, root: str) -> str:
    """Return the ``Link`` header (RFC 8288) of an entity: its data, its licence, its data set.

    Args:
        project: Names the licence.
        stem: Path of the entity's data without suffix, or a host's variable for it.
        root: URL path of the site, ending in ``/``.
    """
    found = [
        f'<{root}{stem}{each.suffix}>; rel="alternate"; type="{each.media_type}"'
        for each in SIBLINGS
    ]
    return ", ".join([*found, general_links(project, root)])


def general_links(project: Project, root: str) -> str:
    """Return the links that every file has: licence, and description of the data set."""
    return f'<{project.license}>; rel="license", <{root}void.ttl>; rel="describedby"'

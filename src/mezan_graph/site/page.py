"""A page of the site, made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML file.

    Attributes:
        path: Its path below the root of the site, with ``/``.
        content: The document, UTF-8.
        language: The language of its readers; ``None`` for a choice of languages.
        iri: What it is about, where that is one thing with an IRI.
        indexed: Whether search engines may list it. A page about a person is never listed.
        title: Its title, plain text.
    """

    path: str
    content: bytes
    language: str | None
    iri: ox.NamedNode | None = None
    indexed: bool = True
    title: str = ""

"""One table of RDF formats: the name people type, suffix, media type, and the engines' names.

Names are those of the command line's ``--format``; media types are the registered ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import SourceError, UsageError

if TYPE_CHECKING:
    from pathlib import PurePath


class RdfFormat(NamedTuple):
    """One RDF serialization.

    Attributes:
        name: Name on the command line and in ``mezan.toml``.
        suffixes: File suffixes, each with its dot; the first one is used for writing.
        media_type: IANA media type.
        datasets: Whether the format carries named graphs.
        comments: The text that starts a comment line, or ``None`` where there are no comments.
        oxigraph: pyoxigraph's constant.
        rdflib: rdflib's plugin name.
    """

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    datasets: bool
    comments: str | None
    oxigraph: ox.RdfFormat
    rdflib: str

    @property
    def suffix(self) -> str:
        """Suffix for writing, with its dot."""
        return self.suffixes[0]


TURTLE = RdfFormat("turtle", (".ttl",), "text/turtle", False, "#", ox.RdfFormat.TURTLE, "turtle")
TRIG = RdfFormat("trig", (".trig",), "application/trig", True, "#", ox.RdfFormat.TRIG, "trig")
NTRIPLES = RdfFormat(
    "ntriples", (".nt",), "application/n-triples", False, "#", ox.RdfFormat.N_TRIPLES, "nt11"
)
NQUADS = RdfFormat(
    "nquads", (".nq",), "application/n-quads", True, "#", ox.RdfFormat.N_QUADS, "nquads"
)
JSONLD = RdfFormat(
    "jsonld",
    (".jsonld", ".json"),
    "application/ld+json",
    True,
    None,
    ox.RdfFormat.JSON_LD,
    "json-ld",
)
RDFXML = RdfFormat(
    "rdfxml",
    (".rdf", ".xml", ".owl"),
    "application/rdf+xml",
    False,
    None,
    ox.RdfFormat.RDF_XML,
    "xml",
)

FORMATS: dict[str, RdfFormat] = {
    each.name: each for each in (TURTLE, TRIG, NTRIPLES, NQUADS, JSONLD, RDFXML)
}
"""Every RDF format by name, in the order in which they are listed to people."""

SUFFIXES: dict[str, RdfFormat] = {
    suffix: each for each in FORMATS.values() for suffix in each.suffixes
}
"""Every RDF format by lower-case file suffix."""


def named_format(name: str) -> RdfFormat:
    """Return the format called ``name``.

    Raises:
        UsageError: No format has this name.
    """
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(FORMATS)
        raise UsageError(f"unknown RDF format {name!r}", hint=f"one of {known}") from None


def format_of(path: PurePath) -> RdfFormat:
    """Return the format that the suffix of ``path`` stands for, in any letter case.

    Raises:
        SourceError: The suffix is not an RDF format's.
    """
    try:
        return SUFFIXES[path.suffix.lower()]
    except KeyError:
        known = " ".join(SUFFIXES)
        raise SourceError(
            "the file's suffix is not one of an RDF format", place=path, hint=f"one of {known}"
        ) from None

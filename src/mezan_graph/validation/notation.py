"""Terms as they are written in Turtle, for hints; long texts are shortened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mezan_graph.display import short_name, visible
from mezan_graph.namespaces import RDF, XSD

if TYPE_CHECKING:
    import pyoxigraph as ox

_SHOWN = 60
_EXAMPLES = {
    XSD.date: "2002-01-31",
    XSD.dateTime: "2002-01-31T12:00:00Z",
    XSD.gYear: "2002",
    XSD.gYearMonth: "2002-01",
    XSD.boolean: "true",
    XSD.integer: "12",
    XSD.decimal: "12.50",
    XSD.duration: "P1Y",
}


def quoted(text: str) -> str:
    """Return ``text`` in quotation marks, with what a terminal would obey made visible."""
    shown = visible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
    return '"' + shown.replace('"', '\\"') + '"'


def written(
    text: str, language: str | None, datatype: ox.NamedNode, prefixes: dict[str, str]
) -> str:
    """Return a literal in Turtle, numbers and truth values in their short form."""
    if language:
        return f"{quoted(text)}@{language}"
    if datatype == XSD.string:
        return quoted(text)
    if datatype in {XSD.integer, XSD.boolean} and re.match(r"[+-]?\d+\Z|true\Z|false\Z", text):
        return text
    return f"{quoted(text)}^^{short_name(datatype, prefixes)}"


def example(datatype: ox.NamedNode, prefixes: dict[str, str]) -> str:
    """Return how a literal of ``datatype`` looks."""
    if datatype == RDF.langString:
        return '"…"@en'
    return written(_EXAMPLES.get(datatype, "…"), None, datatype, prefixes)

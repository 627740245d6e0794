"""Terms in the notation of expected answers: short to read, and nothing lost.

``id:al-mezan``, ``<https://…>``, ``'text'``, ``'text'@en``, ``'2003'^^xsd:gYear``, ``5``, ``true``,
``_:`` for any blank node, nothing for unbound. Strings stand between single quotes, since CSV
doubles double ones; inside of them the escapes of N-Triples hold.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import XSD

_LITERAL = re.compile(
    r"""(?P<quote>["'])(?P<text>.*)(?P=quote)(?:@(?P<tag>[A-Za-z0-9-]+)|\^\^(?P<type>\S+))?\Z""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\.|'", re.DOTALL)
_BARE = {
    XSD.integer: re.compile(r"-?(?:0|[1-9][0-9]*)\Z"),
    XSD.boolean: re.compile(r"(?:true|false)\Z"),
}


def cell(term: object, prefixes: dict[str, str]) -> str:
    """Return a term, or ``None`` for unbound, in the notation of expected answers."""
    if isinstance(term, ox.Literal):
        return _literal(term, prefixes)
    if isinstance(term, ox.BlankNode):
        return "_:"
    return "" if term is None else short_name(term, prefixes)


def normal(text: str, prefixes: dict[str, str]) -> str:
    """Return a term that a person wrote as :func:`cell` would write it."""
    if text.startswith("<") and text.endswith(">"):
        return short_name(ox.NamedNode(text[1:-1]), prefixes)
    match = _LITERAL.match(text)
    if match is None:
        return "_:" if text.startswith("_:") else text
    value = _ESCAPE.sub(_single_quoted, match["text"])
    if match["tag"]:
        return f"'{value}'@{match['tag'].lower()}"
    datatype = normal(match["type"] or "xsd:string", prefixes)
    bare = next(
        (form for term, form in _BARE.items() if short_name(term, prefixes) == datatype), None
    )
    if bare is not None and bare.match(value):
        return value
    return f"'{value}'" + ("" if datatype == "xsd:string" else f"^^{datatype}")


def _single_quoted(match: re.Match[str]) -> str:
    """Return an escape or a quote as it is written between single quotes."""
    return {"\\'": "\\'", "'": "\\'", '\\"': '"'}.get(match[0], match[0])


def _literal(term: ox.Literal, prefixes: dict[str, str]) -> str:
    if term.datatype in _BARE and _BARE[term.datatype].match(term.value):
        return term.value
    text = str(ox.Literal(term.value))[1:-1].replace('\\"', '"').replace("'", "\\'")
    if term.language:
        return f"'{text}'@{term.language}"
    if term.datatype == XSD.string:
        return f"'{text}'"
    return f"'{text}'^^{short_name(term.datatype, prefixes)}"

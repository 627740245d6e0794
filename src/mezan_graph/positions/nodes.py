"""Where a node stands as a subject in JSON-LD and RDF/XML: at its ``@id`` or ``rdf:about``.

A search, not a parse: prefixes, aliases of ``@id`` and bases are taken from every context of a
JSON-LD document at once. Where a node stands several times, the first place that says something
about it is given, else the first that names it.
"""

from __future__ import annotations

import json
import re
import xml.parsers.expat
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urljoin

from mezan_graph.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_JSON_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}:,]', re.DOTALL)
_START_TAG = re.compile(rb"<(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_ABOUT, _ID, _RESOURCE = (f"{RDF.iri} {each}" for each in ("about", "ID", "resource"))

Extent = tuple[int, int]
"""Start and end in the document, in bytes."""


def json_extents(
    document: bytes,
    iris: Collection[str],
    contexts: tuple[tuple[str, Path], ...] = (),
    base: str | None = None,
) -> dict[str, Extent]:
    """Return where the ``@id`` of each node stands in a JSON-LD document.

    Args:
        document: JSON-LD in UTF-8; nothing is found where it is no JSON.
        iris: The nodes to look for.
        contexts: Files of the contexts that the document may name, by IRI.
        base: What relative IRIs are resolved against where the document has no base of its own.
    """
    names = _Names()
    try:
        names.read(json.loads(document), dict(contexts))
    except ValueError:
        return {}
    names.base = names.base or base
    named: dict[str, Extent] = {}
    defined: dict[str, Extent] = {}
    objects: list[tuple[list[str], list[tuple[str, Extent]]]] = []
    tokens = [(match[0], match.start()) for match in _JSON_TOKEN.finditer(document)]
    for position, (token, start) in enumerate(tokens):
        if token == b"{":
            objects.append(([], []))
        elif token == b"}":
            keys, found = objects.pop()
            for iri, extent in found:
                places = defined if len(keys) > 1 else named
                places[iri] = min(extent, places.get(iri, extent))
        elif token[:1] == b'"' and objects:
            keys, found = objects[-1]
            if tokens[position + 1][0] == b":":
                keys.append(json.loads(token))
            elif tokens[position - 1][0] == b":" and keys[-1] in names.identifiers:
                iri = names.expanded(json.loads(token))
                if iri in iris:
                    found.append((iri, (start, start + len(token))))
    return named | defined


class _Names:
    """What the contexts of a document say about names.

    Attributes:
        identifiers: ``@id`` and its aliases.
        prefixes: IRI by term or prefix.
        base: The base IRI, if there is one.
    """

    def __init__(self) -> None:
        self.identifiers = {"@id"}
        self.prefixes: dict[str, str] = {}
        self.base: str | None = None

    def read(self, node: Any, contexts: dict[str, Path]) -> None:
        """Take in every context in ``node``."""
        for context in _contexts(node):
            if isinstance(context, str) and context in contexts:
                self.read(json.loads(contexts.pop(context).read_bytes()), contexts)
            elif isinstance(context, dict):
                self.take(context)

    def take(self, context: dict[str, Any]) -> None:
        """Take in one context."""
        for key, value in context.items():
            iri = value.get("@id") if isinstance(value, dict) else value
            if not isinstance(iri, str):
                continue
            if key == "@base":
                self.base = self.base or iri
            elif iri == "@id":
                self.identifiers.add(key)
            else:
                self.prefixes.setdefault(key, iri)

    def expanded(self, value: str) -> str:
        """Return the IRI that ``value`` stands for as an identifier."""
        prefix, colon, local = value.partition(":")
        if colon and prefix in self.prefixes and not local.startswith("//"):
            return self.prefixes[prefix] + local
        return value if colon or self.base is None else urljoin(self.base, value)


def _contexts(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for each in node:
            yield from _contexts(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "@context":
                yield from value if isinstance(value, list) else [value]
            else:
                yield from _contexts(value)


def xml_extents(
    document: bytes, iris: Collection[str], base: str | None = None
) -> dict[str, Extent]:
    """Return where the ``rdf:about`` or ``rdf:ID`` of each node stands in an RDF/XML document.

    Args:
        document: RDF/XML in UTF-8; nothing is found where it has a DTD.
        iris: The nodes to look for.
        base: What relative IRIs are resolved against where there is no ``xml:base``.
    """
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    bases = [base or ""]
    named: dict[str, Extent] = {}
    defined: dict[str, Extent] = {}

    def start(_: str, attributes: dict[str, str]) -> None:
        here = urljoin(bases[-1], attributes.get(_XML_BASE, ""))
        bases.append(here)
        for attribute, found in ((_ABOUT, defined), (_ID, defined), (_RESOURCE, named)):
            value = attributes.get(attribute)
            if value is None:
                continue
            iri = urljoin(here, f"#{value}" if attribute == _ID else value)
            if iri in iris and iri not in found:
                found[iri] = _attribute(document, parser.CurrentByteIndex, attribute)

    def refuse(*_: object) -> NoReturn:
        raise _DoctypeError

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: bases.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(document, True)
    except (_DoctypeError, xml.parsers.expat.ExpatError):
        return {}
    return named | defined


class _DoctypeError(Exception):
    """The document has a DTD, so that its entities could be expanded without end."""


def _attribute(document: bytes, start: int, attribute: str) -> Extent:
    """Return where the value of ``attribute`` stands, with its quotes, in the tag at ``start``."""
    tag = _START_TAG.match(document, start)
    local = attribute.rpartition(" ")[2].encode()
    end = tag.end() if tag else start + 1
    value = re.compile(rb"[:\s]" + local + rb"\s*=\s*(\"[^\"]*\"|'[^']*')").search(
        document, start, end
    )
    return value.span(1) if value else (start, end)

"""RDF/XML (RDF 1.1 XML Syntax): typed nodes in order, properties as elements, nothing nested.

What XML 1.0 cannot hold is an error that names the triple: a character that is not allowed in a
document, and a property whose IRI has no local name.
"""

from __future__ import annotations

import re
import xml.parsers.expat
from typing import TYPE_CHECKING

from mezan_graph.errors import OutputError
from mezan_graph.namespaces import RDF
from mezan_graph.serialization.nquads import literal, unescape
from mezan_graph.serialization.trees import TYPE, Properties, Trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mezan_graph.serialization.nquads import Row

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = f"{_START}.0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_NCNAME = re.compile(f"[{_START}][{_CHARS}]*\\Z")
_ASCII_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
_LOCAL = re.compile(f"[{_START}][{_CHARS}]*\\Z")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XMLNS = "http://www.w3.org/2000/xmlns/"
_XML = "http://www.w3.org/XML/1998/namespace"
# Names of the syntax itself: none of them can be a property, and no node element either.
_SYNTAX = frozenset(
    RDF.iri + name
    for name in (
        "Description", "RDF", "ID", "about", "aboutEach", "aboutEachPrefix", "bagID", "parseType",
        "resource", "nodeID", "datatype", "li",
    )
)  # fmt: skip


def write(
    rows: Iterable[Row], prefixes: dict[str, str], header: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the text of an RDF/XML document.

    Args:
        rows: Canonical rows of one graph, in canonical order.
        prefixes: Prefix to namespace IRI, for those that may be used.
        header: Lines for comments at the top.

    Raises:
        OutputError: XML 1.0 cannot say a triple.
    """
    names = _ElementNames(prefixes)
    body = [
        _node(subject, properties, names)
        for subject, properties in Trees(rows).subjects("").items()
    ]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    for line in header:
        yield f"<!-- {_comment(line)} -->\n"
    yield "<rdf:RDF"
    for prefix, iri in sorted(names.declared.items()):
        yield f'\n    xmlns:{prefix}="{_attribute(iri)}"'
    yield ">\n"
    yield from body
    yield "</rdf:RDF>\n"


class _ElementNames:
    """Turns IRIs into qualified names, and remembers the prefixes to declare.

    Attributes:
        declared: Prefix to namespace IRI.
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        order = sorted(prefixes.items(), key=lambda each: (len(each[0]), each[0]), reverse=True)
        self.prefixes = {
            iri: prefix
            for prefix, iri in order
            if _NCNAME.match(prefix) and not prefix.lower().startswith("xml")
        } | {RDF.iri: "rdf"}
        self.taken = set(self.prefixes.values())
        self.declared = {"rdf": RDF.iri}
        self.known: dict[str, str | None] = {}

    def name(self, iri: str) -> str | None:
        """Return the qualified name of ``iri``, or ``None`` where it has none."""
        if iri not in self.known:
            self.known[iri] = self._made(iri)
        return self.known[iri]

    def _made(self, iri: str) -> str | None:
        cut = _local_start(iri)
        namespace, local = iri[:cut], iri[cut:]
        if not local or iri in _SYNTAX or namespace in {_XMLNS, _XML}:
            return None
        prefix = self.prefixes.get(namespace) or self._new_prefix()
        self.prefixes[namespace] = prefix
        self.declared[prefix] = namespace
        return f"{prefix}:{local}"

    def _new_prefix(self) -> str:
        number = 0
        while f"ns{number}" in self.taken:
            number += 1
        self.taken.add(f"ns{number}")
        return f"ns{number}"


def _local_start(iri: str) -> int:
    """Return where the local name of ``iri`` starts; its length where it has none.

    A local name in ASCII suits every parser. Others follow one edition of XML 1.0 or the other.
    """
    match = _ASCII_LOCAL.search(iri)
    if match:
        return match.start()
    match = _LOCAL.search(iri)
    start = match.start() if match else len(iri)
    while start < len(iri) and not _is_parsed(iri[start:]):
        match = _LOCAL.search(iri, start + 1)
        start = match.start() if match else len(iri)
    return start


def _is_parsed(name: str) -> bool:
    try:
        xml.parsers.expat.ParserCreate().Parse(f"<{name}/>", True)
    except xml.parsers.expat.ExpatError:
        return False
    return True


def _node(subject: str, properties: Properties, names: _ElementNames) -> str:
    types = list(properties.get(TYPE, ()))
    element = "rdf:Description"
    # The first class that has a qualified name becomes the element.
    for term in types:
        name = names.name(term[1:-1]) if term[0] == "<" else None
        if name is not None:
            element = name
            types.remove(term)
            break
    lines = [f"  <{element} {_identifier(subject, 'about')}>\n"]
    for predicate, values in properties.items():
        for value in types if predicate == TYPE else values:
            name = names.name(predicate[1:-1])
            if name is None:
                raise OutputError(
                    f"RDF/XML cannot say the property {predicate}: no local name can be split off",
                    place=subject,
                    hint="write another format, or give the property an IRI that ends in a name",
                )
            lines.append(_property(name, value, subject, predicate))
    if len(lines) == 1:
        return lines[0][:-2] + "/>\n"
    return "".join(lines) + f"  </{element}>\n"


def _property(name: str, value: str, subject: str, predicate: str) -> str:
    if value[0] != '"':
        return f"    <{name} {_identifier(value, 'resource')}/>\n"
    lexical, language, datatype = literal(value)
    text = unescape(lexical)
    bad = _FORBIDDEN.search(text)
    if bad:
        raise OutputError(
            f"XML cannot hold the character U+{ord(bad[0]):04X} in a literal",
            place=f"{subject} {predicate}",
            hint="write another format, or remove the character",
        )
    tag = f' xml:lang="{language}"' if language else ""
    if datatype:
        tag = f' rdf:datatype="{_attribute(datatype)}"'
    return f"    <{name}{tag}>{_text(text)}</{name}>\n"


def _identifier(term: str, attribute: str) -> str:
    if term[0] == "_":
        return f'rdf:nodeID="{term[2:]}"'
    return f'rdf:{attribute}="{_attribute(term[1:-1])}"'


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _text(text: str) -> str:
    # A bare carriage return is read as a line feed.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _comment(line: str) -> str:
    """Return ``line`` as XML 1.0 (section 2.5) wants a comment: without two hyphens in a row."""
    text = _FORBIDDEN.sub("\ufffd", line)
    return re.sub("-(?=-)|-$", "- ", text).rstrip() or "."

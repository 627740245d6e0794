"""Nodes and their properties as text, written as Turtle or as N-Triples without a graph in memory.

Terms are text in Turtle's notation: ``schema:name``, ``<https://…>``, ``"…"@en`` or
``"…"^^xsd:date``. Texts hold nothing that needs an escape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BASE = "https://example.org/network/"
PREFIXES = {
    "concept": "https://w3id.org/mezan-graph/concept/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": f"{BASE}id/",
    "mz": "https://w3id.org/mezan-graph/def#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "topic": f"{BASE}concept/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_DATATYPE = re.compile(r'(".*"\^\^)(\w+:.+)', re.DOTALL)


@dataclass
class Description:
    """A node and what is said about it, in order.

    Attributes:
        subject: Its IRI as a term; empty for a blank node.
        pairs: Predicate and object, where the object is a term or a blank node with its own pairs.
    """

    subject: str
    pairs: list[tuple[str, str | Description]] = field(default_factory=list)

    def add(self, predicate: str, *objects: str | Description) -> Description:
        """Say more; return the description."""
        self.pairs += ((predicate, each) for each in objects)
        return self

    def drop(self, predicate: str, *objects: str) -> Description:
        """Take back ``objects`` of ``predicate``, or all of them; return the description.

        Raises:
            ValueError: Nothing of the kind is said.
        """
        kept = [
            (each, value)
            for each, value in self.pairs
            if each != predicate or (objects and value not in objects)
        ]
        if len(kept) == len(self.pairs):
            raise ValueError(f"{self.subject} says nothing with {predicate} {objects}")
        self.pairs = kept
        return self

    def put(self, predicate: str, *objects: str | Description) -> Description:
        """Say ``objects`` in place of what is said with ``predicate``; return the description."""
        return self.drop(predicate).add(predicate, *objects)

    def value(self, predicate: str) -> str:
        """Return the first object of ``predicate`` that is a term."""
        return next(v for p, v in self.pairs if p == predicate and isinstance(v, str))

    def blank(self, predicate: str) -> Description:
        """Return the first object of ``predicate`` that is a blank node."""
        return next(v for p, v in self.pairs if p == predicate and isinstance(v, Description))

    def copied(self, subject: str) -> Description:
        """Return the same, said about ``subject``."""
        return Description(subject, list(self.pairs))

    def count(self) -> int:
        """Return the number of triples."""
        return sum(1 + (v.count() if isinstance(v, Description) else 0) for _, v in self.pairs)


def english(text: str) -> str:
    return f'"{text}"@en'


def arabic(text: str) -> str:
    return f'"{text}"@ar'


def typed(lexical: object, datatype: str) -> str:
    return f'"{lexical}"^^{datatype}'


def turtle_header() -> str:
    """Return the prefix declarations."""
    return "".join(f"@prefix {each}: <{iri}> .\n" for each, iri in PREFIXES.items()) + "\n"


def turtle(descriptions: Iterable[Description]) -> Iterator[str]:
    """Yield each description as a block of Turtle; nested blank nodes stand in brackets."""
    for each in descriptions:
        yield f"{each.subject or '[]'}\n    {_pairs(each, '    ')} .\n\n"


def _pairs(description: Description, indent: str) -> str:
    rows = []
    for predicate, value in description.pairs:
        if isinstance(value, Description):
            inner = indent + "    "
            rows.append(f"{predicate} [\n{inner}{_pairs(value, inner)}\n{indent}]")
        else:
            rows.append(f"{predicate} {value}")
    return f" ;\n{indent}".join(rows)


class NTriples:
    """Writes descriptions as N-Triples, and numbers blank nodes as they come."""

    def __init__(self) -> None:
        self._blank = 0

    def write(self, descriptions: Iterable[Description]) -> Iterator[str]:
        """Yield each description as lines of N-Triples."""
        for each in descriptions:
            yield "".join(self._lines(each, self._label(each)))

    def _label(self, description: Description) -> str:
        if description.subject:
            return expanded(description.subject)
        self._blank += 1
        return f"_:b{self._blank}"

    def _lines(self, description: Description, subject: str) -> Iterator[str]:
        for predicate, value in description.pairs:
            if isinstance(value, Description):
                label = self._label(value)
                yield f"{subject} {expanded(predicate)} {label} .\n"
                yield from self._lines(value, label)
            else:
                yield f"{subject} {expanded(predicate)} {expanded(value)} .\n"


def expanded(term: str) -> str:
    """Return a term of Turtle as N-Triples has it."""
    if term == "a":
        return f"<{PREFIXES['rdf']}type>"
    if term.startswith('"'):
        match = _DATATYPE.fullmatch(term)
        return match[1] + expanded(match[2]) if match else term
    if term.startswith("<"):
        return term
    prefix, _, local = term.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"

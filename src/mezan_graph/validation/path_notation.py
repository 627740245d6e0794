"""Property paths written down: as RDF for a report, and read back from SPARQL's notation."""

from __future__ import annotations

import re

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH
from mezan_graph.validation.paths import (
    SIGNS,
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
)


def path_quads(path: Path, label: str) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Quad]]:
    """Return the node that stands for ``path`` in RDF, and the triples that describe it.

    Blank nodes are labelled ``label`` followed by a number.
    """
    quads: list[ox.Quad] = []
    count = 0

    def blank() -> ox.BlankNode:
        nonlocal count
        count += 1
        return ox.BlankNode(f"{label}{count}")

    def describe(each: Path) -> ox.NamedNode | ox.BlankNode:
        if isinstance(each, Predicate):
            return each.iri
        if isinstance(each, Sequence):
            return collect(each.paths)
        node = blank()
        if isinstance(each, Alternative):
            quads.append(ox.Quad(node, SH.alternativePath, collect(each.paths)))
        elif isinstance(each, Inverse):
            quads.append(ox.Quad(node, SH.inversePath, describe(each.path)))
        else:
            quads.append(ox.Quad(node, SH[SIGNS[each.sign]], describe(each.path)))
        return node

    def collect(paths: tuple[Path, ...]) -> ox.NamedNode | ox.BlankNode:
        rest: ox.NamedNode | ox.BlankNode = RDF.nil
        for each in reversed(paths):
            node = blank()
            quads.extend((ox.Quad(node, RDF.first, describe(each)), ox.Quad(node, RDF.rest, rest)))
            rest = node
        return rest

    return describe(path), quads


_TOKEN = re.compile(r"<([^>]*)>|([()^/|*+?])")


def parse_path(text: str) -> Path:
    """Return the path that :class:`str` wrote: SPARQL's notation with IRIs in angle brackets.

    Raises:
        ValueError: The text was not written by this module.
    """
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    if "".join(tokens) != text:
        raise ValueError(f"not a property path: {text}")
    tokens.append("")
    path = _parse(tokens)
    if tokens != [""]:
        raise ValueError(f"not a property path: {text}")
    return path


def _parse(tokens: list[str]) -> Path:
    if tokens[0] == "^":
        tokens.pop(0)
        return Inverse(_parse_primary(tokens))
    first = _parse_primary(tokens)
    if tokens[0] in SIGNS:
        return Repeated(first, tokens.pop(0))
    sign = tokens[0]
    if sign not in ("/", "|"):
        return first
    paths = [first]
    while tokens[0] == sign:
        tokens.pop(0)
        paths.append(_parse_primary(tokens))
    return Sequence(tuple(paths)) if sign == "/" else Alternative(tuple(paths))


def _parse_primary(tokens: list[str]) -> Path:
    first = tokens.pop(0)
    if first == "(":
        path = _parse(tokens)
        if tokens.pop(0) != ")":
            raise ValueError("not a property path: a parenthesis is missing")
        return path
    if not first.startswith("<"):
        raise ValueError(f"not a property path: an IRI is missing before {first!r}")
    return Predicate(ox.NamedNode(first[1:-1]))

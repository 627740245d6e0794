"""SHACL property paths (section 2.3.1): read from RDF, written as SPARQL, followed in an index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.shapes_graph import ShapesGraph

_NESTING = 100


@dataclass(frozen=True, slots=True)
class Predicate:
    """A path of one property."""

    iri: ox.NamedNode

    def __str__(self) -> str:
        return str(self.iri)


@dataclass(frozen=True, slots=True)
class Inverse:
    """``^path``: from object to subject."""

    path: Path

    def __str__(self) -> str:
        return f"^{_nested(self.path)}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """``first/second``: one path after the other; at least two."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "/".join(map(_nested, self.paths))


@dataclass(frozen=True, slots=True)
class Alternative:
    """``one|other``: any of the paths; at least two."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "|".join(map(_nested, self.paths))


@dataclass(frozen=True, slots=True)
class Repeated:
    """``path*``, ``path+`` or ``path?``, told apart by ``sign``."""

    path: Path
    sign: str

    def __str__(self) -> str:
        return f"{_nested(self.path)}{self.sign}"


Path = Predicate | Inverse | Sequence | Alternative | Repeated
"""A SHACL property path."""

_SIGNS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def _nested(path: Path) -> str:
    return str(path) if isinstance(path, Predicate) else f"({path})"


def read_path(shapes: ShapesGraph, node: ox.NamedNode | ox.BlankNode | ox.Literal) -> Path:
    """Return the path that ``node`` stands for in a shapes graph.

    Raises:
        ShapeError: It is not a well-formed SHACL property path, or it contains itself.
    """
    return _read(shapes, node, ())


def _read(shapes: ShapesGraph, node: object, inside: tuple[object, ...]) -> Path:
    if isinstance(node, ox.NamedNode):
        return Predicate(node)
    if not isinstance(node, ox.BlankNode):
        raise shapes.error(node, "a property path is an IRI or a blank node, not a literal")
    if node in inside or len(inside) > _NESTING:
        raise shapes.error(inside[0], "this property path contains itself")
    inside = (*inside, node)
    # A list is looked at first: the suite (path-strange-001) lets it win over what else is there.
    if shapes.objects(node, RDF.first):
        return Sequence(_members(shapes, node, inside))
    for each in shapes.objects(node, SH.inversePath):
        return Inverse(_read(shapes, each, inside))
    for each in shapes.objects(node, SH.alternativePath):
        return Alternative(_members(shapes, each, inside))
    for sign, name in _SIGNS.items():
        for each in shapes.objects(node, SH[name]):
            return Repeated(_read(shapes, each, inside), sign)
    raise shapes.error(
        inside[0],
        "this property path is none of SHACL's",
        hint="an IRI, a list, or one of sh:inversePath, sh:alternativePath, sh:zeroOrMorePath, "
        "sh:oneOrMorePath, sh:zeroOrOnePath",
    )


def _members(shapes: ShapesGraph, node: object, inside: tuple[object, ...]) -> tuple[Path, ...]:
    members = shapes.members(node)
    if len(members) < 2:  # noqa: PLR2004
        raise shapes.error(inside[0], "a list in a property path has at least two members")
    return tuple(_read(shapes, each, inside) for each in members)


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
            quads.append(ox.Quad(node, SH[_SIGNS[each.sign]], describe(each.path)))
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
    if tokens[0] in _SIGNS:
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


def inverted(path: Path) -> Path:
    """Return the path that leads from the values of ``path`` back to its focus nodes."""
    if isinstance(path, Predicate):
        return Inverse(path)
    if isinstance(path, Inverse):
        return path.path
    if isinstance(path, Sequence):
        return Sequence(tuple(inverted(each) for each in reversed(path.paths)))
    if isinstance(path, Alternative):
        return Alternative(tuple(map(inverted, path.paths)))
    return Repeated(inverted(path.path), path.sign)


def table_of(path: Path, index: TripleIndex) -> Mapping[int, tuple[int, ...]] | None:
    """Return the table from a node to its value nodes for a path of one step, else ``None``."""
    if isinstance(path, Predicate):
        return index.forward(path.iri)
    if isinstance(path, Inverse) and isinstance(path.path, Predicate):
        return index.backward(path.path.iri)
    return None


def step(  # noqa: PLR0911
    path: Path, index: TripleIndex
) -> Callable[[int], Collection[int]]:
    """Return the function from a node to its value nodes along ``path`` in ``index``."""
    if isinstance(path, Predicate):
        forward = index.forward(path.iri)
        return lambda node: forward.get(node, ())
    if isinstance(path, Inverse):
        if not isinstance(path.path, Predicate):
            return step(inverted(path.path), index)
        backward = index.backward(path.path.iri)
        return lambda node: backward.get(node, ())
    if isinstance(path, Sequence):
        steps = [step(each, index) for each in path.paths]
        return lambda node: _follow(steps, node)
    if isinstance(path, Alternative):
        steps = [step(each, index) for each in path.paths]
        tables = [table for each in path.paths if (table := table_of(each, index)) is not None]
        if len(tables) == len(steps):
            return lambda node: _gather(tables, node)
        return lambda node: dict.fromkeys(value for each in steps for value in each(node))
    once = step(path.path, index)
    if path.sign == "?":
        return lambda node: dict.fromkeys((node, *once(node)))
    if path.sign == "*":
        return lambda node: _reach(once, dict.fromkeys((node,)))
    return lambda node: _reach(once, dict.fromkeys(once(node)))


def _gather(tables: list[Mapping[int, tuple[int, ...]]], node: int) -> Collection[int]:
    found: dict[int, None] = {}
    for table in tables:
        if node in table:
            found.update(dict.fromkeys(table[node]))
    return found


def _follow(steps: list[Callable[[int], Collection[int]]], node: int) -> Collection[int]:
    nodes: Collection[int] = (node,)
    for each in steps:
        if len(nodes) == 1:
            (node,) = nodes
            nodes = each(node)
        else:
            nodes = dict.fromkeys(value for node in nodes for value in each(node))
    return nodes


def _reach(once: Callable[[int], Collection[int]], found: dict[int, None]) -> Collection[int]:
    waiting = list(found)
    while waiting:
        for value in once(waiting.pop()):
            if value not in found:
                found[value] = None
                waiting.append(value)
    return found

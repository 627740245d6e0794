"""SHACL property paths (section 2.3.1): read from RDF, and followed in an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH
from mezan_graph.validation.closure import Closure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mezan_graph.validation.index import TripleIndex
    from mezan_graph.validation.shapes_graph import ShapesGraph
    from mezan_graph.validation.value_nodes import Table

_NESTING = 100


class _Node:
    """What paths have in common: equal where they are of one kind with equal parts."""

    __slots__ = ("_parts",)

    def __init__(self, *parts: object) -> None:
        self._parts = parts

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash((type(self), self._parts))


class Predicate(_Node):
    """A path of one property."""

    __slots__ = ("iri",)

    def __init__(self, iri: ox.NamedNode) -> None:
        super().__init__(iri)
        self.iri = iri

    def __str__(self) -> str:
        return str(self.iri)


class Inverse(_Node):
    """``^path``: from object to subject."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"^{_nested(self.path)}"


class Sequence(_Node):
    """``first/second``: one path after the other; at least two."""

    __slots__ = ("paths",)

    def __init__(self, paths: tuple[Path, ...]) -> None:
        super().__init__(paths)
        self.paths = paths

    def __str__(self) -> str:
        return "/".join(map(_nested, self.paths))


class Alternative(_Node):
    """``one|other``: any of the paths; at least two."""

    __slots__ = ("paths",)

    def __init__(self, paths: tuple[Path, ...]) -> None:
        super().__init__(paths)
        self.paths = paths

    def __str__(self) -> str:
        return "|".join(map(_nested, self.paths))


class Repeated(_Node):
    """``path*``, ``path+`` or ``path?``, told apart by ``sign``."""

    __slots__ = ("path", "sign")

    def __init__(self, path: Path, sign: str) -> None:
        super().__init__(path, sign)
        self.path = path
        self.sign = sign

    def __str__(self) -> str:
        return f"{_nested(self.path)}{self.sign}"


Path = Predicate | Inverse | Sequence | Alternative | Repeated
"""A SHACL property path."""

SIGNS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
"""Sign of a repeated path to the local name of its property."""


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
    for sign, name in SIGNS.items():
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


def path_predicates(path: Path) -> frozenset[ox.NamedNode]:
    """Return the predicates of ``path``."""
    if isinstance(path, Predicate):
        return frozenset((path.iri,))
    paths = path.paths if isinstance(path, Sequence | Alternative) else (path.path,)
    return frozenset().union(*map(path_predicates, paths))


def may_loop(path: Path) -> bool:
    """Whether ``path`` leads from a node to itself whatever is said of it.

    The ends of such a path may be any node of the graph.
    """
    if isinstance(path, Predicate):
        return False
    if isinstance(path, Sequence):
        return all(map(may_loop, path.paths))
    if isinstance(path, Alternative):
        return any(map(may_loop, path.paths))
    return (isinstance(path, Repeated) and path.sign != "+") or may_loop(path.path)


def table_of(path: Path, index: TripleIndex) -> Table | None:
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
    closure = Closure(once, str(path))
    if path.sign == "*":
        return lambda node: dict.fromkeys((node, *closure(node)))
    return closure


def _gather(tables: list[Table], node: int) -> Collection[int]:
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

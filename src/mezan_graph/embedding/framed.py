"""A frame filled in from a graph: the tree that is embedded, as JSON-LD and as triples."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.embedding.context import coercion
from mezan_graph.embedding.view import is_text
from mezan_graph.namespaces import RDF, SCHEMA, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.embedding.frames import Frame
    from mezan_graph.embedding.view import Resource, SchemaOrgView, Value

MOST_VALUES = 100
"""Values of one property that are embedded; the ``.jsonld`` file of an entity has all of them."""

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,14})\Z")
_NATIVE = {XSD.boolean: {"true": True, "false": False}}


class Tree(NamedTuple):
    """One node with what is embedded of it.

    Attributes:
        node: The node; blank nodes get no ``@id``.
        types: Local names of its types in schema.org; empty for a mere reference.
        properties: Name, whether the triple points at the node, and the values.
    """

    node: Resource
    types: tuple[str, ...] = ()
    properties: tuple[tuple[str, bool, tuple[Any, ...]], ...] = ()


def fill(view: SchemaOrgView, frame: Frame, node: Resource, language: str) -> Tree:
    """Return what ``frame`` asks of ``node``. A property without a value is left out."""
    properties = []
    for name, below in frame.properties:
        values = tuple(islice(_values(view, below, node, name, language), MOST_VALUES))
        if values:
            properties.append((name, False, values))
    for name, below in frame.reverse:
        subjects = sorted(set(view.subjects(node, SCHEMA[name])), key=view.order)
        trees = tuple(islice(_nodes(view, below, subjects, language), MOST_VALUES))
        if trees:
            properties.append((name, True, trees))
    return Tree(node, view.types(node), tuple(properties))


def _values(
    view: SchemaOrgView, frame: Frame, node: Resource, name: str, language: str
) -> Iterator[Any]:
    values = view.values(node, name)
    if frame.is_role:
        # What no role stands before is given as the frame asks for it behind the role.
        roles = sorted(view.roles(node, name), key=view.order)
        behind = {each for role in roles for each in view.values(role, name)}
        yield from _nodes(view, frame, roles, language)
        values = [each for each in values if each not in behind]
        frame = dict(frame.properties).get(name, frame)
    elif not frame.types:
        if values:
            yield from view.texts(values, language)
        if name == "description" and (put := view.how_put(node, language)) is not None:
            yield put
    if not values:
        return
    values.sort(key=view.order)
    if coercion(name) == "@id" and frame.is_empty:
        yield from (Tree(each) for each in values if not isinstance(each, ox.Literal))
    else:
        yield from _nodes(view, frame, values, language)
    if not frame.types:
        yield from (each for each in values if isinstance(each, ox.Literal) and not is_text(each))


def _nodes(
    view: SchemaOrgView, frame: Frame, values: Iterable[Value], language: str
) -> Iterator[Tree]:
    """Yield the trees of those nodes that are what the frame wants."""
    for node in values:
        if isinstance(node, ox.Literal):
            continue
        if not view.describes(node):
            yield Tree(node)
        elif frame.takes(view.types(node)):
            yield Tree(node) if frame.reference else fill(view, frame, node, language)


def to_json(tree: Tree) -> dict[str, Any]:
    """Return ``tree`` as a JSON-LD node object under the context of schema.org."""
    made: dict[str, Any] = {}
    if tree.types:
        made["@type"] = _one_or_all(list(tree.types))
    if isinstance(tree.node, ox.NamedNode):
        made["@id"] = tree.node.value
    for name, reverse, values in tree.properties:
        target = made.setdefault("@reverse", {}) if reverse else made
        target[name] = _one_or_all([_to_json(name, each) for each in values])
    return made


def _to_json(name: str, value: Any) -> Any:
    coerced = coercion(name)
    if isinstance(value, Tree):
        if coerced == "@id" and not value.types and isinstance(value.node, ox.NamedNode):
            return value.node.value
        return to_json(value)
    if isinstance(value, str):
        return {"@value": value} if coerced == "@id" else value
    if coerced == "@id":
        return {"@value": value.value}
    return _native(value)


def _native(literal: ox.Literal) -> Any:
    """Return a number or a boolean where that says the same, else the lexical form."""
    if literal.datatype == XSD.integer and _INTEGER.match(literal.value):
        return int(literal.value)
    return _NATIVE.get(literal.datatype, {}).get(literal.value, literal.value)


def to_quads(tree: Tree) -> Iterator[ox.Quad]:
    """Yield the triples that ``tree`` says, as a processor reads them from its JSON-LD."""
    for each in tree.types:
        yield ox.Quad(tree.node, RDF.type, SCHEMA[each])
    for name, reverse, values in tree.properties:
        for value in values:
            if isinstance(value, Tree):
                yield from to_quads(value)
                ends = (value.node, tree.node) if reverse else (tree.node, value.node)
                yield ox.Quad(ends[0], SCHEMA[name], ends[1])
            else:
                yield ox.Quad(tree.node, SCHEMA[name], _term(name, value))


def _term(name: str, value: str | ox.Literal) -> ox.Literal:
    if coercion(name) == "Date":
        text = value if isinstance(value, str) else value.value
        return ox.Literal(text, datatype=SCHEMA.Date)
    if isinstance(value, str):
        return ox.Literal(value)
    return value if _native(value) != value.value else ox.Literal(value.value)


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values

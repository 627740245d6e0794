"""One entity as one JSON-LD tree: what it points at and what points at it, nested below it.

Works on node objects in expanded form. An IRI is written out where it is nearest to the root, and
by reference elsewhere, as framing does with ``@embed: @once``.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.serialization.framing import Json

_DEPTH = 8
"""How many entities deep; what lies deeper stands beside the root, in ``@included``."""


def nested(root: str, nodes: Iterable[Json]) -> Json:
    """Return ``nodes`` as one tree below the node ``root``.

    Nodes that have ``root`` as the value of a property stand under ``@reverse``; nodes that cannot
    be reached stand in ``@included``.

    Args:
        root: IRI of the entity.
        nodes: Every node object of the graph, in expanded form; they are changed.
    """
    anonymous = []
    named: dict[str, Json] = {}
    for node in nodes:
        if "@id" in node:
            named[node["@id"]] = node
        else:
            anonymous.append(node)
    tree = named.setdefault(root, {"@id": root})
    pointing = _reversed(root, named)
    if pointing:
        tree["@reverse"] = pointing
    placed = {root} | {node["@id"] for group in pointing.values() for node in group}
    waiting = deque([(tree, 1)])
    waiting.extend((node, 2) for group in pointing.values() for node in group)
    while waiting:
        node, depth = waiting.popleft()
        for reference in _references(node):
            target = reference["@id"]
            if target in named and target not in placed and depth < _DEPTH:
                placed.add(target)
                reference.update(named[target])
                waiting.append((reference, depth + 1))
    rest = [node for name, node in named.items() if name not in placed] + anonymous
    if rest:
        tree["@included"] = rest
    return tree


def _reversed(root: str, named: dict[str, Json]) -> dict[str, list[Json]]:
    """Take the references to ``root`` out of the nodes, and return the nodes by property."""
    found: dict[str, list[Json]] = {}
    for name, node in named.items():
        if name == root:
            continue
        for key, values in list(node.items()):
            if key.startswith("@") or {"@id": root} not in values:
                continue
            found.setdefault(key, []).append(node)
            values.remove({"@id": root})
            if not values:
                del node[key]
            break
    return dict(sorted(found.items()))


def _references(node: Json) -> Iterator[Json]:
    """Yield the references in a node and in the blank nodes and lists below it."""
    waiting: list[Any] = [value for key, value in node.items() if key not in {"@type", "@reverse"}]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict) and value.keys() == {"@id"}:
            yield value
        elif isinstance(value, dict) and "@value" not in value and "@id" not in value:
            waiting[:0] = [inner for key, inner in value.items() if key != "@type"]

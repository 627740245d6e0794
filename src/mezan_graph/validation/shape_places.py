"""Where in its files a shapes graph is malformed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.positions import locate, locate_subjects
from mezan_graph.validation.index import index_of

if TYPE_CHECKING:
    from mezan_graph.graph import Graph
    from mezan_graph.positions import Place


class Fault(NamedTuple):
    """What is wrong in a shapes graph.

    Attributes:
        node: The node at fault.
        term: A predicate or value that it has in the triple at fault, if there is one.
        value: The value that it has there, if it is known.
    """

    node: object
    term: object = None
    value: object = None


def place_of(graph: Graph, fault: Fault) -> tuple[str | None, Place | None]:
    """Return the file and the place of ``fault``, as far as they are known.

    It is the place of the value at fault: the last one, where a node has several that it should not
    have. Without one it is where the node is described, or else where it is used.
    """
    for find in (_triple, _subject, _use):
        for number, part in enumerate(graph.parts):
            if part.source is None:
                continue
            found = find(graph, number, fault)
            if found is not None:
                return part.source.name, found[0]
    return None, None


def _triple(graph: Graph, number: int, fault: Fault) -> tuple[Place | None] | None:
    """Return the place of the triple at fault in one part; ``None`` where it is not there."""
    if fault.term is None and fault.value is None:
        return None
    return _last(graph, number, fault)


def _use(graph: Graph, number: int, fault: Fault) -> tuple[Place | None] | None:
    return _last(graph, number, Fault(None, fault.node))


def _last(graph: Graph, number: int, fault: Fault) -> tuple[Place | None] | None:
    index = index_of(graph)
    node, term, value = (None if each is None else index.find(each) for each in fault)
    rows = index.rows[number]
    last = None
    for place in range(len(rows) // 4):
        subject, predicate, each, _ = rows[place * 4 : place * 4 + 4]
        if (
            (fault.node is None or subject == node)
            and (fault.term is None or term in (predicate, each))
            and (fault.value is None or each == value)
        ):
            last = place
    return None if last is None else (locate(graph.parts[number], [last]).get(last),)


def _subject(graph: Graph, number: int, fault: Fault) -> tuple[Place | None] | None:
    index = index_of(graph)
    if isinstance(fault.node, ox.Literal) or index.find(fault.node) not in index.rows[number][::4]:
        return None
    node: Any = fault.node
    return (locate_subjects(graph.parts[number], [node]).get(node),)

"""What a store does to literals, learnt from a graph that is thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.push.comparison import Differences
from mezan_graph.push.naming import drop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.push.naming import Names
    from mezan_graph.push.payload import Payload
    from mezan_graph.push.store import Store

SAMPLES = 40
"""How many literals of each datatype are tried."""


def sample_literals(payloads: Iterable[Payload]) -> list[bytes]:
    """Return literals as N-Triples: of each datatype those that are shortest, longest and between.

    Forms of one datatype differ mostly in length: signs, leading zeros, fractions, time zones.
    """
    found: dict[bytes, dict[int, bytes]] = {}
    for payload in payloads:
        for line in payload.all_lines():
            start = line.find(b'"')
            if start < 0:
                continue
            literal = line[start:-2]
            kind = literal[literal.rindex(b'"') + 1 :]
            of_kind = found.setdefault(kind, {})
            if len(literal) not in of_kind and len(of_kind) < SAMPLES:
                of_kind[len(literal)] = literal
    return [literal for of_kind in found.values() for literal in of_kind.values()]


def probe(store: Store, names: Names, literals: list[bytes]) -> Differences:
    """Return what becomes of ``literals`` in a graph that is dropped again."""
    lines = [
        b"<urn:x-mezan:literal:%d> <urn:x-mezan:is> %s ." % (number, literal)
        for number, literal in enumerate(literals)
    ]
    found = Differences()
    if not lines:
        return found
    try:
        store.add(names.probe, b"\n".join(lines) + b"\n")
        subjects = [line.split(b" ", 1)[0] for line in lines]
        found.compare(lines, store.about(names.probe, subjects))
    finally:
        store.update([drop(names.probe)])
    return found

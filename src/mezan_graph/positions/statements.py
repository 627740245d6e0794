"""The few statements of a document that hold certain quads, found without reading the others.

The parser was handed the document piece by piece (:class:`mezan_graph.sources.StatementReader`), so
that it is known how many quads come before the end of many a line. A walk begins at the last such
place before each quad. One that stands in a long string leads nowhere, which the check of the
places (:mod:`mezan_graph.positions.places`) brings to light.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from mezan_graph.documents import found_in_any_case
from mezan_graph.numbering import NumberedQuads, places_of
from mezan_graph.turtle.emission import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import pyoxigraph as ox

    from mezan_graph.graph import Part
    from mezan_graph.turtle.emission import Emission, Token

    Subject = ox.NamedNode | ox.BlankNode | ox.Triple

_SPACE = b" \t\r\n"


def walk_statements(
    part: Part, document: bytes, indexes: Collection[int]
) -> tuple[dict[int, Emission], list[Token]] | None:
    """Find where the quads with these ``indexes`` seem to stand in ``document``.

    Returns:
        As :func:`mezan_graph.turtle.emission.walk`; ``None`` where only a walk through the whole
        document can tell.
    """
    quads = part.quads
    if not isinstance(quads, NumberedQuads) or not quads.starts:
        return None
    starts, counts = quads.starts, quads.counts
    wanted: dict[int, list[int]] = {}
    for index in sorted(indexes):
        wanted.setdefault(bisect_right(counts, index), []).append(index)
    if quads.declarations is None:
        quads.declarations = list(_declarations(document))
    for offset in quads.declarations:
        wanted.setdefault(bisect_right(starts, offset), [])
    emissions: dict[int, Emission] = {}
    directives: list[Token] = []
    for place, among in sorted(wanted.items()):
        start, count = (starts[place - 1], counts[place - 1]) if place else (0, 0)
        after = bisect_right(counts, among[-1]) if among else place
        end = starts[after] if after < len(starts) else len(document)
        found, passed = walk(document, among, start, end, count)
        emissions |= found
        directives += passed
    return emissions, sorted(set(directives))


def first_indexes(part: Part, subjects: Collection[Subject]) -> dict[int, Subject]:
    """Return the index of the first quad of each of ``subjects`` that has any."""
    quads = part.quads
    missing: dict[object, Subject] = {each: each for each in subjects}
    column: Sequence[object]
    if isinstance(quads, NumberedQuads):
        missing = {quads.numbering.numbers.get(each): each for each in subjects}
        column = quads.rows[::4]
    else:
        column = [each.subject for each in quads]
    first: dict[int, Subject] = {}
    for index in places_of(column, missing):
        first[index] = missing.pop(column[index])
        if not missing:
            break
    return first


def _declarations(document: bytes) -> Iterator[int]:
    """Yield where a prefix or base may be declared."""
    for word in (b"prefix", b"base"):
        for at in found_in_any_case(document, word):
            before = document[max(0, at - 1) : at]
            after = document[at + len(word) : at + len(word) + 1]
            if before in b"@." + _SPACE and after in b"<#" + _SPACE:
                yield at

"""Which entries of a document stand together, and the order of prefixes that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.turtle.oneline import short_text
from mezan_graph.turtle.statements import Block, Directive, End

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mezan_graph.turtle.statements import Entry


def groups(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Yield runs of prefixes that stand together, sorted, and everything else alone."""
    group: list[Entry] = []
    for entry in entries:
        apart = entry.first.leading or entry.first.blank
        if group and (apart or not _alike(group[-1], entry)):
            yield _sorted(group)
            group = []
        group.append(entry)
    if group:
        yield _sorted(group)


def is_short(entry: Entry, other: Entry, room: int) -> bool:
    """Whether ``entry`` needs no blank line between itself and ``other``.

    Prefixes need none among themselves, and statements none that fit in ``room`` code points.
    """
    if isinstance(entry, Directive):
        return isinstance(other, Directive | End)
    if isinstance(entry, End):
        return isinstance(other, Directive) or is_short(other, other, room)
    if isinstance(entry, Block) or isinstance(other, Directive | Block):
        return False
    return short_text(entry, room) is not None


def _alike(one: Entry, other: Entry) -> bool:
    return (
        isinstance(one, Directive)
        and isinstance(other, Directive)
        and bool(one.name and other.name)
        and one.first.text == other.first.text
    )


def _sorted(group: list[Entry]) -> list[Entry]:
    """Sort prefixes by name; where one is declared twice, the order has a meaning and is kept."""
    prefixes = [entry for entry in group if isinstance(entry, Directive)]
    if len({entry.name for entry in prefixes}) < len(group):
        return group
    order = sorted(prefixes, key=lambda entry: entry.name)
    first, other = group[0].first, order[0].first
    if first is not other:
        # What stands above a group stays above it.
        other.leading, first.leading = first.leading, other.leading
        other.blank, first.blank = first.blank, other.blank
    return [*order]

"""Proof of what a store holds: counts, digests of sets, and the differences term by term."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError
from mezan_graph.push.ahead import answers
from mezan_graph.push.comparison import Differences
from mezan_graph.push.payload import added, line_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.push.payload import Bucket, Payload
    from mezan_graph.push.store import GraphIri, Store

Tick = Callable[[int, int], None]
"""Called with the number of triples that were read, and how many there are."""


PAGED = 3_000_000
"""Most triples that are read in pages, where answers are cut."""


_READINGS = 5


def _quiet(_done: int, _total: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class Content:
    """What a graph in a store holds, in the store's own forms.

    Attributes:
        triples: Number of triples.
        digest: Digest of their lines as a set.
    """

    triples: int
    digest: int


def sent_content(payload: Payload) -> Content:
    """Return what a store holds that changed nothing."""
    return Content(payload.manifest.triples, payload.manifest.digest)


def read_content(
    store: Store,
    graph: GraphIri,
    payload: Payload | None = None,
    tick: Tick = _quiet,
    *,
    expected: Content | None = None,
) -> Content:
    """Read a whole graph back.

    A store with row caps is read in pages, which it may choose as it likes: pages that overlap
    leave triples out, and their digest is then not the expected one, by a chance of one in 2¹²⁸. So
    pages with the expected digest, and a store that counts as many triples, prove a copy; others
    refute nothing. Then the graph is read by the subjects of the payload; triples with other
    subjects show in the count alone. A large graph is read by subjects at once, since the store
    counts its way to each page. Where nobody knows the subjects, pages are read until they are as
    expected or twice the same.

    Args:
        store: The store.
        graph: The graph.
        payload: What was sent there.
        tick: Called as the reading goes on.
        expected: What should be there; by default the payload, as a store keeps it that changes
            nothing.

    Raises:
        RemoteError: The store gives other pages each time.
    """
    if store.capabilities.row_cap is None:
        size = None if payload is None else payload.manifest.triples
        return _content(store.lines(graph, parsed=False), tick, size)
    if payload is None:
        return _agreed(store, graph, tick, expected)
    size, buckets = payload.manifest.triples, payload.manifest.buckets
    total = store.count(graph)
    # A page of which the store changed its plan is rare, and reading by subjects takes three times
    # as long as another try.
    for _ in range(2 if store.capabilities.row_cap < size <= PAGED else 1):
        found = _content(
            store.lines(graph, parsed=False)
            if size <= PAGED
            else (rows for _, rows in _by_bucket(store, graph, payload, buckets, parsed=False)),
            tick,
            size,
        )
        if found == (expected or sent_content(payload)) and total == found.triples:
            return found
    rows = (rows for _, rows in _by_bucket(store, graph, payload, buckets))
    return Content(total, _content(rows, tick, size).digest)


def _agreed(store: Store, graph: GraphIri, tick: Tick, expected: Content | None) -> Content:
    before = expected
    for _ in range(_READINGS):
        found = _content(store.lines(graph, parsed=False), tick, None)
        if found == before:
            return found
        before = found
    raise RemoteError(
        "the graph is another one each time that it is read; the live graph is untouched",
        place=store.url,
        hint="run it again when nobody else writes to the store",
    )


def _content(batches: Iterable[list[bytes]], tick: Tick, size: int | None) -> Content:
    count = digest = 0
    for lines in batches:
        whole = [line for line in lines if line]
        count += len(whole)
        digest = added([digest, *map(line_digest, whole)])
        tick(count, size or count)
    return Content(count, digest)


def find_differences(
    store: Store,
    graph: GraphIri,
    payload: Payload,
    *,
    same_version: bool = True,
    tick: Tick = _quiet,
) -> Differences:
    """Compare a graph with what was sent, term by term where digests of buckets differ.

    Args:
        store: The store.
        graph: The graph.
        payload: What was sent.
        same_version: Whether the graph should hold what was sent. In another version, literals
            with other values are differences like any other, and triples with subjects that were
            not sent are wanted one by one.
        tick: Called as the reading goes on.
    """
    buckets = payload.manifest.buckets
    starts = [_subject(payload.lines(bucket)[0]) for bucket in buckets]
    total, suspects = store.count(graph), list(buckets)
    as_expected = 0
    if store.capabilities.row_cap is None:
        digests: dict[int, int] = defaultdict(int)
        for lines in store.lines(graph):
            for line in lines:
                # A subject before the first one that was sent falls into the last bucket.
                digests[bisect_right(starts, _subject(line)) - 1] += line_digest(line)
        suspects = [
            bucket
            for number, bucket in enumerate(buckets)
            if added([digests[number]]) != bucket.digest
        ]
        as_expected = payload.manifest.triples - sum(bucket.triples for bucket in suspects)
    found = Differences()
    seen = as_expected
    done = 0
    for bucket, lines in _by_bucket(store, graph, payload, suspects):
        done += bucket.triples
        tick(done, payload.manifest.triples)
        seen += len(set(lines))
        found.compare(payload.lines(bucket), lines, same_version=same_version)
    if total > seen:
        if same_version:
            found.extra_count += total - seen
        else:
            found.note(extra=_strangers(store, graph, payload))
    return found


def _by_bucket(
    store: Store,
    graph: GraphIri,
    payload: Payload,
    buckets: Iterable[Bucket],
    *,
    parsed: bool = True,
) -> Iterator[tuple[Bucket, list[bytes]]]:
    def ask(bucket: Bucket) -> tuple[Bucket, list[bytes]]:
        subjects = list(dict.fromkeys(map(_subject, payload.lines(bucket))))
        return bucket, store.about(graph, subjects, parsed=parsed)

    return answers(ask, buckets)


def _strangers(store: Store, graph: GraphIri, payload: Payload) -> Iterator[bytes]:
    known = set(map(_subject, payload.all_lines()))
    for lines in store.lines(graph):
        yield from (line for line in lines if _subject(line) not in known)


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]

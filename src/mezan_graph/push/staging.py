"""The way of one graph into a store: what is live, the staging graph filled and verified."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from mezan_graph.errors import FindingsError, RemoteError
from mezan_graph.push import naming
from mezan_graph.push.ahead import AHEAD, answers
from mezan_graph.push.comparison import Differences
from mezan_graph.push.ledger import Ledger, Version, ledger_operations, read_ledger
from mezan_graph.push.lock import LEASE
from mezan_graph.push.naming import Names, drop
from mezan_graph.push.probing import probe, sample_literals
from mezan_graph.push.swapping import Progress, Step, settle
from mezan_graph.push.verification import Content, find_differences, read_content, sent_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.push.comparison import Policy, Rewrite
    from mezan_graph.push.lock import Lock
    from mezan_graph.push.payload import Extent, Payload
    from mezan_graph.push.store import Store

SMALL = 10_000
"""Most triples that are sent as a difference, in one update, where a difference is asked for."""

_SHORT = 32
_SLOWEST = 100_000
"""Bytes that a store takes in a second, at the least: the lock is held that long."""
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How to push.

    Attributes:
        policy: Which rewrites of literals by the store pass.
        delta: Whether to send the difference to what is live, where it is small.
        wait: Seconds to wait for another push of the same graph.
        progress: Called as the push goes on.
        now: Returns the time as seconds since 1970.
        sleep: Waits a number of seconds.
    """

    policy: Policy = "none"
    delta: bool = False
    wait: float = 600
    progress: Progress = lambda _step, _done, _total: None
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Staging:
    """The way of one live graph."""

    def __init__(self, store: Store, names: Names, payload: Payload, options: Options) -> None:
        self.store = store
        self.names = names
        self.payload = payload
        self.options = options
        self.lock: Lock | None = None
        self.ledger = Ledger()
        self.rewrites: Counter[Rewrite] = Counter()
        self.graph = self.version_graph = names.version(payload.manifest.sha256[:_SHORT])

    def is_done(self) -> bool:
        """Read what is live; whether it is the payload, and nothing is left to finish."""
        self.ledger = ledger = read_ledger(self.store, self.names)
        sha256 = self.payload.manifest.sha256
        expected = next(
            (each for each in (ledger.pending, ledger.live) if each and each.sha256 == sha256), None
        )
        if expected is None:
            return False
        live = self.names.live
        if self.store.count(live) != expected.content.triples:
            return False
        tick = self._ticker("verify")
        found_content = read_content(
            self.store, live, self.payload, tick, expected=expected.content
        )
        if found_content != expected.content:
            return False
        if expected.content != sent_content(self.payload):
            found = find_differences(self.store, live, self.payload)
            if found:
                return False
            self.rewrites = found.rewrites
            self.refuse_rewrites(found)
        if ledger.pending is None and not ledger.others:
            return True
        return self.finish(expected)

    def is_begun(self) -> bool:
        """Whether an earlier push has left the version in the store, whole or in part."""
        kept = {self.ledger.previous.graph} if self.ledger.previous else set()
        return self.version_graph in self.ledger.others | kept

    def finish(self, version: Version) -> bool:
        """Settle what an earlier push left to do after its version went live, under the lock."""
        if self.lock is None:
            return False
        after = replace(self.ledger, live=version, pending=None)
        self.store.update(ledger_operations(self.names, after))
        settle(self.store, self.names, after)
        self.ledger = read_ledger(self.store, self.names)
        return True

    def refuse_rewrites(self, found: Differences) -> None:
        """Note the rewrites of literals, and raise where the policy does not let them pass."""
        refused = found.refused(self.options.policy)
        if refused:
            shown = "".join(
                f"\n  {each.sent} became {each.stored} ({_VERDICTS[each.verdict]})"
                + (f", {count} times" if count > 1 else "")
                for each, count in refused[:10]
            )
            more = f"\n  … and {len(refused) - 10} more" if len(refused) > 10 else ""  # noqa: PLR2004
            other = any(each.verdict == "other" for each, _ in refused)
            widest = max((each.verdict for each, _ in refused), default="form")
            raise FindingsError(
                f"the store changes literals; the live graph is untouched{shown}{more}",
                place=self.store.url,
                hint="such literals cannot be kept in this store"
                if other
                else f"allow it with --allow-rewrites {widest}",
            )

    def learn_rewrites(self, store: Store) -> None:
        """Find out what the store makes of literals, and raise as :meth:`refuse_rewrites` does.

        Args:
            store: The store, or a transaction in it of which nothing is to be left.
        """
        self.refuse_rewrites(probe(store, self.names, sample_literals([self.payload])))

    def stage(self) -> Step:
        """Fill and verify the staging graph; nothing is done twice that is there already."""
        for left in reversed(range(_TRIES)):
            self.announce()
            if not (self.options.delta and left and self.fill_by_difference()):
                self.upload()
            found, content = self.verify()
            # What the probe did not show may have happened on the way: it is tried once more.
            damaged = any(each.verdict == "other" for each in found.rewrites)
            if not found and not (damaged and left):
                self.rewrites = found.rewrites
                self.drop_if_refused(found)
                sha256 = self.payload.manifest.sha256
                now = moment(self.options.now())
                version = Version(self.version_graph, sha256, content, now)
                return Step(self.names, self.ledger, version, self.payload)
            self.store.update([drop(self.graph)])
            if not left:
                break
        raise RemoteError(
            f"the store answered that all is well and holds something else: "
            f"{found.missing_count:,} triples missing, {found.extra_count:,} too many; "
            "the live graph is untouched",
            place=self.store.url,
            hint="see the log of the server; is its disk full?",
        )

    def drop_if_refused(self, found: Differences) -> None:
        """Refuse rewrites as :meth:`refuse_rewrites` does, and leave no staging graph behind."""
        try:
            self.refuse_rewrites(found)
        except FindingsError:
            if self.ledger.previous is None or self.ledger.previous.graph != self.graph:
                self.store.update([drop(self.graph)])
            raise

    def announce(self) -> None:
        """Say in the ledger that the staging graph exists, so that it is never forgotten."""
        if self.graph not in self.ledger.others:
            self.ledger = replace(self.ledger, others=self.ledger.others | {self.graph})
            self.store.update(ledger_operations(self.names, self.ledger))

    def upload(self) -> None:
        """Send the chunks that are not there yet."""
        total = self.payload.manifest.triples
        present = self.store.count(self.graph)
        if present > total:
            self.store.update([drop(self.graph)])
            present = 0
        add = partial(self.store.add, self.graph)
        side_by_side = self.store.capabilities.parallel_uploads
        missing = self._missing_chunks(present, AHEAD if side_by_side else 0)
        for _ in (answers if side_by_side else map)(add, missing):
            pass
        self.options.progress("upload", total, total)

    def _missing_chunks(self, present: int, ahead: int) -> Iterator[Extent]:
        """Yield the chunks that an interrupted upload has not sent, as they are about to be sent.

        Args:
            present: How many triples are there.
            ahead: How many chunks may be there of which those before are not, or not whole.
        """
        total = self.payload.manifest.triples
        chunks = list(self.payload.chunks(self.store.capabilities.chunk_bytes))
        certain = [before for before, _ in chunks[ahead + 1 :]]
        certain += [total] * (len(chunks) - len(certain))
        for (before, chunk), enough in zip(chunks, certain, strict=True):
            if enough <= present:
                continue
            self.options.progress("upload", before, total)
            self._renew(min(chunk.size / _SLOWEST, self.options.wait))
            yield self.payload.content(chunk)

    def fill_by_difference(self) -> bool:
        """Make the staging graph a copy of the live one and apply the difference to it.

        Returns:
            Whether that was done; a large difference is better sent whole.
        """
        live = self.names.live
        if not self.store.count(live):
            return False
        found = find_differences(self.store, live, self.payload, same_version=False)
        size = found.missing_count + found.extra_count
        if not found.whole or size > SMALL or any(b"_:" in line for line in found.extra):
            return False
        terms = {each.sent: each.stored for each in found.rewrites}
        if terms:
            # Other forms of the same values: of an older version, or what this store makes of them.
            if len(terms) > SMALL or len(terms) < len(found.rewrites):
                return False
            made = probe(self.store, self.names, [term.encode() for term in terms])
            if {each.sent: each.stored for each in made.rewrites} != terms:
                return False
        operations = self.store.copying(live, self.graph)
        if found.extra:
            operations.append(naming.delete(self.graph, found.extra))
        if found.missing:
            operations.append(naming.insert(self.graph, found.missing))
        self.store.update(operations)
        return True

    def verify(self) -> tuple[Differences, Content]:
        """Compare the staging graph with the payload; return what differs, and what is there."""
        tick = self._ticker("verify")
        # Some stores think for long before the first triple comes.
        tick(0, self.payload.manifest.triples)
        content = read_content(self.store, self.graph, self.payload, tick)
        if content == sent_content(self.payload):
            return Differences(), content
        return find_differences(self.store, self.graph, self.payload, tick=tick), content

    def hold_long(self) -> None:
        """Keep the lock for as long as the swap may take."""
        if self.lock is not None:
            self.lock.renew(self.options.wait)

    def _renew(self, seconds: float = 0) -> None:
        if self.lock is not None:
            self.lock.renew(max(seconds, LEASE))

    def _ticker(self, step: str) -> Callable[[int, int], None]:
        def tick(done: int, total: int) -> None:
            self._renew()
            self.options.progress(step, done, total)

        return tick


def moment(seconds: float) -> str:
    """Return a time, as seconds since 1970, in ISO 8601 and UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


_VERDICTS = {
    "form": "another form of the same value",
    "value": "the same value in another datatype",
    "other": "not the same value",
}

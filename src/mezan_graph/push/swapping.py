"""The moment of a push: versions that are complete in the store go live, together if they can.

With transactions everything happens in one of them: the old graph becomes a kept version, unless
it is kept already, the new version becomes the live graph, the ledger is written; its own graph
goes in the same transaction, or when the live graph is proved, or stays. Without, the old graph is
copied first unless its version was kept, the ledger announces what comes, and MOVE or COPY follows,
one graph after another in the order of their IRIs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError, UnknownOutcomeError
from mezan_graph.push.ledger import Ledger, Version, ledger_operations, read_ledger
from mezan_graph.push.naming import Names, drop
from mezan_graph.push.payload import shown_digest
from mezan_graph.push.verification import Content, read_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mezan_graph.push.payload import Payload
    from mezan_graph.push.store import GraphIri, Store, Transaction

Progress = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One live graph and the version that is to go live there.

    Attributes:
        names: Names of the live graph.
        ledger: Its ledger as it was read.
        version: The version; its graph holds its content, verified.
        payload: What the version was made of; ``None`` for one that was kept.
    """

    names: Names
    ledger: Ledger
    version: Version
    payload: Payload | None


def swap(
    store: Store,
    steps: Sequence[Step],
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = lambda _step, _done, _total: None,
) -> None:
    """Make every version live, and keep what was live before.

    Args:
        store: The store.
        steps: The versions.
        sleep: Waits a number of seconds.
        progress: Called as it goes on.

    Raises:
        RemoteError: It was not done, or nobody can say; the message tells which.
    """
    progress("swap", 0, len(steps))
    for group in [steps] if store.capabilities.transactions else [[step] for step in steps]:
        _swap_together(store, group, sleep)


def commit(
    store: Store,
    transaction: Transaction,
    steps: Sequence[Step],
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = lambda _step, _done, _total: None,
) -> None:
    """Make live what was filled and verified within a transaction; arguments as for :func:`swap`.

    Raises:
        RemoteError: It was not done, or nobody can say; the message tells which.
    """
    progress("swap", 0, len(steps))
    try:
        transaction.commit()
    except RemoteError as error:
        _settle_outcome(store, steps, error, sleep)


def prove(
    store: Store,
    steps: Sequence[Step],
    progress: Progress = lambda _step, _done, _total: None,
) -> None:
    """Verify what is live now, and drop what nobody needs any more.

    Raises:
        RemoteError: A live graph is not as it was verified, or the rest cannot be dropped.
    """
    for number, step in enumerate(steps):
        progress("prove", number, len(steps))
        found = _verified(store, step)
        if found is not None and not _superseded(store, step):
            raise RemoteError(
                f"the live graph does not hold what was verified before it went live: "
                f"{found:,} triples in place of {step.version.content.triples:,}",
                place=store.url,
                hint="run it again; mezan push --rollback brings back the version before",
            )
        progress("tidy", number, len(steps))
        try:
            settle(store, step.names, read_ledger(store, step.names))
        except RemoteError as error:
            raise _told(
                error, "the live graph is the new one, whole; what was staged is not dropped yet"
            ) from None
    progress("tidy", len(steps), len(steps))


def _superseded(store: Store, step: Step) -> bool:
    """Whether another push went live since, as it may where the lock ends with the swap."""
    live = read_ledger(store, step.names).live
    return live not in (None, step.version, step.ledger.live)


def _verified(store: Store, step: Step) -> int | None:
    """Verify the live graph; return how many triples it holds in place of those it should."""
    expected = step.version.content
    if store.capabilities.row_cap is None or not store.capabilities.keeps_versions:
        found = read_content(store, step.names.live, step.payload, expected=expected)
        return None if found == expected else found.triples
    # The version was read back and is still there: the store compares the live graph with it.
    counts = [store.count(graph) for graph in (step.names.live, step.version.graph)]
    shared = store.shared(step.names.live, step.version.graph)
    return None if {shared, *counts} == {expected.triples} else min(shared, *counts)


def settle(store: Store, names: Names, ledger: Ledger) -> None:
    """Drop the graphs that are neither live nor kept, and say so in the ledger."""
    kept = {ledger.previous.graph} if ledger.previous else set()
    if ledger.live and store.capabilities.keeps_versions:
        kept.add(ledger.live.graph)
    done = [drop(graph) for graph in sorted(ledger.others - kept)]
    if done or ledger.pending:
        settled = replace(ledger, pending=None, others=frozenset())
        store.update([*done, *ledger_operations(names, settled)])


def _swap_together(store: Store, steps: Sequence[Step], sleep: Callable[[float], None]) -> None:
    operations: list[str] = []
    transactions = store.capabilities.transactions
    keeps_versions = store.capabilities.keeps_versions
    for step in steps:
        names, ledger = step.names, step.ledger
        old = kept_version(store, names, ledger, step.version.graph)
        others = ledger.others | {step.version.graph}
        if ledger.previous is not None and ledger.previous.graph != step.version.graph:
            others |= {ledger.previous.graph}
        if ledger.live is not None and keeps_versions:
            others |= {ledger.live.graph}
        after = Ledger(live=step.version, previous=old, others=others)
        # A version of an older ledger, or one that somebody else wrote, has no graph of its own.
        keeping = old is not None and (
            (transactions and not keeps_versions) or store.count(old.graph) != old.content.triples
        )
        if transactions:
            if old is not None and keeping:
                operations += store.moving(names.live, old.graph)
            drops_later = store.capabilities.drops_later
            going = store.copying if keeps_versions or drops_later else store.moving
            operations += going(step.version.graph, names.live)
            if not drops_later:
                after = ledger.after(step.version, old)
            operations += ledger_operations(names, after)
            continue
        if old is not None and keeping:
            store.update(store.copying(names.live, old.graph))
        announced = replace(
            ledger,
            previous=old or ledger.previous,
            pending=step.version,
            others=others,
        )
        store.update(ledger_operations(names, announced))
        publishing = store.copying if keeps_versions else store.moving
        operations = publishing(step.version.graph, names.live)
        operations += ledger_operations(names, after)
    _refuse_incomplete(store, steps)
    try:
        store.update(operations, repeatable=False)
    except RemoteError as error:
        _settle_outcome(store, steps, error, sleep)


def _refuse_incomplete(store: Store, steps: Sequence[Step]) -> None:
    # MOVE from a graph that is not there empties the target in some stores.
    for step in steps:
        found = store.count(step.version.graph)
        if not found or found != step.version.content.triples:
            raise RemoteError(
                f"{found:,} triples wait to go live in place of "
                f"{step.version.content.triples:,}; the live graph is untouched",
                place=store.url,
                hint="run it again",
            )


def kept_version(store: Store, names: Names, ledger: Ledger, coming: GraphIri) -> Version | None:
    """Return the version that is live now, and where it is to be kept; ``None`` for an empty graph.

    A live graph that is not as it was pushed is a version of its own, named by what it holds.
    """
    count = store.count(names.live)
    if not count:
        return None
    known = ledger.live
    if known is not None and known.content.triples == count and known.graph != coming:
        return known
    content = read_content(store, names.live)
    return Version(names.version(f"found-{shown_digest(content.digest)}"), "", content, "")


def _settle_outcome(
    store: Store, steps: Sequence[Step], error: RemoteError, sleep: Callable[[float], None]
) -> None:
    """Find out what became of a swap that failed or that nobody answered for."""
    for pause in (1, 2, 4, 8, 0):
        try:
            states = [_is_live(store, step) for step in steps]
        except RemoteError:
            sleep(pause)
            continue
        if all(states):
            for step in steps:
                after = read_ledger(store, step.names)
                if after.live != step.version:
                    store.update(
                        ledger_operations(
                            step.names,
                            replace(after, live=step.version, pending=None),
                        )
                    )
            return
        if not any(states):
            raise _told(error, "the live graph is the old one, whole") from None
        raise _told(error, "some graphs are live in their new version, others not yet") from None
    raise _told(error, "nobody can say whether the live graph is the old or the new one") from None


def _told(error: RemoteError, outcome: str) -> RemoteError:
    kind = UnknownOutcomeError if isinstance(error, UnknownOutcomeError) else RemoteError
    return kind(f"{error.message}; {outcome}", place=error.place, hint="run it again: it goes on")


def _is_live(store: Store, step: Step) -> bool:
    wanted: Content = step.version.content
    if store.count(step.names.live) != wanted.triples:
        return False
    return read_content(store, step.names.live, step.payload, expected=wanted) == wanted

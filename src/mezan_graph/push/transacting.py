"""Live graphs that are filled within one transaction, where a store has it over several requests.

The transaction is the staging area: what was uploaded is read back in it, and nobody else sees any
of that before it is committed. So nothing has to be copied when it goes live, and a push that was
killed leaves nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.push.ledger import ledger_insertion
from mezan_graph.push.naming import drop, insert
from mezan_graph.push.staging import Staging
from mezan_graph.push.store import Transactional
from mezan_graph.push.swapping import kept_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from mezan_graph.push.naming import Names
    from mezan_graph.push.store import Store, Transaction
    from mezan_graph.push.swapping import Step

_MARK = b"<urn:x-mezan:mark> <urn:x-mezan:is> <urn:x-mezan:mark> ."


def begin(store: Store, pushes: Sequence[Staging], stack: ExitStack) -> Transaction | None:
    """Begin a transaction that all of it goes into.

    What a store makes of literals is tried in another one, of which nothing is left.

    Args:
        store: The store.
        pushes: What is to go live.
        stack: Ends the transaction; what was not committed then never happened.

    Returns:
        The transaction; ``None`` where the store has none over several requests, or does not show
        in it what was done in it, and where it is too much, or a part of it is there already.

    Raises:
        FindingsError: The store changes literals in a way that the policy does not allow.
    """
    if not pushes or not isinstance(store, Transactional) or not _fits(store, pushes):
        return None
    with store.transaction() as trial:
        if not _shows(trial, pushes[0].names):
            return None
        for each in pushes:
            each.learn_rewrites(trial)
    return stack.enter_context(store.transaction())


def _fits(store: Store, pushes: Sequence[Staging]) -> bool:
    triples = sum(each.payload.manifest.triples for each in pushes)
    return triples <= store.capabilities.transaction_triples and not any(
        each.options.delta or each.is_begun() for each in pushes
    )


def _shows(trial: Transaction, names: Names) -> bool:
    trial.update([insert(names.probe, [_MARK])])
    return trial.count(names.probe) == 1


class Filling(Staging):
    """The way of one live graph within a transaction."""

    def __init__(self, before: Staging, inside: Transaction) -> None:
        super().__init__(inside, before.names, before.payload, before.options)
        self.lock, self.ledger = before.lock, before.ledger
        self.graph = self.names.live
        self._before = before

    def announce(self) -> None:
        """Nobody needs to know of what is gone if it is not committed."""

    def fill(self) -> Step:
        """Keep what was live, fill the live graph, verify it, write the ledger, end the lock.

        The lock ends with the transaction, since some stores write all that they hold at each one.
        """
        store, names, ledger = self.store, self.names, self.ledger
        old = kept_version(store, names, ledger, self.version_graph)
        if old is not None:
            self.hold_long()
            if store.count(old.graph) != old.content.triples:
                store.update(store.copying(names.live, old.graph))
            store.update([drop(names.live)])
        # Before the graph is filled: whatever is dropped is looked for in all that is there.
        store.update([drop(names.ledger), drop(names.lock)])
        step = self.stage()
        self._before.rewrites = self.rewrites
        self.hold_long()
        store.update(ledger_insertion(names, ledger.after(step.version, old)))
        return step

"""The sequence of a push: what is there, stage, verify, swap, verify again, tell.

Nothing that readers see is ever written over: what goes live was verified, in a staging graph that
is named by the digest or in a transaction. A push that was killed is continued by the next one,
from the ledger and from what stands in the staging graph.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.push.ledger import read_ledger
from mezan_graph.push.lock import locked
from mezan_graph.push.naming import Names
from mezan_graph.push.receipt import Receipt, ReceiptGraph
from mezan_graph.push.staging import Options, Staging, moment
from mezan_graph.push.swapping import Step, commit, prove, settle, swap
from mezan_graph.push.transacting import Filling, begin
from mezan_graph.push.verification import read_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mezan_graph.push.comparison import Rewrite
    from mezan_graph.push.payload import Payload
    from mezan_graph.push.store import GraphIri, Store


def push(
    store: Store,
    payloads: Mapping[GraphIri, Payload],
    options: Options = Options(),  # noqa: B008 - immutable
) -> Receipt:
    """Put every payload into its graph; write nothing where all of them are there already.

    Args:
        store: The store.
        payloads: Live graph to what it is to hold; the empty string is the default graph.
        options: How.

    Returns:
        What is live now, and when it went live.

    Raises:
        UsageError: A payload is empty, or the store has no default graph.
        FindingsError: The store changes literals in a way that the policy does not allow.
        RemoteError: The store cannot be reached, or holds something else than was sent.
    """
    _check(store, payloads)
    pushes = [Staging(store, Names(live), payloads[live], options) for live in sorted(payloads)]
    with ExitStack() as stack:
        with _live_untouched():
            if all(each.is_done() for each in pushes):
                return _told(store, [(each.names, each.rewrites) for each in pushes], written=False)
            for each in pushes:
                each.lock = stack.enter_context(
                    locked(store, each.names, wait=options.wait, sleep=options.sleep)
                )
            # Whoever held a lock until now may have done the work.
            todo = [each for each in pushes if not each.is_done()]
            transaction = begin(store, todo, stack)
            if transaction is not None:
                steps = [Filling(each, transaction).fill() for each in todo]
            else:
                for each in todo:
                    each.learn_rewrites(store)
                steps = [each.stage() for each in todo]
                for each in todo:
                    each.hold_long()
        if transaction is not None:
            commit(store, transaction, steps, options.sleep, options.progress)
        else:
            swap(store, steps, options.sleep, options.progress)
        prove(store, steps, options.progress)
    return _told(store, [(each.names, each.rewrites) for each in pushes], written=bool(todo))


@contextmanager
def _live_untouched() -> Iterator[None]:
    """Say in every error that nothing went live yet."""
    try:
        yield
    except RemoteError as error:
        if "untouched" not in error.message:
            error.message += "; the live graph is untouched"
        raise


def _check(store: Store, payloads: Mapping[GraphIri, Payload]) -> None:
    for live, payload in payloads.items():
        if not payload.manifest.triples:
            raise UsageError(
                "there is nothing to push: the graph is empty",
                place=live or "the default graph",
                hint="a live graph is never emptied; drop it in the store if that is what you want",
            )
        if not live and not store.capabilities.default_graph:
            raise UsageError(
                f"{store.kind} has no default graph of its own", hint="name one with --graph IRI"
            )


def roll_back(store: Store, lives: list[GraphIri], options: Options = Options()) -> Receipt:  # noqa: B008 - immutable
    """Make the version before live again, in every one of the graphs; it is kept in its turn.

    Raises:
        UsageError: A graph has no version before.
        RemoteError: The store cannot be reached, or the version is not there as it was kept.
    """
    with ExitStack() as stack:
        steps = []
        for live in sorted(lives):
            names = Names(live)
            stack.enter_context(locked(store, names, wait=options.wait, sleep=options.sleep))
            ledger = read_ledger(store, names)
            if ledger.previous is None:
                raise UsageError(
                    "there is no version before to go back to", place=live or "the default graph"
                )
            kept = ledger.previous.content
            found = read_content(store, ledger.previous.graph, expected=kept)
            if found != kept:
                raise RemoteError(
                    "the kept version is not as it was kept; the live graph is untouched",
                    place=store.url,
                    hint="push the version that you want",
                )
            version = replace(ledger.previous, time=moment(options.now()))
            steps.append(Step(names, ledger, version, None))
        swap(store, steps, options.sleep, options.progress)
        prove(store, steps, options.progress)
    return _told(store, [(step.names, Counter()) for step in steps], written=True)


def forget(store: Store, lives: list[GraphIri], options: Options = Options()) -> None:  # noqa: B008 - immutable
    """Drop the kept version of every one of the graphs."""
    for live in sorted(lives):
        names = Names(live)
        with locked(store, names, wait=options.wait, sleep=options.sleep):
            ledger = read_ledger(store, names)
            if ledger.previous is not None:
                others = ledger.others | {ledger.previous.graph}
                settle(store, names, replace(ledger, previous=None, others=others))


def _told(store: Store, graphs: list[tuple[Names, Counter[Rewrite]]], *, written: bool) -> Receipt:
    found = []
    for names, rewrites in graphs:
        ledger = read_ledger(store, names)
        if ledger.live is None:
            raise RemoteError(
                "the ledger is gone; another program works in this store",
                place=store.url,
                hint="run it again",
            )
        found.append(ReceiptGraph(names, ledger.live, ledger.previous, rewrites))
    return Receipt(store.kind, store.url, tuple(found), written)

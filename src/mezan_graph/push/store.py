"""The contract between the push and a triple store: what a store must do, and what it may lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from mezan_graph.push.payload import Extent

GraphIri = str
"""IRI of a named graph; the empty string stands for the default graph."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of store can promise.

    Attributes:
        transactions: Whether several updates that are sent together happen together or not at all.
        default_graph: Whether there is a default graph apart from the named ones.
        row_cap: Most rows of an answer; ``None`` where answers are complete.
        chunk_bytes: Size of an upload in bytes.
        parallel_uploads: Whether a graph is filled faster by several uploads at once.
        drops_later: Whether the graph that a version was staged in is dropped in an update of its
            own, after the live graph was proved: one large transaction takes longer than two.
        keeps_versions: Whether a version goes live as a copy and its own graph stays beside the
            live one, because dropping a graph takes longer than copying it.
        transaction_triples: Most triples that are uploaded and verified within one transaction,
            where the kind of store has some over several requests.
    """

    transactions: bool
    default_graph: bool
    row_cap: int | None
    chunk_bytes: int
    parallel_uploads: bool = False
    drops_later: bool = False
    keeps_versions: bool = False
    transaction_triples: int = 0


class Store(Protocol):
    """A triple store. Triples are canonical N-Triples lines, graphs are sets of them.

    Every method raises RemoteError where the store cannot be reached, refuses, or answers with
    something else.
    """

    @property
    def kind(self) -> str:
        """Name of the kind of store."""

    @property
    def url(self) -> str:
        """Where it is, without credentials."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can promise."""

    def add(self, graph: GraphIri, ntriples: bytes | Extent) -> None:
        """Add triples to a graph that is not live. Doing it twice is as doing it once.

        Where it fails, a part of them may have been added.
        """

    def count(self, graph: GraphIri) -> int:
        """Return the number of triples in a graph; 0 where it does not exist."""

    def shared(self, one: GraphIri, other: GraphIri) -> int:
        """Return the number of triples that two graphs both hold, as the store sees them."""

    def lines(self, graph: GraphIri, *, parsed: bool = True) -> Iterator[list[bytes]]:
        """Yield the triples of a graph, in any order, in batches of bounded size.

        Without ``parsed`` the lines are as the store writes them, which may not be canonical.
        """

    def about(
        self, graph: GraphIri, subjects: Sequence[bytes], *, parsed: bool = True
    ) -> list[bytes]:
        """Return all triples with one of ``subjects``, IRIs in angle brackets.

        ``parsed`` as for :meth:`lines`.
        """

    def facts(self, graph: GraphIri) -> list[tuple[str, str, str]]:
        """Return the triples of a small graph: subject, predicate, and the object's text."""

    def moving(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with ``source``, which ceases to exist."""

    def copying(self, source: GraphIri, target: GraphIri) -> list[str]:
        """Return the operations that replace ``target`` with what ``source`` holds."""

    def update(self, operations: Iterable[str], *, repeatable: bool = True) -> None:
        """Run SPARQL 1.1 Update operations, in one transaction where there are any.

        Args:
            operations: The operations.
            repeatable: Whether running them twice is as running them once, so that a broken
                connection may be tried again.
        """


class Transaction(Store, Protocol):
    """A store as it will be: what is done to it is seen in here, and by nobody else until then."""

    def commit(self) -> None:
        """Make all of it happen at once.

        Raises:
            UnknownOutcomeError: Nobody can say whether it happened.
            RemoteError: It did not.
        """


@runtime_checkable
class Transactional(Protocol):
    """A store with transactions over several requests."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction; what was not committed at the end of the block never happened."""

"""A project and a store: push, compare, roll back. What the command line calls."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mezan_graph.exchange.credentials import checked_url, find_credentials
from mezan_graph.exchange.http import Http
from mezan_graph.exchange.refusals import Patience
from mezan_graph.exports import published_graph
from mezan_graph.push.ledger import Ledger, read_ledger
from mezan_graph.push.naming import Names
from mezan_graph.push.preparation import conforming_graph, prepared
from mezan_graph.push.pushing import forget, push, roll_back
from mezan_graph.push.staging import Options
from mezan_graph.push.stores import open_store
from mezan_graph.push.verification import find_differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.project import Project
    from mezan_graph.push.comparison import Differences
    from mezan_graph.push.receipt import Receipt
    from mezan_graph.push.store import GraphIri, Store


@dataclass(frozen=True, slots=True)
class Target:
    """Where a graph goes.

    Attributes:
        url: Address of the store, without credentials.
        live: The graph that takes everything, the empty string for the default graph; ``None``
            keeps the project's named graphs apart.
        kind: Kind of store; by default it is found out.
        query_url: Where queries go, in a store of another kind.
        update_url: Where updates go, in a store of another kind.
        user: Whose password to look for.
        authority: PEM file with the certificates of a private authority.
        insecure_http: Whether plain HTTP to another machine is allowed.
        patience: How long to wait.
    """

    url: str
    live: GraphIri | None
    kind: str | None = None
    query_url: str | None = None
    update_url: str | None = None
    user: str | None = None
    authority: Path | None = None
    insecure_http: bool = False
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A live graph beside what the project holds.

    Attributes:
        graph: IRI of the live graph; empty for the default graph.
        triples: Number of triples that are live.
        ledger: What earlier pushes left there.
        differences: ``missing`` are the triples that a push would add, ``extra`` those that it
            would remove.
    """

    graph: GraphIri
    triples: int
    ledger: Ledger
    differences: Differences


@contextmanager
def opened(target: Target) -> Iterator[Store]:
    """Open the store of ``target``.

    Raises:
        UsageError: The address is unusable, or the kind of store cannot be found out.
        RemoteError: The server cannot be reached.
    """
    url = checked_url(target.url, insecure_http=target.insecure_http)
    for other in (target.query_url, target.update_url):
        if other is not None:
            checked_url(other, insecure_http=target.insecure_http)
    http = Http(
        url,
        find_credentials(url, target.user),
        patience=target.patience,
        authority=target.authority,
    )
    try:
        yield open_store(http, target.kind, query=target.query_url, update=target.update_url)
    finally:
        http.close()


def push_project(project: Project, target: Target, options: Options | None = None) -> Receipt:
    """Validate a project and push its published graph.

    Raises:
        FindingsError: The data does not conform, or the store changes literals.
        InputError: A file of the project cannot be read.
        UsageError: As :func:`opened` and :func:`push`.
        RemoteError: As :func:`push`.
    """
    made = prepared(project, conforming_graph(project), target.live)
    with made as payloads, opened(target) as store:
        return push(store, payloads, options or Options())


def compare_project(project: Project, target: Target) -> list[Comparison]:
    """Compare what is live with what the project holds; nothing is written.

    Raises:
        InputError: A file of the project cannot be read.
        RemoteError: The store cannot be reached.
    """
    found = []
    graph = published_graph(project)
    with prepared(project, graph, target.live) as payloads, opened(target) as store:
        for live, payload in payloads.items():
            differences = find_differences(store, live, payload, same_version=False)
            count = store.count(live)
            found.append(Comparison(live, count, read_ledger(store, Names(live)), differences))
    return found


def roll_back_project(project: Project, target: Target, options: Options | None = None) -> Receipt:
    """Make the version before live again; errors as of :func:`roll_back`."""
    with opened(target) as store:
        return roll_back(store, live_graphs(project, target), options or Options())


def forget_project(project: Project, target: Target, options: Options | None = None) -> None:
    """Drop the versions that are kept for a rollback."""
    with opened(target) as store:
        forget(store, live_graphs(project, target), options or Options())


def live_graphs(project: Project, target: Target) -> list[GraphIri]:
    """Return the live graphs of ``target``."""
    if target.live is not None:
        return [target.live]
    with prepared(project, published_graph(project), None) as payloads:
        return list(payloads)

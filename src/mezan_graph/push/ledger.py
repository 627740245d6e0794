"""The ledger in the store: which version is live, which one is kept, what is under way.

It is a small graph beside each live one, so that whoever pushes next, from whatever machine, knows.
All objects are IRIs or plain strings: there is nothing that a store would rewrite.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError
from mezan_graph.namespaces import DCT, PROV, SPDX, VOID
from mezan_graph.push.naming import drop, insert
from mezan_graph.push.payload import shown_digest
from mezan_graph.push.verification import Content

if TYPE_CHECKING:
    from mezan_graph.push.naming import Names
    from mezan_graph.push.store import GraphIri, Store

_LIVE, _PREVIOUS, _PENDING, _OTHER = (
    DCT.hasVersion.value,
    DCT.replaces.value,
    DCT.requires.value,
    DCT.hasPart.value,
)


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a live graph.

    Attributes:
        graph: The graph that holds it while it is not live.
        sha256: SHA-256 of its canonical N-Triples; empty for what was there before the first push.
        content: What the store holds of it.
        time: When it went live, in ISO 8601 and UTC; empty where nobody knows.
    """

    graph: GraphIri
    sha256: str
    content: Content
    time: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known about one live graph.

    Attributes:
        live: The version that readers see, if it was pushed.
        previous: The one before, kept for a rollback.
        pending: A version that is verified and about to go live, in a store without transactions.
        others: Graphs that are being filled, or wait to be dropped.
    """

    live: Version | None = None
    previous: Version | None = None
    pending: Version | None = None
    others: frozenset[GraphIri] = field(default_factory=frozenset)

    def after(self, version: Version, kept: Version | None) -> Ledger:
        """Return the ledger when ``version`` is live and ``kept`` is the one before.

        Every other graph that was known waits to be dropped; the two stand where they belong.
        """
        others = self.others | ({self.previous.graph} if self.previous else set())
        return Ledger(version, kept, None, others - {version.graph, kept.graph if kept else ""})


def read_ledger(store: Store, names: Names) -> Ledger:
    """Return the ledger of a live graph, empty where it was never pushed.

    Raises:
        RemoteError: The store cannot be read, or something else wrote into the ledger.
    """
    facts = store.facts(names.ledger)
    roles: dict[str, set[str]] = {}
    about: dict[str, dict[str, str]] = {}
    for subject, predicate, value in facts:
        if subject == names.ledger:
            roles.setdefault(predicate, set()).add(value)
        else:
            about.setdefault(subject, {})[predicate] = value

    def version(role: str) -> Version | None:
        for graph in roles.get(role, ()):
            told = about[graph]
            content = Content(int(told[VOID.triples.value]), int(told[DCT.identifier.value], 16))
            return Version(
                graph,
                told.get(SPDX.checksumValue.value, ""),
                content,
                told.get(PROV.generatedAtTime.value, ""),
            )
        return None

    try:
        return Ledger(
            version(_LIVE), version(_PREVIOUS), version(_PENDING),
            frozenset(roles.get(_OTHER, ())),
        )  # fmt: skip
    except (KeyError, ValueError):
        raise RemoteError(
            f"the ledger <{names.ledger}> is not as it was written",
            place=store.url,
            hint="drop that graph; the next push writes it anew",
        ) from None


def ledger_operations(names: Names, ledger: Ledger) -> list[str]:
    """Return the operations that replace the ledger, as one text.

    Where a store has no transactions, whoever is killed between two requests would leave none.
    """
    return [" ;\n".join([drop(names.ledger), *ledger_insertion(names, ledger)])]


def ledger_insertion(names: Names, ledger: Ledger) -> list[str]:
    """Return the operation that writes the ledger where there is none; nothing for an empty one."""
    lines = []
    roles = ((_LIVE, ledger.live), (_PREVIOUS, ledger.previous), (_PENDING, ledger.pending))
    for role, version in roles:
        if version is not None:
            lines.append(f"<{names.ledger}> <{role}> <{version.graph}> .")
            told = (
                (SPDX.checksumValue, version.sha256),
                (VOID.triples, str(version.content.triples)),
                (DCT.identifier, shown_digest(version.content.digest)),
                (PROV.generatedAtTime, version.time),
            )
            lines += [
                f'<{version.graph}> {predicate} "{value}" .' for predicate, value in told if value
            ]
    lines += [f"<{names.ledger}> <{_OTHER}> <{graph}> ." for graph in sorted(ledger.others)]
    return [insert(names.ledger, [line.encode() for line in sorted(set(lines))])] if lines else []

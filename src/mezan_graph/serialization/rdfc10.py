"""RDF Dataset Canonicalization, RDFC-1.0 (W3C Recommendation, 21 May 2024).

Only the quads that mention a blank node take part: the others change no hash and no label. The
work on blank nodes that look alike grows faster than any polynomial, so it is given a deadline.
"""

from __future__ import annotations

import hashlib
import time
from itertools import permutations
from typing import TYPE_CHECKING

from mezan_graph.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.serialization.nquads import Row

_DEPTH = 300
"""Longest path of look-alike blank nodes that is followed; each step takes two Python frames."""

_POSITIONS = ((0, "s"), (2, "o"), (3, "g"))


class _Issuer:
    """Section 4.5: gives identifiers ``prefix0``, ``prefix1``, … in order of asking."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued = {} if issued is None else issued

    def issue(self, node: str) -> str:
        known = self.issued.get(node)
        if known is None:
            known = self.issued[node] = f"{self.prefix}{len(self.issued)}"
        return known

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.issued))


def canonical_labels(
    rows: Iterable[Row], *, seconds: float, algorithm: str = "sha256"
) -> dict[str, str]:
    """Return the canonical label of every blank node in ``rows``, ``_:c14n0`` and so on.

    Args:
        rows: Every quad that mentions a blank node, each one once. Others do no harm.
        seconds: Time that may be spent on blank nodes that look alike.
        algorithm: Name of the hash function, as :mod:`hashlib` has it.

    Returns:
        Label to canonical label, each with its ``_:``, in the order in which they were issued.

    Raises:
        LimitError: The time is over, or a path of look-alike blank nodes is too long.
    """
    try:
        return _Canonicalization(rows, seconds, algorithm).labels()
    except RecursionError:
        # The caller is deep in the stack itself.
        raise _too_long() from None


class _Canonicalization:
    """The canonicalization state of section 4.3."""

    def __init__(self, rows: Iterable[Row], seconds: float, algorithm: str) -> None:
        self.seconds = seconds
        self.function = getattr(hashlib, algorithm)
        self.deadline = time.monotonic() + seconds
        self.quads: dict[str, list[Row]] = {}
        for row in rows:
            for node in {row[place] for place, _ in _POSITIONS if row[place][:2] == "_:"}:
                self.quads.setdefault(node, []).append(row)
        self.first_degree: dict[str, str] = {}
        self.canonical = _Issuer("_:c14n")

    def labels(self) -> dict[str, str]:
        """Section 4.4, steps 3 to 5."""
        alike: dict[str, list[str]] = {}
        for node in self.quads:
            degree = self.first_degree[node] = self.hash_first_degree(node)
            alike.setdefault(degree, []).append(node)
        hashes = sorted(alike)
        for degree in hashes:
            if len(alike[degree]) == 1:
                self.canonical.issue(alike[degree][0])
        for degree in hashes:
            if len(alike[degree]) == 1:
                continue
            found = []
            for node in alike[degree]:
                if node not in self.canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(node)
                    found.append(self.hash_n_degree(node, issuer, 0))
            for _, issuer in sorted(found, key=lambda each: each[0]):
                for node in issuer.issued:
                    self.canonical.issue(node)
        return self.canonical.issued

    def hash(self, text: str) -> str:
        """Return the hash of ``text`` in hexadecimal."""
        return str(self.function(text.encode()).hexdigest())

    def hash_first_degree(self, node: str) -> str:
        """Section 4.6."""
        lines = []
        for subject, predicate, value, graph in self.quads[node]:
            if subject[0] == "_":
                subject = "_:a" if subject == node else "_:z"  # noqa: PLW2901
            if value[0] == "_":
                value = "_:a" if value == node else "_:z"  # noqa: PLW2901
            if graph:
                if graph[0] == "_":
                    graph = "_:a" if graph == node else "_:z"  # noqa: PLW2901
                lines.append(f"{subject} {predicate} {value} {graph} .\n")
            else:
                lines.append(f"{subject} {predicate} {value} .\n")
        lines.sort()
        return self.hash("".join(lines))

    def hash_related(self, related: str, row: Row, issuer: _Issuer, position: str) -> str:
        """Section 4.7."""
        identifier = (
            self.canonical.issued.get(related)
            or issuer.issued.get(related)
            or self.first_degree[related]
        )
        predicate = "" if position == "g" else row.predicate
        return self.hash(position + predicate + identifier)

    def hash_n_degree(self, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Section 4.8."""
        if depth > _DEPTH:
            raise _too_long()
        related_nodes: dict[str, list[str]] = {}
        for row in self.quads[node]:
            for place, position in _POSITIONS:
                related = row[place]
                if related[:2] == "_:" and related != node:
                    key = self.hash_related(related, row, issuer, position)
                    related_nodes.setdefault(key, []).append(related)
        data = []
        for key in sorted(related_nodes):
            chosen_path, chosen_issuer = "", issuer
            for permutation in permutations(related_nodes[key]):
                found = self.path(permutation, issuer.copy(), chosen_path, depth)
                if found is not None and (not chosen_path or found[0] < chosen_path):
                    chosen_path, chosen_issuer = found
            data.append(key + chosen_path)
            issuer = chosen_issuer
        return self.hash("".join(data)), issuer

    def path(
        self, nodes: tuple[str, ...], issuer: _Issuer, chosen: str, depth: int
    ) -> tuple[str, _Issuer] | None:
        """Section 4.8, steps 5.4.1 to 5.4.5: ``None`` where ``chosen`` is better already."""
        if time.monotonic() > self.deadline:
            raise LimitError(
                f"blank nodes that look alike take more than {self.seconds:g} seconds to order",
                hint="give the nodes IRIs, or raise limits.canonical_seconds",
            )
        path = ""
        recursion = []
        for node in nodes:
            known = self.canonical.issued.get(node)
            if known is None:
                if node not in issuer.issued:
                    recursion.append(node)
                known = issuer.issue(node)
            path += known
            if _worse(path, chosen):
                return None
        for node in recursion:
            digest, found = self.hash_n_degree(node, issuer, depth + 1)
            path += f"{issuer.issue(node)}<{digest}>"
            issuer = found
            if _worse(path, chosen):
                return None
        return path, issuer


def _too_long() -> LimitError:
    return LimitError(
        f"more than {_DEPTH} blank nodes in a row that look alike",
        hint="give the nodes IRIs, or properties that tell them apart",
    )


def _worse(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen

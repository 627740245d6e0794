"""What was sent against what a store holds: term by term, by value where the form was changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from mezan_graph.validation.ordering import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Policy = Literal["none", "form", "value"]
"""Which rewrites pass: none; another form of the same datatype; any literal of the same value."""

Verdict = Literal["form", "value", "other"]

POLICIES: tuple[Policy, ...] = ("none", "form", "value")

KEPT = 20_000
"""How many missing and how many extra lines are kept; the rest is only counted."""


@dataclass(frozen=True, slots=True, order=True)
class Rewrite:
    """A literal that a store keeps in another form.

    Attributes:
        sent: The term as it was sent, in N-Triples.
        stored: The term as it came back, in N-Triples.
        verdict: ``form``: same datatype, same value; ``value``: same value, another datatype;
            ``other``: not the same value.
    """

    sent: str
    stored: str
    verdict: Verdict

    def passes(self, policy: Policy) -> bool:
        """Whether ``policy`` lets the rewrite pass."""
        return self.verdict != "other" and POLICIES.index(policy) >= POLICIES.index(self.verdict)


@dataclass(slots=True)
class Differences:
    """How stored triples differ from those that were sent. Lines are canonical N-Triples.

    Attributes:
        rewrites: How often each rewrite occurs.
        missing_count: Number of triples that were sent and are not there in any form.
        extra_count: Number of triples that are there and were not sent.
        missing: The first :data:`KEPT` missing lines.
        extra: The first :data:`KEPT` extra lines.
    """

    rewrites: Counter[Rewrite] = field(default_factory=Counter)
    missing_count: int = 0
    extra_count: int = 0
    missing: list[bytes] = field(default_factory=list)
    extra: list[bytes] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything is missing or extra."""
        return bool(self.missing_count or self.extra_count)

    @property
    def whole(self) -> bool:
        """Whether :attr:`missing` and :attr:`extra` are complete."""
        listed = len(self.missing) + len(self.extra)
        return listed == self.missing_count + self.extra_count

    def refused(self, policy: Policy) -> list[tuple[Rewrite, int]]:
        """Return the rewrites that ``policy`` does not let pass, and how often they occur."""
        return sorted(item for item in self.rewrites.items() if not item[0].passes(policy))

    def compare(
        self, sent: Iterable[bytes], stored: Iterable[bytes], *, same_version: bool = True
    ) -> None:
        """Compare all triples of some subjects; lines have no line ends.

        Args:
            sent: The triples as they are sent.
            stored: The triples as they are stored.
            same_version: Whether they are of one version, so that a literal with another value in
                the same place is what the store made of the one that was sent.
        """
        here, there = set(sent), set(stored)
        missing, extra = sorted(here - there), there - here
        if not missing and not extra:
            return
        places = {_place(line) for line in missing}
        candidates: dict[bytes, list[bytes]] = {}
        for line in sorted(there, key=lambda line: (line not in extra, line)):
            if (place := _place(line)) in places:
                candidates.setdefault(place, []).append(line)
        unpaired = []
        for line in missing:
            # What is extra comes first; a triple that was sent too may stand for two forms.
            for stored_line in candidates.get(_place(line), ()):
                if (found := verdict(_object(line), _object(stored_line))) != "other":
                    self.rewrites[_rewrite(line, stored_line, found)] += 1
                    extra.discard(stored_line)
                    break
            else:
                unpaired.append(line)
        for line in unpaired:
            for stored_line in candidates.get(_place(line), ()):
                literals = _is_literal(line) and _is_literal(stored_line)
                if same_version and literals and stored_line in extra:
                    self.rewrites[_rewrite(line, stored_line, "other")] += 1
                    extra.discard(stored_line)
                    break
            else:
                self.note(missing=[line])
        self.note(extra=sorted(extra))

    def note(self, missing: Iterable[bytes] = (), extra: Iterable[bytes] = ()) -> None:
        """Count lines that are missing or extra, and keep the first of them."""
        for line in missing:
            self.missing_count += 1
            if len(self.missing) < KEPT:
                self.missing.append(line)
        for line in extra:
            self.extra_count += 1
            if len(self.extra) < KEPT:
                self.extra.append(line)


@lru_cache(maxsize=100_000)
def verdict(sent: bytes, stored: bytes) -> Verdict:
    """Compare two terms in N-Triples that differ: their datatypes and values.

    Values are those of XML Schema 1.1; strings and terms without an order have none but their own
    form. Language tags are the same in any letter case (RDF 1.1 Concepts, section 3.3).
    """
    one, other = _term(sent), _term(stored)
    if not isinstance(one, ox.Literal) or not isinstance(other, ox.Literal):
        return "other"
    if one.language is not None or other.language is not None:
        tags = (one.language or "").lower(), (other.language or "").lower()
        return "form" if one.value == other.value and tags[0] == tags[1] else "other"
    value = value_of(one)
    if value is None or value != value_of(other):
        return "other"
    return "form" if one.datatype == other.datatype else "value"


def _term(text: bytes) -> object:
    (quad,) = ox.parse(b"<x:s> <x:p> " + text + b" .", ox.RdfFormat.N_TRIPLES)
    return quad.object


def _place(line: bytes) -> bytes:
    return line[: line.index(b" ", line.index(b" ") + 1)]


def _object(line: bytes) -> bytes:
    return line[len(_place(line)) + 1 : -2]


def _is_literal(line: bytes) -> bool:
    return _object(line).startswith(b'"')


def _rewrite(sent: bytes, stored: bytes, found: Verdict) -> Rewrite:
    return Rewrite(_object(sent).decode(), _object(stored).decode(), found)

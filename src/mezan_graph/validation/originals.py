"""What a store makes of literals, and the way back to those of the data.

A store rewrites literals (``1.50`` becomes ``1.5``), so a literal that a query returns need not be
in the data as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from mezan_graph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.index import TripleIndex

_BATCH = 1000
_DATE = r"[1-9]\d{3}-\d\d-\d\d"
_KEPT = {
    XSD[name]: re.compile(pattern, re.ASCII).fullmatch
    for name, pattern in {
        "date": _DATE,
        "dateTime": rf"{_DATE}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ?",
        "gYear": r"[1-9]\d{3}",
        "gYearMonth": r"[1-9]\d{3}-\d\d",
        "integer": r"0|-?[1-9]\d{0,17}",
        "boolean": "true|false",
        "string": r"(?s:.*)",
    }.items()
}
"""Forms that a store keeps: to ask it about each of a hundred thousand dates takes seconds."""


def rewritten(terms: Iterable[Term]) -> dict[Term, Term]:
    """Return literal to the literal that a store makes of it, for those that it changes."""
    literals = [each for each in terms if isinstance(each, ox.Literal) and _may_change(each)]
    changed: dict[Term, Term] = {}
    store = ox.Store()
    for start in range(0, len(literals), _BATCH):
        batch = literals[start : start + _BATCH]
        values = " ".join(f"({number} {each})" for number, each in enumerate(batch))
        for row in store.query(f"SELECT ?i ?v {{ VALUES (?i ?v) {{ {values} }} }}"):  # type: ignore[union-attr]
            literal = batch[int(row[0].value)]
            if row[1] != literal:
                changed[literal] = row[1]
    return changed


def _may_change(literal: ox.Literal) -> bool:
    if literal.language:
        return not literal.language.islower()
    kept = _KEPT.get(literal.datatype)
    return kept is None or not kept(literal.value)


class _Rewritten:
    """The literals of one index that a store changes.

    Attributes:
        originals: Their numbers, by what the store makes of them.
        subjects: For each of them, and for what they become, the nodes that have it as a value.
    """

    def __init__(self, index: TripleIndex) -> None:
        terms = index.terms
        self.originals: dict[Term, list[int]] = {}
        candidates: set[int] = set()
        changed = rewritten(terms[each] for each in sorted(index.values))
        for original, literal in changed.items():
            numbers = self.originals.setdefault(literal, [index.number(literal)])
            numbers.append(index.number(original))
            candidates.update(numbers)
        self.subjects = index.subjects_of(candidates) if candidates else {}


_KNOWN: WeakKeyDictionary[TripleIndex, _Rewritten] = WeakKeyDictionary()


class Originals:
    """Literals of the data by what the store makes of them, read when first asked for."""

    def __init__(self, index: TripleIndex) -> None:
        self._index = index
        self._near: tuple[int, set[int]] = (-1, set())

    def number(self, focus: int, term: Term, values: Collection[int]) -> int:
        """Return the number of the literal of the data that the store gave back as ``term``.

        Among several, one of ``values`` or a value of the focus node goes first.
        """
        if not isinstance(term, ox.Literal) or term.datatype == XSD.string:
            return self._index.number(term)
        known = _KNOWN.get(self._index)
        if known is None:
            known = _KNOWN[self._index] = _Rewritten(self._index)
        numbers = known.originals.get(term)
        if numbers is None:
            return self._index.number(term)
        if self._near[0] != focus:
            self._near = focus, set(values)
        for number in numbers:
            if number in self._near[1] or focus in known.subjects.get(number, ()):
                return number
        return numbers[1]

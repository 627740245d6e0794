"""What a store makes of literals, and the way back to those of the data.

A store rewrites literals (``1.50`` becomes ``1.5``), so a literal that a query returns need not be
in the data as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Collection

    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.index import TripleIndex

_BATCH = 1000


def rewritten(terms: Collection[Term]) -> dict[Term, Term]:
    """Return literal to the literal that a store makes of it, for those that it changes."""
    literals = [
        each
        for each in terms
        if isinstance(each, ox.Literal) and (each.language or each.datatype != XSD.string)
    ]
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


class Originals:
    """Literals of the data by what the store makes of them, read when first asked for."""

    def __init__(self, index: TripleIndex) -> None:
        self._index = index
        self._by_rewritten: dict[Term, list[Term]] | None = None

    def number(self, focus: int, term: Term, values: Collection[int]) -> int:
        """Return the number of the literal of the data that the store gave back as ``term``.

        Among several, one of ``values`` or a value of the focus node goes first.
        """
        if not isinstance(term, ox.Literal) or term.datatype == XSD.string:
            return self._index.number(term)
        if self._by_rewritten is None:
            self._by_rewritten = {}
            literals = self._index.literals()
            for original, changed in rewritten(literals).items():
                self._by_rewritten.setdefault(changed, []).append(original)
        numbers = [self._index.number(each) for each in (term, *self._by_rewritten.get(term, ()))]
        if len(numbers) == 1:
            return numbers[0]
        near = set(values) | set(self._index.values(focus))
        known = [each for each in numbers if each in near]
        return (known or numbers[1:])[0]

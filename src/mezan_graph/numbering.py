"""Quads kept as numbers: each distinct term once, and four numbers for each quad.

A parsed quad takes some 400 bytes as an object and 16 as numbers, and whatever joins or counts
works on numbers anyway. The terms are the parser's own, so that lexical forms stay as written.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from itertools import chain, compress, count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

import pyoxigraph as ox

from mezan_graph.formats import JSONLD, RDFXML

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from mezan_graph.sources import Source


_TRIPLE = attrgetter("subject", "predicate", "object")


class Numbering:
    """A number for each distinct term and graph name, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: defaultdict[Any, int] = defaultdict(count().__next__)
        self._terms: list[Any] = []

    @property
    def numbers(self) -> Mapping[Any, int]:
        """Term to number; look up with ``get``, since everything else gives out a number."""
        return self._numbers

    @property
    def terms(self) -> Sequence[Any]:
        """Every term, at the place of its number."""
        if len(self._terms) < len(self._numbers):
            self._terms = list(self._numbers)
        return self._terms

    def extend(self, rows: array[int], quads: Iterable[ox.Quad]) -> None:
        """Append subject, predicate, object and graph name of each of ``quads`` to ``rows``."""
        rows.extend(map(self._numbers.__getitem__, chain.from_iterable(quads)))

    def extend_triples(self, triples: array[int], quads: Iterable[ox.Quad]) -> None:
        """Append subject, predicate and object of each of ``quads`` to ``triples``."""
        terms = chain.from_iterable(map(_TRIPLE, quads))
        triples.extend(map(self._numbers.__getitem__, terms))

    def in_default_graph(self, triples: array[int]) -> array[int]:
        """Return ``triples`` with the number of the default graph after each."""
        count = len(triples) // 3
        rows = array("I", bytes(4 * triples.itemsize * count))
        for place in range(3):
            rows[place::4] = triples[place::3]
        if count:
            rows[3::4] = array("I", [self._numbers[ox.DefaultGraph()]]) * count
        return rows


def places_of(column: Sequence[Any], wanted: Container[Any]) -> Iterator[int]:
    """Yield the places of the numbers of ``column`` that are ``wanted`` when they are come to."""
    return compress(range(len(column)), map(wanted.__contains__, column))


class NumberedQuads(Sequence["ox.Quad"]):
    """Quads in document order, made anew each time that they are asked for.

    Attributes:
        numbering: The terms.
        rows: Four numbers for each quad: subject, predicate, object, graph name.
        starts: Offsets in the document, in bytes, at which a statement seems to begin.
        counts: For each of them, how many quads came before it.
        declarations: Offsets at which a prefix or base may be declared, once they were looked for.
    """

    def __init__(self, source: Source, numbering: Numbering) -> None:
        """Read ``source``.

        Raises:
            SourceError: It is unreadable or refused.
            ParseError: It breaks its grammar.
        """
        self.numbering = numbering
        self.declarations: list[int] | None = None
        content = source.read()
        rows = array("I")
        width = 4 if source.format.datasets else 3
        if source.format in {JSONLD, RDFXML}:
            reader = None
            self.starts, self.counts = array("Q"), array("Q")
        else:
            reader = StatementReader(content, lambda: len(rows) // width)
            self.starts, self.counts = reader.starts, reader.counts
        with source.parse_errors(content):
            quads = source.unguarded_parser(content, reader)
            if source.format.datasets:
                numbering.extend(rows, quads)
            else:
                # To make and number the same graph name for each takes a quarter of the time.
                numbering.extend_triples(rows, quads)
        self.rows = rows if source.format.datasets else numbering.in_default_graph(rows)

    def __len__(self) -> int:
        return len(self.rows) // 4

    @overload
    def __getitem__(self, index: int) -> ox.Quad: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ox.Quad]: ...
    def __getitem__(self, index: int | slice) -> ox.Quad | Sequence[ox.Quad]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        start = range(len(self))[index] * 4
        terms = self.numbering.terms
        return ox.Quad(*(terms[number] for number in self.rows[start : start + 4]))

    def triple(self, index: int) -> tuple[Any, Any, Any]:
        """Return subject, predicate and object of one quad, without making a quad."""
        terms = self.numbering.terms
        subject, predicate, value = self.rows[index * 4 : index * 4 + 3]
        return terms[subject], terms[predicate], terms[value]

    def named(self, graph_name: Any) -> Iterator[ox.Quad]:
        """Yield the quads with ``graph_name`` in place of the default graph."""
        terms, default = self.numbering.terms, self.numbering.numbers.get(ox.DefaultGraph())
        names = (graph_name if each == default else terms[each] for each in self.rows[3::4])
        columns = (map(terms.__getitem__, self.rows[place::4]) for place in range(3))
        return map(ox.Quad, *columns, names)

    def with_predicates(self, predicates: Iterable[ox.NamedNode]) -> NumberedQuads:
        """Return the quads with one of ``predicates``, without what tells their places."""
        known = self.numbering.numbers
        wanted = frozenset(known[each] for each in predicates if each in known)
        chosen = bytes(map(wanted.__contains__, self.rows[1::4]))
        part = copy(self)
        part.rows = array("I", bytes(4 * self.rows.itemsize * sum(chosen)))
        for place in range(4):
            part.rows[place::4] = array("I", compress(self.rows[place::4], chosen))
        part.starts, part.counts = array("Q"), array("Q")
        return part

    def __iter__(self) -> Iterator[ox.Quad]:
        term = self.numbering.terms.__getitem__
        return map(ox.Quad, *(map(term, self.rows[place::4]) for place in range(4)))


class StatementReader:
    """Hands a document to the parser in pieces that end where a statement seems to.

    The parser has given every quad of a piece when it asks for the next one. So it is known, at the
    price of the reading, how many quads come before a place of the document.

    Args:
        content: A document in Turtle, TriG, N-Triples or N-Quads.
        met: How many quads the parser has given.

    Attributes:
        starts: Offsets in bytes after a full stop at the end of a line; some may be in a string.
        counts: For each of them, how many quads came before it.
    """

    def __init__(self, content: bytes, met: Callable[[], int]) -> None:
        self.starts, self.counts = array("Q"), array("Q")
        self._content, self._met = content, met
        self._at = 0
        self._is_start = False

    def read(self, size: int = 4096, /) -> bytes:
        """Return the next piece, of at most ``size`` bytes."""
        start, content = self._at, self._content
        if self._is_start:
            self.starts.append(start)
            self.counts.append(self._met())
        stop = content.rfind(b".\n", start, start + size)
        self._is_start = stop >= 0
        self._at = stop + 2 if self._is_start else start + size
        return content[start : self._at]

"""The canonical form of a graph: RDFC-1.0 labels, each quad once, in code-point order."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.graph import Graph, Part, collector_off
from mezan_graph.serialization.nquads import Row, line_of, lines_of, split
from mezan_graph.serialization.rdfc10 import canonical_labels

if TYPE_CHECKING:
    from collections.abc import Iterable


class CanonicalGraph(Graph):
    """A graph that is known by its canonical N-Quads lines; its quads are made when asked for.

    Attributes:
        lines: Canonical N-Quads, sorted, without line ends.
        prefixes: Prefix to namespace IRI.
        seconds: Time that canonicalisation may take.
    """

    def __init__(self, lines: list[str], prefixes: dict[str, str], seconds: float) -> None:
        # The parts stay unparsed: most callers only want the lines.
        self.lines = lines
        self.prefixes = dict(prefixes)
        self.seconds = seconds

    @cached_property
    def parts(self) -> tuple[Part, ...]:  # type: ignore[override]
        """One part that holds every quad, in canonical order."""
        return (Part(list(ox.parse(self.text(), ox.RdfFormat.N_QUADS)), ox.DefaultGraph()),)

    @cached_property
    def rows(self) -> list[Row]:
        """The quads as text, in canonical order."""
        return [split(line) for line in self.lines]

    @cached_property
    def union(self) -> CanonicalGraph:
        """The triples of all graphs as one graph, canonical in its turn."""
        if not any(row.graph for row in self.rows):
            return self
        lines = [line_of(row[:3]) for row in self.rows]
        return _canonical(lines, self.prefixes, self.seconds)

    def forget_rows(self) -> None:
        """Give back the memory of :attr:`rows`, which are made again when they are asked for."""
        self.__dict__.pop("rows", None)
        union = self.__dict__.get("union")
        if union is not None and union is not self:
            union.forget_rows()

    def text(self) -> bytes:
        """Return the canonical N-Quads document, UTF-8."""
        return "".join(f"{line}\n" for line in self.lines).encode()


def canonical(graph: Graph, *, seconds: float = 60) -> CanonicalGraph:
    """Return ``graph`` in canonical form: the same whatever its files, their order and labels.

    Blank nodes are labelled ``c14n0``, ``c14n1``, … by RDFC-1.0, every quad stands once, and quads
    are in code-point order of canonical N-Quads. Literals keep their lexical forms; language tags
    are in lower case, as the parser gives them. The sources of the quads are forgotten.

    Args:
        graph: Any RDF 1.1 dataset.
        seconds: Time that may be spent on telling blank nodes apart.

    Raises:
        LimitError: Telling blank nodes apart takes too long.
        OutputError: A term belongs to RDF 1.2.
    """
    if isinstance(graph, CanonicalGraph):
        return graph
    with collector_off():
        return _canonical(lines_of(graph), graph.prefixes, seconds)


def digest(graph: Graph) -> str:
    """Return the SHA-256 of the canonical N-Quads of ``graph``, in hexadecimal.

    Raises:
        LimitError: Telling blank nodes apart takes too long.
        OutputError: A term belongs to RDF 1.2.
    """
    return sha256(canonical(graph).text()).hexdigest()


def _canonical(lines: Iterable[str], prefixes: dict[str, str], seconds: float) -> CanonicalGraph:
    ground: list[str] = []
    blank: list[str] = []
    for line in lines:
        # A literal may hold " _:" too; such a line does no harm among the others.
        (blank if " _:" in line or line[0] == "_" else ground).append(line)
    rows = [split(line) for line in dict.fromkeys(blank)]
    labels = canonical_labels(rows, seconds=seconds)
    for subject, predicate, value, graph in rows:
        ground.append(
            line_of(
                (labels.get(subject, subject), predicate, labels.get(value, value),
                 labels.get(graph, graph))
            )
        )  # fmt: skip
    # Sorting first keeps lines in the order of memory; a set of a million would scatter them.
    ground.sort()
    unique = [line for line, after in pairwise([*ground, ""]) if line != after]
    return CanonicalGraph(unique, prefixes, seconds)

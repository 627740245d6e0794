"""The graph: what the sources say, as quads with their lexical forms.

The parsed quads are kept, because a store rewrites literals (``1.50`` becomes ``1.5``) and merges
what became equal. Serialization and value checks work on the quads; the store is for joins.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import InputError
from mezan_graph.namespaces import PREFIXES
from mezan_graph.numbering import NumberedQuads, Numbering
from mezan_graph.sources import project_sources, shapes_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import rdflib

    from mezan_graph.project import Project
    from mezan_graph.sources import Source

GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
"""What can name a graph of a dataset."""


class Part(NamedTuple):
    """The quads of one source, in document order, as the parser gave them.

    Attributes:
        quads: The quads; pyoxigraph's default graph stands for ``graph_name``.
        graph_name: Named graph of the triples that name no graph of their own.
        source: Where they were read; ``None`` for quads that were derived or made.
    """

    quads: Sequence[ox.Quad]
    graph_name: GraphName
    source: Source | None = None


class Graph:
    """An RDF 1.1 dataset made of parts, each from one source. Immutable.

    Attributes:
        parts: The parts in the order of their sources.
        prefixes: Prefix to namespace IRI, for serializations that abbreviate.
    """

    def __init__(self, parts: Iterable[Part], prefixes: dict[str, str] | None = None) -> None:
        self.parts = tuple(parts)
        self.prefixes = dict(PREFIXES if prefixes is None else prefixes)

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad], prefixes: dict[str, str] | None = None) -> Graph:
        """Make a graph of one part from quads that carry their graph names."""
        return cls([Part(list(quads), ox.DefaultGraph())], prefixes)

    @classmethod
    def from_sources(
        cls, sources: Iterable[Source], prefixes: dict[str, str] | None = None
    ) -> Graph:
        """Read every source.

        Raises:
            SourceError: A source is unreadable or refused.
            ParseError: A source breaks its grammar.
        """
        parts = []
        with collector_off():
            for source in sources:
                parts.append(Part(list(source.quads()), source.graph_name, source))  # noqa: PERF401
        return cls(parts, prefixes)

    def __iter__(self) -> Iterator[ox.Quad]:
        """Yield every quad with its graph name, in order; one written twice comes twice."""
        default = ox.DefaultGraph()
        for part in self.parts:
            if part.graph_name == default:
                yield from part.quads
                continue
            if isinstance(part.quads, NumberedQuads):
                yield from part.quads.named(part.graph_name)
                continue
            for quad in part.quads:
                if quad.graph_name == default:
                    yield ox.Quad(quad.subject, quad.predicate, quad.object, part.graph_name)
                else:
                    yield quad

    def triples(self) -> Iterator[ox.Quad]:
        """Yield every quad as parsed, whatever its graph; for work on the union of all graphs."""
        for part in self.parts:
            yield from part.quads

    @cached_property
    def graph_names(self) -> tuple[GraphName, ...]:
        """The names of the graphs that hold quads, sorted, the default graph first."""
        names = {quad.graph_name for quad in self}
        return tuple(sorted(names, key=lambda each: (each != ox.DefaultGraph(), str(each))))

    @cached_property
    def store(self) -> ox.Store:
        """The graph loaded for queries. Its literals are rewritten; never serialise from it."""
        store = ox.Store()
        store.bulk_extend(self)
        return store

    def restricted_to(self, graph_name: GraphName) -> Graph:
        """Return the part of the graph that stands in the named graph ``graph_name``."""
        return Graph.from_quads((q for q in self if q.graph_name == graph_name), self.prefixes)

    def with_predicates(self, predicates: Collection[ox.NamedNode]) -> Graph:
        """Return the triples with one of ``predicates``, in the graphs that they stand in."""
        return Graph(
            (
                Part(
                    part.quads.with_predicates(predicates)
                    if isinstance(part.quads, NumberedQuads)
                    else [each for each in part.quads if each.predicate in predicates],
                    part.graph_name,
                )
                for part in self.parts
            ),
            self.prefixes,
        )

    def extended(self, quads: Iterable[ox.Quad], graph_name: GraphName) -> Graph:
        """Return a graph with one more part: ``quads`` in ``graph_name``."""
        return Graph([*self.parts, Part(list(quads), graph_name)], self.prefixes)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same dataset for rdflib, with lexical forms as written."""
        from mezan_graph.interoperability import to_rdflib

        return to_rdflib(self)


def build_graph(project: Project) -> Graph:
    """Read the ontology and the data of ``project`` into one graph.

    Raises:
        ProjectError: A folder does not exist.
        SourceError: A file is unreadable or refused.
        ParseError: A file breaks its grammar.
    """
    return Graph.from_sources(project_sources(project), project.prefixes)


def read_sources(
    sources: Iterable[Source], prefixes: dict[str, str] | None = None
) -> tuple[Graph, list[InputError]]:
    """Read every source that can be read; return the graph and the error of each other one.

    The quads are kept as numbers (:class:`NumberedQuads`): a quarter of the memory of quads, and
    slower for who goes through all of them as quads.
    """
    readable: list[Part] = []
    errors = []
    numbering = Numbering()
    with collector_off():
        for source in sources:
            try:
                quads = NumberedQuads(source, numbering)
            except InputError as error:
                errors.append(error)
            else:
                readable.append(Part(quads, source.graph_name, source))
    return Graph(readable, prefixes), errors


def shapes_graph(project: Project) -> Graph:
    """Read the shapes of ``project``; raises as :func:`build_graph` does."""
    return Graph.from_sources(shapes_sources(project), project.prefixes)


@contextmanager
def collector_off() -> Iterator[None]:
    """Pause the cyclic collector: a million new quads hold no cycles, and scanning doubles time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # What was made meanwhile counts as old, if the next allocation would have it searched;
            # what is frozen, as in the workers of a server, takes long to count.
            if gc.get_count()[0] > gc.get_threshold()[0] and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def give_back_memory() -> None:
    """Give freed memory back to the system, where the C library would keep it (glibc)."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):  # other libraries, other systems
        ctypes.CDLL(None).malloc_trim(0)

"""One look at every triple: what the checks need to know, so that each does not read them anew.

Checks decide on distinct terms, of which there are far fewer than triples. Where a term is used is
looked up in a second pass, which takes place only when there is something to report.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.namespaces import RDF
from mezan_graph.validation.findings import Finding
from mezan_graph.vocabularies import namespace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mezan_graph.graph import Graph, Part
    from mezan_graph.validation.findings import SeverityName

Node = ox.NamedNode | ox.BlankNode


class Survey:
    """The distinct terms of a graph, and its triples by predicate.

    Attributes:
        graph: The graph that was looked at.
        subjects: Every distinct subject.
        values: Every distinct object.
        by_predicate: The triples of each predicate, in the order of the data.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.subjects: set[Any] = set()
        self.values: set[Any] = set()
        self.by_predicate: dict[ox.NamedNode, list[ox.Quad]] = {}
        subjects, values, by_predicate = self.subjects, self.values, self.by_predicate
        for part in graph.parts:
            for quad in part.quads:
                subject, predicate, value, _ = quad
                subjects.add(subject)
                values.add(value)
                if predicate in by_predicate:
                    by_predicate[predicate].append(quad)
                else:
                    by_predicate[predicate] = [quad]

    def quads(self, *predicates: ox.NamedNode) -> Iterator[ox.Quad]:
        """Yield the triples of ``predicates``."""
        for each in predicates:
            yield from self.by_predicate.get(each, ())

    @cached_property
    def literals(self) -> list[ox.Literal]:
        """Every distinct literal."""
        return [each for each in self.values if isinstance(each, ox.Literal)]

    @cached_property
    def datatypes(self) -> set[ox.NamedNode]:
        """Every datatype in use."""
        return {each.datatype for each in self.literals}

    @cached_property
    def types(self) -> dict[Node, set[Node]]:
        """Every class in use with the nodes that have it as a type, without inference."""
        found: dict[Any, set[Any]] = {}
        for quad in self.quads(RDF.type):
            found.setdefault(quad.object, set()).add(quad.subject)
        return found

    @cached_property
    def namespaces(self) -> dict[str, set[ox.NamedNode]]:
        """Every distinct IRI, in any position, by its namespace."""
        found: dict[str, set[ox.NamedNode]] = {}
        iris = self.subjects | self.values | self.by_predicate.keys() | self.datatypes
        for each in iris:
            if isinstance(each, ox.NamedNode):
                namespace = namespace_of(each.value)
                if namespace in found:
                    found[namespace].add(each)
                else:
                    found[namespace] = {each}
        return found

    def uses(
        self, terms: Collection[object], *, as_subject: bool = False
    ) -> Iterator[tuple[Any, Part, ox.Quad, int]]:
        """Yield, for each source, every one of ``terms`` in it with its first triple.

        A term is used as subject, predicate, object, or as datatype of an object; with
        ``as_subject`` only the first of these counts. The number is that of the triples of this
        source that use it.
        """
        if not terms:
            return
        for part in self.graph.parts:
            first: dict[object, ox.Quad] = {}
            count: Counter[object] = Counter()
            for quad in part.quads:
                subject, predicate, value, _ = quad
                if subject in terms:
                    first.setdefault(subject, quad)
                    count[subject] += 1
                if as_subject:
                    continue
                if predicate in terms:
                    first.setdefault(predicate, quad)
                    count[predicate] += 1
                if isinstance(value, ox.Literal):
                    value = value.datatype
                if value in terms:
                    first.setdefault(value, quad)
                    count[value] += 1
            for term, quad in first.items():
                yield term, part, quad, count[term]

    def holding(self, literals: Collection[object]) -> Iterator[tuple[Any, Part, ox.Quad]]:
        """Yield every triple whose object is one of ``literals``."""
        if not literals:
            return
        for part in self.graph.parts:
            for quad in part.quads:
                if quad.object in literals:
                    yield quad.object, part, quad


def at(
    code: str,
    severity: SeverityName,
    message: str,
    part: Part,
    quad: ox.Quad,
    *,
    hint: str | None = None,
) -> Finding:
    """Make a finding about one triple of one source."""
    subject: Any = quad.subject
    value: Any = quad.object
    return Finding(
        code,
        severity,
        message,
        file=part.source.name if part.source else None,
        focus_node=subject,
        path=str(quad.predicate),
        value=value,
        hint=hint,
    )


def times(count: int) -> str:
    """Say how often something stands in a file, where that is more than once."""
    return f" ({count:,} times in this file)" if count > 1 else ""

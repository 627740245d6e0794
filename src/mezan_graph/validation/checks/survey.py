"""One look at every term: what the checks need to know, so that each does not read them anew.

Checks decide on distinct terms, of which there are far fewer than triples. Where a term is used is
looked up in a second pass, which takes place only when there is something to report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.namespaces import RDF
from mezan_graph.numbering import places_of
from mezan_graph.validation.findings import Finding
from mezan_graph.validation.index import index_of
from mezan_graph.vocabularies import namespace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from mezan_graph.graph import Graph, Part
    from mezan_graph.validation.findings import SeverityName

Node = ox.NamedNode | ox.BlankNode


class Survey:
    """The distinct terms of a graph, and its triples by predicate.

    Attributes:
        graph: The graph that was looked at.
        index: Its triples as numbers.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.index = index_of(graph)
        self._typed_nodes: dict[ox.NamedNode, set[Node]] = {}

    @cached_property
    def subjects(self) -> set[Any]:
        """Every distinct subject."""
        return {self.index.terms[each] for each in self.index.subjects}

    def describes(self, term: object) -> bool:
        """Whether ``term`` is a subject."""
        return self.index.find(term) in self.index.subjects

    @property
    def predicates(self) -> tuple[ox.NamedNode, ...]:
        """Every predicate, in the order of the data."""
        return self.index.predicates

    def pairs(self, *predicates: ox.NamedNode) -> Iterator[tuple[Any, Any]]:
        """Yield subject and object of the triples of ``predicates``."""
        terms = self.index.terms
        for each in predicates:
            for subject, value in self.index.pairs(each):
                yield terms[subject], terms[value]

    @cached_property
    def literals(self) -> list[ox.Literal]:
        """Every distinct literal."""
        terms = map(self.index.terms.__getitem__, self.index.values)
        return [each for each in terms if isinstance(each, ox.Literal)]

    @cached_property
    def datatypes(self) -> set[ox.NamedNode]:
        """Every datatype in use."""
        return {each.datatype for each in self.literals}

    @cached_property
    def classes(self) -> set[Node]:
        """Every class in use, without inference."""
        return {self.index.terms[each] for each in self.index.backward(RDF.type)}

    def typed(self, rdf_class: ox.NamedNode) -> set[Node]:
        """Return the nodes that have ``rdf_class`` as a type, without inference."""
        found = self._typed_nodes.get(rdf_class)
        if found is None:
            number = self.index.find(rdf_class)
            nodes = () if number is None else self.index.backward(RDF.type).get(number, ())
            found = self._typed_nodes[rdf_class] = {self.index.terms[each] for each in nodes}
        return found

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """Every distinct IRI, in any position, as its number by its namespace."""
        index = self.index
        found: defaultdict[str, list[int]] = defaultdict(list)
        verbs = map(index.number, {*self.predicates, *self.datatypes})
        terms = index.terms
        for number in index.subjects.union(index.values, verbs):
            term = terms[number]
            if isinstance(term, ox.NamedNode):
                found[namespace_of(term.value)].append(number)
        return dict(found)

    @cached_property
    def namespaces(self) -> dict[str, list[ox.NamedNode]]:
        """Every distinct IRI, in any position, by its namespace."""
        terms = self.index.terms
        return {
            namespace: [terms[each] for each in numbers]
            for namespace, numbers in self._numbers.items()
        }

    def described(self, namespace: str) -> set[ox.NamedNode]:
        """Return every IRI of ``namespace`` that is a subject."""
        terms, subjects = self.index.terms, self.index.subjects
        return {terms[each] for each in self._numbers.get(namespace, ()) if each in subjects}

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
        nodes = self._numbered(terms)
        values = {} if as_subject else {**nodes, **self._typed(terms)}
        columns = [(0, nodes)] if as_subject else [(0, nodes), (1, nodes), (2, values)]
        yield from self._counted(columns)

    def values_by(self, keys: Mapping[Any, Any]) -> Iterator[tuple[Any, Part, ox.Quad, int]]:
        """Yield each of ``keys`` of objects as :meth:`uses` does."""
        if keys:
            numbers = {number: keys[each] for number, each in self._numbered(keys).items()}
            yield from self._counted([(2, numbers)])

    def _counted(
        self, columns: Iterable[tuple[int, Mapping[int, Any]]]
    ) -> Iterator[tuple[Any, Part, ox.Quad, int]]:
        for part, rows in zip(self.graph.parts, self.index.rows, strict=True):
            first: dict[object, int] = {}
            count: Counter[object] = Counter()
            for column, wanted in columns:
                numbers = rows[column::4]
                for place in places_of(numbers, wanted):
                    key = wanted[numbers[place]]
                    first[key] = min(first.get(key, place), place)
                    count[key] += 1
            for key, place in sorted(first.items(), key=itemgetter(1)):
                yield key, part, part.quads[place], count[key]

    def holding(self, literals: Collection[object]) -> Iterator[tuple[Any, Part, ox.Quad]]:
        """Yield every triple whose object is one of ``literals``."""
        if not literals:
            return
        wanted = self._numbered(literals)
        for part, rows in zip(self.graph.parts, self.index.rows, strict=True):
            numbers = rows[2::4]
            for place in places_of(numbers, wanted):
                yield wanted[numbers[place]], part, part.quads[place]

    def _numbered(self, terms: Iterable[Any]) -> dict[int, Any]:
        numbers = ((self.index.find(term), term) for term in terms)
        return {number: term for number, term in numbers if number is not None}

    def _typed(self, terms: Collection[object]) -> dict[int, Any]:
        """Return the literals that have one of ``terms`` as their datatype."""
        if self.datatypes.isdisjoint(terms):
            return {}
        return {
            number: datatype
            for number in self.index.values
            if isinstance(literal := self.index.terms[number], ox.Literal)
            and (datatype := literal.datatype) in terms
        }


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

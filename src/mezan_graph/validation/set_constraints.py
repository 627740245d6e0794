"""Constraints on all value nodes of a focus node together (SHACL, 4.2, 4.4.5, 4.5, 4.8)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import Constraint, Evaluation, Finding, distinct
from mezan_graph.validation.ordering import less

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mezan_graph.validation.constraint import Term


class HasCount(Constraint):
    """``sh:minCount`` (4.2.1) and ``sh:maxCount`` (4.2.2)."""

    count: int
    lowest: bool

    def findings(
        self, _evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield each focus node with too few or too many value nodes."""
        count = self.count
        if self.lowest:
            wrong = [focus for focus, each in values.items() if len(each) < count]
        else:
            wrong = [focus for focus, each in values.items() if len(each) > count]
        yield from map(Finding, wrong)


class UniqueLanguage(Constraint):
    """``sh:uniqueLang`` (4.4.5); tags are compared without regard to letter case."""

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield each focus node once for every language that two of its value nodes have."""
        terms = evaluation.index.terms
        for focus, each in values.items():
            if len(each) < 2:  # noqa: PLR2004
                continue
            tags: Counter[str] = Counter()
            for value in each:
                term = terms[value]
                if isinstance(term, ox.Literal) and term.language:
                    tags[term.language.lower()] += 1
            for tag, count in tags.items():
                if count > 1:
                    yield Finding(focus, bindings={"language": ox.Literal(tag)})


class HasValue(Constraint):
    """``sh:hasValue`` (4.8.2); terms are compared, not what they stand for."""

    term: Term

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield each focus node without the value."""
        wanted = evaluation.index.number(self.term)
        for focus, each in values.items():
            if wanted not in each:
                yield Finding(focus)


class PropertyPair(Constraint):
    """``sh:equals`` (4.5.1) and ``sh:disjoint`` (4.5.2)."""

    other: ox.NamedNode

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield the values that only one side has (equals) or both have (disjoint)."""
        others = evaluation.index.forward(self.other)
        equals = self.component == SH.EqualsConstraintComponent
        for focus, each in values.items():
            other = others.get(focus, ())
            if equals and len(other) == len(each) == 1:
                same = other == tuple(each)
                wrong: list[int] = [] if same else [*each, *other]
            else:
                mine, theirs = frozenset(each), frozenset(other)
                differing = mine ^ theirs if equals else mine & theirs
                wrong = [value for value in dict.fromkeys((*each, *other)) if value in differing]
            for value in wrong:
                yield Finding(focus, value)


class LessThan(Constraint):
    """``sh:lessThan`` (4.5.3) and ``sh:lessThanOrEquals`` (4.5.4)."""

    other: ox.NamedNode
    or_equal: bool

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield a value once for every value of the other property that it is not less than."""
        others = evaluation.index.forward(self.other)
        terms = evaluation.index.terms
        ordered = evaluation.ordered
        for focus, each in values.items():
            for other in others.get(focus, ()) if each else ():
                for value in each:
                    if not less(ordered(value), ordered(other), or_equal=self.or_equal):
                        yield Finding(focus, value, bindings={"other": terms[other]})


class Closed(Constraint):
    """``sh:closed`` with ``sh:ignoredProperties`` (4.8.1)."""

    allowed: frozenset[ox.NamedNode]

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield every value of a value node that stands at a property not allowed."""
        index = evaluation.index
        used = index.predicates_of(distinct(values)) - self.allowed
        for predicate in index.predicates if used else ():
            if predicate not in used:
                continue
            table = index.forward(predicate)
            path = str(predicate)
            for focus, each in values.items():
                for node in each:
                    for value in table.get(node, ()):
                        yield Finding(focus, value, path)

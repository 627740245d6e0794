"""Constraints on all value nodes of a focus node together (SHACL, 4.2, 4.4.5, 4.5, 4.8)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import SH
from mezan_graph.validation.constraint import Constraint, Evaluation, Finding
from mezan_graph.validation.ordering import less

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.value_nodes import ValueNodes


class HasCount(Constraint):
    """``sh:minCount`` (4.2.1) and ``sh:maxCount`` (4.2.2)."""

    count: int
    lowest: bool

    def findings(self, _evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield each focus node with too few or too many value nodes."""
        wrong = values.fewer(self.count) if self.lowest else values.more(self.count)
        yield from map(Finding, wrong)


class UniqueLanguage(Constraint):
    """``sh:uniqueLang`` (4.4.5); tags are compared without regard to letter case."""

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield each focus node once for every language that two of its value nodes have."""
        terms = evaluation.index.terms
        for focus in values.more(1):
            found = (terms[value] for value in values.of(focus))
            languages = [each.language for each in found if isinstance(each, ox.Literal)]
            tags = [each.lower() for each in languages if each]
            if len(set(tags)) < len(tags):
                for tag, count in Counter(tags).items():
                    if count > 1:
                        yield Finding(focus, bindings={"language": ox.Literal(tag)})


class HasValue(Constraint):
    """``sh:hasValue`` (4.8.2); terms are compared, not what they stand for."""

    term: Term

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield each focus node without the value."""
        wanted = evaluation.index.number(self.term)
        for focus, each in values.pairs():
            if wanted not in each:
                yield Finding(focus)


class PropertyPair(Constraint):
    """``sh:equals`` (4.5.1) and ``sh:disjoint`` (4.5.2)."""

    other: ox.NamedNode

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield the values that only one side has (equals) or both have (disjoint)."""
        others = evaluation.index.forward(self.other)
        equals = self.component == SH.EqualsConstraintComponent
        for focus, each in values.pairs():
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

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield a value once for every value of the other property that it is not less than."""
        others = evaluation.index.forward(self.other)
        terms = evaluation.index.terms
        ordered = evaluation.ordered
        for focus, each in values.pairs():
            for other in others.get(focus, ()) if each else ():
                for value in each:
                    if not less(ordered(value), ordered(other), or_equal=self.or_equal):
                        yield Finding(focus, value, bindings={"other": terms[other]})


class Closed(Constraint):
    """``sh:closed`` with ``sh:ignoredProperties`` (4.8.1)."""

    allowed: frozenset[ox.NamedNode]

    def findings(self, evaluation: Evaluation, values: ValueNodes) -> Iterator[Finding]:
        """Yield every value of a value node that stands at a property not allowed."""
        index = evaluation.index
        used = index.predicates_of(values.distinct, besides=self.allowed)
        for predicate in used:
            table = index.forward(predicate)
            path = str(predicate)
            for focus, each in values.pairs():
                for node in each:
                    for value in table.get(node, ()):
                        yield Finding(focus, value, path)

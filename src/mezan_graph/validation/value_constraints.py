"""Constraints on single values, scanned over the terms as parsed (SHACL, 4.1, 4.3, 4.4, 4.8.3)."""

from __future__ import annotations

from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.validation.constraint import Evaluation, Term, ValueConstraint
from mezan_graph.validation.lexical import well_formed
from mezan_graph.validation.ordering import Value, less

if TYPE_CHECKING:
    from collections.abc import Collection

_BATCH = 20_000


class HasClass(ValueConstraint):
    """``sh:class`` (4.1.1)."""

    rdf_class: ox.NamedNode

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what is no SHACL instance of the class."""
        return set(nodes) - evaluation.index.instances(self.rdf_class)


class HasDatatype(ValueConstraint):
    """``sh:datatype`` (4.1.2)."""

    datatype: ox.NamedNode

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what is no literal of the datatype, or an ill-formed one."""
        terms, datatype = evaluation.index.terms, self.datatype
        check = well_formed(datatype)
        rejected = []
        for node in nodes:
            term = terms[node]
            if not (
                isinstance(term, ox.Literal) and term.datatype == datatype and check(term.value)
            ):
                rejected.append(node)
        return rejected


class HasNodeKind(ValueConstraint):
    """``sh:nodeKind`` (4.1.3)."""

    kinds: tuple[type, ...]

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject terms of other kinds."""
        terms = evaluation.index.terms
        return [node for node in nodes if not isinstance(terms[node], self.kinds)]


class InRange(ValueConstraint):
    """``sh:minExclusive``, ``sh:minInclusive``, ``sh:maxExclusive``, ``sh:maxInclusive`` (4.3)."""

    literal: ox.Literal
    limit: Value | None
    lowest: bool
    inclusive: bool

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what is out of the range, and what cannot be compared with its limit."""
        ordered, limit, inclusive = evaluation.ordered, self.limit, self.inclusive
        if self.lowest:
            return [node for node in nodes if not less(limit, ordered(node), or_equal=inclusive)]
        return [node for node in nodes if not less(ordered(node), limit, or_equal=inclusive)]


class HasLength(ValueConstraint):
    """``sh:minLength`` (4.4.1) and ``sh:maxLength`` (4.4.2), in code points."""

    length: int
    lowest: bool

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject blank nodes, and what is too short or too long."""
        terms, length = evaluation.index.terms, self.length
        rejected = []
        for node in nodes:
            term = terms[node]
            if isinstance(term, ox.BlankNode):
                rejected.append(node)
            else:
                count = len(term.value)
                if count < length if self.lowest else count > length:
                    rejected.append(node)
        return rejected


class MatchesPattern(ValueConstraint):
    """``sh:pattern`` with ``sh:flags`` (4.4.3), as SPARQL's REGEX.

    The regular expression is pyoxigraph's, which runs in time linear in the value whatever the
    pattern: Python's own would take for ever over ``(a+)+$``. Values go to it in batches.
    """

    pattern: str
    flags: str

    @cached_property
    def _test(self) -> str:
        return f"REGEX(?text, {ox.Literal(self.pattern)}, {ox.Literal(self.flags)})"

    def check(self) -> None:
        """Evaluate the pattern once.

        Raises:
            ShapeError: It is not a regular expression, or needs a look-around or back reference.
        """
        query = f'SELECT (BOUND(?ok) AS ?good) {{ BIND("" AS ?text) BIND({self._test} AS ?ok) }}'
        [row] = ox.Store().query(query)  # type: ignore[misc]
        if row[0].value != "true":
            raise ShapeError(f"not a regular expression: {self.pattern!r} with {self.flags!r}")

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject blank nodes and what does not match."""
        return evaluation.rejected(
            (self.pattern, self.flags), nodes, partial(self._other, evaluation.index.terms)
        )

    def _other(self, terms: list[Term], nodes: Collection[int]) -> list[int]:
        rejected: list[int] = []
        by_text: dict[str, list[int]] = {}
        for node in nodes:
            term = terms[node]
            if isinstance(term, ox.BlankNode):
                rejected.append(node)
            else:
                by_text.setdefault(term.value, []).append(node)
        store = ox.Store()
        texts = list(by_text)
        for start in range(0, len(texts), _BATCH):
            values = " ".join(str(ox.Literal(text)) for text in texts[start : start + _BATCH])
            query = f"SELECT ?text {{ VALUES ?text {{ {values} }} FILTER(!{self._test}) }}"
            for row in store.query(query):  # type: ignore[union-attr]
                rejected += by_text[row[0].value]
        return rejected


class HasLanguage(ValueConstraint):
    """``sh:languageIn`` (4.4.4)."""

    languages: tuple[str, ...]

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what has no language tag that ``langMatches`` one of the languages."""
        terms = evaluation.index.terms
        matches = cache(self._matches)
        return [
            node
            for node in nodes
            if not (isinstance(term := terms[node], ox.Literal) and matches(term.language))
        ]

    def _matches(self, language: str | None) -> bool:
        tag = (language or "").lower()
        return bool(tag) and any(
            tag == each or tag.startswith(f"{each}-") or each == "*" for each in self.languages
        )


class OneOf(ValueConstraint):
    """``sh:in`` (4.8.3); terms are compared, not what they stand for."""

    members: tuple[Term, ...]

    def rejected(self, evaluation: Evaluation, nodes: Collection[int]) -> Collection[int]:
        """Reject what is not a member."""
        return set(nodes) - {evaluation.index.number(each) for each in self.members}

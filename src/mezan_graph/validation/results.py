"""Validation results out of what constraints find (SHACL, sections 3.6 and 5.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.validation.messages import best, filled
from mezan_graph.validation.report import Result, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mezan_graph.validation.constraint import Constraint, Finding, Shape, Term

_SEVERITIES = {each.iri: each for each in Severity}


class ResultMaker:
    """Makes results; what is the same for all findings of a constraint is made once.

    Args:
        terms: Every node of the data at the place of its number; it may grow.
        short: Shortens an IRI for people.
    """

    def __init__(self, terms: Sequence[Term], short: Callable[[object], str]) -> None:
        self._terms = terms
        self._short = short
        self._messages: dict[tuple[Shape, Constraint], tuple[tuple[ox.Literal, ...], str]] = {}

    def result(self, shape: Shape, constraint: Constraint, finding: Finding) -> Result:
        """Return the validation result of one finding."""
        terms = self._terms
        severity = _SEVERITIES.get(shape.severity)
        value = None if finding.value is None else terms[finding.value]
        declared, text = self._message(shape, constraint)
        if finding.bindings or "{" in text:
            declared, text = self._filled(shape, constraint, finding)
        return Result(
            focus_node=terms[finding.focus],
            path=finding.path or shape.path_text,
            value=value,
            source_shape=shape.node,
            component=constraint.component,
            severity=severity or Severity.VIOLATION,
            message=text,
            messages=declared,
            source_constraint=constraint.source,
            other_severity=None if severity else shape.severity,
        )

    def _message(self, shape: Shape, constraint: Constraint) -> tuple[tuple[ox.Literal, ...], str]:
        """Return the declared messages, and one message, before anything is filled in."""
        known = self._messages.get((shape, constraint))
        if known is None:
            declared = constraint.messages or shape.messages
            message = best(declared)
            text = f"{shape.label}: {constraint.requirement}" if message is None else message.value
            known = self._messages[shape, constraint] = declared, text
        return known

    def _filled(
        self, shape: Shape, constraint: Constraint, finding: Finding
    ) -> tuple[tuple[ox.Literal, ...], str]:
        """Return the messages with what the finding says filled in."""
        terms, row = self._terms, finding.bindings or {}
        bindings: dict[str, Term | str] = {**row, "this": terms[finding.focus]}
        if finding.value is not None:
            bindings["value"] = terms[finding.value]
        if finding.path is not None:
            bindings["path"] = ox.NamedNode(finding.path[1:-1])
        elif shape.path is not None:
            bindings["path"] = bindings["PATH"] = shape.label
        declared, text = self._message(shape, constraint)
        of_row = row.get("message")
        if constraint.source is not None and isinstance(of_row, ox.Literal):
            declared, text = (of_row,), of_row.value
        elif row and declared:
            declared = tuple(filled(each, bindings, self._short) for each in declared)
            text = best(declared).value  # type: ignore[union-attr]
        return declared, filled(ox.Literal(text), bindings, self._short).value

"""Typed parameters of stored queries: from text to terms.

A value never becomes part of a query's text; see :mod:`mezan_graph.queries.binding`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import ParameterError
from mezan_graph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mezan_graph.project import Project
    from mezan_graph.queries.wording import Term

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,4000}(?:\.[0-9]{0,4000})?|\.[0-9]{1,4000})\Z")
_YEAR = re.compile(r"-?(?:[1-9][0-9]{4,8}|[0-9]{4})\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_TAGGED = re.compile(r"(?P<text>.*)@(?P<tag>[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\Z", re.DOTALL)
_LOCAL = re.compile(r"[^\s<>\"{}|\\^`:/#?]+\Z")


class Parameter(NamedTuple):
    """A parameter of a stored query, as its header declares it.

    Attributes:
        name: Name, which is also that of the variable, without ``?``.
        type: One of :data:`TYPES`.
        description: What it means, for people.
        default: Value as text, if it has one.
        required: Whether it must be given where there is no default.
        enum: The values that it may have, as text; empty where every value of the type will do.
    """

    name: str
    type: str
    description: str = ""
    default: str | None = None
    required: bool = False
    enum: tuple[str, ...] = ()

    @property
    def modifier(self) -> str | None:
        """``LIMIT`` or ``OFFSET`` for a parameter that replaces such a number, else ``None``."""
        return self.type.upper() if self.type in {"limit", "offset"} else None

    def term(self, value: str, project: Project) -> Term:
        """Return the term that ``value`` stands for; for a limit or an offset an integer literal.

        Raises:
            ParameterError: The value is not of the type, or not one of ``enum``.
        """
        if self.enum and value not in self.enum:
            import difflib

            near = difflib.get_close_matches(value, self.enum, 1)
            listed = ", ".join(self.enum)
            raise self._error(value, f"did you mean {near[0]}?" if near else f"one of {listed}")
        expected, parse = TYPES[self.type]
        try:
            return parse(value, project)
        except ValueError:
            raise self._error(value, f"expected {expected}") from None

    def _error(self, value: str, hint: str) -> ParameterError:
        shown = value if len(value) <= 60 else f"{value[:60]}…"  # noqa: PLR2004
        return ParameterError(f"{shown!r} is no {self.type}", place=self.name, hint=hint)


def bound_values(
    declared: tuple[Parameter, ...], values: Mapping[str, str], project: Project
) -> tuple[dict[str, Term], dict[str, int]]:
    """Return the terms to bind, and the numbers for ``LIMIT`` and ``OFFSET``.

    Args:
        declared: The parameters of the query.
        values: Parameter name to its value as text; defaults stand in for absent ones.
        project: Gives the IRIs that slugs and prefixed names stand for.

    Returns:
        Variable name to term, and ``LIMIT`` or ``OFFSET`` to number. An optional parameter
        without value and default is in neither.

    Raises:
        ParameterError: A parameter is unknown, missing or of the wrong type.
    """
    names = [parameter.name for parameter in declared]
    for name in values:
        if name not in names:
            import difflib

            near = difflib.get_close_matches(name, names, 1)
            known = f"one of {', '.join(names)}" if names else "the query has no parameters"
            hint = f"did you mean {near[0]}?" if near else known
            raise ParameterError("unknown parameter", place=name, hint=hint)
    terms: dict[str, Term] = {}
    numbers = {}
    for parameter in declared:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            if parameter.required:
                expected = TYPES[parameter.type][0]
                raise ParameterError(
                    "a value is required",
                    place=parameter.name,
                    hint=f"give -p {parameter.name}=…, {expected}",
                )
            continue
        term = parameter.term(value, project)
        if parameter.modifier:
            numbers[parameter.modifier] = int(term.value)
        else:
            terms[parameter.name] = term
    return terms, numbers


def _iri(value: str, project: Project) -> Term:
    return ox.NamedNode(project.entity_iri(value))


def _concept(value: str, project: Project) -> Term:
    if ":" in value or value.startswith("<"):
        return ox.NamedNode(project.entity_iri(value))
    if not _LOCAL.match(value):
        raise ValueError(value)
    return ox.NamedNode(f"{project.base}concept/{value}")


def _string(value: str, _: Project) -> Term:
    return ox.Literal(value)


def _langstring(value: str, _: Project) -> Term:
    match = _TAGGED.match(value)
    if match is None:
        raise ValueError(value)
    return ox.Literal(match["text"], language=match["tag"])


def _typed(pattern: re.Pattern[str], datatype: ox.NamedNode) -> Callable[[str, Project], Term]:
    def parse(value: str, _: Project) -> Term:
        if not pattern.match(value):
            raise ValueError(value)
        return ox.Literal(value, datatype=datatype)

    return parse


def _boolean(value: str, _: Project) -> Term:
    known = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
    if value.lower() not in known:
        raise ValueError(value)
    return ox.Literal(known[value.lower()])


def _date(value: str, _: Project) -> Term:
    if not _DATE.match(value):
        raise ValueError(value)
    return ox.Literal(dt.date.fromisoformat(value).isoformat(), datatype=XSD.date)


TYPES: dict[str, tuple[str, Callable[[str, Project], Term]]] = {
    "iri": ("a slug, a prefixed name or an absolute IRI", _iri),
    "concept": ("the slug of a concept, a prefixed name or an absolute IRI", _concept),
    "string": ("a string", _string),
    "langstring": ("a string with its language: text@en", _langstring),
    "integer": ("a whole number", _typed(_INTEGER, XSD.integer)),
    "decimal": ("a decimal number: 12.5", _typed(_DECIMAL, XSD.decimal)),
    "boolean": ("true or false", _boolean),
    "date": ("a date: 2026-01-31", _date),
    "year": ("a year of four digits: 2003", _typed(_YEAR, XSD.gYear)),
    "limit": ("a whole number of rows, 0 or more", _typed(_COUNT, XSD.integer)),
    "offset": ("a whole number of rows, 0 or more", _typed(_COUNT, XSD.integer)),
}
"""Every parameter type: what people are told that it expects, and how its text is read."""

"""Which values an endpoint is asked for: all that may break a constraint, and few others.

What a store says of a literal differs from store to store: which lexical forms are well-formed,
which dates can be compared, what a character is. So a condition here is true of every value that
breaks the constraint, and the constraint itself then looks at the values that came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, XSD
from mezan_graph.validation.lexical import well_formed
from mezan_graph.validation.ordering import value_of
from mezan_graph.validation.value_constraints import (
    HasDatatype,
    HasLanguage,
    HasLength,
    HasNodeKind,
    InRange,
    MatchesPattern,
    OneOf,
)

if TYPE_CHECKING:
    from mezan_graph.validation.constraint import Term, ValueConstraint

_DAY = "(0[1-9]|1[0-9]|2[0-8])"
_MONTH = "(0[1-9]|1[0-2])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_PLAIN = {
    XSD.integer: "-?[0-9]{1,15}",
    XSD.boolean: "true|false",
    XSD.date: f"[1-9][0-9]{{3}}-{_MONTH}-{_DAY}",
    XSD.dateTime: f"[1-9][0-9]{{3}}-{_MONTH}-{_DAY}T{_TIME}Z",
    XSD.gYear: "[1-9][0-9]{3}",
    XSD.gYearMonth: f"[1-9][0-9]{{3}}-{_MONTH}",
}
"""Forms that are well-formed whatever else is; of the last four, the order is that of the text."""
_BY_TEXT = frozenset((XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth))
_KINDS = {ox.NamedNode: "isIRI", ox.BlankNode: "isBlank", ox.Literal: "isLiteral"}
_MOST_BYTES = 4
_NUMBERS = frozenset(
    """
    integer decimal double float boolean nonNegativeInteger positiveInteger nonPositiveInteger
    negativeInteger long int short byte unsignedLong unsignedInt unsignedShort unsignedByte
    """.split()  # noqa: SIM905
)
_RELATED = (
    _NUMBERS,
    frozenset("dateTime dateTimeStamp date".split()),  # noqa: SIM905
    frozenset("string normalizedString token language Name NCName NMTOKEN anyURI".split()),  # noqa: SIM905
    frozenset("duration yearMonthDuration dayTimeDuration".split()),  # noqa: SIM905
)
"""Local names of datatypes that stores turn into one another."""


def condition(constraint: ValueConstraint, value: str) -> str:  # noqa: PLR0911
    """Return a SPARQL expression that is true, or an error, for all that ``constraint`` rejects.

    Args:
        constraint: One that looks at single values, other than ``sh:class``.
        value: The variable of the value.
    """
    if isinstance(constraint, HasNodeKind):
        return " && ".join(f"!{_KINDS[kind]}({value})" for kind in constraint.kinds)
    if isinstance(constraint, HasDatatype):
        return _no_datatype(constraint.datatype, value)
    if isinstance(constraint, HasLength):
        # A store may count bytes of UTF-8 or units of UTF-16 in place of characters.
        length = constraint.length
        bound = f"<= {_MOST_BYTES * (length - 1)}" if constraint.lowest else f"> {length}"
        return f"isBlank({value}) || STRLEN(STR({value})) {bound}"
    if isinstance(constraint, MatchesPattern):
        pattern, flags = ox.Literal(constraint.pattern), ox.Literal(constraint.flags)
        return f"isBlank({value}) || !REGEX(STR({value}), {pattern}, {flags})"
    if isinstance(constraint, HasLanguage):
        matches = " || ".join(
            f"LCASE(LANG({value})) = {ox.Literal(each)} || "
            f"langMatches(LANG({value}), {ox.Literal(each)})"
            for each in constraint.languages
        )
        return f'LANG({value}) = "" || !({matches or "false"})'
    if isinstance(constraint, OneOf):
        return _none_of(constraint, value)
    if isinstance(constraint, InRange):
        return _out_of_range(constraint, value)
    raise AssertionError(constraint)  # pragma: no cover - every such constraint is named above


def _no_datatype(datatype: ox.NamedNode, value: str) -> str:
    wrong = f"!isLiteral({value}) || DATATYPE({value}) != {datatype}"
    if datatype in _PLAIN:
        return f"{wrong} || {_not_plain(datatype, value)}"
    anything = well_formed(datatype)("\t\0") or datatype == RDF.langString
    return wrong if anything else "true"


def _not_plain(datatype: ox.NamedNode, value: str) -> str:
    return f"!REGEX(STR({value}), {ox.Literal(f'^({_PLAIN[datatype]})$')})"


def _none_of(constraint: OneOf, value: str) -> str:
    iris = ", ".join(str(each) for each in constraint.members if isinstance(each, ox.NamedNode))
    tests = [f"{value} IN ({iris})"] if iris else []
    tests += [
        f"sameTerm({value}, {each})" for each in constraint.members if isinstance(each, ox.Literal)
    ]
    return f"!({' || '.join(tests) or 'false'})"


def _out_of_range(constraint: InRange, value: str) -> str:
    limit = constraint.literal
    sign = (">" if constraint.lowest else "<") + ("=" if constraint.inclusive else "")
    known = constraint.limit
    if known is None:
        return "true"
    if known.kind in {"number", "double", "float"}:
        return f"!(isNumeric({value}) && {value} {sign} {limit})"
    if limit.datatype in _BY_TEXT and is_plain(limit):
        return (
            f"DATATYPE({value}) != {limit.datatype} || {_not_plain(limit.datatype, value)} || "
            f"!(STR({value}) {sign} {ox.Literal(limit.value)})"
        )
    return "true"


def is_plain(literal: ox.Literal) -> bool:
    """Whether a literal has the form of which texts are ordered like values."""
    import re

    return bool(re.fullmatch(_PLAIN[literal.datatype], literal.value, re.ASCII))


def not_less(left: str, right: str, *, or_equal: bool) -> str:
    """Return an expression that is true, or an error, where ``left`` is not less than ``right``."""
    sign = "<=" if or_equal else "<"
    numbers = f"isNumeric({left}) && isNumeric({right}) && {left} {sign} {right}"
    by_text = " || ".join(
        f"(DATATYPE({left}) = {each} && DATATYPE({right}) = {each} && "
        f"!({_not_plain(each, left)}) && !({_not_plain(each, right)}))"
        for each in sorted(_BY_TEXT, key=str)
    )
    return f"!(({numbers}) || (({by_text}) && STR({left}) {sign} STR({right})))"


def numeric(datatype: ox.NamedNode, value: str) -> str:
    """Return ``&& isNumeric(…)`` for a numeric ``datatype``, else nothing."""
    local = datatype.value.removeprefix(XSD.iri)
    return f" && isNumeric({value})" if local in _NUMBERS - {"boolean"} else ""


def may_be_rewritten(constraint: ValueConstraint, term: Term) -> bool:
    """Whether a store may have made ``term`` of a value that ``constraint`` accepts.

    ``"1"^^xsd:int`` comes back as ``1`` from some stores: of another datatype than it was loaded
    with, and with the same value.
    """
    if not isinstance(term, ox.Literal):
        return False
    if isinstance(constraint, HasDatatype):
        wanted = constraint.datatype
        names = {wanted.value.removeprefix(XSD.iri), term.datatype.value.removeprefix(XSD.iri)}
        related = len(names) > 1 and any(names <= each for each in _RELATED)
        return related and well_formed(wanted)(term.value)
    if isinstance(constraint, OneOf):
        value = value_of(term)
        literals = (each for each in constraint.members if isinstance(each, ox.Literal))
        return value is not None and any(value_of(each) == value for each in literals)
    return False

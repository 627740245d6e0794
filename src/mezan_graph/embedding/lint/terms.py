"""Rules about names: types, properties, and which property belongs to which type."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from mezan_graph.embedding.lint.fault import Fault
from mezan_graph.namespaces import SCHEMA
from mezan_graph.validation.nearness import nearest
from mezan_graph.vocabularies import (
    VOCABULARIES,
    described_terms,
    superclasses,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.embedding.lint.nodes import Node, Property
    from mezan_graph.policy import SeverityName

Kind = Literal["class", "property"]

_EDITION = f"schema.org, {VOCABULARIES[SCHEMA.iri].edition}"


def check_terms(node: Node) -> Iterator[Fault]:
    """Yield what is wrong with the names that ``node`` itself uses."""
    for iri, written, offset in node.types:
        yield from _type(node, iri, written, offset)
    if not node.types and not node.is_reference and not node.context.unknown:
        yield Fault("MZ504", "warning", "the node has no @type", node.offset, "say what it is")
    for each in node.properties:
        yield from _property(node, each)
        yield from _domain(node, each, node)
    for each in node.reverse:
        yield from _property(node, each)
        for inner in each.nodes:
            yield from _domain(inner, each, inner)


def _type(node: Node, iri: str | None, written: str, offset: int) -> Iterator[Fault]:
    if iri is None:
        if not node.context.unknown:
            yield Fault(
                "MZ504", "violation", f"the type {written} means nothing: no context defines it",
                offset, 'write "@context": "https://schema.org"',
            )  # fmt: skip
    elif iri.startswith(SCHEMA.iri):
        yield from _known(iri.removeprefix(SCHEMA.iri), "class", "MZ504", "type", offset)


def _property(node: Node, each: Property) -> Iterator[Fault]:
    if each.iri is None:
        if not node.context.unknown and not _is_dropped_on_purpose(node, each.key):
            yield Fault(
                "MZ505", "warning", f"{each.key} means nothing: no context defines it",
                each.offset, "JSON-LD passes it over in silence; define it, or remove it",
            )  # fmt: skip
    elif each.iri.startswith(SCHEMA.iri):
        name = each.iri.removeprefix(SCHEMA.iri)
        yield from _known(name, "property", "MZ505", "property", each.offset)


def _is_dropped_on_purpose(node: Node, key: str) -> bool:
    term = node.context.terms.get(key)
    return term is not None and term.iri is None


def _known(name: str, kind: Kind, code: str, word: str, offset: int) -> Iterator[Fault]:
    terms = described_terms(SCHEMA.iri)
    term = terms.get(name)
    if term is not None and term.kind == kind:
        if term.successor is not None:
            yield Fault(
                "MZ506", "info", f"{name} has been superseded", offset, f"use {term.successor}"
            )
        return
    near = _near(name, kind)
    severity: SeverityName = "violation" if near else "warning"
    hint = f"did you mean {near}?" if near else None
    if term is not None:
        hint = f"schema.org has a {term.kind} of this name" + (f"; {hint}" if hint else "")
        severity = "violation"
    yield Fault(code, severity, f"{name} is no {word} of {_EDITION}", offset, hint)


@cache
def _near(name: str, kind: Kind) -> str | None:
    terms = described_terms(SCHEMA.iri)
    return nearest(name, {each for each, term in terms.items() if term.kind == kind})


def _domain(node: Node, each: Property, at: Node) -> Iterator[Fault]:
    """Check that ``node`` has a type that the property is for.

    Where a context brings in other vocabularies, nodes are left alone: there schema.org's domains,
    which are advice, do not decide. A role has the property that it is the value of.
    """
    terms = described_terms(SCHEMA.iri)
    name = (each.iri or "").removeprefix(SCHEMA.iri)
    term = terms.get(name)
    known = [other for other in node.names if other in terms]
    if term is None or not term.above or not known or len(known) < len(node.types):
        return
    if node.context.vocab != SCHEMA.iri or node.context.unknown:
        return
    above = {wider for other in known for wider in superclasses(SCHEMA.iri, other)}
    if above.intersection(term.above):
        return
    if "Role" in above and (each in at.reverse or _stands_in(node, each.iri)):
        return
    yield Fault(
        "MZ507", "warning", f"{name} is not a property of {' or '.join(known)}", each.offset,
        f"it is for {_listed(term.above)}",
    )  # fmt: skip


def _stands_in(role: Node, iri: str | None) -> bool:
    return role.via is None or role.via[0] == iri


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown  # noqa: PLR2004

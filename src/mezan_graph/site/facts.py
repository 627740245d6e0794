"""The properties of a thing with their values, as a page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.languages import preferred
from mezan_graph.namespaces import DCT, RDF
from mezan_graph.site.evidence import Evidence, statements
from mezan_graph.site.knowledge import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.site.allowance import Allowance
    from mezan_graph.site.knowledge import Resource, Term
    from mezan_graph.site.view import View

_NESTING = 3


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property.

    Attributes:
        content: The value; for a node without a name, ``None``.
        inner: The properties of a node without a name.
        evidence: How we know of this statement, where it is recorded for the statement itself.
    """

    content: Markup | None
    inner: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property with its values.

    Attributes:
        name: Name of the property.
        values: The values that are shown.
        more: How many there are beyond these.
    """

    name: Markup
    values: tuple[Value, ...]
    more: int = 0


def facts(
    view: View,
    node: Resource,
    folder: str,
    allowance: Allowance,
    *,
    without: Iterable[ox.NamedNode] = (),
    nesting: int = 0,
) -> tuple[Fact, ...]:
    """Return what the graph says about ``node``, sorted by the names of the properties.

    Args:
        view: The language.
        node: The subject.
        folder: Folder of the page.
        allowance: What the page may still show.
        without: Properties that the page shows elsewhere.
        nesting: How deep ``node`` stands inside another one.
    """
    left_out = {*without, RDF.type} if nesting else {
        *without, *LABELS, RDF.type, DCT.source, view.knowledge.mz.modality,
        view.knowledge.mz.sourceWording, view.knowledge.mz.notStated,
    }  # fmt: skip
    about = view.knowledge.properties(node)
    found = []
    for predicate in allowance.take([each for each in about if each not in left_out]):
        values = about[predicate]
        taken = allowance.take(_in_language(view, values))
        shown = tuple(
            _value(view, (node, predicate, each), folder, allowance, nesting) for each in taken
        )
        more = len(values) - len(taken) if len(taken) == allowance.group else 0
        found.append(
            (view.name(predicate).casefold(), Fact(view.link(predicate, folder), shown, more))
        )
    return tuple(fact for _, fact in sorted(found, key=lambda each: each[0]))


def _in_language(view: View, values: list[Term]) -> list[Term]:
    """Leave only the best language of texts that are there in several."""
    tagged = [each for each in values if isinstance(each, ox.Literal) and each.language]
    if len({each.language for each in tagged}) < 2:  # noqa: PLR2004
        return values
    best = preferred(tagged, view.language, view.project.languages)
    kept = {each for each in tagged if best is not None and each.language == best.language}
    return [each for each in values if each not in set(tagged) - kept]


def _value(
    view: View,
    triple: tuple[Resource, ox.NamedNode, Term],
    folder: str,
    allowance: Allowance,
    nesting: int,
) -> Value:
    value = triple[2]
    known = statements(view, triple, folder)
    members = _members(view, value)
    if members:
        links = (view.value(each, folder) for each in allowance.take(members))
        return Value(escape(view.gettext(", ")).join(links), (), known)
    if isinstance(value, ox.BlankNode) and nesting < _NESTING:
        inner = facts(view, value, folder, allowance, nesting=nesting + 1)
        return Value(None, inner, known)
    return Value(view.value(value, folder), (), known)


def _members(view: View, node: Term) -> list[Term]:
    """Return the members of the RDF list ``node``; none where it is no list."""
    found: list[Term] = []
    seen: set[Term] = set()
    while isinstance(node, ox.BlankNode) and node not in seen:
        seen.add(node)
        found += view.knowledge.values(node, RDF.first)[:1]
        node = next(iter(view.knowledge.values(node, RDF.rest)), node)
    return found

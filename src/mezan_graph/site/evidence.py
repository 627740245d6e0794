"""How we know of a thing: how the source puts it, in which words, where, and for when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.namespaces import DCT, OA, ORG, PROV, RDF, SCHEMA, TIME
from mezan_graph.site.addresses import relative
from mezan_graph.site.texts import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.site.knowledge import Resource, Term
    from mezan_graph.site.view import View

WHEN = (
    DCT.temporal, ORG.memberDuring, SCHEMA.temporalCoverage, SCHEMA.datePublished,
    SCHEMA.startDate, SCHEMA.endDate, PROV.startedAtTime, PROV.endedAtTime, DCT.date, TIME.hasTime,
)  # fmt: skip
"""Properties that say when something holds or happened; the first one that is there is shown."""
_LINES = re.compile(r"line=(\d{1,9}),(\d{1,9})\Z")
_MOST = 8
_PLACE = Markup(' class="place"')
_RECORD = Markup('%s<span class="unseen">: %s</span>')


@dataclass(frozen=True, slots=True)
class Evidence:
    """How we know of one thing.

    Attributes:
        modality: How the source puts it, linked; ``None`` where it is not recorded.
        wording: The source's own words, as far as they are recorded.
        places: Where it stands, linked; empty where that is not recorded.
        record: The node that says all this, linked; ``None`` where it is the thing itself.
    """

    modality: Markup | None
    wording: tuple[Markup, ...]
    places: tuple[Markup, ...]
    record: Markup | None = None

    def __bool__(self) -> bool:
        return bool(self.modality or self.wording or self.places)


def evidence(view: View, node: Resource, folder: str) -> Evidence:
    """Return how we know of ``node``, linked from pages in ``folder``."""
    knowledge = view.knowledge
    modalities = knowledge.values(node, knowledge.mz.modality)
    return Evidence(
        modality=view.value(modalities[0], folder) if modalities else None,
        wording=tuple(view.literal(each) for each in view.values(node, knowledge.mz.sourceWording)),
        places=tuple(place(view, each, folder) for each in _cited(view, node)),
    )


def statements(
    view: View, triple: tuple[Resource, ox.NamedNode, Term], folder: str
) -> tuple[Evidence, ...]:
    """Return how we know of one triple, from the ``rdf:Statement`` nodes about it."""
    about = view.knowledge.statements.get(triple, ())
    found = []
    for node in about:
        known = evidence(view, node, folder)
        record = _record(view, node, folder)
        found.append(Evidence(known.modality, known.wording, known.places, record))
    return tuple(found)


def _record(view: View, node: Resource, folder: str) -> Markup | None:
    path = view.addresses.page(node, view.language) if isinstance(node, ox.NamedNode) else None
    return None if path is None else record_link(view, node, relative(path, f"{folder}/-"))


def record_link(view: View, node: Resource, href: str) -> Markup:
    """Return the link to the page of a relationship or statement, told apart for screen readers."""
    return anchor(href, _RECORD % (view.gettext("Record"), view.name(node)))


def record(view: View, node: Resource, folder: str) -> Markup:
    """Return the link to the page of ``node``, or its name where it has none."""
    return _record(view, node, folder) or view.named(node)


def _cited(view: View, node: Resource) -> Iterable[ox.NamedNode]:
    return view.knowledge.resources(node, DCT.source)[:_MOST]


def place(view: View, citation: Resource, folder: str) -> Markup:
    """Return where a citation points, in words, linked to the page of the citation.

    Lines are those of RFC 5147, which counts the positions between lines from 0: ``line=29,30``
    is line 30. A source that is no citation is shown by its name.
    """
    where = passage(view, citation)
    path = (
        view.addresses.page(citation, view.language) if isinstance(citation, ox.NamedNode) else None
    )
    if not where or path is None:
        return view.link(citation, folder)
    return anchor(relative(path, f"{folder}/-"), escape(where), _PLACE)


def passage(view: View, citation: Resource) -> str:
    """Return the lines and characters that a citation points to, in words; may be empty."""
    knowledge = view.knowledge
    parts = []
    for selector in knowledge.values(citation, OA.hasSelector):
        if isinstance(selector, ox.NamedNode | ox.BlankNode):
            values = knowledge.literals(selector, RDF.value)
            parts += [(0, _lines(view, literal.value)) for literal in values]
            start = knowledge.literals(selector, OA.start)
            end = knowledge.literals(selector, OA.end)
            if start and end:
                text = view.gettext("characters %(start)s to %(end)s")
                parts.append((1, text % {"start": start[0].value, "end": end[0].value}))
    return view.gettext(", ").join(text for _, text in sorted(parts)[:_MOST])


def _lines(view: View, fragment: str) -> str:
    match = _LINES.match(fragment)
    if match is None:
        return fragment[:80]
    first, last = int(match[1]) + 1, int(match[2])
    if last <= first:
        return view.gettext("line %(line)s") % {"line": first}
    return view.gettext("lines %(first)s to %(last)s") % {"first": first, "last": last}


def period(view: View, node: Resource, folder: str) -> Markup | None:
    """Return when ``node`` holds or happened, or ``None`` where nothing says so."""
    for predicate in WHEN:
        values = view.knowledge.values(node, predicate)
        if values:
            return view.value(values[0], folder)
    return None


def undated(view: View, node: Resource) -> bool:
    """Whether the graph records that the time of ``node`` is not stated."""
    return not set(WHEN).isdisjoint(view.knowledge.values(node, view.knowledge.mz.notStated))

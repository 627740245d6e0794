"""The page of a class: what it is, what it stands below, its properties, and what is of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.exports import header_lines, local_context
from mezan_graph.namespaces import RDFS
from mezan_graph.serialization import canonical, describe_class, serialize
from mezan_graph.site.allowance import Allowance
from mezan_graph.site.claims import running_text
from mezan_graph.site.facts import Fact, Value, facts
from mezan_graph.site.frame import FORMATS
from mezan_graph.site.knowledge import DEFINITIONS
from mezan_graph.site.listing import Section, listing
from mezan_graph.site.pages.lists import Members
from mezan_graph.site.relationships import in_order
from mezan_graph.vocabularies import described_terms, namespace_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.site.knowledge import Knowledge
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

_ITEM = Markup("<li>%s</li>")


def class_pages(view: View, iri: ox.NamedNode, members: Members | None = None) -> Iterator[Page]:
    """Yield the pages of the class ``iri``; a class with many instances has several.

    Args:
        view: The language.
        iri: The class.
        members: What is of it; by default all that there is.
    """
    listed = members or Members(view.knowledge)
    stem = view.addresses.stems[iri]
    folder = f"{view.language}/class"
    allowance = Allowance()
    found = [
        *facts(view, iri, folder, allowance, without=DEFINITIONS),
        *_around(view, iri, folder, allowance),
    ]
    nodes = in_order(view, listed.of([iri]))
    instances = Section(
        "instances",
        escape(view.gettext("What is of this class")),
        (_ITEM % view.link(each, folder) for each in nodes),
        Markup('<ul class="plain">'),
        Markup("</ul>"),
        count=listed.count(iri, nodes),
    )
    yield from listing(
        view,
        stem,
        view.name(iri),
        [instances],
        iri=iri,
        data=stem,
        description=f"{view.name(iri)} – {view.short(iri)}",
        kinds=escape(view.gettext("Class")),
        name=view.named(iri),
        leads=[text for text in [running_text(view, iri, *DEFINITIONS)] if text],
        facts=found,
        place=listed.place,
    )


def _around(view: View, iri: ox.NamedNode, folder: str, allowance: Allowance) -> Iterator[Fact]:
    """Yield what stands below the class, which properties it has, and what vocabularies say."""
    incoming = view.knowledge.incoming(iri)
    for predicate, name in (
        (RDFS.subClassOf, view.gettext("Classes below it")),
        (RDFS.domain, view.gettext("Properties used on it")),
        (RDFS.range, view.gettext("Properties that lead to it")),
    ):
        nodes = incoming.get(predicate, [])
        taken = allowance.take(in_order(view, nodes))
        if taken:
            values = tuple(Value(view.link(each, folder)) for each in taken)
            yield Fact(escape(name), values, len(nodes) - len(taken))
    namespace = namespace_of(iri.value)
    released = described_terms(namespace).get(iri.value.removeprefix(namespace))
    if released is not None and released.above:
        above = (ox.NamedNode(namespace + name) for name in released.above)
        values = tuple(Value(view.link(each, folder)) for each in above)
        yield Fact(escape(view.gettext("Classes above it, in its vocabulary")), values)


def class_data(knowledge: Knowledge, iri: ox.NamedNode, stem: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files with the data of the class ``iri``, in each format of the pages."""
    header = (iri.value, *header_lines(knowledge.project))
    described = canonical(describe_class(knowledge.graph, iri))
    context = local_context(knowledge.project)
    for each in FORMATS:
        content = serialize(described, each, header=header, context=context, root=iri)
        yield f"{stem}{each.suffix}", content

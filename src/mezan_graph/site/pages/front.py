"""The front page: in one screen what this is, how much of it there is, and where to start."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup

from mezan_graph.namespaces import OA, SCHEMA
from mezan_graph.site.addresses import relative
from mezan_graph.site.claims import note_classes
from mezan_graph.site.frame import page_names, rendered
from mezan_graph.site.pages.lists import Members
from mezan_graph.site.picture import network_figure
from mezan_graph.site.relationships import relations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.site.network import Network
    from mezan_graph.site.page import Page
    from mezan_graph.site.view import View

_PAGES = {"funding": "funders", "affiliations": "affiliations", "offices": "people"}


def front_page(
    view: View,
    network: Network,
    queries: int,
    members: Members | None = None,
    classes: Mapping[ox.NamedNode, int] = MappingProxyType({}),
) -> Page:
    """Return the front page in one language.

    Args:
        view: The language.
        network: The relations of the graph, of which those around the subject are drawn.
        queries: How many stored queries there are.
        members: What is counted; by default all that there is.
        classes: How much there is of each class, to be shown where no list has an entry.
    """
    path = f"{view.language}/index.html"
    subject = view.project.subject
    about = None if subject is None else ox.NamedNode(view.project.entity_iri(subject))
    lead = view.translated(view.project.description)
    return rendered(
        view,
        "front.html",
        path,
        view.site_title.text,
        choice="index.html",
        description=lead.text[:300],
        lead=lead,
        about=Markup() if about is None else view.link(about, view.language),
        figures=_figures(view, queries, members or Members(view.knowledge), classes),
        picture=Markup() if about is None else network_figure(view, network, about, path),
    )


def _figures(
    view: View, queries: int, members: Members, classes: Mapping[ox.NamedNode, int]
) -> list[tuple[int | str | None, str, str]]:
    """Return how many there are of what a visitor may look for, and where they are listed."""
    knowledge = view.knowledge
    names = page_names(view)
    counts = {
        _PAGES[each.id]: members.count(each.id, members.related(each))
        for each in relations(knowledge.mz.iri)
        if each.id in _PAGES
    }
    for stem, types in (
        ("claims", (SCHEMA.Claim,)),
        ("reports", (SCHEMA.Report,)),
        ("notes", note_classes(knowledge)),
        ("sources", (OA.SpecificResource,)),
    ):
        counts[stem] = members.count(stem, members.of(types))
    shown: list[tuple[int | str | None, str, str]] = []
    if not any(counts.values()):
        shown = [
            (count, view.name(each), relative(path, f"{view.language}/-"))
            for each, count in classes.items()
            if (path := view.addresses.page(each, view.language)) is not None
        ]
    if shown:
        counts = {}
    counts["queries"] = queries
    labels = names | {
        "funders": view.gettext("Funding relations"),
        "people": view.gettext("Offices"),
        "sources": view.gettext("Passages cited"),
    }
    return shown + [
        (count, labels[stem], relative(f"{view.language}/{stem}.html", f"{view.language}/-"))
        for stem, count in counts.items()
    ]

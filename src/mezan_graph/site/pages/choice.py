"""Pages on which a reader's language is chosen: by a small script, or by the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.languages import direction
from mezan_graph.site.addresses import relative
from mezan_graph.site.frame import FORMATS, language_name
from mezan_graph.site.page import Page
from mezan_graph.site.rendering import CONTENT_SECURITY_POLICY, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from mezan_graph.site.view import View


def choice_page(views: Sequence[View], iri: ox.NamedNode | None = None) -> Page:
    """Return the page that leads to the page of ``iri``, or the front page, in each language."""
    addresses = views[0].addresses
    stem = "index" if iri is None else addresses.stems[iri]
    path = f"{stem}.html"
    languages = []
    for view in views:
        target = f"{view.language}/{stem}.html"
        languages.append(
            (
                view.language,
                language_name(view.language),
                direction(view.language),
                relative(target, path),
                addresses.canonical(target),
                view.text(view.site_title if iri is None else view.label(iri), 100),
            )
        )
    indexed = iri is None or not views[0].knowledge.is_person(iri)
    title = views[0].site_title.text if iri is None else views[0].name(iri)
    html = (
        environment(views[0].interface)
        .get_template("choice.html")
        .render(
            policy=CONTENT_SECURITY_POLICY,
            languages=languages,
            indexed=indexed,
            canonical=addresses.canonical(path),
            title=title,
            root="../" * path.count("/"),
            data=[]
            if iri is None
            else [(each.media_type, relative(stem + each.suffix, path)) for each in FORMATS],
        )
    )
    return Page(path, html.encode(), None, iri, indexed, title)

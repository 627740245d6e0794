"""Pages about the site itself: its data, search, SPARQL, corrections, and what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.languages import direction
from mezan_graph.site.browser import entry
from mezan_graph.site.frame import language_name, page_names, rendered
from mezan_graph.site.page import Page
from mezan_graph.site.rendering import CONTENT_SECURITY_POLICY, environment
from mezan_graph.site.routes import hosted_path
from mezan_graph.site.search import available
from mezan_graph.site.view import safe_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mezan_graph.description import Distribution
    from mezan_graph.site.view import View

NOT_FOUND = "404.html"
_FORMATS = ("csv", "tsv", "json", "xml", "turtle", "ntriples", "jsonld", "rdfxml")
"""Formats of answers that a server can be asked for without a script."""


def general_pages(
    view: View, distributions: Sequence[Distribution], *, live: bool = False
) -> Iterator[Page]:
    """Yield the pages about the site in one language.

    Args:
        view: The language.
        distributions: The files in which the whole data set can be had.
        live: Whether a server makes the pages when they are asked for: then there is no list of
            digests, and queries are answered by the server.
    """
    names = page_names(view)
    files = [
        (
            each.name,
            each.rdf_format.media_type + (" (gzip)" if each.compressed else ""),
            each.size,
            each.sha256,
        )
        for each in distributions
    ]
    yield _page(view, "data", names["data"], files=files, live=live)
    script = "search" if available() else ""
    yield _page(view, "search", names["search"], script=script, messages=_search(view))
    yield _page(
        view,
        "sparql",
        names["sparql"],
        script="sparql",
        messages=_sparql(view),
        live=live,
        formats=_FORMATS,
    )
    contact = view.project.contact
    yield _page(
        view,
        "corrections",
        names["corrections"],
        contact=contact,
        contact_link=contact if contact and safe_address(contact) else "",
    )


def not_found_page(views: Sequence[View]) -> Page:
    """Return the page that a host shows where there is nothing, in all languages at once.

    A host shows it at any depth, so that its links start at the root of the host. A copy may stand
    below another path than the project says: whole addresses stand beside these links, and the
    page can be read without its style sheet.
    """
    first = views[0]
    root = hosted_path(first.project)
    languages = [
        (
            view.language,
            view.interface,
            direction(view.interface),
            language_name(view.language),
            f"{root}{view.language}/index.html",
            view.gettext("There is nothing at this address."),
            view.gettext("To the front page"),
            view.addresses.canonical(f"{view.language}/index.html"),
        )
        for view in views
    ]
    html = (
        environment(first.interface)
        .get_template("404.html")
        .render(
            policy=CONTENT_SECURITY_POLICY,
            languages=languages,
            style=f"{root}assets/site.css",
        )
    )
    title = first.gettext("There is nothing at this address.")
    return Page(NOT_FOUND, html.encode(), None, indexed=False, title=title)


def _page(view: View, stem: str, title: str, *, script: str = "", **content: Any) -> Page:
    path = entry(script) if script else None
    return rendered(
        view,
        f"{stem}.html",
        f"{view.language}/{stem}.html",
        title,
        scripts=() if path is None else (path,),
        **content,
    )


def _search(view: View) -> dict[str, str]:
    return {
        "label": view.gettext("Words to look for"),
        "nothing": view.gettext("Nothing was found for {text}."),
        "found": view.gettext("Pages found: {pages}"),
        "missing": view.gettext(
            "The search is not there: its index cannot be read. The lists name everything there is:"
        ),
    }


def _sparql(view: View) -> dict[str, str]:
    return {
        "answer": view.gettext("Answer"),
        "at": view.gettext("Line {line}, column {column}:"),
        "broken": view.gettext("The answer broke off. Nothing of it is shown."),
        "choose": view.gettext("Choose a question"),
        "done": view.gettext("Done in {milliseconds} ms."),
        "download": view.gettext("Download:"),
        "drawn": view.gettext("Things: {boxes}; links between them: {arrows}."),
        "example": view.gettext("Stored queries"),
        "first": view.gettext("The first {shown} of {rows} rows are shown."),
        "graph": view.gettext("Picture"),
        "keys": view.gettext("Ctrl and Enter runs the query."),
        "live": view.gettext("Ready."),
        "loading": view.gettext("The data is being loaded."),
        "no": view.gettext("no"),
        "object": view.gettext("Object"),
        "predicate": view.gettext("Property"),
        "query": view.gettext("Query"),
        "ready": view.gettext("Ready: {quads} statements are loaded in this page."),
        "rows": view.gettext("Rows: {rows}"),
        "run": view.gettext("Run"),
        "running": view.gettext("The query runs."),
        "stop": view.gettext("Stop"),
        "stopped": view.gettext("The query was stopped."),
        "subject": view.gettext("Subject"),
        "table": view.gettext("Table"),
        "turtle": view.gettext("Turtle"),
        "undrawn": view.gettext("Links that the picture has no room for: {arrows}."),
        "unreachable": view.gettext("The server cannot be reached."),
        "views": view.gettext("Show the answer as"),
        "yes": view.gettext("yes"),
    }

"""What every page has around its content: addresses, languages, navigation, attribution."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mezan_graph.formats import JSONLD, NTRIPLES, TURTLE
from mezan_graph.languages import direction
from mezan_graph.site.addresses import PAGES, relative
from mezan_graph.site.browser import entry
from mezan_graph.site.page import Page
from mezan_graph.site.rendering import CONTENT_SECURITY_POLICY
from mezan_graph.site.texts import anchor, code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyoxigraph as ox

    from mezan_graph.site.view import View

NAVIGATION = (
    "funders", "affiliations", "people", "claims", "reports", "notes", "sources", "timeline",
    "queries", "search",
)  # fmt: skip
"""Pages that the head of each page leads to; the foot leads to all others."""
FORMATS = (TURTLE, JSONLD, NTRIPLES)
"""The formats in which each entity, class and concept can be had."""


OPTIONAL = ("description", "embedded", "picture", "kinds", "name", "facts", "leads")
"""What templates show where there is any."""


class Frame:
    """The frame of one page.

    Attributes:
        view: The language.
        path: Path of the page.
        indexed: Whether search engines may list the page.
        data: Media type and link of each file with the data of the page.
        scripts: Links to the scripts that the page runs.
        translated: Whether every other language has the same page.
    """

    def __init__(
        self,
        view: View,
        path: str,
        *,
        indexed: bool = True,
        choice: str | None = None,
        data: str | None = None,
        scripts: tuple[str, ...] = (),
        first: str | None = None,
    ) -> None:
        self.view = view
        self.path = path
        self.indexed = indexed
        self.language = view.interface
        self.direction = direction(view.interface)
        self.policy = CONTENT_SECURITY_POLICY
        self.canonical = view.addresses.canonical(path)
        self.data = [] if data is None else [
            (each.media_type, self.url(data + each.suffix)) for each in FORMATS
        ]  # fmt: skip
        self.scripts = [self.url(script) for script in scripts]
        # A list is sorted by name, so that its further pages differ from language to language.
        self.translated = first in {None, path}
        self._rest = (first or path).removeprefix(view.language)
        self._choice = choice

    def url(self, path: str) -> str:
        """Return the link from this page to the file at ``path``."""
        return relative(path, self.path)

    @property
    def root(self) -> str:
        """Path from this page to the root of the site, with a slash at its end."""
        return "../" * self.path.count("/")

    def pages(self, stems: Iterable[str]) -> list[tuple[str, str, str]]:
        """Return stem, name and link of some of the pages that a language has once."""
        names = page_names(self.view)
        paths = [(stem, f"{self.view.language}/{stem}.html") for stem in stems]
        return [(stem, names[stem], self.url(path)) for stem, path in paths]

    @property
    def languages(self) -> list[tuple[str, str, str, str]]:
        """Each language: its tag, its own name, the link to this page in it, its address.

        From further pages of a list the links lead to the first page in the other languages.
        """
        view = self.view
        paths = [(language, language + self._rest) for language in view.project.languages]
        return [
            (language, language_name(language), self.url(path), view.addresses.canonical(path))
            for language, path in paths
        ]

    @property
    def default(self) -> str:
        """Address of this page for readers of any other language."""
        path = self._choice or self.view.project.languages[0] + self._rest
        return self.view.addresses.canonical(path)

    @property
    def head(self) -> Markup:
        """The head of the page."""
        return self._chrome()[0]

    @property
    def foot(self) -> Markup:
        """The foot of the page."""
        return self._chrome()[1]

    def _chrome(self) -> tuple[Markup, Markup]:
        folder, _, name = self.path.rpartition("/")
        stem = name.removesuffix(".html")
        current = stem if folder == self.view.language and stem in PAGES else ""
        return _chrome(self.view, folder, current)


def rendered(
    view: View,
    template: str,
    path: str,
    title: str,
    *,
    iri: ox.NamedNode | None = None,
    indexed: bool = True,
    choice: str | None = None,
    data: str | None = None,
    scripts: tuple[str, ...] = (),
    first: str | None = None,
    **content: Any,
) -> Page:
    """Return the page at ``path``, made from ``template``.

    Args:
        view: The language.
        template: Name of a template.
        path: The page's path, which starts with the language.
        title: Its title, plain text.
        iri: What the page is about.
        indexed: Whether search engines may list the page.
        choice: Path of the page on which a language is chosen, where there is one.
        data: Path of the files with its data, without their suffixes.
        scripts: Paths of scripts that the page runs.
        first: Path of the first page of the list that the page belongs to.
        content: What the template shows.
    """
    shown = dict.fromkeys(OPTIONAL, "") | content
    explorer = entry("network") if shown["picture"] else None
    scripts = (*scripts, explorer) if explorer else scripts
    frame = Frame(
        view, path, indexed=indexed, choice=choice, data=data, scripts=scripts, first=first
    )
    html = view.environment.get_template(template).render(
        frame=frame, view=view, title=title, data=data, iri=iri, **shown
    )
    return Page(path, html.encode(), view.language, iri, indexed, title)


@lru_cache(256)
def language_name(language: str) -> str:
    """Return the name of a language in itself; its tag where it is not known."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


def page_names(view: View) -> dict[str, str]:
    """Return the name of each page that a language has once."""
    _: Callable[[str], str] = view.gettext
    return {
        "index": _("Front page"),
        "funders": _("Funders"),
        "affiliations": _("Affiliations"),
        "people": _("People"),
        "claims": _("Claims"),
        "reports": _("Reports"),
        "sources": _("Sources"),
        "notes": _("Notes"),
        "timeline": _("Timeline"),
        "queries": _("Queries"),
        "vocabulary": _("Vocabulary"),
        "shapes": _("Shapes"),
        "data": _("Data"),
        "search": _("Search"),
        "sparql": _("SPARQL"),
        "corrections": _("Corrections"),
    }


@lru_cache(64)
def _chrome(view: View, folder: str, current: str) -> tuple[Markup, Markup]:
    """Return head and foot of the pages in ``folder``; they are the same for all of them."""

    def link(path: str) -> str:
        return relative(path, f"{folder}/-")

    names = page_names(view)
    pages = {name: (name, names[name], link(f"{view.language}/{name}.html")) for name in PAGES}
    parts = view.environment.get_template("chrome.html").module
    project = view.project
    head = parts.head(  # type: ignore[attr-defined]
        link,
        [pages[name] for name in NAVIGATION],
        current,
        view.text(view.site_title, 120),
        pages["index"][2],
    )
    licence = code(project.license)
    if project.license.startswith(("https://", "http://")):
        licence = anchor(project.license, licence, Markup(' rel="license external"'))
    foot = parts.foot(  # type: ignore[attr-defined]
        [pages[name] for name in PAGES if name not in NAVIGATION],
        project.attribution,
        licence,
        project.version,
    )
    return Markup(head), Markup(foot)  # noqa: S704 - made by a template that escapes

"""The site as readers of one language see it: names, links, values."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.display import short_name
from mezan_graph.filenames import file_stem
from mezan_graph.languages import LocalText, preferred
from mezan_graph.namespaces import RDF, XSD
from mezan_graph.site.addresses import relative
from mezan_graph.site.rendering import environment, interface_language, messages
from mezan_graph.site.texts import EXTERNAL, PASSAGE, anchor, code, marked, ordered, shown

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses
    from mezan_graph.site.knowledge import Knowledge, Resource, Term

_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+\Z", re.IGNORECASE)
_LONGEST_LINK = 2_000
_FRAGMENT = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}\Z")
_CACHED = 1 << 16
_MOST_TERMS = 60
_LINES = Markup('<span class="lines">%s</span>')
VOCABULARY = "vocabulary"
"""Stem of the page that the project's own terms are documented on."""


def safe_address(iri: str) -> bool:
    """Whether ``iri`` may become a link: http, https or mailto, and not too long."""
    return len(iri) <= _LONGEST_LINK and _SAFE_LINK.match(iri) is not None


def term_id(term: Resource) -> str:
    """Return the identifier of a term on the page that documents it."""
    local = re.split(r"[#/]", term.value)[-1]
    return local if _FRAGMENT.match(local) else file_stem(term.value)


class View:
    """One language of the site.

    Attributes:
        knowledge: The graph.
        addresses: The paths.
        language: Language of the readers (BCP 47), one of the project's.
        interface: Language of the interface, which is English where there is no catalog.
    """

    def __init__(self, knowledge: Knowledge, addresses: Addresses, language: str) -> None:
        self.knowledge = knowledge
        self.addresses = addresses
        self.language = language
        self.interface = interface_language(language)
        translations = messages(self.interface)
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
        self.environment = environment(self.interface)
        self.link = lru_cache(_CACHED)(self._link)

    @cached_property
    def parts(self) -> Any:
        """The macros of ``parts.html``, which make the parts that several pages have."""
        return self.environment.get_template("parts.html").module

    @cached_property
    def own_terms(self) -> frozenset[ox.NamedNode]:
        """The terms that the page of the vocabulary documents, as far as links lead to them."""
        terms = self.knowledge.terms
        return frozenset(terms if len(terms) <= _MOST_TERMS else ())

    @property
    def project(self) -> Project:
        """The project that is published."""
        return self.knowledge.project

    def translated(self, texts: dict[str, str]) -> LocalText:
        """Return which of the project's own ``texts`` by language readers get."""
        literals = [ox.Literal(text, language=tag) for tag, text in texts.items()]
        return preferred(literals, self.language, self.project.languages) or LocalText("")

    @cached_property
    def site_title(self) -> LocalText:
        """The title of the data set."""
        return self.translated(self.project.title)

    def label(self, term: Resource) -> LocalText:
        """Return what ``term`` is called; its IRI where it has no name."""
        found = self.knowledge.label(term, self.language)
        if found is None and isinstance(term, ox.NamedNode):
            return LocalText(self.short(term))
        return found or LocalText(self.gettext("something without a name"))

    def short(self, iri: Resource) -> str:
        """Return ``iri`` as a prefixed name where that is possible."""
        return short_name(iri, self.knowledge.graph.prefixes).strip("<>")

    def name(self, term: Resource, longest: int = 80) -> str:
        """Return the label of ``term`` as plain text, for titles and attributes."""
        return shown(self.label(term).text, longest)

    def text(self, text: LocalText, longest: int = PASSAGE) -> Markup:
        """Return running text with its language."""
        return marked(text, self.interface, longest)

    def named(self, term: Resource) -> Markup:
        """Return the label of ``term`` with its language; an IRI without a name as code."""
        found = self.knowledge.label(term, self.language)
        if found is not None:
            return marked(found, self.interface)
        if isinstance(term, ox.NamedNode):
            return code(self.short(term), 120)
        return marked(self.label(term), self.interface)

    def _link(self, term: Resource, folder: str) -> Markup:
        """Return ``term`` by its name, as a link from pages in ``folder`` where it has a page.

        Another IRI becomes a link where it is one of http, https or mailto, and code otherwise.
        """
        name = self.named(term)
        if isinstance(term, ox.BlankNode):
            return name
        path = self.addresses.page(term, self.language)
        if path is not None:
            return anchor(relative(path, f"{folder}/-"), name)
        if term in self.own_terms:
            page = f"{self.language}/{VOCABULARY}.html#{term_id(term)}"
            return anchor(relative(page, f"{folder}/-"), name)
        if safe_address(term.value) and not self._ours(term):
            return anchor(term.value, name, EXTERNAL)
        return name

    def _ours(self, term: ox.NamedNode) -> bool:
        """Whether ``term`` would be an entity or a concept of this site; it has no page."""
        base = self.project.base
        return term.value.startswith((f"{base}id/", f"{base}concept/"))

    def literal(self, value: ox.Literal) -> Markup:
        """Return a literal as people read it."""
        if value.language is not None:
            fallen_back = not value.language.lower().startswith(self.language.lower())
            return self.text(LocalText(value.value, value.language, fallen_back))
        if value.datatype == XSD.boolean:
            truth = value.value in {"true", "1"}
            return escape(self.gettext("yes") if truth else self.gettext("no"))
        if value.datatype == XSD.anyURI and safe_address(value.value):
            return anchor(value.value, code(value.value, 120), EXTERNAL)
        if value.datatype in {XSD.hexBinary, XSD.base64Binary}:
            return code(value.value, PASSAGE)
        if value.datatype in {XSD.string, RDF.HTML}:
            text = self.text(LocalText(value.value))
            return _LINES % text if "\n" in value.value[:PASSAGE] else text
        return ordered(value.value)

    def value(self, term: Term, folder: str) -> Markup:
        """Return any term as people read it, on pages in ``folder``."""
        if isinstance(term, ox.Literal):
            return self.literal(term)
        return code(str(term)) if isinstance(term, ox.Triple) else self.link(term, folder)

    def values(self, subject: Resource, *predicates: ox.NamedNode) -> list[ox.Literal]:
        """Return the literals of the best language of the first property that has any."""
        for predicate in predicates:
            literals = self.knowledge.literals(subject, predicate)
            if literals:
                best = preferred(literals, self.language, self.project.languages)
                return [
                    each for each in literals
                    if best is not None and each.language == best.language
                ]  # fmt: skip
        return []

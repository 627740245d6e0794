"""Where everything stands in a published site: IRI to path, and the links between paths.

Paths are relative to the root of the site, with ``/``. A page of a language stands below the
folder of that language; data stands once, beside no language::

    index.html                      choice of language
    en/index.html                   the front page, and each page of PAGES likewise
    en/doc/<stem>.html              <base>id/…        data: doc/<stem>.ttl .jsonld .nt
    en/concept/<stem>.html          <base>concept/…   data: concept/<stem>.ttl .jsonld .nt
    en/class/<stem>.html            any class         data: class/<stem>.ttl .jsonld .nt
    en/query/<name>.html            a stored query    data: query/<name>.rq .csv …
    en/<page>~2.html                the second page of a list, and so on
    doc/<stem>.html                 choice of language for an entity; concept/ likewise
    404.html                        what a host shows where there is nothing
    assets/…                        style sheet, fonts, scripts

Links inside the site are relative, so that it works below any folder of any host; only canonical
addresses are absolute, below the URL where the site is hosted: ``site.url`` of ``mezan.toml``, by
default the base IRI.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from mezan_graph.filenames import file_stem
from mezan_graph.namespaces import OWL, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

PAGES = (
    "index",
    "funders",
    "affiliations",
    "people",
    "claims",
    "reports",
    "sources",
    "notes",
    "timeline",
    "queries",
    "vocabulary",
    "shapes",
    "data",
    "search",
    "sparql",
    "corrections",
)
"""Stems of the pages that each language has once."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


@dataclass(frozen=True)
class Addresses:
    """The addresses of one project's site.

    Attributes:
        project: The project that is published.
        graph: Its published graph: what has a page is what it says something about.
        stem: Returns what the document of an IRI with a local part is called, without a suffix.
    """

    project: Project
    graph: Graph
    stem: Callable[[str], str] = file_stem

    @cached_property
    def stems(self) -> dict[ox.NamedNode, str]:
        """Every IRI with a page of its own, to its path below a language without a suffix.

        Sorted by path. Two IRIs never share a path, not even on a file system without case.
        """
        found: dict[ox.NamedNode, str] = {}
        folders = {f"{self.project.base}id/": "doc", f"{self.project.base}concept/": "concept"}
        subjects: set[ox.NamedNode] = set()
        classes: set[ox.NamedNode] = set()
        for quad in self.graph.triples():
            if isinstance(quad.subject, ox.NamedNode):
                subjects.add(quad.subject)
            if quad.predicate == RDF.type and isinstance(quad.object, ox.NamedNode):
                classes.add(quad.object)
                if quad.object in {OWL.Class, RDFS.Class} and isinstance(
                    quad.subject, ox.NamedNode
                ):
                    classes.add(quad.subject)
        for iri in subjects:
            for space, folder in folders.items():
                local = iri.value.removeprefix(space)
                if local != iri.value and local:
                    found[iri] = f"{folder}/{self.stem(local)}"
        taken: set[str] = set()
        for iri in sorted(classes - found.keys(), key=lambda each: each.value):
            stem = self._class_stem(iri)
            if stem in taken:
                stem = file_stem(iri.value)
            taken.add(stem)
            found[iri] = f"class/{stem}"
        return dict(sorted(found.items(), key=lambda each: each[1]))

    def _class_stem(self, iri: ox.NamedNode) -> str:
        for prefix, namespace in self.graph.prefixes.items():
            local = iri.value.removeprefix(namespace)
            if local != iri.value and re.fullmatch(r"[A-Za-z0-9]+", local):
                words = [word.lower() for word in _WORD.findall(local)]
                return file_stem("-".join([prefix.lower(), *words]))
        return file_stem(iri.value)

    def page(self, iri: ox.NamedNode, language: str) -> str | None:
        """Return the path of the page of ``iri`` in ``language``, or ``None`` if it has none."""
        stem = self.stems.get(iri)
        return None if stem is None else f"{language}/{stem}.html"

    def query(self, name: str) -> str:
        """Return the path of the stored query called ``name`` below a language, no suffix."""
        return f"query/{file_stem(name)}"

    def query_page(self, name: str, language: str) -> str:
        """Return the path of the page of the stored query called ``name``."""
        return f"{language}/{self.query(name)}.html"

    def data(self, iri: ox.NamedNode, suffix: str) -> str | None:
        """Return the path of the data of ``iri``; ``suffix`` is like ``.ttl``."""
        stem = self.stems.get(iri)
        return None if stem is None else f"{stem}{suffix}"

    def canonical(self, path: str) -> str:
        """Return the absolute URL of ``path`` where the site is hosted, percent-encoded.

        ``index.html`` is left out, as servers leave it out.
        """
        if path == "index.html" or path.endswith("/index.html"):
            path = path.removesuffix("index.html")
        return self.project.site + quote(path, safe="/~")


def numbered(stem: str, number: int) -> str:
    """Return the stem of page ``number`` of the list at ``stem``; the first one is the stem."""
    return stem if number == 1 else f"{stem}~{number}"


def relative(path: str, page: str) -> str:
    """Return the link from the file at path ``page`` to the file at ``path``, percent-encoded.

    Both are relative to the root of the site; ``path`` may end in a fragment (``#…``).
    """
    target, separator, fragment = path.partition("#")
    here = page.split("/")[:-1]
    there = (target or page).split("/")
    common = 0
    for own, other in zip(here, there[:-1], strict=False):
        if own != other:
            break
        common += 1
    link = "../" * (len(here) - common) + "/".join(there[common:]) or "./"
    return quote(link, safe="/~") + separator + quote(fragment)

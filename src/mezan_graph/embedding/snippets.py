"""The JSON-LD of one entity as a script element that can stand in any page."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.description import dataset_iri, describe_for_search
from mezan_graph.embedding.context import ADDRESS
from mezan_graph.embedding.framed import fill, to_json, to_quads
from mezan_graph.embedding.frames import Frames
from mezan_graph.embedding.view import SchemaOrgView
from mezan_graph.errors import UnknownEntityError, UsageError
from mezan_graph.exports import find_entity, local_context, published_graph, shortcuts_graph
from mezan_graph.formats import JSONLD
from mezan_graph.graph import Graph
from mezan_graph.namespaces import RDF, SCHEMA
from mezan_graph.serialization import describe, index_of, serialize

if TYPE_CHECKING:
    from collections.abc import Callable

    from mezan_graph.project import Project

MARKER = "data-mezan"
"""Attribute of our script elements; its value is the IRI of the entity."""

DATASET = "dataset"
"""Name of the data set where an entity is asked for."""

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_MARKUP = "<>&"
_ESCAPED = re.compile(r"[<>&]|[^\x20-\x7e]+")


@dataclass(frozen=True)
class Snippet:
    """The JSON-LD of one entity, ready for a page.

    Attributes:
        entity: The entity.
        language: Language of its texts; ``None`` where it has all of them.
        document: The JSON-LD document.
    """

    entity: ox.NamedNode
    language: str | None
    document: dict[str, Any]
    _graph: Callable[[], Graph] = field(repr=False, compare=False)

    @cached_property
    def json(self) -> str:
        r"""The document on one line, with nothing in it that ends or begins a script.

        ``<``, ``>`` and ``&`` are written as ``\u003c``, ``\u003e`` and ``\u0026``, and so are
        characters that nobody sees: controls, marks of direction, line separators.
        """
        text = json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))
        return _ESCAPED.sub(_escape, text)

    @cached_property
    def html(self) -> str:
        """The script element, without a line end."""
        language = "" if self.language is None else f' lang="{html.escape(self.language)}"'
        entity = html.escape(self.entity.value).encode("ascii", "xmlcharrefreplace").decode()
        return (
            f'<script type="application/ld+json" {MARKER}="{entity}"{language}>{self.json}</script>'
        )

    @cached_property
    def graph(self) -> Graph:
        """The triples that a processor reads from the document."""
        return self._graph()


class Embedder:
    """Makes the snippets of many entities of one graph, in time linear in what they hold.

    Args:
        project: Its languages, frames and context are used.
        graph: The published graph.

    Raises:
        InputError: A frame or the context cannot be read.
    """

    def __init__(self, project: Project, graph: Graph) -> None:
        self._project = project
        self._graph = graph
        self._view = SchemaOrgView(project, graph)
        self._frames = Frames(project)
        self._context = local_context(project)
        self.dataset = dataset_iri(project)

    @cached_property
    def _description(self) -> Graph:
        described = describe_for_search(self._project)
        naming = (
            quad
            for subject in {each.object for each in described if each.predicate == SCHEMA.about}
            for quad in index_of(self._graph).by_subject.get(subject, ())
            if quad.predicate in {RDF.type, SCHEMA.name}
        )
        return Graph.from_quads([*described, *naming], described.prefixes)

    @cached_property
    def _dataset_view(self) -> SchemaOrgView:
        return SchemaOrgView(self._project, self._description)

    def find(self, name: str) -> ox.NamedNode:
        """Return the IRI of the entity called ``name``; ``dataset`` is the data set.

        Raises:
            UnknownEntityError: There is no such entity.
        """
        try:
            return find_entity(self._project, self._graph, name)
        except UnknownEntityError:
            if name == DATASET or self._project.entity_iri(name) == self.dataset.value:
                return self.dataset
            raise

    def snippet(
        self, entity: ox.NamedNode, *, language: str | None = None, full: bool = False
    ) -> Snippet:
        """Return the snippet of ``entity``, which may be the data set.

        Args:
            entity: What to embed.
            language: Language of the page; by default the first of the project. What there is no
                text of in it falls back in the order of :mod:`mezan_graph.languages`.
            full: Whether to give everything that is known, in all languages and vocabularies and
                with the project's own context, in place of plain schema.org.

        Raises:
            UnknownEntityError: Nothing is said about ``entity``.
            UsageError: ``language`` is not a language tag.
        """
        if language is not None and not _LANGUAGE.match(language):
            raise UsageError(
                f"{language!r} is not a language tag", hint="such as en, ar or en-GB (BCP 47)"
            )
        view = self._view
        if entity == self.dataset and not view.describes(entity):
            view = self._dataset_view
        if not view.describes(entity):
            raise UnknownEntityError("nothing is said about this entity", place=entity.value)
        if full:
            return self._full(entity, view)
        language = language or self._project.languages[0]
        tree = fill(view, self._frames.of(view.types(entity)), entity, language)
        document = {"@context": ADDRESS, **to_json(tree)}
        return Snippet(entity, language, document, lambda: Graph.from_quads(set(to_quads(tree))))

    def _full(self, entity: ox.NamedNode, view: SchemaOrgView) -> Snippet:
        if view is self._view:
            described = describe(self._graph, entity, shortcuts=shortcuts_graph(self._project))
        else:
            described = self._description
        content = serialize(described, JSONLD, context=self._context, root=entity)
        triples = {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in described}
        union = Graph.from_quads(triples, described.prefixes)
        return Snippet(entity, None, json.loads(content), lambda: union)


def embed(
    project: Project, entity: str, *, language: str | None = None, full: bool = False
) -> Snippet:
    """Return the JSON-LD of one entity, or of the data set, for a page in ``language``.

    To embed many entities, make one :class:`Embedder`.

    Args:
        project: The project to read.
        entity: IRI, prefixed name or slug of an entity; ``dataset`` for the data set.
        language: Language tag of the page; by default the first language of the project.
        full: Whether to give all languages and vocabularies, in place of plain schema.org.

    Returns:
        The snippet: ``document`` as JSON, ``json`` as text, ``html`` as a script element, ``graph``
        as RDF.

    Raises:
        UnknownEntityError: There is no such entity.
        UsageError: ``language`` is not a language tag.
        InputError: A file of the project cannot be read.
    """
    embedder = Embedder(project, published_graph(project))
    return embedder.snippet(embedder.find(entity), language=language, full=full)


def _escape(match: re.Match[str]) -> str:
    text = match[0]
    if text.isprintable() and text not in _MARKUP:
        return text
    return "".join(_escaped(each) for each in text)


def _escaped(character: str) -> str:
    if character in _MARKUP:
        return f"\\u{ord(character):04x}"
    return character if character.isprintable() else json.dumps(character)[1:-1]

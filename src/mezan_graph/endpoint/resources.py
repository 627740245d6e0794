"""What an IRI of the project stands for, in the format that is asked for.

Runs in a worker. Nothing here touches a file: a path leads to an IRI, the IRI to its triples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.description import dataset_iri
from mezan_graph.endpoint.negotiation import choose, choose_language
from mezan_graph.endpoint.problems import Problem
from mezan_graph.exports import header_lines, shortcuts_graph
from mezan_graph.formats import JSONLD, NTRIPLES, RDFXML, TURTLE, RdfFormat
from mezan_graph.graph import shapes_graph
from mezan_graph.serialization import describe, serialize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.graph import Graph

FORMATS: tuple[RdfFormat, ...] = (TURTLE, JSONLD, NTRIPLES, RDFXML)
"""What a document can be had in, the server's favourite first."""

HTML = "text/html"
"""What the pages are; a document that is asked for in it is a page of the reader's language."""

ASK_FOR_PARTS = "ask /sparql or /api/queries for the part that you need"
"""What to do where the whole cannot be had."""

SPACES = {"id": "doc", "concept": "concept"}
"""Where the documents of each namespace of the project stand."""


class Document(NamedTuple):
    """The triples that are shown for an IRI.

    Attributes:
        made: Makes the triples, for who wants them here.
        root: The entity that the document is about, ``None`` for a whole graph.
        path: Path of the document without a suffix, relative to the site.
    """

    made: Callable[[], Graph]
    root: ox.NamedNode | None
    path: str


def suffix_of(path: str) -> tuple[str, str | None]:
    """Split the suffix of a format off a path; ``None`` where it has none."""
    for suffix in (".html", *(each.suffix for each in FORMATS)):
        if path.endswith(suffix):
            return path.removesuffix(suffix), suffix
    return path, None


def resource(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the document of an IRI, or where it stands.

    Args:
        loaded: The project and its graph.
        job: ``kind`` and ``name`` of what is asked for, ``suffix``, ``accept`` and ``format`` for
            the format; with ``locate`` only its place is sent.
        pieces: Where the answer goes.

    Raises:
        Problem: There is no such document, or not in an accepted format.
    """
    document = _KINDS[job["kind"]](loaded, job["name"])
    if job.get("locate"):
        pieces.head({"location": document.path, "stable": loaded.lasting})
        return
    kind = _format(job)
    if kind is None:
        if document.root is None or not document.path:
            raise Problem(406, "there is no page of this")
        language = choose_language(job.get("language"), loaded.project.languages)
        location = f"{language}/{document.path}.html"
        pieces.head({"location": location, "stable": loaded.lasting})
        return
    body = serialize(
        document.made(),
        kind,
        header=header_lines(loaded.project),
        context=loaded.context,
        root=document.root,
    )
    links = [f'<{loaded.project.license}>; rel="license"']
    site = loaded.project.site
    if document.path:
        links += [
            f'<{site}{document.path}{each.suffix}>; rel="alternate"; type="{each.media_type}"'
            for each in FORMATS
            if each is not kind
        ]
        links += [f'<{site}{document.path}>; rel="canonical"']
    links += [f'<{site}.well-known/void>; rel="describedby"']
    head: dict[str, Any] = {
        "media_type": kind.media_type,
        "stable": loaded.lasting,
        "headers": {"Link": ", ".join(links)},
    }
    if not job.get("suffix") and document.path:
        head["headers"]["Content-Location"] = f"{site}{document.path}{kind.suffix}"
    pieces.head(head)
    pieces.piece(body)


def _format(job: Mapping[str, Any]) -> RdfFormat | None:
    """Return the format that is asked for, ``None`` for a page."""
    if job.get("suffix") == ".html":
        return None
    if job.get("suffix"):
        return next(each for each in FORMATS if each.suffix == job["suffix"])
    wanted = job.get("format")
    accept = job.get("accept")
    if wanted is not None:
        named = {each.name: each for each in FORMATS}
        named |= {each.media_type: each for each in FORMATS}
        named |= {each.suffix[1:]: each for each in FORMATS}
        if wanted in {"html", HTML}:
            return None
        if wanted not in named:
            listed = ", ".join(each.name for each in FORMATS)
            raise Problem(400, f"unknown format {wanted!r}", hint=f"one of {listed}")
        return named[wanted]
    offered = [each.media_type for each in FORMATS]
    if job["kind"] in SPACES:
        offered.append(HTML)
    media_type = choose(accept, offered)
    if media_type == HTML:
        return None
    if media_type is None:
        listed = ", ".join(each.media_type for each in FORMATS)
        raise Problem(406, "none of the accepted media types can be had", hint=f"one of {listed}")
    return next(each for each in FORMATS if each.media_type == media_type)


def check_withdrawn(loaded: Loaded, name: str) -> None:
    """Refuse what the project has withdrawn.

    Raises:
        Problem: The entity called ``name`` was withdrawn.
    """
    if name in loaded.project.withdrawn:
        raise Problem(
            410,
            "this entity was withdrawn",
            hint="CORRECTIONS.md says how corrections and withdrawals are made",
        )


def _entity(loaded: Loaded, name: str, space: str) -> Document:
    """Return the document of ``<base><space>/<name>``, where ``name`` may be a file stem."""
    if space == "id":
        check_withdrawn(loaded, name)
    iri = loaded.stems.get(f"{space}/{name}") or f"{loaded.project.base}{space}/{name}"
    missing = Problem(404, "there is no such entity", hint="look for it with a query at /sparql")
    try:
        root = ox.NamedNode(iri)
    except ValueError:
        raise missing from None
    if not loaded.holds(root):
        raise missing
    shortcuts = shortcuts_graph(loaded.project)
    return Document(
        lambda: describe(loaded.around(root), root, shortcuts=shortcuts),
        root,
        f"{SPACES[space]}/{loaded.stem(iri.removeprefix(f'{loaded.project.base}{space}/'))}",
    )


def _named_graph(loaded: Loaded, name: str) -> Document:
    wanted = ox.NamedNode(loaded.project.graph_iri(name))
    if wanted in loaded.graph.graph_names or wanted in loaded.served_graphs:
        return Document(lambda: loaded.named_graph(wanted), None, f"graph/{name}")
    raise Problem(404, "there is no such graph")


def _dataset(loaded: Loaded, name: str) -> Document:
    known = {"", loaded.project.name, f"{loaded.project.name}/{loaded.project.version}"}
    if name not in known:
        raise Problem(404, "there is no such data set")
    return Document(loaded.description, dataset_iri(loaded.project), "void")


def _shapes(loaded: Loaded, _: str) -> Document:
    return Document(lambda: shapes_graph(loaded.project), None, "shapes")


_KINDS = {
    "id": lambda loaded, name: _entity(loaded, name, "id"),
    "concept": lambda loaded, name: _entity(loaded, name, "concept"),
    "graph": _named_graph,
    "vocabulary": lambda loaded, _: _named_graph(loaded, "ontology")._replace(path="def"),
    "dataset": _dataset,
    "shapes": _shapes,
}

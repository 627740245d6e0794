"""The graph of a project in one format: whole, one named graph, or one entity.

Every export is canonical, so that the same input gives the same bytes, and names the data set, its
licence and its attribution where the format has comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import SourceError, UnknownEntityError, UnknownGraphError, UsageError
from mezan_graph.folders import context_path
from mezan_graph.formats import TURTLE, RdfFormat, named_format
from mezan_graph.graph import Graph, build_graph
from mezan_graph.queries.derivation import GRAPH as DERIVED
from mezan_graph.queries.derivation import derive

if TYPE_CHECKING:
    from mezan_graph.description import Distribution
    from mezan_graph.project import Project
    from mezan_graph.queries.evaluation import Answer


def published_graph(project: Project) -> Graph:
    """Return the graph that is published: what was authored, and the derived shortcuts.

    Raises:
        InputError: A file of the project cannot be read.
    """
    return derive(project, build_graph(project))


def dump(
    distribution: Distribution,
    graph: Graph,
    *,
    header: tuple[str, ...],
    context: dict[str, Any] | None,
) -> bytes:
    """Return the content of a file that holds the whole data set.

    Args:
        distribution: The file; one that is gzip has no header, and the same bytes at any time.
        graph: The published graph, canonical.
        header: Lines of comment at the top, where the format has comments.
        context: The project's own JSON-LD context.
    """
    import gzip

    from mezan_graph.serialization import serialize

    if distribution.compressed:
        return gzip.compress(serialize(graph, distribution.rdf_format), mtime=0)
    return serialize(graph, distribution.rdf_format, header=header, context=context)


def export(
    project: Project,
    entity: str | None = None,
    *,
    graph_name: str | None = None,
    rdf_format: RdfFormat = TURTLE,
) -> bytes:
    """Return the graph of ``project``, one named graph or one entity, serialised.

    Args:
        project: The project to read.
        entity: IRI, prefixed name or slug of an entity, exported with its relationships and
            citations.
        graph_name: Name or IRI of a named graph.
        rdf_format: The serialization.

    Returns:
        The document, UTF-8.

    Raises:
        UsageError: Both an entity and a graph are named, or what is named does not exist.
        InputError: A file of the project cannot be read.
        OutputError: The format cannot carry a term of the graph.
    """
    from mezan_graph.serialization import canonical, describe, serialize

    if entity is not None and graph_name is not None:
        raise UsageError("name an entity or a graph, not both")
    graph = published_graph(project)
    if graph_name is not None:
        graph = _named_graph(project, graph, graph_name)
    root = None
    if entity is not None:
        root = find_entity(project, graph, entity)
        graph = describe(graph, root, shortcuts=shortcuts_graph(project))
    return serialize(
        canonical(graph, seconds=project.limits.canonical_seconds),
        rdf_format,
        header=header_lines(project),
        context=local_context(project),
        root=root,
    )


def shortcuts_graph(project: Project) -> ox.NamedNode:
    """Return the name of the graph that derived shortcuts stand in."""
    return ox.NamedNode(project.graph_iri(DERIVED))


def write_answer(
    answer: Answer,
    format_name: str | None = None,
    *,
    neutralise: bool = True,
    terminal: bool = False,
) -> bytes:
    """Return the answer of a query, serialised.

    Args:
        answer: Solutions, a boolean or a graph.
        format_name: A results format for the first two, an RDF format for a graph; by default
            ``table`` on a terminal and ``csv`` elsewhere, ``turtle`` for a graph.
        neutralise: Whether cells that a spreadsheet would take for a formula get an apostrophe.
        terminal: Whether a person reads it on a terminal.

    Raises:
        UsageError: The format cannot hold this kind of answer.
        OutputError: The format cannot carry a term of the answer.
    """
    if isinstance(answer, Graph):
        from mezan_graph.serialization import canonical, serialize

        return serialize(canonical(answer), named_format(format_name or TURTLE.name))
    from mezan_graph.queries.results import write_results

    name = format_name or ("table" if terminal else "csv")
    return write_results(answer, name, neutralise=neutralise, terminal=terminal)


def find_entity(project: Project, graph: Graph, name: str) -> ox.NamedNode:
    """Return the IRI of the entity that ``name`` stands for.

    Raises:
        UnknownEntityError: Nothing is said about it in ``graph``.
    """
    import difflib

    try:
        entity = ox.NamedNode(project.entity_iri(name))
    except ValueError:
        raise UnknownEntityError(f"{name!r} is not an IRI or a slug") from None
    subjects = {quad.subject for quad in graph.triples()}
    if entity in subjects:
        return entity
    space = f"{project.base}id/"
    slugs = [str(each)[1:-1].removeprefix(space) for each in subjects if space in str(each)]
    near = difflib.get_close_matches(entity.value.removeprefix(space), slugs, 1)
    raise UnknownEntityError(
        f"there is no entity {name!r}",
        place=entity.value,
        hint=f"did you mean {near[0]}?" if near else None,
    )


def header_lines(project: Project) -> tuple[str, ...]:
    """Return the lines that name data set, version, licence and attribution in every export."""
    title = project.title.get("en") or next(iter(project.title.values()))
    return (
        f"{title}, version {project.version}",
        f"Licence: {project.license}",
        f"Attribution: {project.attribution}",
    )


def local_context(project: Project) -> dict[str, Any] | None:
    """Return the project's own JSON-LD context, or ``None`` where it has none.

    Raises:
        SourceError: The file is not JSON, or holds no context.
    """
    from mezan_graph.documents import load_json

    path = context_path(project)
    if path is None:
        return None
    document = load_json(path.read_bytes(), project.relative(path), project.limits)
    context = document.get("@context") if isinstance(document, dict) else None
    if not isinstance(context, dict):
        raise SourceError(
            "there is no @context with an object in it",
            place=project.relative(path),
            hint='write {"@context": {…}}',
        )
    return context


def _named_graph(project: Project, graph: Graph, name: str) -> Graph:
    wanted = project.graph_iri(name)
    for each in graph.graph_names:
        if isinstance(each, ox.NamedNode) and each.value == wanted:
            return graph.restricted_to(each)
    space = project.graph_iri("")
    known = [str(each).strip("<>").removeprefix(space) for each in graph.graph_names]
    raise UnknownGraphError(f"there is no graph {name!r}", hint=f"one of {', '.join(known)}")

"""From a project to payloads: parsed, validated, derived, skolemised, written to files."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mezan_graph.graph import build_graph
from mezan_graph.push.payload import triples_by_graph, union, write_payload
from mezan_graph.queries.derivation import derive
from mezan_graph.validation import require_conformance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.push.payload import Payload
    from mezan_graph.push.store import GraphIri


def conforming_graph(project: Project) -> Graph:
    """Return the published graph of a project, if its data conforms.

    Raises:
        FindingsError: The data does not conform.
        InputError: A file of the project cannot be read.
    """
    authored = build_graph(project)
    require_conformance(project, authored)
    return derive(project, authored)


@contextmanager
def prepared(
    project: Project, graph: Graph, live: GraphIri | None
) -> Iterator[dict[GraphIri, Payload]]:
    """Write what is pushed to temporary files.

    Args:
        project: The project; blank nodes get IRIs on the host of its base IRI.
        graph: Its published graph.
        live: The graph that takes everything, the empty string for the default graph; ``None``
            keeps the project's named graphs apart.

    Yields:
        Each live graph with its payload; the files are gone afterwards.

    Raises:
        LimitError: Telling blank nodes apart takes too long.
        OutputError: A term belongs to RDF 1.2.
    """
    found = triples_by_graph(graph, project.base, seconds=project.limits.canonical_seconds)
    # From here on files are read: while the store works, nothing holds the graph.
    del graph
    merged: dict[GraphIri, Iterable[bytes]] = {**found} if live is None else {live: union(found)}
    del found
    with TemporaryDirectory(prefix="mezan-push-") as folder:
        payloads = {}
        for number, name in enumerate(list(merged)):
            payloads[name] = write_payload(merged.pop(name), Path(folder) / f"{number}.nt")
        yield payloads

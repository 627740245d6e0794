"""One way from a graph to the bytes of any RDF format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mezan_graph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, RdfFormat
from mezan_graph.graph import collector_off
from mezan_graph.serialization import jsonld, rdfxml, turtle
from mezan_graph.serialization.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from mezan_graph.graph import Graph


def serialize(
    graph: Graph,
    rdf_format: RdfFormat,
    *,
    header: Sequence[str] = (),
    context: dict[str, Any] | None = None,
    root: ox.NamedNode | None = None,
) -> bytes:
    """Return ``graph`` as a document, the same bytes for the same graph.

    The graph is brought into canonical form first, unless :func:`canonical` made it. A format
    without named graphs gets the union of all graphs.

    Args:
        graph: Any RDF 1.1 dataset; ``graph.prefixes`` are used for abbreviation.
        rdf_format: The format to write.
        header: Lines for comments at the top, in formats that have comments.
        context: JSON-LD context for ``jsonld``; by default the prefixes that are used.
        root: For ``jsonld``, the entity to write as one tree: what points at it is nested under
            ``@reverse``, and names of graphs are left out.

    Returns:
        The document in UTF-8, ending in a line feed.

    Raises:
        LimitError: Telling blank nodes apart takes too long.
        OutputError: The format cannot say what the graph says.
    """
    header = [part for line in header for part in line.splitlines() or [""]]
    with collector_off():
        ordered = canonical(graph)
        if not rdf_format.datasets or (root is not None and rdf_format is JSONLD):
            ordered = ordered.union
        if rdf_format in {NTRIPLES, NQUADS}:
            comments = "".join(f"# {line}".rstrip() + "\n" for line in header)
            return comments.encode() + ordered.text()
        rows, prefixes = ordered.rows, ordered.prefixes
        if rdf_format in {TURTLE, TRIG}:
            return "".join(turtle.write(rows, prefixes, header)).encode()
        if rdf_format is RDFXML:
            return "".join(rdfxml.write(rows, prefixes, header)).encode()
    # PyLD leaves cycles behind, so that the collector has work to do here.
    if root is not None:
        return "".join(jsonld.write_tree(rows, prefixes, context, root.value)).encode()
    return "".join(jsonld.write(rows, prefixes, context)).encode()

"""What the service says of itself: SPARQL 1.1 Service Description, and facts for the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.description import dataset_iri
from mezan_graph.endpoint.asking import choose_format
from mezan_graph.formats import FORMATS
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCT, RDF, SD, VOID, Namespace
from mezan_graph.serialization import serialize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces

_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
)
_GRAPH_FORMATS = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads")


def service(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Send the description of the endpoint (SPARQL 1.1 Service Description).

    Args:
        loaded: The project and its graph.
        job: ``accept`` and ``format``, as for a query that gives a graph.
        pieces: Where the answer goes.

    Raises:
        Problem: It cannot be had in an accepted format.
    """
    name, media_type = choose_format("CONSTRUCT", job.get("accept"), job.get("format"))
    pieces.head({"media_type": media_type, "stable": loaded.lasting})
    pieces.piece(serialize(_described(loaded), FORMATS[name]))


def _described(loaded: Loaded) -> Graph:
    endpoint = ox.NamedNode(f"{loaded.project.site}sparql")
    dataset = dataset_iri(loaded.project)
    default = ox.NamedNode(f"{endpoint.value}#default")
    node = ox.NamedNode(f"{endpoint.value}#service")
    collection = ox.NamedNode(f"{endpoint.value}#dataset")
    triples: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (node, RDF.type, SD.Service),
        (node, SD.endpoint, endpoint),
        (node, SD.supportedLanguage, SD.SPARQL11Query),
        (node, SD.feature, SD.UnionDefaultGraph),
        (node, SD.defaultDataset, collection),
        (collection, RDF.type, SD.Dataset),
        (collection, SD.defaultGraph, default),
        (collection, DCT.isPartOf, dataset),
        (default, RDF.type, SD.Graph),
    ]
    if loaded.triples is not None:
        triples.append((default, VOID.triples, ox.Literal(loaded.triples)))
    triples += [
        (node, SD.resultFormat, _FORMATS[name]) for name in (*_RESULT_FORMATS, *_GRAPH_FORMATS)
    ]
    for name in loaded.served_graphs:
        named = ox.NamedNode(f"{endpoint.value}#graph-{name.value.rpartition('/')[2]}")
        triples += [
            (collection, SD.namedGraph, named),
            (named, RDF.type, SD.NamedGraph),
            (named, SD.name, name),
        ]
    quads = [ox.Quad(*triple) for triple in triples]
    return Graph.from_quads(quads, loaded.graph.prefixes | {"sd": SD.iri})


def ready_document(loaded: Loaded) -> dict[str, Any]:
    """Return what the server must know of a graph that was loaded, as JSON values."""
    project = loaded.project
    return {
        "name": project.name,
        "version": project.version,
        "base": project.base,
        "site": project.site,
        "triples": loaded.triples,
        "queries": sorted(loaded.queries),
        "languages": list(project.languages),
        "modified": loaded.modified,
        "withdrawn": sorted(project.withdrawn),
        "serve": project.serve._asdict(),
    }

"""Read a file with one library and write it in one format; print the CPU seconds of both as JSON.

    python -m benchmarks.writers mezan turtle network.ttl copy.ttl

Started by ``benchmarks.publication``, each time in a process of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = {"turtle": ".ttl", "jsonld": ".jsonld", "ntriples": ".nt"}


def mezan(rdf_format: str, path: Path) -> Callable[[], bytes]:
    from mezan_graph.formats import FORMATS as NAMED
    from mezan_graph.graph import Graph
    from mezan_graph.serialization import serialize
    from mezan_graph.validation.inputs import path_sources

    graph = Graph.from_sources(path_sources([path], path.parent))
    return lambda: serialize(graph, NAMED[rdf_format])


def pyoxigraph(rdf_format: str, path: Path) -> Callable[[], bytes]:
    import pyoxigraph as ox
    from benchmarks.description import PREFIXES

    named = {
        "turtle": ox.RdfFormat.TURTLE,
        "jsonld": ox.RdfFormat.JSON_LD,
        "ntriples": ox.RdfFormat.N_TRIPLES,
    }[rdf_format]
    quads = list(ox.parse(path=str(path)))

    def write() -> bytes:
        triples = (each.triple for each in quads)
        return ox.serialize(triples, format=named, prefixes=PREFIXES) or b""

    return write


def rdflib(rdf_format: str, path: Path) -> Callable[[], bytes]:
    from rdflib import Graph

    graph = Graph().parse(path)
    name = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt"}[rdf_format]
    return lambda: graph.serialize(format=name, encoding="utf-8", auto_compact=True)


LIBRARIES = {"mezan": mezan, "pyoxigraph": pyoxigraph, "rdflib": rdflib}


def main() -> None:
    library, rdf_format, source, target = sys.argv[1:]
    began = time.process_time()
    write = LIBRARIES[library](rdf_format, Path(source).resolve())
    read = time.process_time()
    Path(target).write_bytes(write())
    print(json.dumps({"read": read - began, "write": time.process_time() - read}))


if __name__ == "__main__":
    main()

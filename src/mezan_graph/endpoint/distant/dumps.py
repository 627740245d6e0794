"""Files of everything that a store serves, written while its answer comes in.

They have the order of the store. What cannot be written before all of it is there is not made.
"""

from __future__ import annotations

import gzip
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from mezan_graph.endpoint.asking import FAILURES
from mezan_graph.endpoint.distant.graph import failure
from mezan_graph.endpoint.dumps import DISTRIBUTIONS
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.sink import Sink
from mezan_graph.exports import header_lines
from mezan_graph.filenames import file_stem
from mezan_graph.formats import JSONLD, TURTLE
from mezan_graph.queries.outline import outline
from mezan_graph.site.headers import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.endpoint.distant.graph import Distant
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.formats import RdfFormat

_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_UNLISTED = {"X-Robots-Tag": "noindex"}
_QUADS = "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


def dump(distant: Distant, path: str, pieces: Pieces) -> bool:
    """Send the file at ``path`` where it holds everything or a named graph.

    Returns:
        Whether there is such a file.

    Raises:
        Problem: It cannot be written in pieces, is larger than an answer may be, or the store
            fails. After the first pieces, the connection ends.
    """
    for each in distant.served_graphs:
        if path == f"graphs/{file_stem(each.value.rpartition('/')[2])}{TURTLE.suffix}":
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {each} {{ ?s ?p ?o }} }}"
            _send(distant, pieces, text, TURTLE)
            return True
    found = next((each for each in DISTRIBUTIONS if each.name == path), None)
    if found is None:
        return False
    if found.rdf_format is JSONLD:
        raise Problem(
            501,
            "JSON-LD is written when all of it is there, and the graph is in a store elsewhere",
            hint="take dump.nt or dump.nq",
        )
    graphs = found.rdf_format.datasets and distant.dataset is not None
    text = _QUADS if graphs else _TRIPLES
    _send(distant, pieces, text, found.rdf_format, compressed=found.compressed)
    return True


def _send(
    distant: Distant, pieces: Pieces, text: str, form: RdfFormat, *, compressed: bool = False
) -> None:
    sink = Sink(pieces.piece, distant.project.serve.answer_mebibytes << 20)
    prefixes = dict(sorted(distant.project.prefixes.items()))
    media_type = TYPES[".gz"] if compressed else form.media_type
    with distant.store.stream(outline(text), text, distant.dataset) as raw:
        pieces.head({"media_type": media_type, "stable": distant.lasting, "headers": _UNLISTED})
        file = cast("Any", gzip.GzipFile(fileobj=sink, mode="wb", mtime=0) if compressed else sink)
        try:
            if form.comments is not None:
                for line in header_lines(distant.project):
                    file.write(f"{form.comments} {line}".rstrip().encode() + b"\n")
            quads = _quads(cast("Iterable[Any]", raw))
            ox.serialize(quads, cast("IO[bytes]", file), form.oxigraph, prefixes=prefixes)
            if compressed:
                file.close()
        except FAILURES as error:
            raise failure(error) from None
    sink.flush()


def _quads(found: Iterable[Any]) -> Iterator[ox.Quad]:
    """Yield the statements of solutions or of a graph."""
    for each in found:
        if isinstance(each, ox.Triple):
            yield ox.Quad(each.subject, each.predicate, each.object)
        elif isinstance(each, ox.Quad):
            yield each
        else:
            yield ox.Quad(*each)

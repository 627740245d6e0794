"""Reading what a remote endpoint answered, with the checks that are made on any input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.display import visible
from mezan_graph.documents import check_xml
from mezan_graph.errors import InputError, RemoteError
from mezan_graph.formats import FORMATS
from mezan_graph.graph import Graph
from mezan_graph.queries.solutions import Solutions
from mezan_graph.sources import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.outline import Outline
    from mezan_graph.settings import Limits

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
_VIRTUOSO_ASK = "__ASK_RETVAL"
"""The variable by which Virtuoso 7.2 answers an ASK in JSON, as if it were a SELECT."""
_GRAPHS = {each.media_type: each for each in FORMATS.values()}


def read_reply(
    query: Outline,
    media_type: str,
    content: bytes,
    *,
    prefixes: Mapping[str, str],
    endpoint: str,
    limits: Limits,
) -> Answer:
    """Read the answer to ``query``.

    Args:
        query: What was asked.
        media_type: Media type of the answer, without its parameters.
        content: The answer.
        prefixes: Prefix to namespace IRI, for the solutions or the graph.
        endpoint: Where it comes from, as people are shown it.
        limits: Bounds on documents.

    Raises:
        RemoteError: The answer is of another kind, breaks its grammar, or is refused.
    """
    asked_for_results = query.form in {"SELECT", "ASK"}
    if media_type not in (_RESULTS if asked_for_results else _GRAPHS):
        raise RemoteError(
            f"the answer is {visible(media_type)}, not the result of a query",
            place=endpoint,
            hint="is this the endpoint, and not a page about it?",
        )
    try:
        if asked_for_results:
            return _results(
                query, media_type, content, prefixes=prefixes, endpoint=endpoint, limits=limits
            )
        return _graph(media_type, content, prefixes=prefixes, endpoint=endpoint, limits=limits)
    except (SyntaxError, ValueError, OSError, InputError) as error:
        reason = error.message if isinstance(error, InputError) else visible(str(error))
        raise RemoteError(
            f"the answer cannot be read: {reason}",
            place=endpoint,
            hint="try again, or ask for less",
        ) from None


def _results(
    query: Outline,
    media_type: str,
    content: bytes,
    *,
    prefixes: Mapping[str, str],
    endpoint: str,
    limits: Limits,
) -> Solutions | bool:
    result_format = _RESULTS[media_type]
    if result_format == ox.QueryResultsFormat.XML:
        check_xml(content, endpoint, limits)
    results = ox.parse_query_results(content, format=result_format)
    if query.form == "ASK" and isinstance(results, ox.QuerySolutions):
        names = [variable.value for variable in results.variables]
        if names == [_VIRTUOSO_ASK]:
            return any(row[0] in {ox.Literal(1), ox.Literal(value=True)} for row in results)
    if isinstance(results, ox.QueryBoolean) != (query.form == "ASK"):
        raise ValueError(f"it is no answer to {query.form}")
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = [list(solution) for solution in results]
    return Solutions(names, rows, ordered=query.ordered, prefixes=prefixes)


def _graph(
    media_type: str,
    content: bytes,
    *,
    prefixes: Mapping[str, str],
    endpoint: str,
    limits: Limits,
) -> Graph:
    if not content.strip():
        return Graph.from_quads([], dict(prefixes))
    source = Source(
        name=endpoint,
        format=_GRAPHS[media_type],
        graph_name=ox.DefaultGraph(),
        content=content,
        limits=limits,
    )
    return Graph.from_quads(sorted(set(source.quads()), key=str), dict(prefixes))

"""Queries of strangers, evaluated in a worker: text and headers in, an answer in pieces out."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self, cast
from urllib.parse import urljoin

import pyoxigraph as ox

from mezan_graph.endpoint.negotiation import choose
from mezan_graph.endpoint.problems import Problem
from mezan_graph.endpoint.protocol import Operation, lone_query, read_operation
from mezan_graph.endpoint.sink import Sink
from mezan_graph.errors import QueryError, RefusedQueryError
from mezan_graph.formats import FORMATS, JSONLD, NTRIPLES, RDFXML, TRIG, TURTLE, RdfFormat
from mezan_graph.graph import Graph
from mezan_graph.queries.evaluation import query_error, solutions_of
from mezan_graph.queries.results import RESULT_FORMATS, write_results
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.tokens import Kind
from mezan_graph.queries.union import Dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mezan_graph.endpoint.loading import Loaded
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.outline import Outline
    from mezan_graph.queries.tokens import Token
    from mezan_graph.queries.wording import Wording

    Triples = Iterable[ox.Triple] | Iterable[ox.Quad]
    Raw = Answer | ox.QuerySolutions | ox.QueryBoolean | Triples

RESULTS = ("json", "xml", "csv", "tsv")
GRAPHS = (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, FORMATS["nquads"])
_ALIASES = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_GRAPH_ALIASES = {
    "application/json": JSONLD,
    "application/xml": RDFXML,
    "text/plain": NTRIPLES,
}
_STREAMED = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
"""Functions whose value is another one each time."""

FAILURES = (SyntaxError, ValueError, RuntimeError, OSError)
"""What the engine raises."""


class Asked(NamedTuple):
    """An answer that is computed, or comes in, while it is read.

    It is a context itself, which does nothing, where nothing has to be done when it was read.

    Attributes:
        raw: The answer.
        failure: Makes the error for what is raised where it is read.
    """

    raw: Raw
    failure: Callable[[Exception], Exception]

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""


def media_types(form: str) -> list[str]:
    """Return the media types in which the answer to a query of ``form`` can be had."""
    if form in {"SELECT", "ASK"}:
        return [*(RESULT_FORMATS[name] for name in RESULTS), *_ALIASES]
    return [*(each.media_type for each in GRAPHS), *_GRAPH_ALIASES]


@lru_cache(1000)
def choose_format(form: str, accept: str | None, name: str | None) -> tuple[str, str]:
    """Return the name and the media type of the format for an answer.

    Args:
        form: The query form.
        accept: Value of ``Accept``.
        name: Name or media type of a format that was asked for in the URL; it goes before.

    Raises:
        Problem: Nothing of what is asked for can be had.
    """
    offered = media_types(form)
    results = form in {"SELECT", "ASK"}
    known = {each: RESULT_FORMATS[each] for each in RESULTS}
    if not results:
        known = {each.name: each.media_type for each in GRAPHS}
    if name is not None:
        accept = known.get(name, name)
        if accept not in offered:
            listed = ", ".join(known)
            raise Problem(400, f"unknown format {name!r}", hint=f"one of {listed}")
    media_type = choose(accept, offered)
    if media_type is None:
        listed = ", ".join(known.values())
        raise Problem(406, "none of the accepted media types can be had", hint=f"one of {listed}")
    if results:
        found = _ALIASES.get(media_type) or _name_of(known, media_type)
    else:
        alias = _GRAPH_ALIASES.get(media_type)
        found = alias.name if alias else _name_of(known, media_type)
    return found, media_type


def _name_of(known: Mapping[str, str], media_type: str) -> str:
    return next(name for name, each in known.items() if each == media_type)


def query(loaded: Loaded, job: Mapping[str, Any], pieces: Pieces) -> None:
    """Evaluate the query of ``job`` and send its answer.

    Args:
        loaded: The project and its graph.
        job: ``url``, the query string of a GET, or ``operation``, what was read of a POST;
            ``accept`` and ``base``.
        pieces: Where the answer goes. Its head has ``media_type`` and ``stable``: whether the same
            query on the same graph always has this answer.

    Raises:
        QueryError: The query is malformed or refused.
        Problem: The URL has no query operation, its answer cannot be had in an accepted format, or
            is too large.
    """
    operation = _operation(job)
    graph, project = loaded.graph, loaded.project
    checked = loaded.check(operation.query)
    outline = checked.outline
    format_name, media_type = choose_format(outline.form, job.get("accept"), operation.format_name)
    sink = Sink(pieces.piece, project.serve.answer_mebibytes << 20)
    with loaded.asked(checked, _dataset(operation), job.get("base")) as asked:
        pieces.head(_head(media_type, loaded.lasting and is_stable(checked.words)))
        try:
            _write(graph, outline, asked.raw, format_name, sink, neutralise=not operation.raw)
        except FAILURES as error:
            raise asked.failure(error) from None
    sink.flush()


@lru_cache(256)
def _head(media_type: str, stable: bool | None) -> bytes:
    return json.dumps({"media_type": media_type, "stable": stable}).encode()


def is_stable(words: frozenset[str]) -> bool:
    """Whether a query of these keywords always has the same answer on the same graph."""
    return _CHANGING.isdisjoint(words)


def failure(error: Exception, sent: Wording) -> Exception:
    """Return the error for what the engine raised while its answer to ``sent`` was written."""
    # The engine hands on what the sink raises as the cause of an error of its own.
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Problem):
            return cause
        cause = cause.__cause__ or cause.__context__
    return query_error(error, sent)


def _write(
    graph: Graph,
    outline: Outline,
    raw: Raw,
    format_name: str,
    sink: Sink,
    *,
    neutralise: bool,
) -> None:
    file = cast("IO[bytes]", sink)
    if isinstance(raw, ox.QueryBoolean | bool):
        sink.write(write_results(bool(raw), format_name))
    elif isinstance(raw, ox.QuerySolutions) and format_name in _STREAMED:
        raw.serialize(file, _STREAMED[format_name])
    elif isinstance(raw, ox.QuerySolutions | Solutions):
        whole = raw if isinstance(raw, Solutions) else solutions_of(raw, outline, graph)
        sink.write(write_results(whole, format_name, neutralise=neutralise))
    elif format_name == JSONLD.name:
        sink.write(_compact(raw, graph))
    else:
        kind: RdfFormat = FORMATS[format_name]
        prefixes = {} if kind is NTRIPLES else _sorted_prefixes(graph)
        ox.serialize(raw, file, kind.oxigraph, prefixes=prefixes)


def _sorted_prefixes(graph: Graph) -> dict[str, str]:
    return dict(sorted(graph.prefixes.items()))


def _compact(triples: Triples, graph: Graph) -> bytes:
    from mezan_graph.serialization import serialize

    quads = {ox.Quad(each.subject, each.predicate, each.object) for each in triples}
    return serialize(Graph.from_quads(sorted(quads, key=str), graph.prefixes), JSONLD)


def _operation(job: Mapping[str, Any]) -> Operation:
    if "operation" in job:
        return Operation(**job["operation"])
    text = lone_query(job["url"])
    if text is not None:
        return Operation(text)
    operation = read_operation("GET", job["url"].decode("latin-1"), "", b"")
    assert operation is not None  # noqa: S101 - the URL has a query
    return operation


def _dataset(operation: Operation) -> Dataset | None:
    """Return the data set that the protocol names; it goes before that of the query."""
    default, named = operation.default_graphs, operation.named_graphs
    if not default and not named:
        return None
    try:
        return Dataset(tuple(map(ox.NamedNode, default)), tuple(map(ox.NamedNode, named)))
    except ValueError:
        raise Problem(400, "a graph is named by an absolute IRI") from None


def graphs_of(
    outline: Outline, prefixes: Mapping[str, str], known: Callable[[str], bool]
) -> Dataset | None:
    """Return the data set that FROM and FROM NAMED describe, ``None`` where they do not.

    Args:
        outline: The query.
        prefixes: Namespace IRIs of prefixes that it may use without declaring them.
        known: Whether there is a graph of this name; no other one may be named.

    Raises:
        RefusedQueryError: A graph is elsewhere.
    """
    default: list[ox.NamedNode] = []
    named: list[ox.NamedNode] = []
    tokens = outline.tokens
    for index, token in enumerate(tokens):
        if token.word != "FROM":
            continue
        is_named = tokens[index + 1].word == "NAMED" if index + 1 < len(tokens) else False
        position = index + 1 + is_named
        iri = _iri(outline, tokens[position], prefixes) if position < len(tokens) else None
        if iri is None:
            raise outline.error(token, "FROM names no graph", "write FROM <…>", QueryError)
        if not known(iri):
            raise outline.error(
                tokens[position],
                "FROM names a graph that is not here",
                "nothing is fetched; the service description lists the graphs",
                RefusedQueryError,
            )
        (named if is_named else default).append(ox.NamedNode(iri))
    if not default and not named:
        return None
    return Dataset(tuple(default), tuple(named))


def _iri(outline: Outline, token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind is Kind.IRI:
        text = token.text[1:-1]
        if "\\" in text:
            text = text.encode("ascii", "backslashreplace").decode("unicode_escape")
        bases = [
            after.text[1:-1]
            for before, after in pairwise(outline.tokens[: outline.start])
            if before.word == "BASE"
        ]
        return urljoin(bases[-1], text) if bases else text
    if token.kind is Kind.NAME:
        namespace = outline.prefixes.get(token.prefix, prefixes.get(token.prefix))
        return None if namespace is None else namespace + token.text.partition(":")[2]
    return None

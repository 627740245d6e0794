"""One question to a project, a graph or an endpoint: by name, from a file, or as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mezan_graph.errors import ParameterError
from mezan_graph.graph import Graph, build_graph
from mezan_graph.project import Project
from mezan_graph.queries.derivation import derive
from mezan_graph.queries.evaluation import Answer, run_query, run_stored
from mezan_graph.queries.stored import StoredQuery, load_query, parse_query

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = re.compile(r"[\s{]")
_HEADER = re.compile(r"^#\+", re.MULTILINE)


def query(
    source: Project | Graph,
    question: str | StoredQuery,
    parameters: Mapping[str, str] | None = None,
    *,
    endpoint: str | None = None,
    timeout: int | None = None,
) -> Answer:
    """Ask one question.

    Args:
        source: A project, whose data with its derived shortcuts is asked, or a graph.
        question: The name of a stored query (for a project), a stored query, or the text of one.
            A text with a ``#+`` header has typed parameters like a stored query.
        parameters: Parameter name to its value as text, as after ``-p`` on the command line.
        endpoint: URL of a SPARQL endpoint to ask in place of ``source``; nothing else makes a
            connection.
        timeout: Longest wait for the endpoint, in seconds; by default the project's limit.

    Returns:
        :class:`Solutions` for SELECT, a boolean for ASK, a :class:`Graph` for CONSTRUCT and
        DESCRIBE.

    Raises:
        UnknownQueryError: No stored query has this name.
        ParameterError: A parameter is unknown, missing or of the wrong type.
        QueryError: The query is malformed, or reaches outside of the graph.
        RemoteError: The endpoint cannot be reached or does not answer as it should.
    """
    project = source if isinstance(source, Project) else Project.packaged()
    asked = _resolve(project, question)
    if endpoint is not None:
        from mezan_graph.queries.remote import run_remote, run_stored_remote

        seconds = timeout or project.limits.query_seconds
        if isinstance(asked, StoredQuery):
            return run_stored_remote(endpoint, asked, parameters or {}, project, timeout=seconds)
        _refuse_parameters(parameters)
        return run_remote(endpoint, asked, prefixes=project.prefixes, timeout=seconds)
    graph = source if isinstance(source, Graph) else derive(project, build_graph(project))
    if isinstance(asked, StoredQuery):
        return run_stored(graph, asked, parameters or {}, project)
    _refuse_parameters(parameters)
    return run_query(graph, asked, limits=project.limits)


def stored_query(project: Project, question: str) -> StoredQuery:
    """Return the stored query that ``question`` is the name or the text of.

    Raises:
        UnknownQueryError: No stored query has this name.
        QueryError: The query is malformed, or its text has no header.
    """
    if _TEXT.search(question):
        return parse_query(project, question, place="-")
    return load_query(project, question)


def _resolve(project: Project, question: str | StoredQuery) -> StoredQuery | str:
    """Return the stored query that ``question`` names, or its text where it has no header."""
    if isinstance(question, StoredQuery):
        return question
    if _TEXT.search(question) and not _HEADER.search(question):
        return question
    return stored_query(project, question)


def _refuse_parameters(parameters: Mapping[str, str] | None) -> None:
    for name in parameters or {}:
        raise ParameterError(
            "the query declares no parameters",
            place=name,
            hint="declare it in a #+ header, or write the value into the query",
        )

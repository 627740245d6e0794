"""Evaluating queries on the local engine: text and terms in; solutions, a boolean or a graph out.

The default graph of every query is the union of all graphs; ``GRAPH`` reaches each of them.
pyoxigraph can neither be interrupted nor given a time limit: a caller that serves queries of
strangers evaluates them in a process that it can kill. What the store does to literals
(``"01"`` becomes ``"1"``) shows in the answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import MezanError, QueryError
from mezan_graph.graph import Graph
from mezan_graph.queries.binding import bind, total_order
from mezan_graph.queries.guard import check
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.tokens import error_at
from mezan_graph.queries.union import Dataset, EngineAnswer, ask
from mezan_graph.queries.wording import Edits, Term, Wording, wording
from mezan_graph.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.project import Project
    from mezan_graph.queries.outline import Outline
    from mezan_graph.queries.stored import StoredQuery

Answer = Solutions | bool | Graph
"""Solutions for SELECT, a boolean for ASK, a graph for CONSTRUCT and DESCRIBE."""

# Of what the engine says; compiled when a query is wrong.
_PLACE = r"error at (\d+):(\d+): "
_KEYWORD = r"expected (?:one of )?([A-Z][A-Z_0-9]+)(?:, [A-Z][A-Z_0-9]+)*"
_RULE = r"(?:expected |of |, )([A-Z][A-Za-z]* [^\",\[\]]*[A-Za-z])(?=, |$)"
_ITEM = r"\"[^\"]+\"|\b[A-Z][A-Z_0-9]+\b"
_MANY = 8
_LONG = 60
PADDING = " " * 40
"""After the query, so that the parser does not run into the end when it compares keywords."""


def run_query(
    graph: Graph,
    text: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    place: str | None = None,
) -> Answer:
    """Evaluate a SPARQL 1.1 query on ``graph``.

    Args:
        graph: The graph; its prefixes may be used without declaring them.
        text: The query.
        bindings: Variable name to the IRI or literal that it stands for.
        limits: Bounds on the query.
        place: What people are shown as the query's place in errors.

    Returns:
        Solutions, a boolean, or a graph without duplicates whose triples stand in the default
        graph.

    Raises:
        QueryError: The query is not SPARQL 1.1.
        RefusedQueryError: It reaches outside of the graph or is too complex.
        ParameterError: A variable in ``bindings`` is not in the query.
    """
    query = check(text, limits, place=place)
    return evaluate(graph, query, bind(query, bindings or {}))


def run_stored(
    graph: Graph, stored: StoredQuery, parameters: Mapping[str, str], project: Project
) -> Answer:
    """Evaluate a stored query on ``graph``.

    Args:
        graph: The graph.
        stored: The query.
        parameters: Parameter name to its value as text, as on the command line.
        project: Gives the IRIs that slugs and prefixed names stand for, and the limits.

    Raises:
        ParameterError: A parameter is unknown, missing or of the wrong type.
        QueryError: The query is not SPARQL 1.1.
        RefusedQueryError: It reaches outside of the graph or is too complex.
    """
    from mezan_graph.queries.parameters import bound_values

    query = stored.outline
    terms, numbers = bound_values(stored.parameters, parameters, project)
    return evaluate(graph, query, with_numbers(query, bind(query, terms), numbers))


def with_numbers(query: Outline, edits: Edits, numbers: Mapping[str, int]) -> Edits:
    """Add to ``edits`` the numbers for ``LIMIT`` and ``OFFSET``, given by these keywords."""
    for keyword, number in numbers.items():
        written = query.modifier(keyword)
        if written is not None:
            edits.instead[query.tokens.index(written)] = str(number)
    return edits


def evaluate(graph: Graph, query: Outline, edits: Edits) -> Answer:
    """Evaluate a checked query with ``edits`` on ``graph``; see :func:`run_query`."""
    answer, sent = begin(graph, query, edits)
    try:
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if isinstance(answer, ox.QuerySolutions):
            return solutions_of(answer, query, graph)
        quads = {ox.Quad(*triple) for triple in answer}
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise query_error(error, sent) from None
    return Graph.from_quads(sorted(quads, key=str), graph.prefixes)


def begin(
    graph: Graph,
    query: Outline,
    edits: Edits,
    *,
    dataset: Dataset | None = None,
    base: str | None = None,
) -> tuple[EngineAnswer, Wording]:
    """Begin to evaluate a checked query; what reads the answer does most of the work.

    Args:
        graph: The graph.
        query: The query.
        edits: Changes to its text.
        dataset: The graphs to ask, by default the union of all.
        base: What relative IRIs are resolved against.

    Returns:
        The engine's answer, and the text that it was given, for :func:`query_error`.

    Raises:
        QueryError: The query is not SPARQL 1.1.
    """
    sent = ordered_wording(query, graph.prefixes, edits)
    try:
        return ask(graph, sent.text + PADDING, dataset=dataset, base=base), sent
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise query_error(error, sent) from None


def ordered_wording(query: Outline, prefixes: Mapping[str, str], edits: Edits) -> Wording:
    """Return the text for the local engine, with an order that leaves no tie open."""
    total_order(query, edits)
    return wording(query, prefixes, edits)


def solutions_of(answer: ox.QuerySolutions, query: Outline, graph: Graph) -> Solutions:
    """Read every solution of the engine's answer to ``query``."""
    variables = list(answer.variables)
    if query.selects_all:
        # The engine sorts the variables of SELECT * by name; people expect them as written.
        mentioned = [token.variable for token in query.tokens]
        variables.sort(key=lambda variable: mentioned.index(variable.value))
    names = [variable.value for variable in variables]
    rows = [[solution[variable] for variable in variables] for solution in answer]
    return Solutions(names, rows, ordered=query.ordered, prefixes=graph.prefixes)


def query_error(error: Exception, sent: Wording) -> MezanError:
    """Return the error for what the engine raised, with its place in the query as written."""
    query, message = sent.query, str(error)
    match = re.search(_PLACE, message)
    if match is None:
        hint = "only the functions of SPARQL 1.1 can be called" if "function" in message else None
        return QueryError(message, place=query.place, hint=hint)
    expected = message[match.end() :]
    rule = re.search(_RULE, expected)
    # The engine's parser takes as many characters as a keyword has before it compares, and so
    # reports the place behind them.
    keyword = re.fullmatch(_KEYWORD, expected)
    token = sent.token_at(int(match[1]), int(match[2]), len(keyword[1]) if keyword else 0)
    if rule is not None:
        return query.error(token or query.tokens[query.start], f"not SPARQL 1.1: {rule[1]}")
    items = ", ".join(re.findall(_ITEM, expected)[:_MANY])
    hint = f"expected one of {items}" if items and not keyword else None
    if token is None:
        end = len(query.text.rstrip())
        return error_at(query.text, end, "the query ends too early", query.place, hint=hint)
    shown = token.text if len(token.text) <= _LONG else f"{token.text[:_LONG]}…"
    if keyword:
        return query.error(token, f"not SPARQL 1.1, at {shown} or just after it")
    return query.error(token, f"not SPARQL 1.1: {shown} cannot stand here", hint)

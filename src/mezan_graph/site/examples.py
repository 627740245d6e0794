"""The stored queries as a page can run them: their text with the default values bound."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mezan_graph.errors import ParameterError
from mezan_graph.queries import list_queries
from mezan_graph.queries.binding import bind
from mezan_graph.queries.evaluation import with_numbers
from mezan_graph.queries.parameters import bound_values
from mezan_graph.queries.wording import wording

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.queries import StoredQuery

PATH = "query/index.json"
"""Where the examples stand in a site."""


def examples(project: Project) -> bytes:
    """Return the stored queries of ``project`` as JSON: ``base`` and ``queries``, UTF-8.

    Summary and description stand by language tag, in the order of the project's languages.

    Raises:
        QueryError: A query is malformed.
    """
    queries = [
        {
            "name": stored.name,
            "category": stored.category,
            "summary": {tag: each.summary for tag, each in stored.texts.items()},
            "description": {tag: each.description for tag, each in stored.texts.items()},
            "query": runnable(project, stored),
        }
        for stored in list_queries(project)
    ]
    document = {"base": project.base, "queries": queries}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def runnable(project: Project, stored: StoredQuery) -> str:
    """Return the text of a stored query with its default values bound and its prefixes declared.

    A parameter that needs a value and has no default stays a variable.
    """
    query = stored.outline
    try:
        terms, numbers = bound_values(stored.parameters, {}, project)
    except ParameterError:
        terms, numbers = {}, {}
    edits = with_numbers(query, bind(query, terms), numbers)
    return wording(query, project.prefixes, edits, local=False).text.strip() + "\n"

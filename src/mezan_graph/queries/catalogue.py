"""The stored queries of a project as people read them: a list, and the page of one query."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mezan_graph.queries.stored import list_queries

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.queries.parameters import Parameter
    from mezan_graph.queries.stored import StoredQuery


def listing(project: Project) -> str:
    """Return the stored queries by category, each on a line: its name and its summary.

    Raises:
        InputError: A stored query cannot be read.
    """
    queries = list_queries(project)
    width = max((len(each.name) for each in queries), default=0)
    lines: list[str] = []
    for category, members in groupby(queries, key=lambda each: each.category):
        lines += [*([""] if lines else []), category or "(no category)"]
        lines += [f"  {each.name:<{width}}  {each.summary}" for each in members]
    return "\n".join(lines) + "\n" if lines else "there are no stored queries\n"


def described(stored: StoredQuery) -> str:
    """Return the question of a stored query, its parameters, and how to ask it."""
    lines = [stored.summary, "", stored.description.strip(), ""]
    if stored.parameters:
        lines += ["Parameters:", *(f"  {_parameter(each)}" for each in stored.parameters), ""]
    first = next(iter(stored.parameters), None)
    example = f" -p {first.name}={first.default or 'VALUE'}" if first else ""
    lines += [f"File: {stored.place}", f"Tags: {', '.join(stored.tags) or 'none'}"]
    lines.append(f"Ask:  mezan query {stored.name}{example}")
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter) -> str:
    notes = [parameter.type]
    if parameter.default is not None:
        notes.append(f"default {parameter.default}")
    elif not parameter.required:
        notes.append("optional")
    if parameter.enum:
        notes.append(f"one of {', '.join(parameter.enum)}")
    return f"{parameter.name} ({'; '.join(notes)})  {parameter.description}".rstrip()

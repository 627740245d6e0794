"""Results that the published graph has because of its derived triples, which shapes may forbid.

Shapes are about what people write; the shortcuts that the stored queries in ``derive`` add to it
may break them. A graph that was loaded whole holds both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.queries.derivation import derive
from mezan_graph.validation import engine
from mezan_graph.validation.validator import identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding
    from mezan_graph.validation.report import Result

_HINT = (
    "only the derived triples of the project cause this; to validate without them, load with "
    "mezan push --named-graphs and name the other graphs with --graph"
)


def caused_by_derived(
    results: Iterable[Result], project: Project, authored: Graph, shapes: Graph
) -> set[tuple[str, ...]]:
    """Return the identities of those ``results`` that derived triples cause, and nothing else.

    Args:
        results: What was found in the published graph, where it is loaded.
        project: The project with its stored queries.
        authored: Its own sources.
        shapes: The shapes.

    Raises:
        QueryError: A query that derives is malformed.
    """
    found = {identity(each) for each in results}
    published = derive(project, authored) if found else authored
    if published is authored:
        return set()
    found &= {identity(each) for each in engine.validate_graph(published, shapes).results}
    return found - {identity(each) for each in engine.validate_graph(authored, shapes).results}


def as_derived(finding: Finding) -> Finding:
    """Return a finding that derived triples cause as one that is worth knowing and no more."""
    return finding.changed(severity="info", hint=_HINT)

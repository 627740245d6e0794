"""Checks that SHACL cannot make: names, references, labels, citations, the project's own queries.

Every check yields findings; none raises for what it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.validation.checks.iris import check_iris
from mezan_graph.validation.checks.labels import check_labels, check_languages
from mezan_graph.validation.checks.links import check_links
from mezan_graph.validation.checks.namespaces import check_namespaces
from mezan_graph.validation.checks.normalization import check_normalization
from mezan_graph.validation.checks.prefixes import check_prefixes
from mezan_graph.validation.checks.references import check_references, check_slugs
from mezan_graph.validation.checks.relationships import check_relationships
from mezan_graph.validation.checks.stored import check_stored_queries
from mezan_graph.validation.checks.survey import Survey
from mezan_graph.validation.checks.terms import check_terms
from mezan_graph.validation.citations import check_citations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding

__all__ = [
    "Survey",
    "check_citations",
    "check_iris",
    "check_labels",
    "check_languages",
    "check_links",
    "check_namespaces",
    "check_normalization",
    "check_prefixes",
    "check_references",
    "check_relationships",
    "check_slugs",
    "check_stored_queries",
    "check_terms",
    "run_checks",
]


def run_checks(
    project: Project, graph: Graph, shapes: Graph, source_texts: Path | None = None
) -> Iterator[Finding]:
    """Make every check on the data of ``project``, and those of names on its shapes as well.

    Args:
        project: The project.
        graph: Its data with its ontology, without derived triples.
        shapes: Its shapes.
        source_texts: Folder with the texts that citations point into, if there is one.

    Raises:
        InputError: A stored query or a source text cannot be read.
    """
    sources = [part.source for part in (*graph.parts, *shapes.parts) if part.source]
    survey, of_shapes = Survey(graph), Survey(shapes)
    yield from check_prefixes(sources, project.prefixes)
    for each in (survey, of_shapes):
        yield from check_namespaces(each)
        yield from check_normalization(each)
        yield from check_terms(each)
        yield from check_iris(each, project.base)
    yield from check_references(survey, project.base, frozenset(of_shapes.subjects))
    yield from check_slugs(survey, project.base)
    yield from check_labels(survey, project.base, project.languages)
    yield from check_languages(survey, project.languages)
    yield from check_relationships(survey)
    yield from check_links(project, graph)
    yield from check_citations(survey, source_texts)
    yield from check_stored_queries(project, graph)

"""Links to other datasets stand in a graph of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import OWL, SCHEMA, SKOS
from mezan_graph.validation.findings import Finding
from mezan_graph.validation.index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

LINKS = "links"
"""Name of the graph for links, under ``[graphs]`` in ``mezan.toml``."""

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
LINKING = frozenset({SCHEMA.sameAs, OWL.sameAs, *(SKOS[name] for name in _MATCHES)})
"""The properties that link an entity to one of another dataset."""


def check_links(project: Project, graph: Graph) -> Iterator[Finding]:
    """Yield ``MZ112`` for every link that is authored outside of the graph for links.

    A project without such a graph keeps its links where it likes. Vocabulary terms and concepts
    are aligned in the ontology, so only entities (``<base>id/``) count.
    """
    if LINKS not in project.graphs:
        return
    links = project.graph_iri(LINKS)
    entities = f"{project.base}id/"
    index = index_of(graph)
    linking = {index.find(each) for each in LINKING}
    for part, rows in zip(graph.parts, index.rows, strict=True):
        for place, predicate in enumerate(rows[1::4]):
            if predicate not in linking:
                continue
            quad = part.quads[place]
            if not isinstance(quad.object, ox.NamedNode):
                continue
            own_graph = isinstance(quad.graph_name, ox.NamedNode)
            if links == getattr(quad.graph_name if own_graph else part.graph_name, "value", None):
                continue
            own = isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(entities)
            if own and not quad.object.value.startswith(project.base):
                yield Finding(
                    "MZ112",
                    "violation",
                    f"{short_name(quad.predicate, graph.prefixes)} leads to another dataset",
                    file=part.source.name if part.source else None,
                    focus_node=quad.subject,  # type: ignore[arg-type]
                    path=str(quad.predicate),
                    value=quad.object,
                    hint=f"move it into a file of the graph {LINKS}",
                )

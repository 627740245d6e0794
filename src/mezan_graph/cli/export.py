"""``mezan export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import output_option, with_project, write
from mezan_graph.formats import FORMATS, TURTLE, format_of

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("export")
@click.argument("entity", required=False)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="RDF format. Default: after the suffix of -o, else turtle.",
)
@click.option(
    "--graph", "graph_name", metavar="NAME", help="Only this named graph, by its name or IRI."
)
@output_option
@with_project
def command(
    project: Project,
    entity: str | None,
    format_name: str | None,
    graph_name: str | None,
    output: Path,
) -> int:
    """Write the whole graph, one named graph, or one ENTITY with its relationships and citations.

    An entity is named by its IRI or its slug. The same input gives the same bytes.
    """
    from mezan_graph.exports import export

    if format_name is not None:
        rdf_format = FORMATS[format_name]
    else:
        rdf_format = TURTLE if output == Path("-") else format_of(output)
    write(output, export(project, entity, graph_name=graph_name, rdf_format=rdf_format))
    return 0

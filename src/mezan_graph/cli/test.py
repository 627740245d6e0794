"""``mezan test``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import with_project
from mezan_graph.display import visible

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("test")
@click.argument("names", nargs=-1)
@click.option("--update", is_flag=True, help="Write the present answers as the expected ones.")
@with_project
def command(project: Project, names: tuple[str, ...], update: bool) -> int:
    """Run the stored queries NAMES, or all of them, and compare with their expected answers.

    Exit code 0 where every answer is the expected one, else 1.
    """
    from mezan_graph.exports import published_graph
    from mezan_graph.queries import test_queries, write_expected

    graph = published_graph(project)
    if update:
        for path in write_expected(project, graph, names):
            click.echo(f"wrote {project.relative(path)}", err=True)
    tests = list(test_queries(project, graph, names))
    for each in tests:
        if not each.passed:
            click.echo(f"{click.style('differs', fg='red')} {each.name}")
            click.echo(visible(each.difference, "\n\t"))
    failed = sum(not each.passed for each in tests)
    click.echo(f"{len(tests)} stored queries: {len(tests) - failed} as expected, {failed} not")
    return int(failed > 0)

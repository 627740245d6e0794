"""``mezan test``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import endpoint_option, timeout_option, with_project
from mezan_graph.display import visible
from mezan_graph.errors import UsageError

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("test")
@click.argument("names", nargs=-1)
@click.option("--update", is_flag=True, help="Write the present answers as the expected ones.")
@endpoint_option
@timeout_option
@with_project
def command(
    project: Project,
    names: tuple[str, ...],
    update: bool,
    endpoint: str | None,
    timeout: int | None,
) -> int:
    """Run the stored queries NAMES, or all of them, and compare with their expected answers.

    With --endpoint a loaded graph proves itself: its answers are to be those of the project.

    Exit code 0 where every answer is the expected one, else 1.
    """
    from mezan_graph.exports import published_graph
    from mezan_graph.queries import test_queries, write_expected

    if update and endpoint is not None:
        raise UsageError("--update writes the project's own answers, not those of an endpoint")
    graph = None if endpoint is not None else published_graph(project)
    if update and graph is not None:
        for path in write_expected(project, graph, names):
            click.echo(f"wrote {project.relative(path)}", err=True)
    tests = list(test_queries(project, graph, names, endpoint=endpoint, timeout=timeout))
    for each in tests:
        if not each.passed:
            click.echo(f"{click.style('differs', fg='red')} {each.name}")
            click.echo(visible(each.difference, "\n\t"))
    failed = sum(not each.passed for each in tests)
    click.echo(f"{len(tests)} stored queries: {len(tests) - failed} as expected, {failed} not")
    return int(failed > 0)

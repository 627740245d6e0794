"""``mezan reload``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import with_project

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("reload")
@with_project
def command(project: Project) -> int:
    """Have the servers of this project load it anew.

    Each goes on with what it serves where the project cannot be read or does not conform; its log
    says so.
    """
    from mezan_graph.endpoint.serving import reload_servers
    from mezan_graph.errors import UsageError

    told = reload_servers(project)
    if not told:
        raise UsageError(
            "no server of this project is running", place=project.root, hint="start it: mezan serve"
        )
    click.echo(f"told {', '.join(map(str, told))} to reload", err=True)
    return 0

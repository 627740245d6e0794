"""``mezan serve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import with_project
from mezan_graph.errors import UsageError

if TYPE_CHECKING:
    from mezan_graph.endpoint.distant.store import Address
    from mezan_graph.project import Project


@click.command("serve")
@click.option(
    "--static",
    "folder",
    is_flag=False,
    flag_value="dist",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="[DIR]",
    help="Show the built site in DIR, by default dist, as a host would; nothing is loaded.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Serve the data of this SPARQL endpoint in place of the project's.",
)
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="A named graph of the endpoint, in place of the project's own; several are merged.",
)
@click.option(
    "--insecure-http", is_flag=True, help="Allow plain HTTP to an endpoint on another machine."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.option(
    "--unchecked", is_flag=True, help="Serve data that does not conform to its shapes as well."
)
@click.option("--no-watch", is_flag=True, help="Do not reload when the project's files change.")
@click.option(
    "--versions",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="DIR",
    help="Serve the released versions in DIR, each a folder that `mezan build` wrote.",
)
@click.option("--quiet", is_flag=True, help="Log no requests.")
@click.option("--log-queries", is_flag=True, help="Log the query string of each request.")
@with_project
def command(
    project: Project,
    folder: Path | None,
    endpoint: str | None,
    graphs: tuple[str, ...],
    insecure_http: bool,
    host: str,
    port: int,
    unchecked: bool,
    no_watch: bool,
    versions: Path | None,
    quiet: bool,
    log_queries: bool,
) -> int:
    """Publish the project live: entities, SPARQL, stored queries, reconciliation.

    With --endpoint the data stays in a store elsewhere, however large it is: queries are passed
    on, and pages are made from what the store says about their subject.

    Limits are those of [serve] in mezan.toml. Ctrl-C or SIGTERM ends the server when it has
    answered; SIGHUP or `mezan reload` loads the project anew.
    """
    if folder is not None:
        from mezan_graph.deployment.static import serve_static

        serve_static(
            project, folder, host=host, port=port, ready=lambda url: click.echo(url, err=True)
        )
        return 0
    from mezan_graph.endpoint.access_log import AccessLog
    from mezan_graph.endpoint.serving import serve

    if endpoint is None and (graphs or insecure_http):
        raise UsageError("--graph and --insecure-http are about an --endpoint")
    serve(
        project,
        host=host,
        port=port,
        elsewhere=_address(endpoint, graphs, insecure_http=insecure_http),
        checked=not unchecked,
        watch=not no_watch,
        versions=versions,
        log=AccessLog(requests=not quiet, queries=log_queries),
        ready=lambda url: click.echo(f"serving {project.name} at {url}", err=True),
    )
    return 0


def _address(
    endpoint: str | None, graphs: tuple[str, ...], *, insecure_http: bool
) -> Address | None:
    if endpoint is None:
        return None
    from mezan_graph.endpoint.distant.store import Address

    return Address(endpoint, graphs, insecure_http=insecure_http).checked()

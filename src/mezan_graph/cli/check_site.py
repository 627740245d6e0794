"""``mezan check-site``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mezan_graph.cli.terminal import output_option, progress, with_project, write

if TYPE_CHECKING:
    from pathlib import Path

    from mezan_graph.project import Project

_HELD = {"auto": None, "full": True, "none": False}


@click.command("check-site")
@click.argument("url")
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="Ask for pages in this language only; may be given several times.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Ask for N entities, evenly spread, in place of all.",
)
@click.option(
    "--negotiation",
    type=click.Choice(list(_HELD)),
    default="auto",
    show_default=True,
    help="Whether the host is held to negotiation: found out, always, never.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="How many requests are under way at once.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(0.1),
    default=30,
    show_default=True,
    help="Longest wait for a part of an answer, in seconds.",
)
@click.option(
    "--format",
    "report_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@output_option
@with_project
def command(
    project: Project,
    url: str,
    negotiation: str,
    report_format: str,
    output: Path,
    **options: Any,
) -> int:
    """Compare the site at URL with what the project publishes.

    Each entity is asked for in each media type and language: status, redirects, headers, and the
    graph that comes. Exit code 0 where the site is as it was built, 1 where it is not, 4 where it
    cannot be reached.
    """
    from mezan_graph.deployment.check import check_site
    from mezan_graph.exports import published_graph

    with progress("check-site") as advance:
        report = check_site(
            project,
            published_graph(project),
            url,
            negotiates=_HELD[negotiation],
            progress=advance,
            **options,
        )
    text = report.as_json() if report_format == "json" else report.as_text()
    write(output, text.encode())
    return 1 if report.fails else 0

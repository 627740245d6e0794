"""``mezan build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mezan_graph.cli.terminal import progress, source_texts_option, with_project

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("build")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="dist",
    show_default=True,
    metavar="DIR",
    help="Folder of the publication; an earlier one in it is replaced whole.",
)
@click.option("--site", is_flag=True, help="Also make the site for readers, in every language.")
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The release that was published last: changes.atom says what changed since.",
)
@click.option(
    "--jobs",
    "processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes make the files.  [default: as many as there are processors]",
)
@source_texts_option
@with_project
def command(project: Project, output: Path, **options: Any) -> int:
    """Validate, test and write everything that is published.

    Every format, every entity, the description of the data set and SHA256SUMS go into one folder
    that is swapped in at the end: a build that fails leaves the previous one as it was.
    """
    from mezan_graph.publication import publish

    with progress("build") as advance:
        made = publish(project, output, progress=advance, **options)
    warnings = made.report.counts["warning"]
    click.echo(
        f"{output}: {made.files} files, {made.triples:,} triples; "
        f"conforms with {warnings} warning{'' if warnings == 1 else 's'}; "
        f"{len(made.tests)} stored queries answered as expected",
        err=True,
    )
    return 0

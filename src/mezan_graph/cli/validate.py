"""``mezan validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import (
    is_terminal,
    output_option,
    source_texts_option,
    with_project,
    write,
)
from mezan_graph.validation.rendering import REPORT_FORMATS, render

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("validate")
@click.option(
    "--format",
    "report_format",
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="Format of the report; docs/reports.md describes each.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info"]),
    default="violation",
    show_default=True,
    help="The mildest severity that makes the exit code 1.",
)
@click.option(
    "--engine",
    type=click.Choice(["compiled", "reference"]),
    default="compiled",
    show_default=True,
    help="The SHACL engine: our own, or pySHACL.",
)
@source_texts_option
@output_option
@with_project
def command(
    project: Project,
    report_format: str,
    fail_on: str,
    engine: str,
    source_texts: Path | None,
    output: Path,
) -> int:
    """Check the data against its shapes, its stored checks and its citations.

    Exit code 0 where nothing as grave as --fail-on was found, else 1; 3 where data, shapes or
    queries cannot be read.
    """
    from mezan_graph.validation import validate

    report = validate(project, engine=engine, source_texts=source_texts)  # type: ignore[arg-type]
    colour = output == Path("-") and is_terminal()
    text = render(report, project, report_format, colour=colour, fail_on=fail_on)  # type: ignore[arg-type]
    write(output, text.encode())
    return int(report.fails(fail_on))  # type: ignore[arg-type]

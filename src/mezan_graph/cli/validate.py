"""``mezan validate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mezan_graph.cli.terminal import (
    fail_on_option,
    is_terminal,
    output_option,
    source_texts_option,
    write,
)
from mezan_graph.errors import UsageError
from mezan_graph.formats import FORMATS
from mezan_graph.validation.rendering import REPORT_FORMATS, render

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.sources import Source
    from mezan_graph.validation import ValidationReport

_PATH = click.Path(path_type=Path, allow_dash=True)
_OF_FILES = {
    "paths",
    "engine",
    "cross_check",
    "changed_since",
    "input_format",
    "watch",
    "source_texts",
}
_JOINED = {"text", "github"}  # formats of lines, of which several can follow one another


@click.command("validate")
@click.argument("paths", nargs=-1, type=_PATH)
@click.option(
    "-s",
    "--shapes",
    "shapes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="A file or folder with shapes, in place of the project's; may be given several times.",
)
@click.option(
    "--format",
    "report_format",
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="Format of the report; docs/reports.md describes each.",
)
@fail_on_option
@click.option(
    "--engine",
    type=click.Choice(["compiled", "reference"]),
    default="compiled",
    show_default=True,
    help="The SHACL engine: our own, or pySHACL.",
)
@click.option("--cross-check", is_flag=True, help="Run both engines and report where they differ.")
@click.option(
    "--changed-since",
    metavar="REV",
    help="Only what is described differently than in this Git revision.",
)
@click.option(
    "--input-format",
    type=click.Choice(list(FORMATS)),
    default="turtle",
    show_default=True,
    help="Format of standard input, where a path is -.",
)
@click.option("--watch", is_flag=True, help="Validate again whenever a file changes.")
@click.option("--endpoint", metavar="URL", help="Validate what this SPARQL endpoint holds.")
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="A named graph of the endpoint, in place of its default graph; several are merged.",
)
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="Longest wait for one answer of the endpoint.  [default: limits.query_seconds]",
)
@source_texts_option
@output_option
@click.pass_context
def command(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    shapes: tuple[Path, ...],
    report_format: str,
    fail_on: str,
    input_format: str,
    watch: bool,
    endpoint: str | None,
    graphs: tuple[str, ...],
    timeout: int | None,
    output: Path,
    **options: Any,
) -> int:
    """Check data against shapes, checks and citations: the project's, or those of PATHS.

    PATHS are files, folders, or - for standard input; a folder with a mezan.toml is a project.

    With --endpoint a loaded graph is checked where it is, against the shapes alone.

    Exit code 0 where nothing as grave as --fail-on was found, else 1; 3 where data, shapes or
    queries cannot be read; 4 where the endpoint fails.
    """
    from mezan_graph.graph import collector_off
    from mezan_graph.validation.inputs import chosen_inputs

    if endpoint is not None:
        _check_files_alone(context)
    elif graphs or timeout is not None:
        raise UsageError(
            "--graph and --timeout are for an endpoint", hint="name it: --endpoint URL"
        )
    content = sys.stdin.buffer.read() if Path("-") in paths else None
    inputs = chosen_inputs(
        context.find_root().obj, paths, shapes, stdin=content, stdin_format=FORMATS[input_format]
    )

    def once() -> int:
        code = 0
        chosen = list(inputs())
        if len(chosen) > 1 and (report_format not in _JOINED or output != Path("-")):
            raise UsageError(
                f"{len(chosen)} projects make {len(chosen)} reports, and there is room for one",
                hint="validate one project at a time, or write text or github to standard output",
            )
        for project, data, shape_sources in chosen:
            if endpoint is not None:
                from mezan_graph.validation.remote import validate_remote

                report = validate_remote(
                    project, endpoint, graphs=graphs, shapes=shape_sources, timeout=timeout
                )
            else:
                report = _report(project, data, shape_sources, options)
            _show(report, project, report_format, fail_on, output)
            code = max(code, report.exit_code(fail_on))  # type: ignore[arg-type]
        return code

    if not watch:
        # A search for cycles among all that was read takes a twentieth of a long run.
        with collector_off():
            return once()
    from mezan_graph.cli.watching import watch as watch_files

    return watch_files(inputs, once)


def _check_files_alone(context: click.Context) -> None:
    """Raise where an option was given that is about files, not about an endpoint."""
    given = click.core.ParameterSource.COMMANDLINE
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in _OF_FILES and context.get_parameter_source(name) is given:
            shown = "PATHS" if name == "paths" else parameter.opts[0]
            raise UsageError(f"{shown} is about files; with --endpoint nothing but shapes is read")


def _report(
    project: Project,
    data: list[Source] | None,
    shapes: list[Source] | None,
    options: dict[str, Any],
) -> ValidationReport:
    from mezan_graph.validation import validate

    return validate(project, data=data, shapes=shapes, **options)


def _show(
    report: ValidationReport, project: Project, report_format: str, fail_on: str, output: Path
) -> None:
    colour = output == Path("-") and is_terminal()
    text = render(report, project, report_format, colour=colour, fail_on=fail_on)  # type: ignore[arg-type]
    write(output, text.encode())

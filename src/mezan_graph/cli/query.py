"""``mezan query``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mezan_graph.cli.terminal import is_terminal, output_option, with_project, write
from mezan_graph.errors import UsageError
from mezan_graph.formats import FORMATS

if TYPE_CHECKING:
    from mezan_graph.project import Project

RESULT_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")


@click.command("query")
@click.argument("name", required=False)
@click.option("-e", "--expression", metavar="QUERY", help="The text of a query.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the stored query; may be given several times.",
)
@click.option("--list", "list_them", is_flag=True, help="List the stored queries and stop.")
@click.option("--describe", is_flag=True, help="Show the question and the parameters and stop.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*RESULT_FORMATS, *FORMATS]),
    help="Format of the answer. Default: table on a terminal, else csv; for graphs, turtle.",
)
@click.option(
    "--raw", is_flag=True, help="Leave cells that start like a formula as they are, in csv and tsv."
)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint and not the project.")
@click.option(
    "--timeout", type=click.IntRange(1), metavar="SECONDS", help="Longest wait for the endpoint."
)
@output_option
@with_project
def command(
    project: Project,
    name: str | None,
    expression: str | None,
    parameters: tuple[str, ...],
    list_them: bool,
    describe: bool,
    format_name: str | None,
    raw: bool,
    endpoint: str | None,
    timeout: int | None,
    output: Path,
) -> int:
    """Run a stored query by NAME, a query file (a path ending in .rq, or - for standard input), or
    the text after -e.

    The answer to a question (ASK) is the word true or false, with exit code 0 for both.
    """  # noqa: D205
    from mezan_graph import answers

    if list_them:
        write(output, answers.listing(project).encode())
        return 0
    if (name is None) == (expression is None):
        raise click.UsageError("Give the name of a stored query, a file, or -e QUERY.")
    question = answers.question(project, _text(name, expression), _pairs(parameters), name=name)
    if describe:
        write(output, answers.description(question).encode())
        return 0
    # An evaluation inside the engine cannot be interrupted from Python; Ctrl-C ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answer = answers.answer(project, question, endpoint=endpoint, timeout=timeout)
    write(output, answers.render(answer, format_name, **_display(project, output, raw)))
    return 0


def _display(project: Project, output: Path, raw: bool) -> dict[str, Any]:
    terminal = output == Path("-") and is_terminal()
    return {"prefixes": project.prefixes, "terminal": terminal, "neutralise": not raw}


def _text(name: str | None, expression: str | None) -> str | None:
    """Return the text of the query, or ``None`` where ``name`` is a stored query's."""
    if expression is not None:
        return expression
    if name == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return None


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for parameter in parameters:
        key, separator, value = parameter.partition("=")
        if not separator or not key:
            raise UsageError(f"-p {parameter}: write KEY=VALUE")
        if key in pairs:
            raise UsageError(f"-p {key} is given twice")
        pairs[key] = value
    return pairs

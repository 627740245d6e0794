"""``mezan query``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import (
    endpoint_option,
    is_terminal,
    output_option,
    read_text,
    timeout_option,
    with_project,
    write,
)
from mezan_graph.errors import UsageError
from mezan_graph.formats import FORMATS
from mezan_graph.queries.results import RESULT_FORMATS

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("query")
@click.argument("name", required=False)
@click.option("-e", "--expression", metavar="QUERY", help="The text of a query.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the query; may be given several times.",
)
@click.option("--list", "list_them", is_flag=True, help="List the stored queries.")
@click.option("--describe", is_flag=True, help="Show the question and its parameters, do not ask.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*RESULT_FORMATS, *FORMATS]),
    help="Format of the answer. Default: table on a terminal, else csv; turtle for a graph.",
)
@click.option(
    "--raw", is_flag=True, help="In csv and tsv, leave cells that look like formulas as they are."
)
@endpoint_option
@timeout_option
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
    """Ask a stored query by NAME, a file (a path that ends in .rq, or -), or the text after -e.

    An ASK query answers with the word true or false, and exits with 0 for both.
    """
    from mezan_graph.exports import write_answer
    from mezan_graph.queries.ask import query, stored_query
    from mezan_graph.queries.catalogue import described, listing

    if list_them:
        write(output, listing(project).encode())
        return 0
    question = _question(name, expression)
    if describe:
        write(output, described(stored_query(project, question)).encode())
        return 0
    # The engine cannot be interrupted while it evaluates, so Ctrl-C ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answer = query(project, question, _pairs(parameters), endpoint=endpoint, timeout=timeout)
    terminal = output == Path("-") and is_terminal()
    write(output, write_answer(answer, format_name, neutralise=not raw, terminal=terminal))
    return 0


def _question(name: str | None, expression: str | None) -> str:
    if (name is None) == (expression is None):
        raise click.UsageError("Give the name of a stored query, a file, or -e QUERY.")
    if expression is not None:
        return f"{expression}\n"
    assert name is not None  # noqa: S101 - one of the two is given
    if name == "-":
        return read_text("-", sys.stdin.buffer)
    return read_text(name) if name.endswith(".rq") else name


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for parameter in parameters:
        key, separator, value = parameter.partition("=")
        if not separator or not key:
            raise UsageError(f"-p {parameter}: write KEY=VALUE")
        if key in pairs:
            raise UsageError(f"-p {key} is given twice")
        pairs[key] = value
    return pairs

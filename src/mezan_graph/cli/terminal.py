"""What the commands share at the terminal: options, output, safe text and progress."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from mezan_graph.errors import SourceError
from mezan_graph.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def with_project(function: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the project that ``-C`` or the current folder names as the first argument."""

    @click.pass_context
    def wrapper(context: click.Context, /, *args: Any, **options: Any) -> Any:
        return context.invoke(function, Project.open(context.find_root().obj), *args, **options)

    wrapper.__doc__ = function.__doc__
    wrapper.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    return wrapper


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="-",
    metavar="FILE",
    help="Where to write; - is standard output.",
)

source_texts_option = click.option(
    "--source-texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="MEZAN_SOURCE_TEXTS",
    metavar="DIR",
    help="Folder with the texts that citations point into; also MEZAN_SOURCE_TEXTS.",
)

endpoint_option = click.option(
    "--endpoint", metavar="URL", help="Ask this SPARQL endpoint, not the project."
)

timeout_option = click.option(
    "--timeout",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="Longest wait for the endpoint.  [default: limits.query_seconds]",
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info"]),
    default="violation",
    show_default=True,
    help="The mildest severity that makes the exit code 1.",
)


def write(output: Path, content: bytes) -> None:
    """Write a result to standard output, or to a file that is replaced whole."""
    if output == Path("-"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        from mezan_graph.atomic import write_file

        write_file(output, content)


def read_text(name: str, stream: BinaryIO | None = None) -> str:
    """Return the UTF-8 text of the file ``name``, or of ``stream``.

    Raises:
        SourceError: It cannot be read or is not UTF-8.
    """
    try:
        content = Path(name).read_bytes() if stream is None else stream.read()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}", place=name) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourceError("not UTF-8", place=name, line=line, hint="save it as UTF-8") from None


def is_terminal() -> bool:
    """Whether standard output is a terminal, so that a person reads it."""
    return sys.stdout.isatty()


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a progress bar on a terminal; call the result with a step, what is done, and the total.

    Standard error is used, and nothing is shown where it is not a terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title}: {step}", completed=done, total=total)

        yield advance

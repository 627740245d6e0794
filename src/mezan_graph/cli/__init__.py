"""The command line: each command parses, calls one library function and prints.

Results go to standard output, everything else to standard error. Commands are imported when they
are called, so that ``mezan query`` never pays for what ``mezan build`` needs.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path

import click

from mezan_graph.errors import MezanError

COMMANDS = {
    "fmt": "Lay out Turtle and TriG files canonically.",
    "validate": "Check the data against its shapes, checks and citations.",
    "query": "Run a stored query, a query file or a query text.",
    "test": "Run every stored query and compare with its expected answer.",
    "export": "Write the graph, a named graph or one entity in an RDF format.",
    "embed": "Make the JSON-LD of an entity for a web page, and check pages.",
    "build": "Validate, test and write everything that is published.",
    "check-site": "Compare a deployed site with what the project publishes.",
    "push": "Load the graph into a triple store, verified and swapped in whole.",
    "serve": "Publish the project live: entities, SPARQL, stored queries, reconciliation.",
    "reload": "Have the servers of this project load it anew.",
}
"""Every command with its summary; the module of the same name beside this one defines it."""


class LazyGroup(click.Group):
    """A group that imports the module of a command when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now, or ``None`` where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"mezan_graph.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, naming a near miss where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else f" One of {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the project. Without it the current folder, and where that has no mezan.toml,"
    " the packaged Al Mezan graph.",
)
@click.version_option(package_name="mezan-graph", prog_name="mezan")
@click.pass_context
def mezan(context: click.Context, directory: Path | None) -> None:
    """Publish hand-written Turtle as a validated, cited, queryable knowledge graph."""
    context.obj = directory


def main() -> None:
    """Run the command line and exit with the code of ``docs/command-line.md``."""
    # Little of what a command makes is cyclic: to search for it takes a tenth of a short run.
    gc.set_threshold(100_000, 10, 10)
    try:
        code = mezan.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.Abort:
        code = _fail("interrupted", 130)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        # The reader has gone, for example `| head`; nothing is wrong and nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except MezanError as error:
        code = _fail(str(error), error.exit_code)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _discard_output()
        code = _fail(f"{place}{error.strerror or error}", 3)
    except Exception as error:
        if os.environ.get("MEZAN_DEBUG"):
            raise
        code = _fail(
            f"internal error: {type(error).__name__}: {error}\n"
            "  hint: set MEZAN_DEBUG=1 for the traceback, and report it",
            MezanError.exit_code,
        )
    gc.freeze()
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> int:
    from mezan_graph.display import visible

    shown = visible(message, keep="\n\t")
    click.echo(f"{click.style('error', fg='red', bold=True)}: {shown}", err=True)
    return code


def _discard_output() -> None:
    """Keep the interpreter from writing a traceback when it flushes a full device at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return

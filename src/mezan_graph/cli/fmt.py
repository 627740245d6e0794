"""``mezan fmt``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import with_project

if TYPE_CHECKING:
    from mezan_graph.project import Project


@click.command("fmt")
@click.argument(
    "paths", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path), metavar="PATH"
)
@click.option("--check", is_flag=True, help="Write nothing, and list the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing, and show what would change.")
@with_project
def command(project: Project, paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay out Turtle and TriG files canonically, in place.

    PATH is a file or a folder; without one, the ontology, data and shapes of the project; - reads
    standard input and writes standard output. Comments, the order of subjects and the lexical form
    of every term are kept, and the graph is the same.

    Exit code 0, with --check or --diff 1 where a file would change; 3 where a file cannot be read,
    and then no file is changed.
    """
    from mezan_graph.display import visible
    from mezan_graph.formatting import format_files

    if paths == (Path("-"),):
        return _standard_input(check or diff)
    if not paths:
        _refuse_packaged(project)
    formatted = format_files(project, paths)
    changing = [each for each in formatted if each.changes]
    for each in changing:
        if diff:
            click.echo(visible(each.diff(), keep="\n\t"), nl=False)
        elif check:
            click.echo(visible(each.name))
    if check or diff:
        _say(len(changing), "would change", len(formatted))
        return int(bool(changing))
    from mezan_graph.atomic import write_file

    for each in changing:
        write_file(each.path, each.after.encode())
        click.echo(f"formatted {visible(each.name)}", err=True)
    _say(len(changing), "formatted", len(formatted))
    return 0


def _standard_input(check: bool) -> int:
    import sys

    from mezan_graph.cli.terminal import read_text, write
    from mezan_graph.formatting import format_turtle

    before = read_text("-", sys.stdin.buffer)
    after = format_turtle(before, name="-")
    if check:
        return int(before != after)
    write(Path("-"), after.encode())
    return 0


def _refuse_packaged(project: Project) -> None:
    """Refuse to format the graph that ships with the package in place of the current folder."""
    from mezan_graph.errors import UsageError
    from mezan_graph.project import PROJECT_FILE

    named = click.get_current_context().find_root().obj
    if named is None and project.root != Path.cwd().resolve():
        raise UsageError(
            f"there is no {PROJECT_FILE} in this folder",
            place=Path.cwd(),
            hint="name files or folders: mezan fmt PATH …, or a project: mezan -C DIR fmt",
        )


def _say(changing: int, what: str, total: int) -> None:
    files = "file" if total == 1 else "files"
    click.echo(f"{changing} of {total} {files} {what}", err=True)

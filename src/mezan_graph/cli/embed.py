"""``mezan embed``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mezan_graph.cli.terminal import (
    fail_on_option,
    is_terminal,
    output_option,
    with_project,
    write,
)
from mezan_graph.errors import SourceError, UsageError
from mezan_graph.validation.rendering import REPORT_FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mezan_graph.project import Project

_FILE = click.Path(path_type=Path)
_FORMATS = [each for each in REPORT_FORMATS if each not in {"turtle", "jsonld"}]  # SHACL's own


@click.command("embed")
@click.argument("entity", required=False, metavar="[ENTITY | FILE...]")
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--lang",
    "language",
    metavar="TAG",
    help="Language of the page; by default the first of the project.",
)
@click.option(
    "--full", is_flag=True, help="All languages and vocabularies, in place of plain schema.org."
)
@click.option(
    "--into",
    multiple=True,
    type=_FILE,
    metavar="PAGE",
    help="Put it into this page, or replace what is there of the same entity.",
)
@click.option(
    "--check",
    multiple=True,
    type=_FILE,
    metavar="PAGE",
    help="Compare with this page, or with the pages of a folder; exit code 1 where they differ.",
)
@click.option(
    "--lint", is_flag=True, help="Look for faults in the JSON-LD of files, pages and folders."
)
@click.option(
    "--format",
    "report_format",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="With --lint, the format of the report.",
)
@fail_on_option
@output_option
@with_project
def command(
    project: Project,
    entity: str | None,
    more: tuple[str, ...],
    language: str | None,
    full: bool,
    into: tuple[Path, ...],
    check: tuple[Path, ...],
    lint: bool,
    report_format: str,
    fail_on: str,
    output: Path,
) -> int:
    """Make the JSON-LD of one entity as a script element for a web page.

    An entity is named by its IRI or its slug; `dataset` is the data set. With --check and no
    entity, everything of ours in the pages is compared with the graph.
    """
    if lint:
        return _lint(project, [entity, *more], report_format, fail_on, output)
    if more:
        raise UsageError("one entity at a time", hint="name files behind --lint, --into or --check")
    if check and into:
        raise UsageError("--into and --check exclude each other")
    if check:
        return _check(project, entity, check, language=language, full=full)
    if entity is None:
        raise UsageError("which entity?", hint="its slug, its IRI, or dataset")
    from mezan_graph.embedding import embed

    snippet = embed(project, entity, language=language, full=full)
    if not into:
        write(output, f"{snippet.html}\n".encode())
        return 0
    from mezan_graph.embedding.pages import insert_into

    for page in into:
        changed = insert_into(page, snippet)
        click.echo(f"{page}: {'written' if changed else 'as it was'}", err=True)
    return 0


def _check(
    project: Project,
    entity: str | None,
    paths: tuple[Path, ...],
    *,
    language: str | None,
    full: bool,
) -> int:
    from mezan_graph.display import visible
    from mezan_graph.embedding import Embedder, drifted
    from mezan_graph.embedding.pages import holds_ours, pages_in
    from mezan_graph.exports import published_graph

    embedder = Embedder(project, published_graph(project))
    snippet = None
    pages = [page for path in paths for page in pages_in(path)]
    if entity is not None:
        snippet = embedder.snippet(embedder.find(entity), language=language, full=full)
    elif not any(holds_ours(page) for page in pages):
        raise SourceError(
            "no page holds JSON-LD of ours",
            place=paths[0],
            hint="mezan embed ENTITY --into PAGE puts it there",
        )
    found = 0
    for drift in drifted(embedder, pages, snippet):
        found += 1
        place = f"{drift.page}:{drift.line}" if drift.line else str(drift.page)
        text = f"{place}: {drift.entity} has drifted from the graph\n{drift.difference}"
        click.echo(visible(text, keep="\n\t"))
    click.echo(f"{len(pages)} pages looked at, {found} differences", err=True)
    return int(found > 0)


def _lint(
    project: Project, names: Sequence[str | None], report_format: str, fail_on: str, output: Path
) -> int:
    from mezan_graph.embedding.lint import lint_files
    from mezan_graph.validation.rendering import render

    paths = [Path(each) for each in names if each is not None]
    if not paths:
        raise UsageError("which files?", hint="mezan embed --lint page.html")
    report = lint_files(paths, project)
    colour = output == Path("-") and is_terminal()
    text = render(report, project, report_format, colour=colour, fail_on=fail_on)  # type: ignore[arg-type]
    write(output, text.encode())
    return report.exit_code(fail_on)  # type: ignore[arg-type]

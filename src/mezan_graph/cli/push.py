"""``mezan push``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mezan_graph.cli.terminal import progress, with_project, write
from mezan_graph.display import visible
from mezan_graph.errors import UsageError

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.push import Comparison


@click.command("push")
@click.argument("url")
@click.option("--graph", "graph_iri", metavar="IRI", help="The live graph that takes everything.")
@click.option("--named-graphs", is_flag=True, help="Keep the project's named graphs apart.")
@click.option("--default-graph", is_flag=True, help="Put everything into the default graph.")
@click.option("--status", is_flag=True, help="Show what is live and what is kept; write nothing.")
@click.option("--dry-run", is_flag=True, help="Show the difference in triples; write nothing.")
@click.option("--rollback", is_flag=True, help="Make the version before live again.")
@click.option("--forget", is_flag=True, help="Drop the version that is kept for a rollback.")
@click.option("--delta", is_flag=True, help="Send the difference to what is live, if it is small.")
@click.option(
    "--allow-rewrites",
    "policy",
    type=click.Choice(["none", "form", "value"]),
    default="none",
    show_default=True,
    help="Literals that the store may change: none; another form of the same value; also another"
    " datatype of the same value.",
)
@click.option(
    "--store",
    "kind",
    type=click.Choice(["oxigraph", "fuseki", "virtuoso", "rdf4j", "gsp"]),
    help="Kind of store.  [default: found out]",
)
@click.option("--query-url", metavar="URL", help="Where queries go, in a store of another kind.")
@click.option("--update-url", metavar="URL", help="Where updates go, in a store of another kind.")
@click.option("--user", metavar="NAME", help="Whose password to look for; never the password.")
@click.option(
    "--ca",
    "authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificates of a private authority, PEM.",
)
@click.option("--insecure-http", is_flag=True, help="Allow plain HTTP to another machine.")
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="Longest wait for an answer.",
)
@click.option(
    "--receipt",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the receipt: PROV in Turtle where the name ends in .ttl, else JSON.",
)
@with_project
def command(
    project: Project,
    url: str,
    graph_iri: str | None,
    named_graphs: bool,
    default_graph: bool,
    status: bool,
    dry_run: bool,
    rollback: bool,
    forget: bool,
    delta: bool,
    policy: Any,
    timeout: int,
    receipt: Path | None,
    **options: Any,
) -> int:
    """Put the graph into the triple store at URL: staged, verified, swapped in whole.

    Readers see the old graph or the new one. A push that was interrupted is continued by the next
    one; what is there already is not written again.

    Exit code 0 where the live graph is as it should be; 1 where --status or --dry-run find that it
    is not, and where the store would change literals; 4 where the store fails.
    """
    from mezan_graph.push import (
        Options,
        Patience,
        Target,
        compare_project,
        forget_project,
        push_project,
        roll_back_project,
    )

    if sum((status, dry_run, rollback, forget)) > 1:
        raise UsageError("--status, --dry-run, --rollback and --forget exclude one another")
    live = _live(graph_iri, named_graphs=named_graphs, default_graph=default_graph)
    target = Target(url, live, patience=Patience(seconds=timeout), **options)
    if status or dry_run:
        comparisons = compare_project(project, target)
        for each in comparisons:
            click.echo("\n".join(_status(each) if status else _difference(each)))
        return int(
            any(each.differences.refused(policy) or each.differences for each in comparisons)
        )
    with progress("push") as advance:
        how = Options(policy, delta=delta, progress=advance)
        if forget:
            forget_project(project, target, how)
            return 0
        act = roll_back_project if rollback else push_project
        made = act(project, target, how)
    if receipt is not None:
        write(receipt, made.to_turtle() if receipt.suffix == ".ttl" else made.to_json())
    for graph in made.graphs:
        name = graph.names.live or "default graph"
        what = "is live" if made.written else "was live already, nothing was written"
        click.echo(f"{name}: {graph.live.content.triples:,} triples, verified; {what}", err=True)
    return 0


def _live(graph: str | None, *, named_graphs: bool, default_graph: bool) -> str | None:
    if (graph is not None) + named_graphs + default_graph != 1:
        raise UsageError("name one of --graph IRI, --named-graphs and --default-graph")
    if graph is None:
        return None if named_graphs else ""
    import pyoxigraph as ox

    try:
        ox.NamedNode(graph)
    except ValueError:
        raise UsageError(f"{graph!r} is not an IRI", hint="write it whole") from None
    if not graph.partition(":")[0].isalpha():
        raise UsageError(f"{graph!r} is not an absolute IRI", hint="write it whole")
    return graph


def _status(found: Comparison) -> list[str]:
    name = found.graph or "default graph"
    same = "differs from the project" if found.differences else "as in the project"
    lines = [f"{name}: {found.triples:,} triples, {same}"]
    for title, version in (("live", found.ledger.live), ("kept", found.ledger.previous)):
        if version is not None:
            digest = version.sha256 or "not pushed by mezan"
            since = f", live since {version.time}" if version.time else ""
            lines.append(f"  {title}: {version.content.triples:,} triples, {digest}{since}")
    if found.ledger.pending or found.ledger.others:
        lines.append("  a push was interrupted; the next one finishes it")
    return [visible(line) for line in lines]


def _difference(found: Comparison) -> list[str]:
    differences = found.differences
    name = found.graph or "default graph"
    added, removed = differences.missing_count, differences.extra_count
    lines = [f"{name}: {added:,} triples to add, {removed:,} to remove"]
    rewrites = sorted(differences.rewrites)
    lines += [f"~ {each.sent} is kept as {each.stored}" for each in rewrites]
    for sign, kept, count in (
        ("-", differences.extra, removed),
        ("+", differences.missing, added),
    ):
        lines += [f"{sign} {line.decode()}" for line in kept]
        if count > len(kept):
            lines.append(f"{sign} … and {count - len(kept):,} more")
    return [visible(line) for line in lines]

"""One folder with everything that is published, made from a project and swapped in whole.

Layout, below the folder: the whole graph as ``dump.*``; each named graph in ``graphs/``; each
entity as ``doc/<slug>.ttl``, ``.nt`` and ``.jsonld``, each concept in ``concept/``; the shapes, the
vocabulary's JSON-LD context, the description of the data set and ``SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.atomic import cannot_write, replaced_folder
from mezan_graph.description import (
    DUMPS,
    Distribution,
    dataset_iri,
    describe_dataset,
    schema_org_part,
)
from mezan_graph.errors import FindingsError, OutputError
from mezan_graph.exports import dump, header_lines, local_context, shortcuts_graph
from mezan_graph.filenames import file_stem
from mezan_graph.folders import context_path
from mezan_graph.formats import JSONLD, NTRIPLES, TURTLE
from mezan_graph.graph import build_graph, shapes_graph
from mezan_graph.processes import available_processors, in_processes
from mezan_graph.queries import derive, test_queries
from mezan_graph.serialization import canonical, describe, index_of, serialize
from mezan_graph.validation import require_conformance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.queries import QueryTest
    from mezan_graph.validation import ValidationReport

CHECKSUMS = "SHA256SUMS"
_SHOWN_FLAWS = 10
Progress = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What :func:`publish` made.

    Attributes:
        folder: The folder, absolute.
        files: Number of files in it.
        triples: Number of distinct triples that were published, shortcuts included.
        report: The validation report of the authored graph.
        tests: The stored-query tests, all of them passed.
    """

    folder: Path
    files: int
    triples: int
    report: ValidationReport
    tests: tuple[QueryTest, ...]


def publish(
    project: Project,
    folder: Path,
    *,
    site: bool = False,
    previous: Path | None = None,
    source_texts: Path | None = None,
    processes: int | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> Publication:
    """Validate and test ``project``, and put everything that is published into ``folder``.

    The folder is replaced in one step at the end; where anything fails, it stays as it was.

    Args:
        project: What to publish.
        folder: Where; it may hold an earlier publication, but nothing else.
        site: Whether the site for readers is made, too.
        previous: Folder of the release that was published last, for the site's feed of changes.
        source_texts: Folder with the texts that citations point into.
        processes: How many processes make and prove the files; as many as there are processors
            where nothing is said.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        FindingsError: The data does not conform, a stored-query test differs, or the site that was
            made has a flaw.
        OutputError: The folder cannot be written, or holds files that are not ours.
        InputError: A file of the project cannot be read.
    """
    _refuse_foreign_files(folder)
    processes = processes or available_processors()
    authored = build_graph(project)
    progress("validate", 0, 1)
    report = require_conformance(project, authored, source_texts=source_texts)
    graph = derive(project, authored)
    progress("test", 0, 1)
    tests = tuple(test_queries(project, graph))
    failed = [each.name for each in tests if not each.passed]
    if failed:
        raise FindingsError(
            f"stored queries answer differently: {', '.join(failed)}",
            place=project.root,
            hint="mezan test shows the differences",
        )
    graph = canonical(graph, seconds=project.limits.canonical_seconds)
    # From here on the canonical form is used alone; a second copy of a large graph would not fit.
    del authored
    sums = {}
    with replaced_folder(folder) as work:
        for name, content in published_files(
            project,
            graph,
            progress,
            site=site,
            previous=previous,
            processes=processes,
            written=work,
        ):
            _write(work / name, content, folder / name)
            sums[name] = hashlib.sha256(content).hexdigest()
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        _write(work / CHECKSUMS, lines.encode(), folder / CHECKSUMS)
        if site:
            _prove(project, graph, work, progress, processes)
    return Publication(folder.resolve(), len(sums) + 1, len(graph.union.lines), report, tests)


def published_files(
    project: Project,
    graph: Graph,
    progress: Progress = lambda _step, _done, _total: None,
    *,
    site: bool = False,
    previous: Path | None = None,
    processes: int = 1,
    written: Path | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield every published file but ``SHA256SUMS``: its path with ``/``, and its content.

    Nothing depends on the time, the machine or the order of files.

    Args:
        project: What is published.
        graph: Its published graph.
        progress: Called with a step, how much of it is done, and how much there is.
        site: Whether the files of the site for readers come, too.
        previous: Folder of the release that was published last, for the site's feed of changes.
        processes: How many processes make the files of entities.
        written: Folder that each file is written to before the next one is asked for, if so.
    """
    graph = canonical(graph, seconds=project.limits.canonical_seconds)
    header = header_lines(project)
    context = local_context(project)
    distributions = []
    for done, (name, rdf_format, compressed) in enumerate(DUMPS):
        progress("dump", done, len(DUMPS))
        file = Distribution(name, rdf_format, compressed)
        content = dump(file, graph, header=header, context=context)
        distributions.append(file.made(content))
        yield name, content
    del content
    for graph_name in graph.graph_names:
        if isinstance(graph_name, ox.NamedNode):
            stem = file_stem(graph_name.value.rpartition("/")[2])
            part = graph.restricted_to(graph_name)
            yield f"graphs/{stem}.ttl", serialize(part, TURTLE, header=header)
    graph.forget_rows()
    yield from _entities(project, graph, header, context, progress=progress, processes=processes)
    shapes = canonical(shapes_graph(project))
    yield "shapes.ttl", serialize(shapes, TURTLE, header=(f"Shapes of {project.base}",))
    context_file = context_path(project)
    if context_file is not None:
        yield "context.jsonld", context_file.read_bytes()
    description = canonical(describe_dataset(project, graph, distributions))
    described = serialize(description, TURTLE, header=header)
    yield "void.ttl", described
    yield "catalog.ttl", described
    search = schema_org_part(description)
    root = dataset_iri(project)
    yield "dataset.jsonld", serialize(search, JSONLD, context=context, root=root)
    yield "dataset.nt", serialize(description, NTRIPLES, header=header)
    if site:
        from mezan_graph.site import site_files

        yield ".well-known/void", described
        yield from site_files(
            project,
            graph,
            progress,
            distributions=distributions,
            previous=previous,
            processes=processes,
            written=written,
        )


def _entities(
    project: Project,
    graph: Graph,
    header: tuple[str, ...],
    context: dict[str, object] | None,
    *,
    progress: Progress,
    processes: int,
) -> Iterator[tuple[str, bytes]]:
    shortcuts = shortcuts_graph(project)
    folders = {f"{project.base}id/": "doc", f"{project.base}concept/": "concept"}
    subjects = {quad.subject.value for quad in graph if isinstance(quad.subject, ox.NamedNode)}
    named = sorted(
        (iri, folder, iri[len(space) :])
        for iri in subjects
        for space, folder in folders.items()
        if iri.startswith(space) and len(iri) > len(space)
    )
    index_of(graph)

    def files(name: tuple[str, str, str]) -> list[tuple[str, bytes]]:
        iri, folder, local = name
        entity = ox.NamedNode(iri)
        described = canonical(describe(graph, entity, shortcuts=shortcuts))
        stem = f"{folder}/{file_stem(local)}"
        return [
            (f"{stem}.ttl", serialize(described, TURTLE, header=(iri, *header))),
            (f"{stem}.nt", serialize(described, NTRIPLES, header=(iri, *header))),
            (f"{stem}.jsonld", serialize(described, JSONLD, context=context, root=entity)),
        ]

    for done, made in enumerate(in_processes(files, named, processes)):
        progress("entities", done, len(named))
        yield from made


def _prove(
    project: Project, graph: Graph, folder: Path, progress: Progress, processes: int
) -> None:
    """Read the made site back; where it has a flaw, the last one stays."""
    from mezan_graph.site.proof import prove

    flaws = list(islice(prove(project, graph, folder, progress, processes), _SHOWN_FLAWS))
    if flaws:
        raise FindingsError(
            "the site does not prove itself:\n  " + "\n  ".join(map(str, flaws)),
            hint="nothing was published; this is a fault of the build, please report it",
        )


def _write(path: Path, content: bytes, earlier: Path) -> None:
    """Write ``content``, or link the ``earlier`` file where it is the same.

    A file that did not change keeps its inode and its time, so that rsync, backups and the
    ``Last-Modified`` of a server see only what changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = earlier.lstat()
        same = stat.S_ISREG(found.st_mode) and found.st_size == len(content)
        if same and earlier.read_bytes() == content:
            path.hardlink_to(earlier)
            return
    except OSError:
        pass  # There is none, or the file system has no links: the file is written.
    path.write_bytes(content)


def _refuse_foreign_files(folder: Path) -> None:
    """Refuse a folder with files that no earlier publication wrote, because it gets replaced."""
    try:
        if not folder.exists():
            return
        present = {
            each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()
        }
        listed = folder / CHECKSUMS
        lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    except OSError as error:
        raise cannot_write(folder, error) from None
    foreign = sorted(present - {line[66:] for line in lines} - {CHECKSUMS})
    if foreign or not folder.is_dir():
        shown = foreign[0] if foreign else folder.name
        raise OutputError(
            f"holds {len(foreign) or 1} files that no build wrote, {shown} for one",
            place=folder,
            hint="name an empty or a new folder with -o; this one would be replaced whole",
        )

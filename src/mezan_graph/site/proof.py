"""The site proves itself: read back from its files, before it takes the place of the last one.

Every page, link and RDF file is read once, in a stream; what is kept is names, and the fragments
that links ask for.
"""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from mezan_graph.exports import shortcuts_graph
from mezan_graph.formats import FORMATS, SUFFIXES
from mezan_graph.graph import Graph
from mezan_graph.processes import in_processes
from mezan_graph.serialization import canonical, describe, describe_class, index_of
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.markup import line_at, read_markup
from mezan_graph.site.routes import NEGOTIATED, SIBLINGS, hosted_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.formats import RdfFormat
    from mezan_graph.project import Project
    from mezan_graph.serialization import CanonicalGraph

_NEGOTIATED = re.compile(rf"(?:{NEGOTIATED})\Z")
_RDF = frozenset(each.suffix for each in FORMATS.values())
_PROGRESS_EVERY = 100


class Flaw(NamedTuple):
    """One thing that is wrong with a built site.

    Attributes:
        file: Path below the site, with ``/``.
        line: 1-based line, where there is one.
        message: What is wrong.
    """

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        """``file:line: message``."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


def prove(
    project: Project,
    graph: Graph,
    folder: Path,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
    processes: int = 1,
) -> Iterator[Flaw]:
    """Yield everything that is wrong with the site of ``project`` in ``folder``.

    Every entity, concept and class has its page in every language and its data, which is the
    graph's description of it; no link inside leads nowhere, a fragment included; every page is
    sound HTML; no RDF file holds a relative IRI, and every dump holds the whole; no two names
    differ in letter case or Unicode form alone.

    Args:
        project: Base IRI, languages and host of the site.
        graph: The published graph.
        folder: The built site.
        progress: Called with a step, how much of it is done, and how much there is.
        processes: How many processes read the files.
    """
    whole = canonical(graph, seconds=project.limits.canonical_seconds)
    proof = _Proof(project, whole, folder, progress, processes)
    yield from proof.names()
    yield from proof.pages()
    yield from proof.entities()
    yield from proof.others()


class _Proof:
    def __init__(
        self,
        project: Project,
        graph: CanonicalGraph,
        folder: Path,
        progress: Callable[[str, int, int], None],
        processes: int,
    ) -> None:
        self.project = project
        self.graph = graph
        self.folder = folder
        self.progress = progress
        self.processes = processes
        self.root = hosted_path(project)
        self.addresses = Addresses(project, graph)
        self.exists = lru_cache(maxsize=100_000)(self._exists)
        self.html: list[str] = []
        self.rdf: list[str] = []

    def _exists(self, path: str) -> bool:
        return os.path.isfile(f"{self.folder}/{path}")  # noqa: PTH113 - asked for every link

    def names(self) -> Iterator[Flaw]:
        """Find every file, and names that some file system would take for one."""
        stems = self.addresses.stems.values()
        described = {f"{stem}{each.suffix}" for stem in stems for each in SIBLINGS}
        for where, folders, files in os.walk(self.folder):
            below = Path(where).relative_to(self.folder).as_posix()
            prefix = "" if below == "." else f"{below}/"
            seen: dict[str, str] = {}
            folders.sort()
            for name in sorted([*folders, *files]):
                folded = unicodedata.normalize("NFC", name).casefold()
                if folded in seen:
                    yield Flaw(prefix + name, None, f"is the same name as {seen[folded]}")
                seen[folded] = name
            for name in sorted(files):
                suffix = posixpath.splitext(name)[1]
                if suffix == ".html":
                    self.html.append(prefix + name)
                elif suffix in _RDF and prefix + name not in described:
                    self.rdf.append(prefix + name)

    def pages(self) -> Iterator[Flaw]:
        """Read every page, and then again those whose fragments are linked to."""
        asked: dict[str, dict[str, tuple[str, int]]] = {}
        proofs = in_processes(self.page, self.html, self.processes)
        for done, (path, (flaws, fragments)) in enumerate(zip(self.html, proofs, strict=True)):
            if done % _PROGRESS_EVERY == 0:
                self.progress("prove pages", done, len(self.html))
            yield from flaws
            for where, fragment, line in fragments:
                asked.setdefault(where, {}).setdefault(fragment, (path, line))
        for path, places in sorted(asked.items()):
            found = read_markup(self.text(path)).identifiers
            for fragment, (page, line) in places.items():
                if fragment not in found:
                    yield Flaw(page, line, f"links to {path}#{fragment}, and there is no such id")

    def text(self, path: str) -> str:
        """Return the text of a page; what is no UTF-8 becomes a control character, a flaw."""
        return (self.folder / path).read_bytes().decode("utf-8", "backslashreplace")

    def page(self, path: str) -> tuple[list[Flaw], list[tuple[str, str, int]]]:
        """Judge one page and its links.

        Returns:
            What is wrong, and the fragments of other pages that it links to: path, fragment, line.
        """
        text = self.text(path)
        found = read_markup(text)
        flaws = [Flaw(path, *fault) for fault in found.faults]
        fragments: dict[tuple[str, str], int] = {}
        for link, position in found.links:
            target = self.target(link, path)
            if target is None:
                continue
            where, fragment = target
            there = self.exists(where) or self.answers(where)
            if not there and "://" in link and not (self.folder / where.partition("/")[0]).exists():
                # Pages link to one another relatively, and this is below none of our folders: an
                # address that the data holds, and that something else answers on the same host.
                continue
            if not there:
                line = line_at(text, position)
                flaws.append(Flaw(path, line, f"links to {link}, and there is no {where}"))
            elif not fragment or not where.endswith(".html"):
                continue
            elif where != path:
                if target not in fragments:
                    fragments[target] = line_at(text, position)
            elif fragment not in found.identifiers:
                line = line_at(text, position)
                flaws.append(Flaw(path, line, f"links to #{fragment}, and there is no such id"))
        return flaws, [(*target, line) for target, line in fragments.items()]

    def target(self, link: str, page: str) -> tuple[str, str] | None:
        """Return path and fragment of a link inside the site, ``None`` for one that leads out."""
        for root in (self.project.site, self.root):
            if link.startswith(root):
                return _resolved(link.removeprefix(root) or "./", "")
        return _resolved(link, page)

    def answers(self, path: str) -> bool:
        """Whether hosts that negotiate answer at ``path``, which is no file."""
        if path.startswith(("id/", "concept/")):
            return ox.NamedNode(self.project.base + path) in self.addresses.stems
        return _NEGOTIATED.match(path) is not None

    def entities(self) -> Iterator[Flaw]:
        """Judge the files of every entity, concept and class."""
        stems = list(self.addresses.stems.items())
        index_of(self.graph)
        proofs = in_processes(self.entity, stems, self.processes)
        for done, flaws in enumerate(proofs):
            if done % _PROGRESS_EVERY == 0:
                self.progress("prove entities", done, len(stems))
            yield from flaws

    def entity(self, address: tuple[ox.NamedNode, str]) -> list[Flaw]:
        """Judge the files of one entity, concept or class."""
        iri, stem = address
        flaws = [
            Flaw(f"{language}/{stem}.html", None, f"is missing: the page of {iri}")
            for language in self.project.languages
            if not self.exists(f"{language}/{stem}.html")
        ]
        if stem.startswith("class/"):
            described = describe_class(self.graph, iri)
        else:
            described = describe(self.graph, iri, shortcuts=shortcuts_graph(self.project))
        expected = canonical(described).union.lines
        for rdf_format in SIBLINGS:
            path = stem + rdf_format.suffix
            if not self.exists(path):
                flaws.append(Flaw(path, None, f"is missing: the data of {iri}"))
                continue
            lines, flaw = self.read(path, rdf_format)
            if flaw is not None:
                flaws.append(flaw)
            elif lines != expected:
                flaws.append(Flaw(path, None, _difference(expected, lines)))
        return flaws

    def read(self, path: str, rdf_format: RdfFormat) -> tuple[list[str], Flaw | None]:
        """Return the canonical lines of an RDF file, or what is wrong with it."""
        try:
            content = (self.folder / path).read_bytes()
            quads = list(ox.parse(content, rdf_format.oxigraph))
        except SyntaxError as error:
            return [], Flaw(path, error.lineno, f"cannot be read: {error.msg}")
        return canonical(Graph.from_quads(quads)).union.lines, None

    def others(self) -> Iterator[Flaw]:
        """Judge every other RDF file: it can be read without a base, and the dumps are alike."""
        whole = len(self.graph.lines)
        union = len(self.graph.union.lines)
        for done, path in enumerate(self.rdf):
            self.progress("prove data", done, len(self.rdf))
            rdf_format = SUFFIXES[posixpath.splitext(path)[1]]
            try:
                quads = ox.parse(path=f"{self.folder}/{path}", format=rdf_format.oxigraph)
                count = sum(1 for _ in quads)
            except SyntaxError as error:
                yield Flaw(path, error.lineno, f"cannot be read: {error.msg}")
                continue
            wanted = whole if rdf_format.datasets else union
            if path.startswith("dump.") and count != wanted:
                yield Flaw(path, None, f"holds {count} statements in place of {wanted}")


@lru_cache(maxsize=10_000)
def _resolved(link: str, page: str) -> tuple[str, str] | None:
    """Resolve a relative reference; ``None`` for an absolute one."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    where = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if path.endswith("/") or where == ".":
        where = posixpath.normpath(f"{where}/index.html")
    return where, unquote(parts.fragment)


def _difference(expected: list[str], found: list[str]) -> str:
    missing, added = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    if missing:
        return f"does not say what the graph says: {missing[0]}"
    return f"says what the graph does not say: {added[0]}"

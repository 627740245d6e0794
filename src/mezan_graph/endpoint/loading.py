"""What a nursery loads: the project, its published graph, and what is made of them once."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import pyoxigraph as ox

from mezan_graph.endpoint.asking import FAILURES, Asked, failure, graphs_of
from mezan_graph.endpoint.checking import Checking
from mezan_graph.errors import ProjectError
from mezan_graph.filenames import file_stem
from mezan_graph.graph import build_graph
from mezan_graph.project import Project
from mezan_graph.queries.derivation import derive
from mezan_graph.queries.evaluation import begin, ordered_wording, run_stored
from mezan_graph.queries.guard import check
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.stencils import Checked, checking
from mezan_graph.queries.stored import list_queries
from mezan_graph.queries.union import ask, count_triples
from mezan_graph.queries.wording import Edits
from mezan_graph.serialization.entities import index_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mezan_graph.description import Distribution
    from mezan_graph.endpoint.finding import Finder
    from mezan_graph.endpoint.labels import LabelIndex
    from mezan_graph.endpoint.pages import Site
    from mezan_graph.endpoint.worker import Pieces
    from mezan_graph.graph import Graph
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.stored import StoredQuery
    from mezan_graph.queries.union import Dataset
    from mezan_graph.site.view import View

RESERVED = frozenset({"format", "page", "per-page"})
"""Fields of the API that no parameter of a stored query may be called."""


@dataclass
class Loaded:
    """A project ready to be asked.

    Attributes:
        project: The project.
        graph: Its published graph.
        queries: Its stored queries by name.
        jobs: What a worker can be asked to do, by name.
        modified: When its files were last changed, in seconds since 1970.
        lasting: Whether answers stay the same until the project is loaded anew; ``None`` where
            they may change at any time, so that a client has to ask whether its copy is fresh.
        batch: How many queries of reconciliation are best sent at once.
    """

    lasting: ClassVar[bool | None] = True
    batch: ClassVar[int] = 50

    project: Project
    graph: Graph
    queries: dict[str, StoredQuery]
    modified: int
    jobs: dict[str, Callable[[Loaded, dict[str, Any], Pieces], None]] = field(default_factory=dict)

    def check(self, text: str) -> Checked:
        """Check a query of a stranger.

        Raises:
            QueryError: It is malformed or refused.
        """
        return self._checking(text)

    @cached_property
    def _checking(self) -> Callable[[str], Checked]:
        return checking(self.project.limits, self.graph.prefixes)

    def asked(
        self, checked: Checked, dataset: Dataset | None, base: str | None = None
    ) -> AbstractContextManager[Asked]:
        """Give the answer to a query of a stranger.

        Args:
            checked: The query.
            dataset: The graphs that the protocol names; they go before those of the query.
            base: What relative IRIs are resolved against.

        Raises:
            QueryError: The query is malformed, or names a graph that is not here.
        """
        if checked.sent is not None:
            try:
                raw = ask(self.graph, checked.sent, dataset=dataset, base=base)
            except FAILURES as error:
                raise self._failure(error, checked.text) from None
            return Asked(raw, partial(self._failure, text=checked.text))
        query = checked.outline
        names = {each.value for each in self.served_graphs}
        wanted = dataset or graphs_of(query, self.graph.prefixes, names.__contains__)
        raw, sent = begin(self.graph, query, Edits(), dataset=wanted, base=base)
        return Asked(raw, partial(failure, sent=sent))

    def _failure(self, error: Exception, text: str) -> Exception:
        """Return the error for what the engine raised, with its place in the query as written."""
        query = check(text, self.project.limits, remote=True, based=True)
        return failure(error, ordered_wording(query, self.graph.prefixes, Edits()))

    def stored(
        self, query: StoredQuery, given: Mapping[str, str], start: int, count: int
    ) -> tuple[Answer, int]:
        """Answer a stored query.

        Args:
            query: The query.
            given: Its parameters.
            start: How many solutions to leave out.
            count: How many to give at most.

        Returns:
            The answer, and how many solutions there are in all.

        Raises:
            ParameterError: A parameter is unknown, missing or of the wrong type.
        """
        answer = run_stored(self.graph, query, given, self.project)
        if not isinstance(answer, Solutions):
            return answer, 0
        return answer.part(start, count), len(answer)

    def holds(self, entity: ox.NamedNode) -> bool:
        """Whether anything is said about ``entity``."""
        return entity in index_of(self.graph).by_subject

    def around(self, entity: ox.NamedNode) -> Graph:  # noqa: ARG002 - a part would do
        """Return a graph that holds the description of ``entity``."""
        return self.graph

    def stem(self, local: str) -> str:
        """Return how the document of an IRI with this local part is called, without a suffix."""
        return file_stem(local)

    def description(self) -> Graph:
        """Return the description of the data set."""
        from mezan_graph.description import describe_dataset

        return describe_dataset(self.project, self.canonical, self.distributions)

    @property
    def served_graphs(self) -> tuple[ox.NamedNode, ...]:
        """The named graphs that are known to be served."""
        names = self.graph.graph_names
        return tuple(each for each in names if isinstance(each, ox.NamedNode))

    @cached_property
    def triples(self) -> int:
        """Number of distinct triples, as queries count them."""
        return count_triples(self.graph)

    @cached_property
    def stems(self) -> dict[str, str]:
        """IRIs by their path, where a document is not called like the local part of its IRI."""
        found = {}
        for subject in index_of(self.graph).by_subject:
            iri = subject.value if isinstance(subject, ox.NamedNode) else ""
            for space in ("id", "concept"):
                local = iri.removeprefix(f"{self.project.base}{space}/")
                if local not in {iri, ""} and file_stem(local) != local:
                    found[f"{space}/{file_stem(local)}"] = iri
        return found

    @cached_property
    def canonical(self) -> Graph:
        """The published graph in canonical order, as files and pages are made from it."""
        from mezan_graph.serialization import canonical

        return canonical(self.graph, seconds=self.project.limits.canonical_seconds)

    @cached_property
    def distributions(self) -> list[Distribution]:
        """The files that hold the whole data set, with sizes where these can be told."""
        from mezan_graph.endpoint.dumps import measured

        return measured(self)

    @cached_property
    def labels(self) -> LabelIndex:
        """The names of the entities, to be found by names that are nearly the same."""
        from mezan_graph.endpoint.labels import LabelIndex

        return LabelIndex(self.project, self.graph)

    @cached_property
    def site(self) -> Site:
        """What the pages are made from."""
        from mezan_graph.endpoint.pages import Site

        return Site(self)

    def named_graph(self, name: ox.NamedNode) -> Graph:
        """Return the named graph called ``name``."""
        return self.graph.restricted_to(name)

    @property
    def finder(self) -> Finder:
        """What finds pages by words."""
        return self.site.finder

    def view(self, language: str, nodes: list[ox.NamedNode]) -> View:  # noqa: ARG002 - a part would do
        """Return the view of ``language`` that can show ``nodes``."""
        return self.site.views[language]

    def preparing(self) -> Iterator[None]:
        """Make what pages and files are made from, to be shared, a part at each step."""
        _ = self.site.files
        yield
        self.site.read_templates()
        yield
        _ = self.site.finder
        yield
        _ = self.distributions
        yield

    @cached_property
    def context(self) -> dict[str, Any] | None:
        """The project's own JSON-LD context."""
        from mezan_graph.exports import local_context

        return local_context(self.project)


def load(root: Path, *, checked: bool) -> Loaded:
    """Load the project in ``root``.

    Args:
        root: Folder of the project.
        checked: Whether it must conform to its shapes.

    Raises:
        FindingsError: It does not conform.
        InputError: A file of the project cannot be read.
    """
    project = Project.open(root)
    authored = build_graph(project)
    checking = Checking(project, authored) if checked else None
    from mezan_graph.endpoint.jobs import JOBS

    graph = derive(project, authored)
    queries = served_queries(project)
    # The first question makes the store and finds out what the graphs share.
    ask(graph, "ASK { ?s ?p ?o }")
    loaded = Loaded(project, graph, queries, last_modified(project), dict(JOBS))
    # These are made once, to be shared: the index, and what is kept from it.
    _ = loaded.triples, loaded.stems, loaded.labels, loaded.context, graph.graph_names
    if checking is not None:
        checking.result()
    # What is collected, or counted as referenced, is copied for each worker: leave it alone.
    gc.collect()
    gc.freeze()
    return loaded


def served_queries(project: Project) -> dict[str, StoredQuery]:
    """Return the stored queries of ``project`` by name.

    Raises:
        ProjectError: One cannot be served.
        InputError: One is malformed.
    """
    queries = {each.name: each for each in list_queries(project)}
    for stored in queries.values():
        for parameter in stored.parameters:
            if parameter.name in RESERVED:
                raise ProjectError(
                    f"a parameter cannot be called {parameter.name} where queries are served",
                    place=stored.place,
                    hint="choose another name; the API has a field of this name",
                )
    return queries


def last_modified(project: Project) -> int:
    """Return when a file of ``project`` was last changed, in seconds since 1970."""
    latest = 0.0
    for folder in project.folders.values():
        if folder.is_dir():
            latest = max([latest, *(each.stat().st_mtime for each in folder.rglob("*"))])
    return int(latest)

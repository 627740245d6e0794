"""A project whose data is in a store elsewhere, as workers see it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pyoxigraph as ox

from mezan_graph.description import dataset_iri, identify_dataset
from mezan_graph.endpoint.asking import Asked, graphs_of
from mezan_graph.endpoint.distant.classes import Classes
from mezan_graph.endpoint.distant.excerpts import Excerpts
from mezan_graph.endpoint.distant.store import number, unreadable
from mezan_graph.endpoint.dumps import DISTRIBUTIONS
from mezan_graph.endpoint.loading import Loaded
from mezan_graph.endpoint.problems import Problem
from mezan_graph.errors import OutputError, RemoteError
from mezan_graph.formats import JSONLD
from mezan_graph.graph import Graph
from mezan_graph.namespaces import VOID, Namespace, project_prefixes
from mezan_graph.queries.binding import bind, total_order
from mezan_graph.queries.derivation import GRAPH as DERIVED
from mezan_graph.queries.evaluation import begin, with_numbers
from mezan_graph.queries.guard import check, refuse_code
from mezan_graph.queries.outline import Outline, outline
from mezan_graph.queries.parameters import bound_values
from mezan_graph.queries.solutions import Solutions
from mezan_graph.queries.stencils import Checked
from mezan_graph.queries.union import Dataset
from mezan_graph.queries.wording import Edits, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mezan_graph.description import Distribution
    from mezan_graph.endpoint.distant.store import Store
    from mezan_graph.endpoint.finding import Finder
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.stored import StoredQuery
    from mezan_graph.site.view import View

_COUNT = "mezan_count"
_KINDS = 50
_GRAPHS = ("ontology", "data", DERIVED)


@dataclass
class Distant(Loaded):
    """A project ready to be asked, with its data elsewhere; :attr:`graph` is its vocabulary.

    Attributes:
        store: Where the data is.
        dataset: The graphs whose union is served; ``None`` for the store's default graph.
    """

    lasting: ClassVar[bool | None] = None
    batch: ClassVar[int] = 3

    store: Store = field(kw_only=True)
    dataset: Dataset | None = None

    def __post_init__(self) -> None:
        self._empty = Graph([], self.project.prefixes)
        self.has_graph = lru_cache(1000)(self._has_graph)
        self.funding_kinds: tuple[ox.NamedNode, ...] = ()
        self.classes = Classes(self)

    def find_graphs(self, named: tuple[str, ...]) -> None:
        """Find out which graphs are served.

        Args:
            named: The graphs that the user named; by default those of the project that are there.

        Raises:
            RemoteError: The store fails, or there is nothing in these graphs.
        """
        project = self.project
        candidates = named or tuple(
            project.graph_iri(each) for each in dict.fromkeys((*_GRAPHS, *project.graphs))
        )
        try:
            found = [each for each in candidates if self._has_graph(each)]
            missing = sorted(set(named) - set(found))
            holds_anything = bool(found) or self._asks("ASK { ?s ?p ?o }")
        except Problem as problem:
            said = problem.trace or problem.detail
            raise RemoteError(said, hint="is it running, and does it let us in?") from None
        if missing or not holds_anything:
            lacking = f"no graph {missing[0]}" if missing else "nothing in its default graph"
            raise RemoteError(
                f"the store has {lacking}",
                hint="load it with mezan push, or name the graphs that are to be served by --graph",
            )
        graphs = tuple(map(ox.NamedNode, found))
        self.dataset = Dataset(graphs, graphs) if graphs else None

    def find_funding_kinds(self) -> None:
        """Find out which kinds of funding there are, so that each looks alike on every page.

        A store that is too slow for that is served all the same.
        """
        kind = Namespace(project_prefixes(self.project.base)["mz"]).fundingKind
        text = f"SELECT DISTINCT ?kind {{ ?grant {kind} ?kind }} ORDER BY ?kind LIMIT {_KINDS}"
        with suppress(Problem):
            found = [row[0] for row in self.select(text)]
            self.funding_kinds = tuple(each for each in found if isinstance(each, ox.NamedNode))

    @property
    def distributions(self) -> list[Distribution]:
        """The files that hold the whole data set and can be made while they are sent."""
        return [each for each in DISTRIBUTIONS if each.rdf_format is not JSONLD]

    @property
    def triples(self) -> int | None:  # type: ignore[override]
        """Nobody counts them."""
        return None

    @property
    def served_graphs(self) -> tuple[ox.NamedNode, ...]:
        """The named graphs that are known to be served."""
        return self.dataset.named if self.dataset is not None else ()

    def _has_graph(self, name: str) -> bool:
        return self._asks(f"ASK {{ GRAPH {ox.NamedNode(name)} {{ ?s ?p ?o }} }}")

    def _asks(self, text: str) -> bool:
        return bool(self.store.ask(outline(text), text, None))

    def select(self, text: str) -> Solutions:
        """Return the solutions of a query of our own on the graphs that are served."""
        found = self.store.ask(outline(text), text, self.dataset)
        assert isinstance(found, Solutions)  # noqa: S101 - the answer to SELECT
        return found

    def rows(self, text: str) -> Iterator[tuple[ox.NamedNode, Any]]:
        """Yield the solutions of a query of our own, each an IRI and whatever belongs to it.

        Raises:
            Problem: The store fails, or gives something else than an IRI.
        """
        for node, *others in self.select(text):
            if not isinstance(node, ox.NamedNode):
                raise unreadable("something else than an IRI was found")
            yield node, others

    def count(self, text: str) -> int:
        """Return the only number that a query of our own asks for."""
        return _counted(self.select(text))

    def within(self, *spaces: str) -> str:
        """Return the condition that the IRI ``?s`` is in a space of the base IRI, as ``id/`` is."""
        starts = (ox.Literal(self.project.base + each) for each in spaces)
        return " || ".join(f"STRSTARTS(STR(?s), {each})" for each in starts)

    def part(self, quads: Iterable[ox.Quad]) -> Self:
        """Return the same project with the vocabulary and ``quads`` as its graph."""
        part = replace(self, graph=self.beside_vocabulary(quads))
        part.funding_kinds, part.classes = self.funding_kinds, self.classes
        return part

    def check(self, text: str) -> Checked:
        """Check a query of a stranger, which the store gets as it is written."""
        query = check(text, self.project.limits, remote=True, based=True)
        return Checked(text, query, query.words)

    @contextmanager
    def asked(
        self, checked: Checked, dataset: Dataset | None, base: str | None = None
    ) -> Iterator[Asked]:
        """Pass a query on that is SPARQL 1.1 and reaches no further than the store."""
        query = checked.outline
        refuse_code(query)
        begin(self._empty, query, Edits(), base=base)
        if dataset is not None:
            for each in {*dataset.default, *dataset.named}:
                if not self._serves(each.value):
                    raise Problem(400, f"there is no graph {each}", hint="nothing is fetched")
        elif graphs_of(query, self.project.prefixes, self._serves) is None:
            dataset = self.dataset
        edits = Edits()
        total_order(query, edits)
        text = wording(query, self.project.prefixes, edits, local=False).text
        if base is not None and not query.has_base:
            text = f"BASE {ox.NamedNode(base)} {text}"
        with self.store.stream(query, text, dataset) as raw:
            yield Asked(raw, failure)

    def _serves(self, name: str) -> bool:
        if self.dataset is not None:
            return ox.NamedNode(name) in self.dataset.named
        return self.has_graph(name)

    def stored(
        self, query: StoredQuery, given: Mapping[str, str], start: int, count: int
    ) -> tuple[Answer, int]:
        """Answer a stored query; the store is asked for the page, and for more only to count."""
        terms, numbers = bound_values(query.parameters, given, self.project)
        asked = query.outline
        edits = with_numbers(asked, bind(asked, terms), numbers)
        total_order(asked, edits)
        if not _has_room_for_limit(asked):
            answer = self._stored(asked, edits)
            if not isinstance(answer, Solutions):
                return answer, 0
            return answer.part(start, count), len(answer)
        end = len(asked.tokens)
        before = edits.before.get(end, "")
        edits.before[end] = f"{before} LIMIT {count + 1} OFFSET {start}"
        answer = self._stored(asked, edits)
        assert isinstance(answer, Solutions)  # noqa: S101 - only SELECT has room for LIMIT
        total = start + len(answer)
        if len(answer) > count or (start and not answer):
            edits.before[end] = f"{before} }} }}"
            edits.before[asked.start] = f"SELECT (COUNT(*) AS ?{_COUNT}) WHERE {{ {{ "
            total = _counted(self._stored(asked, edits))
        return answer.part(0, count), total

    def _stored(self, query: Outline, edits: Edits) -> Answer:
        text = wording(query, self.project.prefixes, edits, local=False).text
        return self.store.ask(query, text, self.dataset)

    def holds(self, entity: ox.NamedNode) -> bool:
        """Whether anything is said about ``entity``, there or in the vocabulary."""
        return super().holds(entity) or bool(self.select(f"SELECT ?p {{ {entity} ?p ?o }} LIMIT 1"))

    def around(self, entity: ox.NamedNode) -> Graph:
        """Return the vocabulary and what the store says that belongs to the description."""
        return self.beside_vocabulary(Excerpts(self).described(entity))

    def named_graph(self, name: ox.NamedNode) -> Graph:
        """Return the named graph called ``name``.

        Raises:
            LimitError: It is too large.
        """
        if name in self.graph.graph_names:
            return super().named_graph(name)
        return Graph.from_quads(Excerpts(self).of_graph(name), self.project.prefixes)

    @property
    def finder(self) -> Finder:
        """What asks the store for pages with some words."""
        from mezan_graph.endpoint.distant.finding import DistantFinder

        return DistantFinder(self)

    def view(self, language: str, nodes: list[ox.NamedNode]) -> View:
        """Return a view of what a list says of ``nodes``."""
        return self.part(Excerpts(self).entries(nodes)).site.views[language]

    def stem(self, local: str) -> str:
        """Return the local part itself: nothing would tell what a digest stands for."""
        return local

    def description(self) -> Graph:
        """Return the description of the data set, without counts and files."""
        dataset, endpoint = dataset_iri(self.project), f"{self.project.site}sparql"
        quads = [ox.Quad(dataset, VOID.sparqlEndpoint, ox.NamedNode(endpoint))]
        return Graph.from_quads([*identify_dataset(self.project), *quads], self.project.prefixes)

    def preparing(self) -> Iterator[None]:
        """Make what all pages need; there is no index of names and no file of everything."""
        _ = self.site.files
        yield
        self.site.read_templates()
        yield

    def beside_vocabulary(self, quads: Iterable[ox.Quad]) -> Graph:
        """Return the vocabulary of the project and ``quads``."""
        known = dict.fromkeys(quads)
        vocabulary = (quad for quad in self.graph if quad not in known)
        return Graph.from_quads(chain(known, vocabulary), self.project.prefixes)


def _has_room_for_limit(query: Outline) -> bool:
    """Whether pages of the solutions can be asked for: they are in order, and not cut already."""
    if query.form != "SELECT" or not query.ordered or query.where is None:
        return False
    after = range(query.where.closing, len(query.tokens))
    words = {query.tokens[index].word for index in after if query.depths[index] == 0}
    return words.isdisjoint({"LIMIT", "OFFSET", "VALUES"})


def _counted(answer: Answer) -> int:
    return number(answer[0][0] if isinstance(answer, Solutions) and len(answer) == 1 else None)


def failure(error: Exception) -> Exception:
    """Return the error for what was raised while an answer was read and written."""
    if isinstance(error, SyntaxError):
        return unreadable(str(error))
    return OutputError(f"the answer cannot be written: {error}", hint="choose another format")

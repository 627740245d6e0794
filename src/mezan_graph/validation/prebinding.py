"""Queries of a shapes graph, run for many focus nodes at once (SHACL, section 5.3.1).

The focus nodes go into ``VALUES``, a batch at a time; blank nodes, which cannot stand there, come
from a function. The store rewrites literals, so that a query that looks at lexical forms or derived
integer types sees the rewritten ones.
"""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import SH, XSD
from mezan_graph.queries.bounded import Bounded
from mezan_graph.settings import Limits
from mezan_graph.validation.constraint import Declared
from mezan_graph.validation.constraint_store import SHAPES_GRAPH
from mezan_graph.validation.originals import rewritten
from mezan_graph.validation.sparql_text import SparqlText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.validation.constraint import Evaluation, Shape, Term
    from mezan_graph.validation.query_groups import Reach
    from mezan_graph.validation.shapes_graph import ShapesGraph

_BATCH = 1000
_LONG = 100
_PLACE = re.compile(r"error at \d+:\d+: ")
_ROW = "?mezan_row"
_CONSTANTS = {"?currentShape", "?shapesGraph"}


class PreboundQuery(Declared):
    """A query of a shapes graph, checked, with what does not change between focus nodes.

    Attributes:
        text: The text.
        prefixes: What ``sh:prefixes`` declares.
        constants: Variable to its term: parameters, ``$currentShape``, ``$shapesGraph``.
        path: The property path of the shape in SPARQL, for ``$PATH``.
        name: For errors.
        reach: Which predicates it can match; ``None`` for all of them.
        malformed: From what the engine says of its syntax to the error that names the shape.
    """

    text: SparqlText
    prefixes: dict[str, str]
    constants: dict[str, Term]
    path: str | None
    name: str
    reach: Reach | None
    malformed: Callable[[str], ShapeError]
    _is_sparql: bool = False

    @property
    def asks_shapes(self) -> bool:
        """Whether it may ask the shapes graph too."""
        return "?shapesGraph" in self.text.variables

    def rows(
        self, evaluation: Evaluation, variables: tuple[str, ...], rows: Iterable[tuple[Term, ...]]
    ) -> Iterator[tuple[tuple[Term, ...], dict[str, Term]]]:
        """Yield each solution together with the row of ``variables`` that it is for.

        Raises:
            ShapeError: The query is not SPARQL, or reports a failure.
            LimitError: It takes too long, or too much memory.
        """
        work = _work(evaluation)
        left = float(source_limits(evaluation.shapes).query_seconds)
        for batch in _batches(rows, 1 if self.text.sliced else _BATCH):
            originals = rewritten({term for row in batch for term in row})
            by_row: dict[tuple[Term, ...], list[tuple[Term, ...]]] = {}
            for row in batch:
                by_row.setdefault(tuple(originals.get(each, each) for each in row), []).append(row)
            started = time.monotonic()
            try:
                solutions = work(
                    self._question(variables, batch),
                    seconds=left,
                    what=f"a SPARQL constraint of {self.name}",
                )
            except SyntaxError as error:
                raise self._malformed(error) from None
            self._is_sparql = True
            left -= time.monotonic() - started
            for solution in solutions:
                key = tuple(solution.pop(each) for each in variables if each in solution)
                if "?failure" in solution and solution["?failure"] == ox.Literal(
                    "true", datatype=XSD.boolean
                ):
                    raise ShapeError(f"{self.name}: the query reports a failure for {key[0]}")
                for row in by_row.get(key, ()):
                    yield row, solution

    def check_syntax(self) -> None:
        """Let the engine parse the query, unless it has been asked already.

        There is no row to answer for: with one, the engine would begin at once, in this process.

        Raises:
            ShapeError: It is not SPARQL.
        """
        if self._is_sparql:
            return
        variables = ("?this",) if self.text.form == "SELECT" else ("?this", "?value")
        try:
            _asked(ox.Store(), self._question(variables, []))
        except SyntaxError as error:
            raise self._malformed(error) from None
        self._is_sparql = True

    def _malformed(self, error: SyntaxError) -> ShapeError:
        where = _PLACE.sub("", str(error).replace("\n", " "))
        message = where if len(where) <= _LONG else f"{where[:_LONG]}…"
        return self.malformed(f"the text is not SPARQL: {message}")

    def _question(self, variables: tuple[str, ...], batch: list[tuple[Term, ...]]) -> _Question:
        tables: _Tables = {}

        def bind(wanted: set[str]) -> str:
            blocks = []
            varying = [each for each in variables if each in wanted]
            if varying:
                columns = [variables.index(each) for each in varying]
                distinct = list(dict.fromkeys(tuple(row[i] for i in columns) for row in batch))
                blocks.append(_block(varying, distinct, tables))
            blocks += [
                _block([each], [(self.constants[each],)], tables)
                for each in sorted(wanted - set(variables))
            ]
            return " ".join(blocks)

        constants = {each for each in self.constants if each in self.text.variables}
        text = self.text.rendered(
            bind,
            replaced={each: str(self.constants[each]) for each in constants}
            | ({"?PATH": f"({self.path})"} if self.path else {}),
            names=constants | set(variables),
            columns=variables,
            lateral=True,
        )
        return _Question(text, self.prefixes, tables)


_Tables = dict[str, tuple[int, list[tuple["Term", ...]]]]


class _Question(NamedTuple):
    """A query with everything that its evaluation needs but the data.

    Attributes:
        text: The text with its VALUES.
        prefixes: Prefixes besides those that it declares.
        tables: IRI of a function from a number to a term: the column, and the rows by number.
    """

    text: str
    prefixes: dict[str, str]
    tables: _Tables


def _answer(store: ox.Store, question: _Question) -> list[dict[str, Term]]:
    found = _asked(store, question)
    names = [str(each) for each in found.variables]
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in found
    ]


def _asked(store: ox.Store, question: _Question) -> Any:
    functions: dict[ox.NamedNode, Callable[..., Any]] = {}
    for name, (column, rows) in question.tables.items():

        def look_up(
            number: ox.Literal, column: int = column, rows: list[tuple[Term, ...]] = rows
        ) -> Term:
            return rows[int(number.value)][column]

        functions[ox.NamedNode(name)] = look_up
    return store.query(
        question.text,
        prefixes=question.prefixes,
        custom_functions=functions,
    )


_WORK: WeakKeyDictionary[Evaluation, Bounded] = WeakKeyDictionary()


def _work(evaluation: Evaluation) -> Bounded:
    """Return what answers the questions of a validation, in a process of its own."""
    if evaluation not in _WORK:
        _WORK[evaluation] = Bounded(
            partial(_answer, evaluation.store),
            mebibytes=source_limits(evaluation.shapes).query_mebibytes,
        )
    return _WORK[evaluation]


def end_work(evaluation: Evaluation) -> None:
    """End the process that answers the questions of a validation, if there is one."""
    _WORK.pop(evaluation, None)


def source_limits(shapes: Graph) -> Limits:
    """Return the limits of the project that ``shapes`` were read for."""
    sources = (part.source for part in shapes.parts if part.source is not None)
    return next((each.limits for each in sources), Limits())


def _batches(rows: Iterable[tuple[Term, ...]], size: int) -> Iterator[list[tuple[Term, ...]]]:
    # Blank nodes cannot stand in VALUES; they get batches of their own.
    waiting: dict[bool, list[tuple[Term, ...]]] = {False: [], True: []}
    for row in rows:
        blank = any(isinstance(each, ox.BlankNode) for each in row)
        waiting[blank].append(row)
        if len(waiting[blank]) == size:
            yield waiting[blank]
            waiting[blank] = []
    yield from (each for each in waiting.values() if each)


def _block(
    variables: list[str],
    rows: list[tuple[Term, ...]],
    tables: _Tables,
) -> str:
    if not any(isinstance(each, ox.BlankNode) for row in rows for each in row):
        values = " ".join(f"({' '.join(map(str, row))})" for row in rows)
        return f"VALUES ({' '.join(variables)}) {{ {values} }}"
    row_variable = f"{_ROW}_{'_'.join(each[1:] for each in variables)}"
    text = f"VALUES {row_variable} {{ {' '.join(map(str, range(len(rows))))} }}"
    for column, variable in enumerate(variables):
        function = f"urn:x-mezan:{'-'.join(variables)}:{column}".replace("?", "")
        tables[function] = column, rows
        text += f" BIND(<{function}>({row_variable}) AS {variable})"
    return text


def prebound_query(
    rdf: ShapesGraph, shape: Shape, node: Term, form: str, parameters: dict[str, Term | None]
) -> PreboundQuery:
    """Read and check the query at ``node``, for ``shape`` with ``parameters`` of a component.

    Its syntax is checked when it is first asked, or by :meth:`PreboundQuery.check_syntax`.

    Raises:
        ShapeError: The query is missing, malformed, or uses what SHACL does not allow.
    """
    text = rdf.one(node, SH[form.lower()])
    if not isinstance(text, ox.Literal):
        raise rdf.error(node, f"one sh:{form.lower()} is needed, with the text of a query")
    constants = {f"?{name}": term for name, term in parameters.items() if term is not None}
    constants |= {"?currentShape": shape.node, "?shapesGraph": SHAPES_GRAPH}
    prefixes = rdf.prefixes(node)
    prebound = {"?this"} | ({"?value"} if form == "ASK" else set())
    try:
        query = SparqlText(text.value)
        if "?PATH" in query.variables and shape.path is None:
            raise ShapeError("$PATH stands only in a shape with a sh:path")  # noqa: TRY301
        query.check(form, prebound, _CONSTANTS | {f"?{name}" for name in parameters})
        query.check_prefixes(prefixes)
    except ShapeError as error:
        raise rdf.error(node, error.message, error.hint, value=text) from None
    compiled = PreboundQuery(
        text=query,
        prefixes=prefixes,
        reach=query.reach(prefixes, shape.path),
        constants=constants,
        path=None if shape.path is None else str(shape.path),
        name=rdf.short(shape.node),
        malformed=partial(rdf.error, node, value=text),
    )
    rdf.queries.append(compiled)
    return compiled

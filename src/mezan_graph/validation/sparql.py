"""SPARQL constraints (SHACL, section 5), each evaluated for all focus nodes at once.

A query gets its focus nodes in ``VALUES``, a batch at a time, and runs on the store of the data.
The store rewrites literals, so a value that comes back is matched with the literal of the data that
it was; a query that looks at lexical forms or derived integer types sees the rewritten ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import SH, XSD
from mezan_graph.validation.constraint import Constraint, Evaluation, Finding, Shape, Term
from mezan_graph.validation.sparql_text import SparqlText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from mezan_graph.validation.shapes_graph import ShapesGraph

SHAPES_GRAPH = ox.NamedNode("urn:x-mezan:shapes")
"""What ``$shapesGraph`` is bound to: the name of the shapes graph in queries that ask for it."""

_BATCH = 1000
_ROW = "?mezan_row"
_CONSTANTS = {"?currentShape", "?shapesGraph"}


@dataclass(frozen=True, slots=True)
class PreboundQuery:
    """A query of a shapes graph, checked, with what does not change between focus nodes.

    Attributes:
        text: The text.
        prefixes: What ``sh:prefixes`` declares.
        constants: Variable to its term: parameters, ``$currentShape``, ``$shapesGraph``.
        path: The property path of the shape in SPARQL, for ``$PATH``.
        name: For errors.
    """

    text: SparqlText
    prefixes: dict[str, str]
    constants: dict[str, Term]
    path: str | None
    name: str

    def rows(
        self, evaluation: Evaluation, variables: tuple[str, ...], rows: Iterable[tuple[Term, ...]]
    ) -> Iterator[tuple[tuple[Term, ...], dict[str, Term]]]:
        """Yield each solution together with the row of ``variables`` that it is for.

        Raises:
            ShapeError: The query is not SPARQL, or reports a failure.
        """
        store = self._store(evaluation)
        for batch in _batches(rows, 1 if self.text.sliced else _BATCH):
            originals = _rewritten({term for row in batch for term in row})
            by_row: dict[tuple[Term, ...], list[tuple[Term, ...]]] = {}
            for row in batch:
                by_row.setdefault(tuple(originals.get(each, each) for each in row), []).append(row)
            for solution in self._solutions(store, variables, batch):
                key = tuple(solution.pop(each) for each in variables if each in solution)
                if "?failure" in solution and solution["?failure"] == ox.Literal(
                    "true", datatype=XSD.boolean
                ):
                    raise ShapeError(f"{self.name}: the query reports a failure for {key[0]}")
                for row in by_row.get(key, ()):
                    yield row, solution

    def check_syntax(self) -> None:
        """Evaluate the query once over nothing.

        Raises:
            ShapeError: The query is not SPARQL.
        """
        variables = ("?this",) if self.text.form == "SELECT" else ("?this", "?value")
        list(self._solutions(ox.Store(), variables, [(SHAPES_GRAPH,) * len(variables)]))

    def _store(self, evaluation: Evaluation) -> ox.Store:
        if "?shapesGraph" not in self.text.variables:
            return evaluation.data.store
        store = ox.Store()
        store.bulk_extend(evaluation.data)
        store.bulk_extend(
            ox.Quad(each.subject, each.predicate, each.object, SHAPES_GRAPH)
            for each in evaluation.shapes.triples()
        )
        return store

    def _solutions(
        self, store: ox.Store, variables: tuple[str, ...], batch: list[tuple[Term, ...]]
    ) -> Iterator[dict[str, Term]]:
        functions: dict[ox.NamedNode, Callable[..., Any]] = {}

        def bind(wanted: set[str]) -> str:
            blocks = []
            varying = [each for each in variables if each in wanted]
            if varying:
                columns = [variables.index(each) for each in varying]
                distinct = list(dict.fromkeys(tuple(row[i] for i in columns) for row in batch))
                blocks.append(_block(varying, distinct, functions))
            blocks += [
                _block([each], [(self.constants[each],)], functions)
                for each in sorted(wanted - set(variables))
            ]
            return " ".join(blocks)

        constants = {each for each in self.constants if each in self.text.variables}
        text = self.text.rendered(
            bind,
            replaced={each: str(self.constants[each]) for each in constants}
            | ({"?PATH": f"({self.path})"} if self.path else {}),
            names=constants | set(variables),
            variables=variables,
        )
        try:
            found = store.query(
                text,
                prefixes=self.prefixes,
                use_default_graph_as_union=True,
                custom_functions=functions,
            )
        except SyntaxError as error:
            raise ShapeError(f"{self.name}: {error}", hint="the text is not SPARQL") from None
        names = [str(each) for each in found.variables]  # type: ignore[union-attr]
        for row in found:  # type: ignore[union-attr]
            yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


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
    functions: dict[ox.NamedNode, Callable[..., Any]],
) -> str:
    if not any(isinstance(each, ox.BlankNode) for row in rows for each in row):
        values = " ".join(f"({' '.join(map(str, row))})" for row in rows)
        return f"VALUES ({' '.join(variables)}) {{ {values} }}"
    row_variable = f"{_ROW}_{'_'.join(each[1:] for each in variables)}"
    text = f"VALUES {row_variable} {{ {' '.join(map(str, range(len(rows))))} }}"
    for column, variable in enumerate(variables):
        function = ox.NamedNode(f"urn:x-mezan:{'-'.join(variables)}:{column}".replace("?", ""))

        def look_up(number: ox.Literal, column: int = column) -> Term:
            return rows[int(number.value)][column]

        functions[function] = look_up
        text += f" BIND({function}({row_variable}) AS {variable})"
    return text


def _rewritten(terms: Collection[Term]) -> dict[Term, Term]:
    """Return literal to the literal that a store makes of it, for those that it changes."""
    literals = [
        each
        for each in terms
        if isinstance(each, ox.Literal) and (each.language or each.datatype != XSD.string)
    ]
    changed: dict[Term, Term] = {}
    store = ox.Store()
    for start in range(0, len(literals), _BATCH):
        batch = literals[start : start + _BATCH]
        values = " ".join(f"({number} {each})" for number, each in enumerate(batch))
        for row in store.query(f"SELECT ?i ?v {{ VALUES (?i ?v) {{ {values} }} }}"):  # type: ignore[union-attr]
            literal = batch[int(row[0].value)]
            if row[1] != literal:
                changed[literal] = row[1]
    return changed


class Originals:
    """Literals of the data by what the store makes of them, read when first asked for."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._index = evaluation.index
        self._by_rewritten: dict[Term, list[Term]] | None = None

    def number(self, focus: int, term: Term, values: Collection[int]) -> int:
        """Return the number of the literal of the data that the store gave back as ``term``.

        Among several, one of ``values`` or a value of the focus node goes first.
        """
        if not isinstance(term, ox.Literal) or term.datatype == XSD.string:
            return self._index.number(term)
        if self._by_rewritten is None:
            self._by_rewritten = {}
            literals = self._index.literals()
            for original, rewritten in _rewritten(literals).items():
                self._by_rewritten.setdefault(rewritten, []).append(original)
        numbers = [self._index.number(each) for each in (term, *self._by_rewritten.get(term, ()))]
        if len(numbers) == 1:
            return numbers[0]
        near = set(values) | set(self._index.values(focus))
        known = [each for each in numbers if each in near]
        return (known or numbers[1:])[0]


@dataclass(eq=False, kw_only=True)
class SparqlSelect(Constraint):
    """A constraint by SELECT (5.1): ``sh:sparql``, ``sh:nodeValidator``, ``sh:propertyValidator``.

    Attributes:
        query: The query; each of its solutions is a breach.
        at_node: Whether it belongs to a node shape, whose value is the focus node.
    """

    query: PreboundQuery
    at_node: bool

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield one breach for each solution."""
        index, originals = evaluation.index, Originals(evaluation)
        rows = ((index.terms[focus],) for focus in values)
        for (this,), solution in self.query.rows(evaluation, ("?this",), rows):
            focus = index.number(this)
            value: int | None = focus if self.at_node else None
            if "?value" in solution:
                value = originals.number(focus, solution["?value"], values[focus])
            path = solution.get("?path")
            yield Finding(
                focus,
                value,
                str(path) if isinstance(path, ox.NamedNode) else None,
                {name[1:]: term for name, term in (self.query.constants | solution).items()},
            )


@dataclass(eq=False, kw_only=True)
class SparqlAsk(Constraint):
    """A constraint by ASK (5.4.2): each value node for which the answer is false is a breach."""

    query: PreboundQuery

    def findings(
        self, evaluation: Evaluation, values: Mapping[int, Collection[int]]
    ) -> Iterator[Finding]:
        """Yield the value nodes for which the query has no solution."""
        index = evaluation.index
        pairs = [
            (index.terms[focus], index.terms[value])
            for focus, each in values.items()
            for value in each
        ]
        good = {row for row, _ in self.query.rows(evaluation, ("?this", "?value"), pairs)}
        bindings = {name[1:]: term for name, term in self.query.constants.items()}
        for this, value in pairs:
            if (this, value) not in good:
                yield Finding(index.number(this), index.number(value), None, bindings)


def prebound_query(
    rdf: ShapesGraph, shape: Shape, node: Term, form: str, parameters: dict[str, Term | None]
) -> PreboundQuery:
    """Read and check the query at ``node``, for ``shape`` with ``parameters`` of a component.

    Raises:
        ShapeError: The query is missing, malformed, or uses what SHACL does not allow.
    """
    text = rdf.one(node, SH[form.lower()])
    if not isinstance(text, ox.Literal):
        raise rdf.error(node, f"one sh:{form.lower()} is needed, with the text of a query")
    constants = {f"?{name}": term for name, term in parameters.items() if term is not None}
    constants |= {"?currentShape": shape.node, "?shapesGraph": SHAPES_GRAPH}
    prebound = {"?this"} | ({"?value"} if form == "ASK" else set())
    try:
        query = SparqlText(text.value)
        if "?PATH" in query.variables and shape.path is None:
            raise ShapeError("$PATH stands only in a shape with a sh:path")  # noqa: TRY301
        query.check(form, prebound, _CONSTANTS | {f"?{name}" for name in parameters})
    except ShapeError as error:
        raise rdf.error(node, error.message) from None
    compiled = PreboundQuery(
        text=query,
        prefixes=rdf.prefixes(node),
        constants=constants,
        path=None if shape.path is None else str(shape.path),
        name=rdf.short(shape.node),
    )
    compiled.check_syntax()
    return compiled


def sparql_constraints(rdf: ShapesGraph, shape: Shape) -> list[Constraint]:
    """Return the constraints that ``sh:sparql`` declares at ``shape`` (5.2).

    Raises:
        ShapeError: One of them is malformed.
    """
    constraints: list[Constraint] = []
    for node in rdf.objects(shape.node, SH.sparql):
        query = prebound_query(rdf, shape, node, "SELECT", {})
        if rdf.flag(node, SH.deactivated):
            continue
        constraints.append(
            SparqlSelect(
                component=SH.SPARQLConstraintComponent,
                requirement="the SPARQL constraint is not met"
                + ("" if shape.path is None else ": {?value}"),
                messages=rdf.messages(node),
                source=node,
                query=query,
                at_node=shape.path is None,
            )
        )
    return constraints

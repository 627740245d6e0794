"""Solutions of a SELECT query: rows of RDF terms that turn into dictionaries and data frames."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.errors import UsageError
from mezan_graph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl

ResultTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
"""What a variable can be bound to in a solution."""

Value = str | int | float | bool | Decimal | dt.date | None
"""What a term becomes in Python; unbound is ``None``."""

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(
        (
            XSD[name].value
            for name in (
                "integer", "int", "long", "short", "byte", "nonNegativeInteger",
                "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedInt",
                "unsignedLong", "unsignedShort", "unsignedByte", "gYear",
            )
        ),
        int,
    ),
    XSD.double.value: float,
    XSD.float.value: float,
    XSD.decimal.value: Decimal,
    XSD.boolean.value: _BOOLEANS.__getitem__,
    XSD.date.value: dt.date.fromisoformat,
    XSD.dateTime.value: dt.datetime.fromisoformat,
}  # fmt: skip


def python_value(term: ResultTerm | None) -> Value:
    """Return the Python value of a term.

    Integers and years become ``int``, decimals ``Decimal``, doubles and floats ``float``,
    booleans ``bool``, dates ``datetime.date`` and date-times ``datetime.datetime``; everything
    else, and a literal whose lexical form Python cannot read, its string. A language tag is lost.
    """
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return str(term) if isinstance(term, ox.Triple) else term.value
    read = _READERS.get(term.datatype.value, str)
    try:
        return read(term.value)
    except (ValueError, KeyError, InvalidOperation):
        return term.value


def is_number(term: ox.Literal) -> bool:
    """Whether a literal is of a numeric datatype and its lexical form is a number."""
    if _READERS.get(term.datatype.value) not in _NUMBERS:
        return False
    return isinstance(python_value(term), int | float | Decimal)


_NUMBERS: frozenset[object] = frozenset({int, float, Decimal})


def sort_key(terms: Iterable[ResultTerm | None]) -> tuple[tuple[int, Decimal, str, str], ...]:
    """Return a key that sorts rows: unbound, blank nodes, IRIs, numbers by value, other literals.

    Blank nodes compare equal, since their labels differ from run to run.
    """
    return tuple(_term_key(term) for term in terms)


_ZERO = Decimal(0)


def _term_key(term: ResultTerm | None) -> tuple[int, Decimal, str, str]:
    if term is None:
        return 0, _ZERO, "", ""
    if isinstance(term, ox.BlankNode):
        return 1, _ZERO, "", ""
    if isinstance(term, ox.NamedNode):
        return 2, _ZERO, term.value, ""
    if not isinstance(term, ox.Literal):
        return 5, _ZERO, str(term), ""
    kind = f"{term.datatype.value} {term.language or ''}"
    value = python_value(term)
    if isinstance(value, int | float | Decimal) and value == value:  # noqa: PLR0124 - not NaN
        return 3, Decimal(value), term.value, kind
    return 4, _ZERO, term.value, kind


class Row:
    """One solution: terms by variable name, by position or by attribute; unbound is ``None``.

    ``row["name"]``, ``row[0]`` and ``row.name`` give the same term. Iterating gives the terms, as
    with a tuple; ``dict(row)`` and ``row.items()`` give them with their names. A variable called
    ``keys``, ``items`` or ``get`` is reached by ``row["keys"]`` alone.
    """

    __slots__ = ("_names", "_terms")

    def __init__(self, names: tuple[str, ...], terms: Sequence[ResultTerm | None]) -> None:
        self._names = names
        self._terms = tuple(terms)

    def __getitem__(self, key: str | int) -> ResultTerm | None:
        """Return the term of a variable.

        Raises:
            KeyError: The query has no variable of this name.
            IndexError: It has fewer variables.
        """
        if isinstance(key, str):
            try:
                return self._terms[self._names.index(key.lstrip("?$"))]
            except ValueError:
                raise KeyError(key) from None
        return self._terms[key]

    def __getattr__(self, name: str) -> ResultTerm | None:
        """Return the term of the variable ``name``."""
        if name.startswith("_") or name not in self._names:
            raise AttributeError(name)
        return self[name]

    def __iter__(self) -> Iterator[ResultTerm | None]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Row):
            return (self._names, self._terms) == (other._names, other._terms)
        return self._terms == other

    def __hash__(self) -> int:
        return hash(self._terms)

    def __repr__(self) -> str:
        bound = ", ".join(f"{name}={term}" for name, term in self.items() if term is not None)
        return f"Row({bound})"

    def keys(self) -> tuple[str, ...]:
        """Return the names of the variables."""
        return self._names

    def items(self) -> Iterator[tuple[str, ResultTerm | None]]:
        """Yield each variable's name and term."""
        return zip(self._names, self._terms, strict=True)

    def get(self, name: str, default: ResultTerm | None = None) -> ResultTerm | None:
        """Return the term of the variable ``name``, ``default`` if unbound or unknown."""
        term = self[name] if name in self._names else None
        return default if term is None else term


class Solutions:
    """The solutions of a SELECT query. Immutable.

    Attributes:
        variables: Names of the variables, in the order of the SELECT clause.
        rows: The solutions: in the order of ORDER BY where the query has one, else sorted by
            :func:`sort_key`, so that one query on one graph always gives the same sequence.
        ordered: Whether the query has an ORDER BY.
        prefixes: Prefix to namespace IRI, for formats that abbreviate.
    """

    def __init__(
        self,
        variables: Iterable[str],
        rows: Iterable[Sequence[ResultTerm | None]],
        *,
        ordered: bool = False,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.variables = tuple(variables)
        made = [Row(self.variables, row) for row in rows]
        self.rows = tuple(made if ordered else sorted(made, key=sort_key))
        self.ordered = ordered
        self.prefixes = dict(prefixes or {})

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        """Return the row at ``index``."""
        return self.rows[index]

    def part(self, start: int, count: int) -> Solutions:
        """Return the rows from the one at ``start`` on, at most ``count``, in the same order."""
        rows = [list(row) for row in self.rows[start : start + count]]
        return Solutions(self.variables, rows, ordered=True, prefixes=self.prefixes)

    def __repr__(self) -> str:
        return f"Solutions({', '.join(self.variables)}: {len(self)} rows)"

    def to_dicts(self) -> list[dict[str, Value]]:
        """Return the rows as dictionaries of Python values, as :func:`python_value` makes them."""
        return [{name: python_value(term) for name, term in row.items()} for row in self]

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame of Python values, one column for each variable.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise _not_installed("pandas") from None
        columns = {name: pd.Series(self._column(name), dtype=object) for name in self.variables}
        return pd.DataFrame(columns, columns=list(self.variables)).infer_objects()

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame of Python values, one column for each variable.

        A column that mixes kinds of values holds their strings, since polars has one type for
        each column.

        Raises:
            UsageError: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise _not_installed("polars") from None
        columns = []
        for name in self.variables:
            values = self._column(name)
            kinds = {type(value) for value in values if value is not None}
            if len(kinds) > 1:
                terms = [row[name] for row in self]
                values = [None if term is None else _text(term) for term in terms]
            columns.append(pl.Series(name, values))
        return pl.DataFrame(columns)

    def _column(self, name: str) -> list[Any]:
        return [python_value(row[name]) for row in self]


def _text(term: ResultTerm) -> str:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term.value


def _not_installed(library: str) -> UsageError:
    return UsageError(f"{library} is not installed", hint=f"pip install 'mezan-graph[{library}]'")

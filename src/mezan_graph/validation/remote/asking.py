"""Rows of a SELECT query from an endpoint, all of them or an error: counted first, then paged.

Stores cut long answers with status 200, each at a length of its own. So the endpoint counts the
rows before it is asked for them, and pages that do not add up are an error.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import LimitError, RefusedByEndpointError, RefusedQueryError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.settings import Limits
    from mezan_graph.validation.shapes_graph import Term

PAGE = 5000
"""Most rows that are asked for at once; Virtuoso gives at most 10,000."""

_COUNT = "?mezan_count"


class NotCarriedError(Exception):
    """A constraint cannot be decided at this endpoint; the argument says why."""


class Asking:
    """One endpoint, or some graphs of it.

    Args:
        endpoint: Its URL, as for :func:`mezan_graph.queries.remote.run_remote`.
        graphs: The graphs whose union is asked; by default the endpoint's default graph.
        timeout: Longest wait for one answer, in seconds; by default ``limits.query_seconds``.
        limits: Bounds; ``results`` is the most rows that are taken of one question.

    Attributes:
        asked: Number of queries so far.
    """

    def __init__(
        self, endpoint: str, graphs: Iterable[ox.NamedNode], timeout: float | None, limits: Limits
    ) -> None:
        from mezan_graph.queries.remote import shown_endpoint

        self._endpoint = endpoint
        self._from = "".join(f"FROM {each} " for each in graphs)
        self._timeout = timeout
        self._limits = limits
        self.shown = shown_endpoint(endpoint)
        self.asked = 0

    def count(self, body: str, prologue: str = "") -> int:
        """Return the number of solutions of ``body``, a SELECT query or a pattern in braces."""
        text = f"{prologue}SELECT (COUNT(*) AS {_COUNT}) {self._from}WHERE {{ {body}\n}}"
        rows = self._answer(text)
        if len(rows) == 1 and isinstance(rows[0][0], ox.Literal) and rows[0][0].value.isdigit():
            return int(rows[0][0].value)
        raise self._error("the answer to a COUNT is not one number")

    def rows(
        self, variables: tuple[str, ...], body: str, prologue: str = ""
    ) -> list[tuple[Term | None, ...]]:
        """Return every solution of ``body``, a SELECT query without prologue.

        Args:
            variables: What is wanted of each solution, with question marks.
            body: The query from SELECT on.
            prologue: Its prefixes.

        Raises:
            NotCarriedError: The endpoint does not take the query, or answers with blank nodes that
                have other names each time.
            LimitError: There are too many solutions.
            RemoteError: The endpoint fails, or its answers are cut.
        """
        inner = f"{{ {body}\n}}"
        count = self.count(inner, prologue)
        if count > self._limits.results:
            raise LimitError(
                f"{self.shown} would answer with {count:,} rows, over {self._limits.results:,}",
                hint="validate fewer shapes at a time, or raise limits.results in mezan.toml",
            )
        names = " ".join(variables)
        found: list[tuple[Term | None, ...]] = []
        if 0 < count <= PAGE:
            found = self._answer(f"{prologue}SELECT {names} {self._from}WHERE {{ {inner} }}")
        if len(found) != count:
            found = self._pages(names, inner, prologue, count, min(PAGE, len(found) or PAGE))
        if not self.keeps_blank_nodes and any(
            isinstance(each, ox.BlankNode) for row in found for each in row
        ):
            raise NotCarriedError(
                "it is about blank nodes, which the endpoint names anew in each answer"
            )
        return found

    def _pages(
        self, names: str, inner: str, prologue: str, count: int, size: int
    ) -> list[tuple[Term | None, ...]]:
        # The order is that of a subquery: Virtuoso bounds the rows that a query with LIMIT sorts.
        # If a store did not keep it, the pages would not add up.
        sorted_rows = f"{{ SELECT {names} WHERE {{ {inner} }} ORDER BY {names} }}"
        found: list[tuple[Term | None, ...]] = []
        while len(found) < count:
            page = self._answer(
                f"{prologue}SELECT {names} {self._from}WHERE {{ {sorted_rows} }} "
                f"LIMIT {size} OFFSET {len(found)}"
            )
            if not page:
                break
            found += page
        distinct = len(set(found)) == len(found) or "DISTINCT" not in inner[:20]
        if len(found) != count or not distinct:
            raise self._error(
                f"the answers are cut: {count:,} rows were announced, {len(set(found)):,} came"
            )
        return found

    @cached_property
    def keeps_blank_nodes(self) -> bool:
        """Whether a blank node has the same label in two answers, which SPARQL does not ask for."""
        nodes = f"SELECT DISTINCT ?b {self._from}WHERE {{ {{ ?b ?p ?o }} UNION {{ ?s ?p ?b }} "
        text = f"{nodes}FILTER(isBlank(?b)) }}"
        two = self._answer(f"{text} LIMIT 2")
        return len(two) < 2 or self._answer(f"{text} LIMIT 1 OFFSET 1") == two[1:]  # noqa: PLR2004

    def _answer(self, text: str) -> list[tuple[Term | None, ...]]:
        from mezan_graph.queries.remote import run_remote
        from mezan_graph.queries.solutions import Solutions

        self.asked += 1
        try:
            answer = run_remote(self._endpoint, text, timeout=self._timeout, limits=self._limits)
        except RefusedByEndpointError as error:
            raise NotCarriedError(
                f"the endpoint does not take the query: {error.message}"
            ) from None
        except RefusedQueryError as error:
            raise NotCarriedError(f"its query is {error.message}") from None
        assert isinstance(answer, Solutions)  # noqa: S101 - a SELECT is asked, read_reply sees to it
        return [tuple(row) for row in answer]  # type: ignore[arg-type]

    def _error(self, message: str) -> RemoteError:
        return RemoteError(
            message, place=self.shown, hint="the endpoint limits its answers; ask its operator"
        )

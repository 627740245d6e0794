"""Queries passed on to the store, and its answers read with a bound; failures become problems.

What is sent was parsed here before. Nothing that the store says is believed further than its
grammar goes: an answer that ends too early, that is of another kind or that the store itself cut
is no answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

import pyoxigraph as ox

from mezan_graph.display import visible
from mezan_graph.endpoint.problems import Problem
from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.exchange.credentials import ENDPOINT, Credentials, checked_url, find_credentials
from mezan_graph.exchange.http import Http
from mezan_graph.exchange.refusals import Patience
from mezan_graph.formats import NTRIPLES
from mezan_graph.queries.replies import read_reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.project import Project
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.outline import Outline
    from mezan_graph.queries.union import Dataset

_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_GRAPHS = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_GRAPH_FORMS = frozenset({"CONSTRUCT", "DESCRIBE"})
_JSON = frozenset({"application/sparql-results+json", "application/json"})
_LATE = frozenset({408, 504})
_CONNECTING = 3.0
_CUT, _MOST_ROWS = "x-sql-state", "x-sparql-maxrows"
"""Headers by which Virtuoso tells, with status 200, that its answer is a part."""


class Address(NamedTuple):
    """Where a store is.

    Attributes:
        url: URL of its SPARQL endpoint, without credentials.
        graphs: The graphs that are served; by default the project's, else the default graph.
        insecure_http: Whether plain HTTP to another machine is allowed.
    """

    url: str
    graphs: tuple[str, ...] = ()
    insecure_http: bool = False

    def checked(self) -> Address:
        """Return the same.

        Raises:
            UsageError: Requests may not go there, or a graph is named by no IRI.
        """
        checked_url(self.url, insecure_http=self.insecure_http, prefix=ENDPOINT)
        for each in self.graphs:
            try:
                ox.NamedNode(each)
            except ValueError:
                raise UsageError(
                    f"{each!r} is not an absolute IRI", hint="write it whole"
                ) from None
        return self


class Store:
    """A SPARQL endpoint that is asked for its data.

    Args:
        address: Where it is.
        project: Bounds on documents and on answers.

    Raises:
        UsageError: Requests may not go there, or a user has no password.
        RemoteError: The netrc file is malformed.
    """

    def __init__(self, address: Address, project: Project) -> None:
        self._url = address.checked().url
        self._credentials: Credentials = find_credentials(self._url, prefix=ENDPOINT)
        self._limits = project.limits
        self._seconds = project.serve.seconds
        self._most = project.serve.answer_mebibytes << 20
        self._prefixes = project.prefixes

    @cached_property
    def _http(self) -> Http:
        # The server ends what takes longer than it may; a broken connection is tried once more.
        patience = Patience(self._seconds, connect=_CONNECTING, tries=2, pause=0.05, longest=0.5)
        return Http(self._url, self._credentials, patience=patience)

    def close(self) -> None:
        """Close every connection, so that a process forked from now on opens its own."""
        if "_http" in self.__dict__:
            self.__dict__.pop("_http").close()

    def ask(self, query: Outline, text: str, dataset: Dataset | None) -> Answer:
        """Return the whole answer to ``text``.

        Args:
            query: Its outline.
            text: The query as it is sent.
            dataset: The graphs to ask; by default those that the query or the store chooses.

        Raises:
            Problem: The store fails, or what it says is no answer.
        """
        with self._answer(query, text, dataset) as (response, body):
            return self._whole(query, response, body)

    @contextmanager
    def stream(
        self, query: Outline, text: str, dataset: Dataset | None
    ) -> Iterator[Answer | ox.QuerySolutions | Iterator[ox.Quad]]:
        """Give the answer to ``text``, while it comes in where that can be; as :meth:`ask` else."""
        with self._answer(query, text, dataset) as (response, body):
            media_type = _media_type(response)
            whole = _MOST_ROWS in response.headers
            file = cast("IO[bytes]", body)
            if query.form == "SELECT" and media_type in _JSON and not whole:
                rows = ox.parse_query_results(file, format=ox.QueryResultsFormat.JSON)
                if isinstance(rows, ox.QueryBoolean):
                    raise unreadable("it is no answer to SELECT")
                yield rows
                body.expect_end()
            elif media_type == NTRIPLES.media_type and query.form in _GRAPH_FORMS and not whole:
                _check_framed(response)
                yield ox.parse(file, NTRIPLES.oxigraph)
            else:
                yield self._whole(query, response, body)

    @contextmanager
    def _answer(
        self, query: Outline, text: str, dataset: Dataset | None
    ) -> Iterator[tuple[Any, Body]]:
        results = query.form not in _GRAPH_FORMS
        form: dict[str, Any] = {"query": text}
        if dataset is not None:
            form["default-graph-uri"] = [each.value for each in dataset.default]
            form["named-graph-uri"] = [each.value for each in dataset.named]
        headers = {"Accept": _RESULTS if results else _GRAPHS, "Accept-Encoding": "identity"}
        try:
            with self._http.stream("POST", self._url, headers=headers, data=form) as response:
                _check_whole(response)
                yield response, Body(self._http.bytes_of(response), self._most)
        except RemoteError as error:
            raise problem_of(error) from None
        except SyntaxError as error:
            raise unreadable(str(error)) from None

    def _whole(self, query: Outline, response: Any, body: Body) -> Answer:
        if query.form in _GRAPH_FORMS:
            _check_framed(response)
        answer = read_reply(
            query,
            _media_type(response),
            body.read(),
            prefixes=self._prefixes,
            endpoint=self._http.url,
            limits=self._limits,
        )
        most = response.headers.get(_MOST_ROWS, "")
        if most.isdecimal() and not isinstance(answer, bool) and len(list(answer)) >= int(most):
            raise _failed(f"its answer is cut after {most} rows")
        return answer


class Body:
    """The body of an answer as a file for a parser, up to a limit."""

    def __init__(self, pieces: Iterator[bytes], most: int) -> None:
        self._pieces = pieces
        self._left = self._most = most
        self._buffer = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, none at the end; without ``size`` all that is left.

        Raises:
            Problem: There is more than the limit.
            RemoteError: The connection breaks.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while not self._buffer:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left -= len(piece)
            if self._left < 0:
                raise _failed(
                    f"its answer is larger than {self._most:,} bytes",
                    "ask for less, with LIMIT or a filter",
                )
            self._buffer = memoryview(piece)
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return bytes(taken)

    def expect_end(self) -> None:
        """Read on to the end.

        Raises:
            Problem: There is something after what was parsed.
        """
        while rest := self.read(1 << 16):
            if rest.strip():
                raise unreadable("something follows the results")


def problem_of(error: RemoteError) -> Problem:
    """Return what clients are told of a failure of the store; the log has all of it.

    What follows a colon may quote the store, and is not for strangers.
    """
    said = error.message.partition(":")[0]
    late = any(f"HTTP {status}" in said for status in _LATE) or said.startswith("no answer")
    return _failed(said, status=504 if late else 502, trace=f"{error.place}: {error.message}")


def _failed(
    said: str, hint: str = "try again later", *, status: int = 502, trace: str | None = None
) -> Problem:
    problem = Problem(status, f"the store behind this server fails: {said}", hint=hint)
    problem.trace = trace or said
    return problem


def unreadable(reason: str) -> Problem:
    """Return the problem of an answer that breaks its grammar, as one does that was cut."""
    return _failed("its answer cannot be read", trace=f"an answer that breaks off: {reason}")


def number(value: object) -> int:
    """Return what a store counted.

    Raises:
        Problem: It is no number.
    """
    if not isinstance(value, ox.Literal) or not value.value.isdecimal():
        raise _failed("its count is no number")
    return int(value.value)


def _media_type(response: Any) -> str:
    essence: str = response.headers.get("content-type", "")
    return essence.partition(";")[0].strip().lower()


def _check_whole(response: Any) -> None:
    """Refuse an answer that the store itself calls a part, or that is packed unasked."""
    state = response.headers.get(_CUT)
    if state is not None:
        raise _failed("its answer is a part", trace=f"SQL state {visible(state)}")
    packed = response.headers.get("content-encoding", "identity")
    if packed != "identity":
        raise _failed("its answer is packed", trace=f"Content-Encoding: {visible(packed)}")


def _check_framed(response: Any) -> None:
    """Refuse triples of which nothing would tell that their end is missing."""
    if not {"content-length", "transfer-encoding"} & response.headers.keys():
        raise _failed("it does not tell where its answer ends")

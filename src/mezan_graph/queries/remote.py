"""Queries on a remote SPARQL endpoint (SPARQL 1.1 Protocol), through SPARQLWrapper.

The only module that opens a connection, and the only one that knows SPARQLWrapper. The checks of
:mod:`mezan_graph.queries.guard` hold here too, except that an endpoint may be asked for its graphs
with FROM. Credentials in the URL are sent to its own host only and appear in no message.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import SPARQLWrapper

from mezan_graph.display import visible
from mezan_graph.errors import RefusedByEndpointError, RemoteError
from mezan_graph.exchange.credentials import split_url, without_secrets
from mezan_graph.queries.binding import bind, total_order
from mezan_graph.queries.evaluation import with_numbers
from mezan_graph.queries.guard import check
from mezan_graph.queries.parameters import bound_values
from mezan_graph.queries.replies import read_reply
from mezan_graph.queries.wording import wording
from mezan_graph.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.project import Project
    from mezan_graph.queries.evaluation import Answer
    from mezan_graph.queries.outline import Outline
    from mezan_graph.queries.stored import StoredQuery
    from mezan_graph.queries.wording import Edits, Term

LONG = 1500
"""Queries of more characters than this are sent with POST; many servers cut longer URLs."""

_CHUNK = 1 << 16
_EXCERPT = 200
_VIRTUOSO_REFUSES = "Virtuoso 37000"
"""How Virtuoso says, with status 500, that it cannot compile a query."""


def run_remote(
    endpoint: str,
    text: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    prefixes: Mapping[str, str] | None = None,
    timeout: float | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
) -> Answer:
    """Evaluate a SPARQL 1.1 query on an endpoint.

    Args:
        endpoint: Its http(s) URL, with ``user:password@`` before the host for basic authentication.
        text: The query.
        bindings: Variable name to the IRI or literal that it stands for.
        prefixes: Namespace IRIs of prefixes that the query may use without declaring them.
        timeout: Longest wait in seconds; by default ``limits.query_seconds``.
        limits: ``document_bytes`` bounds the answer, ``nesting`` the query.

    Returns:
        Solutions, a boolean, or a graph without duplicates.

    Raises:
        QueryError: The query is not made of the tokens of a SPARQL query.
        RefusedQueryError: It names SERVICE, LOAD or an update, or is too complex.
        ParameterError: A variable in ``bindings`` is not in the query.
        RemoteError: The endpoint cannot be reached, takes too long, or does not answer with
            results.
    """
    query = check(text, limits, remote=True)
    exchange = _Exchange(endpoint, timeout or limits.query_seconds, limits)
    return exchange.answer(query, bind(query, bindings or {}), prefixes or {})


def run_stored_remote(
    endpoint: str,
    stored: StoredQuery,
    parameters: Mapping[str, str],
    project: Project,
    *,
    timeout: float | None = None,
) -> Answer:
    """Evaluate a stored query on an endpoint; arguments and errors as in :func:`run_remote`.

    Raises:
        ParameterError: A parameter is unknown, missing or of the wrong type.
    """
    query = check(stored.text, project.limits, place=stored.place, remote=True)
    terms, numbers = bound_values(stored.parameters, parameters, project)
    edits = with_numbers(query, bind(query, terms), numbers)
    exchange = _Exchange(endpoint, timeout or project.limits.query_seconds, project.limits)
    return exchange.answer(query, edits, project.prefixes)


class _Wrapper(SPARQLWrapper.SPARQLWrapper):
    """SPARQLWrapper with an opener of its own, in place of urllib's global one."""

    def open(self, opener: urllib.request.OpenerDirector, seconds: float) -> Any:
        """Send the query and return urllib's response."""
        return opener.open(self._createRequest(), timeout=seconds)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects on the same host, and sends the query again with them."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def redirect_request(  # noqa: PLR0917 - urllib calls it so
        self,
        req: urllib.request.Request,
        fp: Any,
        code: int,
        msg: str,  # noqa: ARG002
        headers: http.client.HTTPMessage,  # noqa: ARG002
        newurl: str,
    ) -> urllib.request.Request:
        """Return the request for ``newurl``."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        upgraded = (old.scheme, new.scheme) == ("http", "https") and new.port is None
        if old.hostname != new.hostname or (_origin(old) != _origin(new) and not upgraded):
            fp.close()
            raise RemoteError(
                "the endpoint redirects to another host",
                place=self.shown,
                hint=f"if you trust it, ask {without_secrets(newurl)}",
            )
        seen_other = code == http.HTTPStatus.SEE_OTHER
        return urllib.request.Request(  # noqa: S310 - the scheme is that of an http(s) endpoint
            newurl, None if seen_other else req.data, dict(req.header_items())
        )


class _Exchange:
    """One query sent and its answer read."""

    def __init__(self, endpoint: str, seconds: float, limits: Limits) -> None:
        self.url = _split(endpoint)
        self.shown = without_secrets(endpoint)
        self.seconds = seconds
        self.limits = limits

    def answer(self, query: Outline, edits: Edits, prefixes: Mapping[str, str]) -> Answer:
        """Send ``query`` and return what came back."""
        total_order(query, edits)
        text = wording(query, prefixes, edits, local=False).text
        media_type, content = self.send(text, query.form in {"SELECT", "ASK"})
        return read_reply(
            query,
            media_type,
            content,
            prefixes=prefixes,
            endpoint=self.shown,
            limits=self.limits,
        )

    def send(self, text: str, results: bool) -> tuple[str, bytes]:
        """Send a query and return the media type and the body of the answer."""
        opener = urllib.request.build_opener(_Redirects(self.shown))
        wrapper = _Wrapper(self.shown, agent="mezan-graph")
        for name, value in parse_qsl(self.url.query):
            wrapper.addParameter(name, value)
        wrapper.setQuery(text)
        wrapper.setReturnFormat(SPARQLWrapper.JSON if results else SPARQLWrapper.TURTLE)
        wrapper.setMethod(SPARQLWrapper.POST if len(text) > LONG else SPARQLWrapper.GET)
        if self.url.username:
            user, password = unquote(self.url.username), unquote(self.url.password or "")
            wrapper.setCredentials(user, password)
        deadline = time.monotonic() + self.seconds
        try:
            with wrapper.open(opener, self.seconds) as response:
                return response.headers.get_content_type(), self.body(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self.refusal(error) from None
        except TimeoutError:
            raise self.late() from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self.late() from None
            reason = getattr(error.reason, "strerror", None) or error.reason
            raise self.error(f"cannot be reached: {reason}", "check the URL") from None
        except (http.client.HTTPException, OSError) as error:
            reason = str(error) or type(error).__name__
            raise self.error(f"the connection broke: {reason}", "try again") from None

    def body(self, response: Any, deadline: float) -> bytes:
        """Read the body within the time and the size that are allowed."""
        parts = []
        size = 0
        while part := response.read1(_CHUNK):
            size += len(part)
            if size > self.limits.document_bytes:
                raise self.error(
                    f"the answer is over {self.limits.document_bytes:,} bytes large",
                    "ask for less, with LIMIT, or raise limits.document_bytes",
                )
            if time.monotonic() > deadline:
                raise self.late()
            parts.append(part)
        return b"".join(parts)

    def error(self, message: str, hint: str | None = None) -> RemoteError:
        """Make an error that names the endpoint, without credentials."""
        return RemoteError(message, place=self.shown, hint=hint)

    def late(self) -> RemoteError:
        """Make the error for an answer that takes too long."""
        return self.error(
            f"no answer within {self.seconds:g} seconds", "ask for less, or raise --timeout"
        )

    def refusal(self, error: urllib.error.HTTPError) -> RemoteError:
        """Make the error for an HTTP status of failure."""
        hints = {
            400: "the endpoint does not take the query; it may not know all of SPARQL 1.1",
            401: "name a user: https://user:password@host/…",
            403: "the endpoint does not let this user in",
            404: "check the path of the URL",
        }
        message = f"HTTP {error.code} {visible(str(error.reason))}".rstrip()
        if error.headers.get_content_type() == "text/plain":
            said = error.read(_EXCERPT).decode("utf-8", "replace")
            message += f": {visible(' '.join(said.split()))}"
        refused = error.code == http.HTTPStatus.BAD_REQUEST or _VIRTUOSO_REFUSES in message
        kind = RefusedByEndpointError if refused else RemoteError
        return kind(message, place=self.shown, hint=hints.get(error.code))


def shown_endpoint(endpoint: str) -> str:
    """Return the URL of an endpoint as people are shown it: without credentials and query string.

    Raises:
        RemoteError: It is no http(s) URL.
    """
    _split(endpoint)
    return without_secrets(endpoint)


def _split(endpoint: str) -> SplitResult:
    return split_url(endpoint, "endpoint", partial(RemoteError, hint=_HINT))


_HINT = "write it like https://example.org/sparql"


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"http": 80, "https": 443}.get(url.scheme)

"""Requests to a store: authentication, redirects, TLS, patience. The only module with httpx.

What is tried again: a refused connection, 429 and 503, and a broken connection or a timeout where
the request may be repeated. What is final: every other refusal. Credentials go to the host that
the user named and to no other.
"""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from mezan_graph.display import visible
from mezan_graph.errors import RemoteError, UnknownOutcomeError, UsageError
from mezan_graph.exchange.credentials import Credentials, without_secrets
from mezan_graph.exchange.refusals import HINTS, Patience, is_final, reason_of, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

Response = httpx.Response
"""An answer."""

_EXCERPT = 300
_REDIRECTS = 5
_LATER = frozenset({429, 503})
_GATEWAY = frozenset({502, 504})
_KEEP_BODY = frozenset({307, 308})


class _Challenged(httpx.Auth):
    """Answers the scheme that the server asks for: Digest if it is offered, else Basic."""

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self.chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            offered = " ".join(response.headers.get_list("www-authenticate")).lower()
            kind = httpx.DigestAuth if "digest " in offered else httpx.BasicAuth
            self.chosen = kind(self.user, self.password)
        yield from self.chosen.auth_flow(request)


class Http:
    """Requests below one address.

    Attributes:
        url: The address as people are shown it.
        authenticated: Whether there are credentials.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials = Credentials(),  # noqa: B008 - immutable
        *,
        patience: Patience = Patience(),  # noqa: B008 - immutable
        authority: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = without_secrets(url)
        self._origin = _origin(url)
        self.authenticated = bool(credentials.user or credentials.token)
        self.patience = patience
        self._sleep = sleep
        auth: httpx.Auth | None = None
        headers = {"User-Agent": "mezan-graph"}
        if credentials.token is not None:
            headers["Authorization"] = f"Bearer {credentials.token}"
        elif credentials.user is not None:
            auth = _Challenged(credentials.user, credentials.password)
        self._client = httpx.Client(
            auth=auth,
            headers=headers,
            verify=_context(authority),
            timeout=httpx.Timeout(patience.seconds, connect=patience.connect),
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool = True,
        accepted: frozenset[int] = frozenset(),
        **content: Any,
    ) -> httpx.Response:
        """Send a request and return the whole answer.

        Args:
            method: HTTP method.
            url: Where; on the host that the user named.
            repeatable: Whether sending it twice is as sending it once.
            accepted: Statuses of failure that the caller wants to see.
            **content: ``params``, ``headers``, ``content`` and ``data`` as httpx takes them.

        Raises:
            UnknownOutcomeError: It was sent, and no answer came.
            RemoteError: The server cannot be reached, or refuses.
        """
        response = self._patiently(method, url, repeatable, content, whole=True)
        if not response.is_success and response.status_code not in accepted:
            raise self.refusal(response)
        return response

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool = True,
        accepted: frozenset[int] = frozenset(),
        **content: Any,
    ) -> Iterator[httpx.Response]:
        """Send a request and return the answer with its body unread; as :meth:`request` else."""
        response = self._patiently(method, url, repeatable, content, whole=False)
        try:
            if not response.is_success and response.status_code not in accepted:
                raise self.refusal(response)
            yield response
        finally:
            response.close()

    def bytes_of(self, response: httpx.Response) -> Iterator[bytes]:
        """Yield the body of a streamed answer as it comes.

        Raises:
            UnknownOutcomeError: The connection broke before the end.
        """
        with self._broken(str(response.url), unknown=True):
            yield from response.iter_bytes(1 << 20)

    def _patiently(
        self, method: str, url: str, repeatable: bool, content: Mapping[str, Any], *, whole: bool
    ) -> httpx.Response:
        pause = self.patience.pause
        for left in reversed(range(self.patience.tries)):
            wait = pause
            try:
                with self._broken(url, unknown=not repeatable):
                    response = self._follow(method, url, content)
                    if whole:
                        self._read(response)
            except _RetryError as error:
                if not left:
                    raise error.reason from None
            else:
                gateway = repeatable and response.status_code in _GATEWAY
                if not left or not (response.status_code in _LATER or gateway):
                    return response
                wait = max(pause, retry_after(response.headers.get("retry-after", "")))
                response.close()
            self._sleep(min(wait, self.patience.longest))
            pause *= 2
        raise AssertionError  # pragma: no cover - the last try returns or raises

    @staticmethod
    def _read(response: httpx.Response) -> None:
        try:
            response.read()
        finally:
            response.close()

    def _follow(self, method: str, url: str, content: Mapping[str, Any]) -> httpx.Response:
        for _ in range(_REDIRECTS):
            request = self._client.build_request(method, url, **content)
            response = self._client.send(request, stream=True)
            if not response.has_redirect_location:
                return response
            response.close()
            # The location is complete: it repeats the parameters if it wants them.
            target = str(response.url.join(response.headers["location"]))
            if not self._same_host(target):
                raise self.error(
                    "the server redirects to another host; nothing was sent there",
                    f"if you trust it, push to {without_secrets(target)}",
                )
            content = {name: value for name, value in content.items() if name != "params"}
            if response.status_code not in _KEEP_BODY and method not in {"GET", "HEAD"}:
                raise self.error(
                    f"the server redirects a {method} with {response.status_code}, which drops it",
                    f"push to {without_secrets(target)}",
                )
            url = target
        raise self.error("the server redirects in a circle", "check the URL")

    def _same_host(self, target: str) -> bool:
        old, new = self._origin, _origin(target)
        upgraded = (old[0], new[0], new[2]) == ("http", "https", 443)
        return old[1] == new[1] and (old == new or upgraded)

    @contextmanager
    def _broken(self, url: str, *, unknown: bool) -> Iterator[None]:
        """Turn httpx's exceptions into ours."""
        place = without_secrets(url)
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            reason = RemoteError(
                f"cannot be reached: {reason_of(error)}", place=place, hint="is the server running?"
            )
            raise reason if is_final(error) else _RetryError(reason) from None
        except httpx.TransportError as error:
            late = isinstance(error, httpx.TimeoutException)
            message = (
                f"no answer within {self.patience.seconds:g} seconds"
                if late
                else f"the connection broke: {reason_of(error)}"
            )
            reason = UnknownOutcomeError(
                message, place=place, hint="run it again: what is done already is not done twice"
            )
            raise reason if unknown else _RetryError(reason) from None
        except httpx.InvalidURL as error:
            raise RemoteError(f"the URL is malformed: {error}", place=place) from None

    def refusal(self, response: httpx.Response) -> RemoteError:
        """Make an error of an answer that is a failure."""
        message = f"HTTP {response.status_code} {visible(response.reason_phrase)}".rstrip()
        kind = response.headers.get("content-type", "")
        if kind.startswith(("text/plain", "application/json")):
            with self._broken(str(response.url), unknown=True):
                said = response.read()[:_EXCERPT].decode("utf-8", "replace")
            message += f": {visible(' '.join(said.split()))}"
        return RemoteError(
            message,
            place=without_secrets(str(response.url)),
            hint=HINTS.get(response.status_code, "see the log of the server"),
        )

    def error(self, message: str, hint: str | None = None) -> RemoteError:
        """Make an error that names the store."""
        return RemoteError(message, place=self.url, hint=hint)


class _RetryError(Exception):
    """A failure after which the request may be sent again."""

    def __init__(self, reason: RemoteError) -> None:
        super().__init__()
        self.reason = reason


def _context(authority: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(authority)
        except OSError as error:
            raise UsageError(
                f"holds no certificates: {error.strerror or error}",
                place=authority,
                hint="name a file of PEM certificates",
            ) from None
    return context


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)

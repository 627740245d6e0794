"""Requests to a deployed site; the only module of the check that knows httpx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

import httpx

from mezan_graph.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_IN_A_ROW = 10
"""Requests without an answer, one after another, after which the host counts as gone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response.

    Attributes:
        url: What was asked for.
        status: HTTP status code.
        headers: Headers, names in any case; of several with one name all values, with commas.
        content: The body, decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        """Media type without parameters, in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def location(self) -> str | None:
        """Absolute URL that a redirect leads to; ``None`` where this is none."""
        if self.status not in _REDIRECTS or "Location" not in self.headers:
            return None
        return urljoin(self.url, self.headers["Location"])

    def varies_by(self, name: str) -> bool:
        """Whether ``Vary`` names a header of the request."""
        listed = {each.strip().lower() for each in self.headers.get("Vary", "").split(",")}
        return bool({name.lower(), "*"} & listed)


class NoAnswerError(Exception):
    """A request got no whole answer."""


class Client:
    """Asks a site, with a bound on time and on the size of answers.

    Attributes:
        requests: How many requests were made.
    """

    def __init__(self, *, seconds: float, connections: int, largest: int) -> None:
        self.requests = 0
        self._largest = largest
        self._failed = 0
        self._client = httpx.AsyncClient(
            timeout=seconds,
            limits=httpx.Limits(max_connections=connections),
            headers={"User-Agent": "mezan-graph"},
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def get(self, url: str, accept: str = "*/*", language: str = "*") -> Answer:
        """Return the answer to one GET; redirects are not followed.

        Raises:
            NoAnswerError: There is none, or it is too large.
            RemoteError: The host has not answered several times in a row.
        """
        self.requests += 1
        headers = {"Accept": accept, "Accept-Language": language}
        try:
            async with self._client.stream("GET", url, headers=headers) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > self._largest:
                        raise NoAnswerError(f"more than {self._largest:,} bytes")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._failed += 1
            reason = str(error) or type(error).__name__
            if self._failed >= _IN_A_ROW:
                raise RemoteError(
                    f"does not answer any more: {reason}",
                    place=url,
                    hint="check the address, or ask less at once with --connections",
                ) from None
            raise NoAnswerError(reason) from None
        self._failed = 0
        return Answer(url, response.status_code, response.headers, bytes(content))

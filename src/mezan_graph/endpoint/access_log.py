"""The log: one JSON object a line on standard error; no query strings unless they are asked for."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping


class AccessLog:
    """Writes what was asked and what happened.

    What people ask for may tell who they are, so that a query string is left out, and of the
    client only the network is kept.
    """

    def __init__(
        self, stream: TextIO | None = None, *, requests: bool = True, queries: bool = False
    ) -> None:
        self._stream = stream or sys.stderr
        self._requests = requests
        self._queries = queries

    def write(
        self, scope: Mapping[str, Any], client: str, status: int, size: int, seconds: float
    ) -> None:
        """Log a request."""
        if not self._requests:
            return
        members = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": size,
            "milliseconds": round(seconds * 1000, 1),
            "client": _network(client),
        }
        if self._queries:
            members["query"] = scope["query_string"].decode("latin-1")
        self._line("request", members)

    def event(self, event: str, detail: str) -> None:
        """Log something that happened."""
        self._line(event, {"detail": detail})

    def _line(self, event: str, members: dict[str, Any]) -> None:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **members}, ensure_ascii=True)
        print(line, file=self._stream, flush=True)


def _network(client: str) -> str:
    """Return a client without what tells one household from another."""
    parts = client.split(".")
    return ".".join([*parts[:3], "0"]) if len(parts) == 4 else client  # noqa: PLR2004 - IPv4

"""A push in a process of its own, that a test may kill."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mezan_graph.exchange.http import Http
from mezan_graph.push import payload
from mezan_graph.push.pushing import push
from mezan_graph.push.stores import open_store

if TYPE_CHECKING:
    from mezan_graph.exchange.credentials import Credentials


def send(
    url: str,
    kind: str,
    credentials: Credentials,
    changes: dict[str, Any],
    live: str,
    path: str,
) -> None:
    """Push the N-Triples of a file, in small chunks."""
    payload.BUCKET = 10
    store = open_store(Http(url, credentials), kind)
    changed = dataclasses.replace(store.capabilities, chunk_bytes=4000, **changes)
    store.capabilities = changed  # type: ignore[misc]
    lines = Path(path).read_bytes().splitlines()
    push(store, {live: payload.write_payload(lines, Path(f"{path}.sent"))})

"""One push at a time for each live graph: a lock in the store that ends by itself.

A lock says who holds it and until when. Who finds one that has run out, or whose process on this
machine is dead, takes over; who finds another waits. Without transactions two may take it in the
same moment: each reads it again after it has written, so that one at least sees the other, and who
sees another gives it back and tries again a little later.
"""

from __future__ import annotations

import os
import platform
import random
import time
import uuid
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from mezan_graph.errors import RemoteError
from mezan_graph.namespaces import DCT
from mezan_graph.push.naming import PREFIX, drop, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mezan_graph.push.naming import Names
    from mezan_graph.push.store import Store

LEASE = 120
"""Seconds after which a lock ends unless it is renewed; clocks may differ by less than that."""

_POLL = 1.0
_HELD: set[str] = set()
"""The locks that this process holds now; another one in its name was left when a store failed."""


class Lock:
    """A lock that is held."""

    def __init__(self, store: Store, names: Names) -> None:
        host = sha256(platform.node().encode()).hexdigest()[:12]
        self.name = f"{PREFIX}holder:{host}:{os.getpid()}:{uuid.uuid4().hex}"
        self.store = store
        self.names = names
        self.until = 0.0

    def renew(self, seconds: float = LEASE) -> None:
        """Hold the lock for ``seconds`` from now, if it would end in half of that time."""
        now = time.time()
        if self.until - now > seconds / 2:
            return
        self.until = now + seconds
        line = f'<{self.name}> {DCT.valid} "{self.until:.0f}" .'
        self.store.update([insert(self.names.lock, [line.encode()])])

    def holders(self) -> set[str]:
        """Return the names of all who hold the lock now."""
        return self._living(self.store.facts(self.names.lock))

    def _living(self, facts: list[tuple[str, str, str]]) -> set[str]:
        until: dict[str, float] = {}
        for holder, _, value in facts:
            until[holder] = max(until.get(holder, 0), float(value))
        now = time.time()
        return {each for each, end in until.items() if end > now and not self._dead(each)}

    def take(self) -> bool:
        """Try to take the lock; return whether it is held now."""
        if self.holders():
            return False
        _HELD.add(self.name)
        self.renew()
        if self.holders() == {self.name}:
            return True
        # Another took it, too; or one that was about to end has dropped the graph and our line.
        self._forget()
        return False

    def release(self) -> None:
        """Let others go on; who died before is forgotten as well.

        Nothing is written where the lock ended with the transaction that it guarded.
        """
        found = self.store.facts(self.names.lock)
        others = self._living(found) - {self.name}
        if found and not others:
            self.until = 0.0
            self.store.update([drop(self.names.lock)])
        elif any(holder == self.name for holder, _, _ in found):
            self._forget()

    def _forget(self) -> None:
        self.until = 0.0
        gone = f"DELETE WHERE {{ GRAPH <{self.names.lock}> {{ <{self.name}> ?p ?o }} }}"
        self.store.update([gone])

    def _dead(self, holder: str) -> bool:
        host, process = holder.removeprefix(f"{PREFIX}holder:").split(":")[:2]
        if host != self.name.removeprefix(f"{PREFIX}holder:").split(":")[0]:
            return False
        if int(process) == os.getpid():
            return holder not in _HELD
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


@contextmanager
def locked(
    store: Store,
    names: Names,
    *,
    wait: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Lock]:
    """Hold the lock of a live graph.

    Args:
        store: The store.
        names: Names of the live graph.
        wait: How many seconds to wait for another push.
        sleep: Waits.

    Raises:
        RemoteError: Another push is still under way, or the store cannot be reached.
    """
    lock = Lock(store, names)
    deadline = time.monotonic() + wait
    try:
        while not lock.take():
            if time.monotonic() > deadline:
                raise RemoteError(
                    "another push is under way",
                    place=store.url,
                    hint=f"try again when it is done; its lock is in the graph <{names.lock}>",
                )
            sleep(_POLL * random.uniform(0.5, 1.5))  # noqa: S311 - two shall not meet again
        try:
            yield lock
        finally:
            # What was done stays done; a lock that cannot be released ends by itself.
            with suppress(RemoteError):
                lock.release()
    finally:
        _HELD.discard(lock.name)

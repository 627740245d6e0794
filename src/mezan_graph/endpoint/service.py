"""The service: the graph that is served at present, and jobs done for requests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from mezan_graph.endpoint.answer import Answer, etag_of
from mezan_graph.endpoint.cache import AnswerCache
from mezan_graph.endpoint.frames import write_job
from mezan_graph.endpoint.generation import Generation
from mezan_graph.endpoint.problems import Problem, WorkerKilled, too_busy
from mezan_graph.errors import MezanError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from mezan_graph.endpoint.distant.store import Address
    from mezan_graph.endpoint.inquiry import Inquiry
    from mezan_graph.endpoint.pool import Pool
    from mezan_graph.endpoint.reply import Reply
    from mezan_graph.endpoint.versions import Versions
    from mezan_graph.service_limits import ServiceLimits

_STORE_FAILS = frozenset({502, 504})
_OF_PAGES = frozenset({"page", "search", "versions"})
REVALIDATE = "public, no-cache"
"""Caches may keep an answer, and ask whether it is still the same."""


class Service:
    """A project that is served.

    Attributes:
        root: Folder of the project.
        limits: What it bears.
        current: The load of the graph that answers; ``None`` before the first.
        reloads: Number of reloads that were swapped in.
        failures: Number of reloads that were not.
        elsewhere: The store that has the data; ``None`` where it is loaded.
        store_failures: Number of requests that this store failed.
        store_fails: Whether it failed the last request that it had to do with.
        report: Called with what a worker says of an internal error, and with failed reloads.
        versions: The released versions; ``None`` where none are kept.
    """

    def __init__(
        self,
        root: Path,
        limits: ServiceLimits,
        *,
        checked: bool,
        report: Callable[[str, str], object],
        elsewhere: Address | None = None,
    ) -> None:
        self.root = root
        self.elsewhere = elsewhere
        self.limits = limits
        self.current: Generation | None = None
        self.reloads = self.failures = self.store_failures = 0
        self.store_fails = False
        self.report = report
        self.cache: AnswerCache[Answer] = AnswerCache(limits.cache_mebibytes << 20)
        self.last_error: str | None = None
        self._checked = checked
        self._number = 0
        self._loading = asyncio.Lock()
        self._wanted = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self.versions: Versions | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the graph that is served."""
        return self.current.facts if self.current is not None else {}

    async def load(self, *, checked: bool | None = None) -> None:
        """Load the project anew and swap it in; what is in flight is answered by the old graph.

        Raises:
            MezanError: It cannot be loaded or does not conform; what was served stays.
        """
        async with self._loading:
            self._number += 1
            made = Generation(
                self._number,
                self.root,
                checked=self._checked if checked is None else checked,
                elsewhere=self.elsewhere,
            )
            try:
                await made.ready(self.limits)
            except BaseException:
                made.end()
                raise
            made.lost = self._reload_lost
            old, self.current = self.current, made
            self.cache.clear()
            if old is not None:
                old.pool.close()

    async def reload(self) -> None:
        """Load the project anew, and report where that fails."""
        self._wanted = True
        if self._loading.locked():
            return
        while self._wanted:
            self._wanted = False
            try:
                await self.load()
            except MezanError as error:
                self.failures += 1
                self.last_error = str(error)
                self.report("reload failed", str(error))
            else:
                self.reloads += 1
                self.last_error = None
                triples = self.facts["triples"]
                self.report("reloaded", "" if triples is None else f"{triples:,} triples")

    def _reload_lost(self) -> None:
        self.report("nursery lost", "the process that holds the graph has ended; loading again")
        task = asyncio.get_running_loop().create_task(self.reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """End every worker when its job is done."""
        if self.current is not None:
            self.current.pool.close()

    async def answer(
        self,
        job: dict[str, Any],
        *,
        headers: dict[str, str] | None = None,
        gone: Callable[[], Awaitable[object]] | None = None,
        left: Callable[[], bool] = bool,
        stream: bool = True,
        begun: Inquiry | None = None,
    ) -> Answer:
        """Have a worker do ``job``, and return what it gives.

        Nothing is changed by a job. One whose worker was killed from outside before anything was
        sent is given once more to another worker.

        Args:
            job: The job.
            headers: Headers of the answer, beside those that the worker gives.
            gone: Returns when the client has gone.
            left: Whether it has; asked when a worker is free.
            stream: Whether an answer may be sent in pieces.
            begun: The job where a worker has it already.

        Raises:
            Problem: There is no answer.
        """
        try:
            return await self._answered(job, headers, gone, left, stream=stream, begun=begun)
        except WorkerKilled:
            return await self._answered(job, headers, gone, left, stream=stream, again=True)

    async def _answered(
        self,
        job: dict[str, Any],
        headers: dict[str, str] | None,
        gone: Callable[[], Awaitable[object]] | None,
        left: Callable[[], bool],
        *,
        stream: bool,
        again: bool = False,
        begun: Inquiry | None = None,
    ) -> Answer:
        if begun is None:
            generation = self.generation()
            if job["job"] in _OF_PAGES:
                await self._prepared(generation)
            reply = generation.pool.ask(write_job(job), left, again=again)
        else:
            generation, reply = begun.generation, begun.reply
        leaving: list[asyncio.Task[None]] = []
        if gone is not None:
            # Most answers come at once, and nobody need look after the client.
            reply.grown_long = lambda: leaving.append(
                asyncio.get_running_loop().create_task(_leave(gone, generation.pool, reply))
            )
            if reply.long:
                reply.grown_long()
        try:
            body = await reply.begun()
            if body is None and not stream:
                body = await reply.rest()
        except BaseException:
            self.tell(reply)
            generation.pool.abandon(reply)
            raise
        finally:
            for each in leaving:
                each.cancel()
        return self.made(generation, reply, body, headers or {})

    async def _prepared(self, generation: Generation) -> None:
        try:
            await asyncio.wait_for(generation.prepared.wait(), self.limits.waiting_seconds)
        except TimeoutError:
            raise too_busy("the pages are being prepared", 5) from None
        if generation.trouble is not None:
            self.report("internal error", generation.trouble)
            raise Problem(500, "the pages cannot be made")

    def generation(self) -> Generation:
        """Return the load of the graph that answers.

        Raises:
            Problem: There is none.
        """
        generation = self.current
        if generation is None or generation.ended:
            raise too_busy("the graph is being loaded")
        return generation

    def made(
        self, generation: Generation, reply: Reply, body: bytes | None, own: dict[str, str]
    ) -> Answer:
        """Return the answer to a job.

        Args:
            generation: The load of the graph that was asked.
            reply: What came back.
            body: The body, ``None`` where it comes in pieces.
            own: Headers, beside those that the worker gave.
        """
        head = reply.head
        headers = {**(head.get("headers") or {}), **own}
        if "media_type" in head:
            headers["Content-Type"] = _with_charset(head["media_type"])
        if "location" in head:
            headers["Location"] = head["location"]
        if body is None:
            headers["Cache-Control"] = "no-store"
            pieces = self._pieces(generation.pool, reply)
            return Answer(200, headers, pieces=pieces)
        stable = head.get("stable", False)
        # What lasts was made from the project alone.
        self.store_fails &= stable is True
        if stable is not False:
            headers["ETag"] = etag_of(body, headers.get("Content-Type", ""))
            headers.setdefault("Cache-Control", REVALIDATE)
        if stable:
            headers["Last-Modified"] = generation.modified
        headers.setdefault("Cache-Control", "no-store")
        keep = bool(stable) and self.current is generation
        return Answer(200, headers, body, keep=keep, quick=reply.quick)

    def tell(self, reply: Reply) -> None:
        """Tell the log of a failure that is not the client's."""
        if reply.trace is None or reply.problem is None:
            return
        store = reply.problem.status in _STORE_FAILS
        self.store_failures += store
        self.store_fails |= store
        self.report("store failed" if store else "internal error", reply.trace)

    async def _pieces(self, pool: Pool, reply: Reply) -> AsyncIterator[bytes]:
        try:
            async for piece in reply.pieces():
                yield piece
        finally:
            self.tell(reply)
            pool.abandon(reply)


def _with_charset(media_type: str) -> str:
    if media_type.startswith("text/"):
        return f"{media_type}; charset=utf-8"
    return media_type


async def _leave(gone: Callable[[], Awaitable[object]], pool: Pool, reply: Reply) -> None:
    await gone()
    pool.abandon(reply)

"""Checks a deployed site: each entity × media type × language against the project's graph.

A host that negotiates is held to redirects, ``Vary`` and the page in the reader's language. One
that cannot, such as GitHub Pages or ``python -m http.server``, is recognised and judged by its
files; what it cannot be told to send is a warning there.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mezan_graph.deployment.client import Client, NoAnswerError
from mezan_graph.deployment.findings import DeploymentReport, Finding
from mezan_graph.deployment.visit import Visitor
from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.serialization import canonical
from mezan_graph.site.addresses import Addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyoxigraph as ox

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project

LARGEST = 256 * 1024**2
"""Largest answer that is read, in bytes."""


def check_site(
    project: Project,
    graph: Graph,
    url: str,
    *,
    languages: Sequence[str] = (),
    sample: int | None = None,
    entities: Sequence[ox.NamedNode] | None = None,
    negotiates: bool | None = None,
    connections: int = 8,
    seconds: float = 30,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
) -> DeploymentReport:
    """Compare the site at ``url`` with what ``project`` publishes.

    Args:
        project: Its base IRI, languages and limits.
        graph: The published graph.
        url: Folder of the deployed site, http or https.
        languages: Languages of the pages that are asked for; by default all of the project.
        sample: How many entities are asked for, evenly spread; by default all.
        entities: Which entities, concepts and classes those are chosen from; by default all.
        negotiates: Whether the host is held to negotiation; by default that is found out.
        connections: How many requests are under way at once.
        seconds: Longest wait for a part of an answer.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        UsageError: ``url`` is no address of a site, or a language is not one of the project.
        RemoteError: The host cannot be reached.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError("is not the address of a site", place=url, hint="such as https://host/g/")
    if parts.username is not None:
        raise UsageError("holds credentials, which a published site does not need")
    unknown = [each for each in languages if each not in project.languages]
    if unknown:
        known = ", ".join(project.languages)
        raise UsageError(f"there is no language {unknown[0]!r}", hint=f"one of {known}")
    folder = url if url.endswith("/") else f"{url}/"
    check = _Check(project, graph, folder, languages or project.languages)
    wanted = spread(list(check.addresses.stems) if entities is None else entities, sample)
    # A notebook has a loop of its own in this thread, beside which none can be started.
    with ThreadPoolExecutor(1) as alone:
        work = check.run(negotiates, wanted, connections, seconds, progress)
        return alone.submit(asyncio.run, work).result()


def spread(stems: Sequence[ox.NamedNode], count: int | None) -> Sequence[ox.NamedNode]:
    """Return ``count`` of ``stems``, evenly spread and always the same."""
    if count is None or count >= len(stems):
        return stems
    return [stems[index * len(stems) // count] for index in range(count)]


class _Check:
    def __init__(
        self, project: Project, graph: Graph, folder: str, languages: Sequence[str]
    ) -> None:
        self.project = project
        self.graph = canonical(graph, seconds=project.limits.canonical_seconds)
        self.folder = folder
        self.languages = languages
        self.addresses = Addresses(project, self.graph)

    async def run(
        self,
        negotiates: bool | None,
        wanted: Sequence[ox.NamedNode],
        connections: int,
        seconds: float,
        progress: Callable[[str, int, int], None],
    ) -> DeploymentReport:
        """Ask for everything, with so many workers as there may be connections."""
        async with Client(seconds=seconds, connections=connections, largest=LARGEST) as client:
            await self._reached(client)
            visitor = Visitor(self.project, self.addresses, self.folder, self.languages, client)
            if negotiates is None:
                negotiates = await visitor.finds_negotiation()
            visitor.negotiates = negotiates
            report = DeploymentReport(self.folder, negotiates, len(wanted))
            report.findings += await visitor.files()
            waiting = iter(enumerate(wanted))
            try:
                # Nobody may still ask when the client is closed: its connections would stay open.
                async with asyncio.TaskGroup() as workers:
                    for _ in range(connections):
                        work = self._work(visitor, waiting, len(wanted), report.findings, progress)
                        workers.create_task(work)
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
            report.requests = client.requests
        report.findings.sort()
        return report

    async def _reached(self, client: Client) -> None:
        try:
            await client.get(self.folder)
        except NoAnswerError as error:
            raise RemoteError(
                f"cannot be reached: {error}",
                place=self.folder,
                hint="check the address and the network",
            ) from None

    @staticmethod
    async def _work(
        visitor: Visitor,
        waiting: Iterator[tuple[int, ox.NamedNode]],
        total: int,
        found: list[Finding],
        progress: Callable[[str, int, int], None],
    ) -> None:
        for done, iri in waiting:
            progress("entities", done, total)
            found += await visitor.entity(iri)

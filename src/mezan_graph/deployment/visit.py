"""Asks a deployed site for its files and its entities, as readers and programs would."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from mezan_graph.deployment.client import Answer, Client, NoAnswerError
from mezan_graph.deployment.findings import Finding
from mezan_graph.deployment.judgement import (
    is_file,
    judge_graph,
    judge_headers,
    judge_links,
    judge_page,
    judge_way,
)
from mezan_graph.exports import shortcuts_graph
from mezan_graph.formats import NQUADS, TURTLE
from mezan_graph.serialization import describe, describe_class
from mezan_graph.site.routes import HTML, SIBLINGS, other_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from mezan_graph.formats import RdfFormat
    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.site.addresses import Addresses

_MOST_REDIRECTS = 5
_PROBES = 3
_NOBODY = "mezan-graph-asks-for-what-is-not-there"


class Visitor:
    """Visits one copy of a site.

    Attributes:
        negotiates: Whether the host is held to negotiation.
    """

    def __init__(
        self,
        project: Project,
        addresses: Addresses,
        folder: str,
        languages: Sequence[str],
        client: Client,
    ) -> None:
        self.project = project
        self.addresses = addresses
        self.folder = folder
        self.languages = languages
        self.client = client
        self.negotiates = True
        self._shortcuts = shortcuts_graph(project)
        self._others = {each.stem: each.path for each in other_names(project, addresses)}

    async def finds_negotiation(self) -> bool:
        """Return whether some entity's name leads to data where data is asked for."""
        names = [name for iri in self.addresses.stems if (name := self._name(iri)) is not None]
        for name in names[:_PROBES]:
            try:
                last = (await self._way(name, TURTLE.media_type, "*"))[-1]
            except NoAnswerError:
                continue
            if last.status == HTTPStatus.OK and last.media_type != HTML:
                return True
        return False

    async def files(self) -> list[Finding]:
        """Ask for the files that the site has once, and for one that it does not have."""
        found: list[Finding] = []
        url = self.folder + _NOBODY
        try:
            answer = await self.client.get(url)
            if answer.status != HTTPStatus.NOT_FOUND:
                found.append(Finding(url, f"answers {answer.status} in place of 404"))
        except NoAnswerError as error:
            found.append(Finding(url, f"no answer: {error}"))
        for path in ("index.html", "robots.txt", "sitemap.xml"):
            found += (await self._file(path, HTML if path.endswith(".html") else None))[1]
        for path in ("void.ttl", ".well-known/void"):
            found += await self._data(path, TURTLE, None)
        return found + await self._data("dump.nq", NQUADS, self.addresses.graph)

    async def entity(self, iri: ox.NamedNode) -> list[Finding]:
        """Ask for data and pages of one entity, and by its name for each of them."""
        graph, stem = self.addresses.graph, quote(self.addresses.stems[iri], safe="/~")
        if stem.startswith("class/"):
            described = describe_class(graph, iri)
        else:
            described = describe(graph, iri, shortcuts=self._shortcuts)
        name = self._name(iri)
        found: list[Finding] = []
        for rdf_format in SIBLINGS:
            found += await self._data(stem + rdf_format.suffix, rdf_format, described)
            if self.negotiates and name is not None:
                found += await self._named_data(name, rdf_format, described)
        for language in self.languages:
            path = f"{language}/{stem}.html"
            answer, wrong = await self._file(path, HTML)
            found += wrong
            if answer is not None:
                found += judge_page(answer, language, told=self.negotiates)
            if self.negotiates and name is not None:
                found += await self._named_page(name, language, self.folder + path)
        return found

    def _name(self, iri: ox.NamedNode) -> str | None:
        """Return the path that stands for an entity or concept; ``None`` where none can."""
        stem = self.addresses.stems[iri]
        path = self._others.get(stem)
        if path is not None:
            return quote(path, safe="/~:@!$&'()*+,;=")
        folder, _, name = stem.partition("/")
        space = {"doc": "id", "concept": "concept"}.get(folder)
        plain = space is not None and iri.value == f"{self.project.base}{space}/{name}"
        return f"{space}/{name}" if plain else None

    async def _file(self, path: str, media_type: str | None) -> tuple[Answer | None, list[Finding]]:
        """Ask for one file; return it where it came, and what is wrong with its headers."""
        url = self.folder + path
        try:
            answer = await self.client.get(url)
        except NoAnswerError as error:
            return None, [Finding(url, f"no answer: {error}")]
        if answer.status != HTTPStatus.OK:
            return None, [Finding(url, f"answers {answer.status} in place of 200")]
        found = judge_headers(answer, media_type, told=self.negotiates)
        if any(part in path for part in ("doc/", "concept/")):
            found += judge_links(answer, told=self.negotiates)
        return answer, found

    async def _data(self, path: str, rdf_format: RdfFormat, wanted: Graph | None) -> list[Finding]:
        answer, found = await self._file(path, rdf_format.media_type)
        if answer is not None:
            found += judge_graph(answer, rdf_format, wanted, self.project.limits)
        return found

    async def _way(self, name: str, media_type: str, language: str) -> list[Answer]:
        """Return every answer on the way from a name; the way ends where it leaves the site."""
        steps: list[Answer] = []
        where: str | None = self.folder + name
        while where is not None and len(steps) <= _MOST_REDIRECTS:
            steps.append(await self.client.get(where, media_type, language))
            where = self._here(steps[-1].location)
        return steps

    def _here(self, url: str | None) -> str | None:
        """Return where ``url`` is in this copy of the site; ``None`` outside of it."""
        if url is None or url.startswith(self.folder):
            return url
        if url.startswith(self.project.site):
            return self.folder + url.removeprefix(self.project.site)
        return None

    async def _named(
        self, name: str, media_type: str, language: str
    ) -> tuple[Answer | None, list[str]]:
        """Ask by a name; return the last answer where it is whole, and what is wrong."""
        try:
            steps = await self._way(name, media_type, language)
        except NoAnswerError as error:
            return None, [f"no answer: {error}"]
        last = steps[-1]
        if last.location is not None:
            return None, [f"leads on to {last.location}"]
        problems = judge_way(steps, media_type)
        whole = last.status == HTTPStatus.OK and last.media_type == media_type
        return (last if whole else None), problems

    async def _named_data(
        self, name: str, rdf_format: RdfFormat, described: Graph
    ) -> list[Finding]:
        url, media_type = self.folder + name, rdf_format.media_type
        answer, problems = await self._named(name, media_type, "*")
        found = [Finding(url, problem, media_type) for problem in problems]
        if answer is not None and not is_file(answer.url):
            wrong = judge_graph(answer, rdf_format, described, self.project.limits)
            found += [each._replace(accept=media_type) for each in wrong]
        return found

    async def _named_page(self, name: str, language: str, page: str) -> list[Finding]:
        answer, problems = await self._named(name, HTML, language)
        if answer is not None and answer.url != page:
            problems.append(f"leads to {answer.url}")
        return [Finding(self.folder + name, problem, HTML, language) for problem in problems]

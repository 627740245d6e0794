"""What is wrong with an answer of a deployed site: status, headers, graph, language."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.deployment.findings import Finding, Severity
from mezan_graph.errors import InputError
from mezan_graph.formats import NQUADS
from mezan_graph.graph import Graph
from mezan_graph.serialization import canonical
from mezan_graph.site.routes import HTML
from mezan_graph.sources import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mezan_graph.deployment.client import Answer
    from mezan_graph.formats import RdfFormat
    from mezan_graph.settings import Limits

_UNTOLD = frozenset({"", "application/octet-stream", "text/plain"})
"""Media types of hosts that know no better."""

_LANGUAGE = re.compile(rb"<html\b[^>]*\blang=\"([A-Za-z]*)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[a-z]+\Z")
_FALLBACK = "en"
"""Language of the interface where it is not translated; such a page says so itself."""


def judge_headers(answer: Answer, media_type: str | None, *, told: bool) -> list[Finding]:
    """Judge the headers of a file.

    Args:
        answer: What came.
        media_type: What it should be; ``None`` where anything goes.
        told: Whether the host can be told what to send; else what it leaves out is a warning.
    """
    lenient: Severity = "violation" if told else "warning"
    found = []
    if media_type is not None and answer.media_type != media_type:
        severity = lenient if answer.media_type in _UNTOLD else "violation"
        problem = f"is sent as {answer.media_type or 'no type'} in place of {media_type}"
        found.append(Finding(answer.url, problem, severity=severity))
    if media_type not in {None, HTML} and not _open_to_all(answer):
        problem = "has no Access-Control-Allow-Origin: *"
        found.append(Finding(answer.url, problem, severity=lenient))
    if not ("ETag" in answer.headers or "Last-Modified" in answer.headers):
        problem = "has neither ETag nor Last-Modified"
        found.append(Finding(answer.url, problem, severity=lenient))
    return found


def judge_links(answer: Answer, *, told: bool) -> list[Finding]:
    """Judge the ``Link`` header of an entity's page or data."""
    if 'rel="alternate"' in answer.headers.get("Link", ""):
        return []
    severity: Severity = "violation" if told else "warning"
    return [Finding(answer.url, "has no Link to its alternates", severity=severity)]


def judge_graph(
    answer: Answer, rdf_format: RdfFormat, wanted: Graph | None, limits: Limits
) -> list[Finding]:
    """Compare the graph that came with the one that was built.

    Args:
        answer: What came.
        rdf_format: Its format; names of graphs are compared in N-Quads alone.
        wanted: What was built; ``None`` where it is enough that the graph can be read.
        limits: Bounds on what is read.
    """
    source = Source(
        name=answer.url,
        format=rdf_format,
        graph_name=ox.DefaultGraph(),
        content=answer.content,
        limits=limits,
    )
    try:
        found = canonical(Graph.from_sources([source]))
    except InputError as error:
        place = f", line {error.line}" if error.line else ""
        return [Finding(answer.url, f"cannot be read: {error.message}{place}")]
    if wanted is None:
        return []
    expected = canonical(wanted)
    if rdf_format is not NQUADS:
        expected, found = expected.union, found.union
    before, after = set(expected.lines), set(found.lines)
    if before - after:
        return [Finding(answer.url, f"does not say what was built: {min(before - after)}")]
    if after - before:
        return [Finding(answer.url, f"says what was not built: {min(after - before)}")]
    return []


def judge_page(answer: Answer, language: str, *, told: bool) -> list[Finding]:
    """Judge the language of a page, in the page and in the headers."""
    found = []
    match = _LANGUAGE.search(answer.content)
    stated = match[1].decode().lower() if match else ""
    if stated not in {language.partition("-")[0].lower(), _FALLBACK}:
        found.append(Finding(answer.url, f"is a page in {stated or 'no language'}"))
    sent = answer.headers.get("Content-Language")
    if told and sent != language:
        problem = f"has {f'Content-Language {sent}' if sent else 'no Content-Language'}"
        found.append(Finding(answer.url, f"{problem} in place of {language}"))
    return found


def judge_way(steps: Sequence[Answer], media_type: str) -> list[str]:
    """Judge every step from an entity's name to what was asked for; return the problems.

    The first step is a 303, each step that depends on the request says so and is open to other
    origins, and the last one is of the media type.
    """
    last = steps[-1]
    problems = []
    if steps[0].status != HTTPStatus.SEE_OTHER:
        problems.append(f"answers {steps[0].status} in place of 303")
    if last.status != HTTPStatus.OK:
        return [*problems, f"leads to {last.status} at {last.url}"]
    for step in steps:
        if is_file(step.url):
            continue  # the same for everybody
        wanted = ("Accept", "Accept-Language") if media_type == HTML else ("Accept",)
        problems += [
            f"{step.url} has no Vary: {header}" for header in wanted if not step.varies_by(header)
        ]
        if not _open_to_all(step):
            problems.append(f"{step.url} has no Access-Control-Allow-Origin: *")
    if last.media_type != media_type:
        problems.append(f"leads to {last.media_type or 'no type'}")
    return problems


def is_file(url: str) -> bool:
    """Whether ``url`` ends in a suffix, so that it names one representation."""
    return _SUFFIX.search(url) is not None


def _open_to_all(answer: Answer) -> bool:
    return answer.headers.get("Access-Control-Allow-Origin") == "*"

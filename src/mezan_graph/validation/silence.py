"""What the project decided about findings, applied: silences with their reasons, and severities."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH
from mezan_graph.project import PROJECT_FILE
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.policy import Silence
    from mezan_graph.project import Project

LINT = "MZ5"
"""What the codes of the lint of JSON-LD begin with, which no validation finds."""

_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_GLOBBED = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_REFERENCES = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)


class Settled(NamedTuple):
    """Findings after the project's decisions.

    Attributes:
        findings: What is reported.
        silenced: What is not, each with the silence that names the reason.
    """

    findings: tuple[Finding, ...]
    silenced: tuple[tuple[Finding, Silence], ...] = ()


def settle(findings: Iterable[Finding], project: Project, shapes: Graph) -> Settled:
    """Apply the silences and severities of ``project`` to ``findings``.

    A silence that names a shape also covers the shapes without a name inside of it. One that
    silences nothing is itself a finding, ``MZ302``, so that it does not outlive its reason.

    Args:
        findings: Findings that know their files.
        project: The project with its decisions.
        shapes: Its shapes.
    """
    kept: list[Finding] = []
    silenced: list[tuple[Finding, Silence]] = []
    used: set[int] = set()
    inside = _named_shapes(shapes) if any(each.shape for each in project.silences) else {}
    wanted = [
        (each, None if each.shape is None else ox.NamedNode(project.entity_iri(each.shape)))
        for each in project.silences
    ]
    for finding in findings:
        for number, (silence, shape) in enumerate(wanted):
            if _covers(silence, finding) and (
                shape is None or shape == finding.shape or shape in inside.get(finding.shape, ())
            ):
                used.add(number)
                silenced.append((finding, silence))
                break
        else:
            kept.append(_weighed(finding, project))
    kept += [
        _weighed(_unused(silence), project)
        for number, (silence, _) in enumerate(wanted)
        if number not in used and not silence.code.startswith(LINT)
    ]
    return Settled(tuple(kept), tuple(silenced))


def decided(findings: Iterable[Finding], project: Project) -> Settled:
    """Apply the silences and severities of ``project`` to findings that no shape has a part in."""
    kept: list[Finding] = []
    silenced: list[tuple[Finding, Silence]] = []
    for finding in findings:
        silence = next((each for each in project.silences if _covers(each, finding)), None)
        if silence is None:
            kept.append(_weighed(finding, project))
        else:
            silenced.append((finding, silence))
    return Settled(tuple(kept), tuple(silenced))


def _covers(silence: Silence, finding: Finding) -> bool:
    if silence.code != finding.code:
        return False
    if not silence.files:
        return True
    return finding.file is not None and any(
        _pattern(each).match(finding.file) for each in silence.files
    )


def _weighed(finding: Finding, project: Project) -> Finding:
    severity = project.severities.get(finding.code, finding.severity)
    return finding if severity == finding.severity else finding.changed(severity=severity)


def _unused(silence: Silence) -> Finding:
    where = f" in {', '.join(silence.files)}" if silence.files else ""
    of = f" of {silence.shape}" if silence.shape else ""
    return Finding(
        "MZ302",
        "info",
        f"there is no {silence.code}{of}{where} to silence",
        file=PROJECT_FILE,
        line=silence.line,
        column=None if silence.line is None else 1,
        hint="remove the silence",
    )


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    """Return the pattern of ``glob``: ``*`` and ``?`` within a folder, ``**`` across folders."""
    parts = (_GLOBBED.get(each) or re.escape(each) for each in _GLOB.findall(glob))
    return re.compile("".join(parts) + r"\Z")


def _named_shapes(shapes: Graph) -> dict[Any, set[Any]]:
    """Return, for every shape without a name, the named shapes that it stands inside of."""
    parents: dict[Any, set[Any]] = {}
    rests: dict[Any, Any] = {}
    lists: list[tuple[Any, Any]] = []
    firsts: dict[Any, Any] = {}
    for quad in shapes.triples():
        if quad.predicate in _REFERENCES:
            parents.setdefault(quad.object, set()).add(quad.subject)
        elif quad.predicate in _LISTS:
            lists.append((quad.subject, quad.object))
        elif quad.predicate == RDF.first:
            firsts[quad.subject] = quad.object
        elif quad.predicate == RDF.rest:
            rests[quad.subject] = quad.object
    for shape, node in lists:
        seen: set[Any] = set()
        while node in firsts and node not in seen:
            seen.add(node)
            parents.setdefault(firsts[node], set()).add(shape)
            node = rests.get(node)  # noqa: PLW2901 - walks the list
    found: dict[Any, set[Any]] = {}
    for shape in parents:
        if isinstance(shape, ox.BlankNode):
            found[shape] = _ancestors(shape, parents)
    return found


def _ancestors(shape: Any, parents: dict[Any, set[Any]]) -> set[Any]:
    named: set[Any] = set()
    seen: set[Any] = set()
    waiting = [shape]
    while waiting:
        for each in parents.get(waiting.pop(), ()):
            if isinstance(each, ox.NamedNode):
                named.add(each)
            elif each not in seen:
                seen.add(each)
                waiting.append(each)
    return named

"""Findings given a place: the triple at fault, as written, at its file, line and column.

The offending value's triple is looked for first; where there is none, the focus node's subject
block is the place. Nothing is parsed again unless there is something to report.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDFS, SCHEMA, SKOS
from mezan_graph.positions import locate, locate_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mezan_graph.graph import Graph, Part
    from mezan_graph.positions import Place
    from mezan_graph.validation.findings import Finding

_IRI = re.compile(r"<([^<>]*)>")
_STEP = re.compile(r"(\^?)<([^<>]*)>\Z")
_LABELS = (SCHEMA.name, SKOS.prefLabel, RDFS.label)


def placed(
    findings: Iterable[Finding], graphs: Sequence[Graph], languages: Sequence[str] = ("en",)
) -> list[Finding]:
    """Return the findings with file, place, triple and labels filled in where they are known.

    Args:
        findings: Findings; one that has a line already keeps it.
        graphs: The data graph, then the shapes graph; the first that knows a node places it.
        languages: Languages in which labels are preferred, the first most.

    Raises:
        SourceError: A source cannot be read any more.
    """
    result = list(findings)
    if not result:
        return []
    for find in (_place_triples, _place_subjects):
        for graph in graphs:
            for part in graph.parts:
                waiting = {i: each for i, each in enumerate(result) if _is_waiting(each, part)}
                for index, finding in find(part, waiting).items() if waiting else ():
                    result[index] = finding
    labels = _labels(result, graphs, languages)
    return [
        replace(
            each,
            label=each.label or labels.get(str(each.focus_node)),
            path_label=each.path_label or labels.get(each.path or ""),
        )
        for each in result
    ]


def _is_waiting(finding: Finding, part: Part) -> bool:
    if finding.line is not None or finding.focus_node is None or part.source is None:
        return False
    return finding.file in {None, part.source.name}


def _place_triples(part: Part, waiting: dict[int, Finding]) -> dict[int, Finding]:
    """Place the findings whose offending value's triple stands in ``part``."""
    triples = _Triples(part, waiting.values())
    at_fault = {index: triples.at_fault(finding) for index, finding in waiting.items()}
    found = {index: triple for index, triple in at_fault.items() if triple is not None}
    places = locate(part, set(found.values()))
    return {
        index: _at(waiting[index], part, places.get(triple), exact=True)
        for index, triple in found.items()
    }


def _place_subjects(part: Part, waiting: dict[int, Finding]) -> dict[int, Finding]:
    """Place the findings whose focus node has a subject block in ``part``."""
    subjects = {quad.subject for quad in part.quads}
    found = {index: each for index, each in waiting.items() if each.focus_node in subjects}
    heads = locate_subjects(part, {each.focus_node for each in found.values()})  # type: ignore[misc]
    return {
        index: _at(each, part, heads.get(each.focus_node), exact=False)  # type: ignore[arg-type]
        for index, each in found.items()
    }


def _at(finding: Finding, part: Part, place: Place | None, *, exact: bool) -> Finding:
    assert part.source is not None  # noqa: S101 - _is_waiting saw to it
    if place is None:
        return replace(finding, file=part.source.name)
    return replace(
        finding,
        file=part.source.name,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        triple=place.text if exact else finding.triple,
    )


class _Triples:
    """The triples of one part that findings may be about, by what they are looked up with."""

    def __init__(self, part: Part, findings: Iterable[Finding]) -> None:
        nodes: set[object] = set()
        for each in findings:
            nodes |= {each.focus_node, each.value} - {None}
        self.whole: dict[tuple[object, str, object], int] = {}
        self.pairs: dict[tuple[object, object], int] = {}
        self.last: dict[tuple[str, object], int] = {}
        for index, quad in enumerate(part.quads):
            if quad.subject in nodes:
                self.whole.setdefault((quad.subject, quad.predicate.value, quad.object), index)
                self.pairs.setdefault((quad.subject, quad.object), index)
            if quad.object in nodes:
                self.last.setdefault((quad.predicate.value, quad.object), index)

    def at_fault(self, finding: Finding) -> int | None:
        """Return the index of the offending value's triple, ``None`` where it is not here."""
        focus, value, path = finding.focus_node, finding.value, finding.path
        if value is None:
            return None
        step = _STEP.match(path) if path else None
        if step and step[1]:
            return self.whole.get((value, step[2], focus))
        if step:
            return self.whole.get((focus, step[2], value))
        direct = self.pairs.get((focus, value))
        if direct is not None or not path:
            return direct
        # Along a longer path, a triple of one of its steps leads to the value.
        steps = (self.last.get((name, value)) for name in reversed(_IRI.findall(path)))
        return next((index for index in steps if index is not None), None)


def _labels(
    findings: list[Finding], graphs: Sequence[Graph], languages: Sequence[str]
) -> dict[str, str]:
    """Return labels by node and, for paths, by the whole path in SPARQL's notation."""
    wanted = {str(each.focus_node) for each in findings}
    paths = {each.path for each in findings if each.path and _STEP.match(each.path)}
    wanted |= {f"<{_STEP.match(path)[2]}>" for path in paths}  # type: ignore[index]
    best: dict[str, tuple[tuple[int, int], str]] = {}
    for graph in graphs:
        for quad in graph.triples():
            if quad.predicate not in _LABELS or not isinstance(quad.object, ox.Literal):
                continue
            node = str(quad.subject)
            if node in wanted:
                tag = quad.object.language or ""
                rank = languages.index(tag) if tag in languages else len(languages)
                key = (_LABELS.index(quad.predicate), rank)
                if node not in best or key < best[node][0]:
                    best[node] = (key, quad.object.value)
    labels = {node: text for node, (_, text) in best.items()}
    labels |= {path: labels[name] for path in paths if (name := path.lstrip("^")) in labels}
    return labels

"""Findings given a place: the triple at fault, as written, at its file, line and column.

The offending value's triple is looked for first; where there is none, the focus node's subject
block is the place. Nothing is parsed again unless there is something to report.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDFS, SCHEMA, SKOS
from mezan_graph.numbering import places_of
from mezan_graph.positions import locate, locate_subjects
from mezan_graph.validation.index import index_of

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Sequence

    from mezan_graph.graph import Graph, Part
    from mezan_graph.positions import Place
    from mezan_graph.validation.constraint import Term
    from mezan_graph.validation.findings import Finding
    from mezan_graph.validation.index import TripleIndex

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
            index = index_of(graph)
            for part, rows in zip(graph.parts, index.rows, strict=True):
                waiting = {i: each for i, each in enumerate(result) if _is_waiting(each, part)}
                for number, finding in find(part, rows, index, waiting).items() if waiting else ():
                    result[number] = finding
    paths = {
        each: ox.NamedNode(step[2])
        for each in {each.path for each in result}
        if each and (step := _STEP.match(each))
    }
    nodes = {each.focus_node for each in result if each.focus_node is not None}
    labels = _labels(nodes.union(paths.values()), graphs, languages)
    if not labels:
        return result
    path_labels: dict[str | None, str] = {
        path: labels[node] for path, node in paths.items() if node in labels
    }
    return [_labelled(each, labels, path_labels) for each in result]


def _labelled(
    finding: Finding, labels: dict[Term | None, str], path_labels: dict[str | None, str]
) -> Finding:
    label = finding.label or labels.get(finding.focus_node)
    path_label = finding.path_label or path_labels.get(finding.path)
    if (label, path_label) == (finding.label, finding.path_label):
        return finding
    return finding.changed(label=label, path_label=path_label)


def _is_waiting(finding: Finding, part: Part) -> bool:
    if finding.line is not None or finding.focus_node is None or part.source is None:
        return False
    return finding.file in {None, part.source.name}


def _place_triples(
    part: Part, rows: array[int], index: TripleIndex, waiting: dict[int, Finding]
) -> dict[int, Finding]:
    """Place the findings whose offending value's triple stands in ``part``."""
    triples = _Triples(rows, index, waiting.values())
    at_fault = {number: triples.at_fault(finding) for number, finding in waiting.items()}
    found = {number: triple for number, triple in at_fault.items() if triple is not None}
    places = locate(part, set(found.values()))
    return {
        number: _at(waiting[number], part, places.get(triple), exact=True)
        for number, triple in found.items()
    }


def _place_subjects(
    part: Part, rows: array[int], index: TripleIndex, waiting: dict[int, Finding]
) -> dict[int, Finding]:
    """Place the findings whose focus node has a subject block in ``part``."""
    subjects = set(rows[::4])
    found = {
        number: each for number, each in waiting.items() if index.find(each.focus_node) in subjects
    }
    heads = locate_subjects(part, {each.focus_node for each in found.values()})  # type: ignore[misc]
    return {
        number: _at(each, part, heads.get(each.focus_node), exact=False)  # type: ignore[arg-type]
        for number, each in found.items()
    }


def _at(finding: Finding, part: Part, place: Place | None, *, exact: bool) -> Finding:
    assert part.source is not None  # noqa: S101 - _is_waiting saw to it
    if place is None:
        return finding.changed(file=part.source.name)
    return finding.at_place(part.source.name, place, place.text if exact else finding.triple)


class _Triples:
    """The triples of one part that findings may be about, by what they are looked up with.

    Everything is a number of the index, where it has one.
    """

    def __init__(self, rows: array[int], index: TripleIndex, findings: Iterable[Finding]) -> None:
        self._find = index.find
        self._steps: dict[str | None, tuple[bool, int | None] | None] = {}
        nodes = {
            self._find(node) for each in findings for node in (each.focus_node, each.value) if node
        }
        # A triple that findings are about has its value, and mostly its subject, among the nodes.
        self.whole: dict[tuple[int, int, int], int] = {}
        self.pairs: dict[tuple[int, int], int] = {}
        self.last: dict[tuple[int, int], int] = {}
        for place in places_of(rows[2::4], nodes):
            subject, predicate, value, _ = rows[place * 4 : place * 4 + 4]
            self.last.setdefault((predicate, value), place)
            if subject in nodes:
                self.whole.setdefault((subject, predicate, value), place)
                self.pairs.setdefault((subject, value), place)

    def at_fault(self, finding: Finding) -> int | None:
        """Return the index of the offending value's triple, ``None`` where it is not here."""
        if finding.value is None:
            return None
        focus, value = self._find(finding.focus_node), self._find(finding.value)
        path = finding.path
        if path not in self._steps:
            match = _STEP.match(path or "")
            step = match and (bool(match[1]), self._find(ox.NamedNode(match[2])))
            self._steps[path] = step
        step = self._steps[path]
        if step:
            inverse, verb = step
            return self.whole.get((value, verb, focus) if inverse else (focus, verb, value))  # type: ignore[arg-type]
        direct = self.pairs.get((focus, value))  # type: ignore[arg-type]
        if direct is not None or not path:
            return direct
        # Along a longer path, a triple of one of its steps leads to the value.
        verbs = map(self._find, map(ox.NamedNode, reversed(_IRI.findall(path))))
        steps = (self.last.get((verb, value)) for verb in verbs)  # type: ignore[arg-type]
        return next((place for place in steps if place is not None), None)


def _labels(
    nodes: Iterable[Term], graphs: Sequence[Graph], languages: Sequence[str]
) -> dict[Term | None, str]:
    """Return the labels of ``nodes``: of the first property that there is, in the best language."""
    best: dict[Term | None, tuple[tuple[int, int], str]] = {}
    for index in map(index_of, graphs):
        wanted = {index.find(node): node for node in nodes}
        for order, predicate in enumerate(_LABELS):
            for subject, value in index.pairs(predicate):
                if subject not in wanted:
                    continue
                label, node = index.terms[value], wanted[subject]
                if isinstance(label, ox.Literal):
                    tag = label.language or ""
                    rank = languages.index(tag) if tag in languages else len(languages)
                    key = (order, rank)
                    if node not in best or key < best[node][0]:
                        best[node] = (key, label.value)
    return {node: text for node, (_, text) in best.items()}

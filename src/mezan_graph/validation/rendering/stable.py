"""What stays the same from run to run: labels of blank nodes, and fingerprints of findings."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.validation.findings import Finding, ValidationReport

MADE_UP = re.compile(r"_:([a-f][0-9a-f]{23,31})(?![\w.-])")
"""A blank node with a label that the parser made up, another one in each run.

pyoxigraph writes a random number of 128 bits in hexadecimal, without leading zeros.
"""

_BLANK_NODE = re.compile(r"_:[^\s,;:()\[\]{}<>\"']+")


class Labels:
    """Gives blank nodes without a label of their own the labels ``anon1``, ``anon2``, … in order.

    Labels that people wrote stay as they are.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._given: dict[str, str] = {}
        self._nodes: dict[ox.BlankNode, ox.BlankNode] = {}

    def __getitem__(self, label: str) -> str:
        """Return the label to use in place of ``label``."""
        given = self._given.get(label)
        if given is None:
            number = len(self._given) + 1
            while f"anon{number}" in self._taken:
                number += 1
            given = self._given[label] = f"anon{number}"
            self._taken.add(given)
        return given

    def term(self, term: object) -> object:
        """Return ``term``, or a blank node with the label to use."""
        if not isinstance(term, ox.BlankNode):
            return term
        node = self._nodes.get(term)
        if node is None:
            made_up = MADE_UP.fullmatch(str(term))
            node = self._nodes[term] = ox.BlankNode(self[term.value]) if made_up else term
        return node

    def text(self, text: str) -> str:
        """Return ``text`` with the labels to use in it."""
        if "_:" not in text:
            return text
        return MADE_UP.sub(lambda match: f"_:{self[match[1]]}", text)


def stable_findings(report: ValidationReport) -> list[Finding]:
    """Return the findings of ``report`` in order, the same in every run over the same files."""
    labels = Labels(
        term.value
        for each in report.findings
        for term in (each.focus_node, each.value, each.shape)
        if isinstance(term, ox.BlankNode)
    )
    return [_relabelled(each, labels) for each in report.findings]


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a fingerprint for each finding: unique, and the same when the finding moves.

    It is the SHA-256, in hexadecimal, of what the finding is about and what it says. Lines,
    columns and labels of blank nodes have no part in it. Findings that are alike in all of that
    are told apart by a number, in their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for each in findings:
        said = (
            each.code,
            each.file or "",
            str(each.focus_node),
            each.path or "",
            str(each.value),
            each.component or "",
            str(each.shape),
            each.message,
        )
        identity = tuple(_BLANK_NODE.sub("_:", part) for part in said)
        number = seen[identity]
        seen[identity] += 1
        made.append(_digest((*identity, str(number))))
    return made


def _digest(parts: tuple[str, ...]) -> str:
    # The lengths keep two lists of parts from being read as one.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _relabelled(finding: Finding, labels: Labels) -> Finding:
    node, value, shape = finding.focus_node, finding.value, finding.shape
    if (
        "_:" not in finding.message
        and not isinstance(node, ox.BlankNode)
        and not isinstance(value, ox.BlankNode)
        and not isinstance(shape, ox.BlankNode)
    ):
        return finding
    return finding.changed(
        focus_node=labels.term(node),
        value=labels.term(value),
        shape=labels.term(shape),
        message=labels.text(finding.message),
        hint=finding.hint and labels.text(finding.hint),
    )

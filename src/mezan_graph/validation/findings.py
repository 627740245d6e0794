"""What a validation found: findings with codes, and the report that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyoxigraph as ox

    from mezan_graph.validation.report import Result

SeverityName = Literal["violation", "warning", "info"]
SEVERITIES: tuple[SeverityName, ...] = ("violation", "warning", "info")
"""The severities of SHACL (section 2.1.4), the gravest first."""

CODES: dict[str, str] = {
    "MZ001": "a constraint of the shapes graph is not met",
    "MZ002": "the target of a shape matches nothing in the data",
    "MZ101": "an IRI stands in http://schema.org/ in place of https",
    "MZ102": "one prefix stands for two namespaces",
    "MZ103": "a literal is not in Unicode normalization form C",
    "MZ201": "a citation points outside of its source",
    "MZ202": "the digest of a citation differs from the passage",
    "MZ203": "the text of a source is not at hand, so its citations were not checked",
    "MZ204": "the text of a source has changed",
    "MZ301": "a stored query that must return nothing returned rows",
}
"""Every code with what it stands for; ``docs/findings.md`` has a section for each."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing.

    Attributes:
        code: A key of :data:`CODES`.
        severity: As in SHACL; decides the exit code together with ``--fail-on``.
        message: What is wrong and what to do, for the person who edits the data.
        file: Path relative to the project root, where it is known.
        line: 1-based line in ``file``.
        column: 1-based column, in code points.
        end_line: Line of the end, where it is known.
        end_column: Column after the end, where it is known.
        focus_node: The node concerned.
        path: The property path concerned, in SPARQL's notation.
        value: The offending value.
        component: The SHACL constraint component.
        shape: The shape that the focus node breaks.
        hint: A likely remedy.
    """

    code: str
    severity: SeverityName
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    focus_node: ox.NamedNode | ox.BlankNode | ox.Literal | None = None
    path: str | None = None
    value: ox.NamedNode | ox.BlankNode | ox.Literal | None = None
    component: str | None = None
    shape: ox.NamedNode | ox.BlankNode | None = None
    hint: str | None = None

    def sort_key(self) -> tuple[object, ...]:
        """Order of a report: by file and place, then by severity, node and code."""
        return (
            self.file or "~",
            self.line or 0,
            self.column or 0,
            SEVERITIES.index(self.severity),
            str(self.focus_node),
            self.path or "",
            str(self.value),
            self.code,
            str(self.component),
            self.message,
        )


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All findings of one validation, in the order of files, and the SHACL results among them.

    Attributes:
        findings: Sorted by :meth:`Finding.sort_key`.
        results: The SHACL validation results, of any severity.
        checked: What was looked at, for the summary line: triples, shapes, files, queries.
    """

    findings: tuple[Finding, ...]
    results: tuple[Result, ...] = ()
    checked: dict[str, int] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """``sh:conforms`` (SHACL section 3.6.1.1): no validation result of any severity."""
        return not self.results

    @property
    def counts(self) -> dict[SeverityName, int]:
        """Number of findings by severity."""
        return {
            severity: sum(each.severity == severity for each in self.findings)
            for severity in SEVERITIES
        }

    def fails(self, fail_on: SeverityName = "violation") -> bool:
        """Whether there is a finding at least as grave as ``fail_on``."""
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return any(each.severity in grave for each in self.findings)

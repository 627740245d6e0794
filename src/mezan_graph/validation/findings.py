"""What a validation found: findings with codes, and the report that holds them."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mezan_graph.policy import CODES, SEVERITIES, SeverityName

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

    from mezan_graph.positions import Place
    from mezan_graph.validation.report import Result

_BLANK_NODE = re.compile(r"_:[0-9A-Za-z]+")

__all__ = ["CODES", "SEVERITIES", "Finding", "SeverityName", "ValidationReport"]


class Finding(NamedTuple):
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
        label: The label of ``focus_node``, in the first language of the project that it has.
        path_label: The label of the property, where ``path`` is a single one.
        triple: The text at fault as it is written in ``file``, from ``line`` and ``column`` on.
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
    shape: ox.NamedNode | ox.BlankNode | ox.Literal | None = None
    hint: str | None = None
    label: str | None = None
    path_label: str | None = None
    triple: str | None = None

    def changed(self, **changes: Any) -> Finding:
        """Return the finding with other attributes."""
        return self._replace(**changes)

    def at_place(self, file: str, place: Place, triple: str | None) -> Finding:
        """Return the finding at a place: made at once, as there may be a hundred thousand."""
        before, after = self[:3], self[8:-1]
        return Finding._make((*before, file, *place[:4], *after, triple))

    def sort_key(self) -> tuple[object, ...]:
        """Order of a report: by file and place, then by severity, node and code.

        Labels of blank nodes have no part in it, because a parser makes up other ones in each run.
        """
        return (
            self.file or "~",
            self.line or 0,
            self.column or 0,
            SEVERITIES.index(self.severity),
            _unlabelled(str(self.focus_node)),
            self.path or "",
            _unlabelled(str(self.value)),
            self.code,
            str(self.component),
            _unlabelled(str(self.shape)),
            _unlabelled(self.message),
        )


def _unlabelled(text: str) -> str:
    return _BLANK_NODE.sub("_:", text) if "_:" in text else text


class ValidationReport(NamedTuple):
    """All findings of one validation, in the order of files, and the SHACL results among them.

    Attributes:
        findings: Sorted by :meth:`Finding.sort_key`.
        results: The SHACL validation results, of any severity.
        checked: What was looked at, for the summary line: triples, shapes, files, queries.
        silenced: Number of findings that the project has silenced, which are not among them.
    """

    findings: tuple[Finding, ...]
    results: tuple[Result, ...] = ()
    checked: Mapping[str, int] = MappingProxyType({})
    silenced: int = 0

    @property
    def conforms(self) -> bool:
        """``sh:conforms`` (SHACL section 3.6.1.1): no validation result of any severity.

        What could not be read does not conform.
        """
        return not self.results and not self.unreadable

    @property
    def unreadable(self) -> bool:
        """Whether a file could not be read, so that nothing was validated."""
        return any(each.code in {"MZ010", "MZ011"} for each in self.findings)

    @property
    def verdict(self) -> str:
        """What came of the shapes, in a few words."""
        if self.unreadable:
            return "nothing was validated"
        return f"SHACL: {'conforms' if self.conforms else 'does not conform'}"

    def exit_code(self, fail_on: SeverityName = "violation") -> int:
        """Return the exit code of the command line: 3 unreadable, 1 findings, else 0."""
        return 3 if self.unreadable else int(self.fails(fail_on))

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

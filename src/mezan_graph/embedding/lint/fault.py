"""What a rule of the lint found, before its place is known by line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mezan_graph.policy import SeverityName


class Fault(NamedTuple):
    """One fault.

    Attributes:
        code: Its code, as in ``docs/findings.md``.
        severity: How grave it is.
        message: What is wrong.
        offset: Where, in code points from the start of the text.
        hint: What to do about it.
    """

    code: str
    severity: SeverityName
    message: str
    offset: int
    hint: str | None = None

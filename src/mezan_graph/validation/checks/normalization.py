"""``MZ103``: literals that are not in Unicode normalization form C, so that equal texts differ."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from mezan_graph.display import visible
from mezan_graph.validation.checks.survey import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding

_SHOWN = 60


def check_normalization(survey: Survey) -> Iterator[Finding]:
    """Yield ``MZ103`` for every triple whose literal is not in NFC (Unicode Annex 15)."""
    wrong = {each for each in survey.literals if not unicodedata.is_normalized("NFC", each.value)}
    for literal, part, quad in survey.holding(wrong):
        composed = visible(unicodedata.normalize("NFC", literal.value))
        shown = composed if len(composed) <= _SHOWN else f"{composed[:_SHOWN]}…"
        message = "the text is not in Unicode normalization form C"
        yield at("MZ103", "violation", message, part, quad, hint=f"write it composed: {shown}")

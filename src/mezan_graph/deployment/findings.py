"""What a check of a deployed site found, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mezan_graph.display import visible

Severity = Literal["violation", "warning"]


class Finding(NamedTuple):
    """One way in which a deployed site differs from what was built.

    Attributes:
        url: What was asked for.
        problem: What is wrong, in one sentence.
        accept: The request's ``Accept``, where that matters.
        language: The request's ``Accept-Language``, where that matters.
        severity: ``warning`` for what a host that cannot be told anything does not do.
    """

    url: str
    problem: str
    accept: str = ""
    language: str = ""
    severity: Severity = "violation"


@dataclass(slots=True)
class DeploymentReport:
    """What was checked, and what was found.

    Attributes:
        url: The folder of the site that was checked.
        negotiates: Whether the host answers according to the request's headers.
        entities: Number of entities, concepts and classes that were checked.
        requests: Number of requests that were made.
        findings: What is wrong, sorted.
    """

    url: str
    negotiates: bool
    entities: int = 0
    requests: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether there is a violation."""
        return any(each.severity == "violation" for each in self.findings)

    def as_text(self) -> str:
        """Return the findings, one a line, and a summary."""
        lines = []
        for each in self.findings:
            asked = ", ".join(filter(None, (each.accept, each.language)))
            shown = f"{each.url} ({asked})" if asked else each.url
            lines.append(visible(f"{each.severity}: {shown}: {each.problem}"))
        how = "negotiates" if self.negotiates else "does not negotiate: judged by its files"
        count = sum(each.severity == "violation" for each in self.findings)
        lines.append(
            f"{self.url}: {how}; {self.entities} entities, {self.requests} requests, "
            f"{count} violation{'' if count == 1 else 's'}, "
            f"{len(self.findings) - count} warning{'' if len(self.findings) - count == 1 else 's'}"
        )
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """Return the same as a JSON object."""
        document = {
            "url": self.url,
            "negotiates": self.negotiates,
            "entities": self.entities,
            "requests": self.requests,
            "findings": [each._asdict() for each in self.findings],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

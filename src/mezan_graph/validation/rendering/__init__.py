"""Report formats: one registry of names, and a function that renders a report in any of them.

``docs/reports.md`` describes every format. Equal reports make equal text: labels that a parser
made up for blank nodes are replaced, and nothing depends on the time or the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from mezan_graph.errors import UsageError
from mezan_graph.graph import collector_off

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import SeverityName, ValidationReport

__all__ = ["REPORT_FORMATS", "Options", "Renderer", "render"]


class Options(NamedTuple):
    """What a format may take into account beside the report.

    Attributes:
        colour: Whether ``text`` may use the colours of a terminal.
        fail_on: The mildest severity that is a failure in ``junit``.
    """

    colour: bool = False
    fail_on: SeverityName = "violation"


class Renderer(Protocol):
    """Makes the text of one format."""

    def __call__(self, report: ValidationReport, project: Project, options: Options, /) -> str:
        """Return the document, ending in a line feed unless it is empty."""


def _text(report: ValidationReport, project: Project, options: Options) -> str:
    from mezan_graph.validation.rendering.text import render_text

    return render_text(report, project, colour=options.colour)


def _json(report: ValidationReport, _project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.json import render_json

    return render_json(report)


def _sarif(report: ValidationReport, project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.sarif import render_sarif

    return render_sarif(report, project)


def _junit(report: ValidationReport, project: Project, options: Options) -> str:
    from mezan_graph.validation.rendering.junit import render_junit

    return render_junit(report, project, fail_on=options.fail_on)


def _github(report: ValidationReport, project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.github import render_github

    return render_github(report, project)


def _gitlab(report: ValidationReport, project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.gitlab import render_gitlab

    return render_gitlab(report, project)


def _turtle(report: ValidationReport, project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.rdf import render_turtle

    return render_turtle(report, project)


def _jsonld(report: ValidationReport, project: Project, _options: Options) -> str:
    from mezan_graph.validation.rendering.rdf import render_jsonld

    return render_jsonld(report, project)


# Each imports its module when it is called: a run needs one of them.
REPORT_FORMATS: dict[str, Renderer] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "turtle": _turtle,
    "jsonld": _jsonld,
}
"""Every report format by its name on the command line, in the order in which they are listed."""


@collector_off()
def render(
    report: ValidationReport,
    project: Project,
    report_format: str = "text",
    *,
    colour: bool = False,
    fail_on: SeverityName = "violation",
) -> str:
    """Return ``report`` in one of :data:`REPORT_FORMATS`.

    Args:
        report: What a validation found.
        project: The project that was validated; its prefixes abbreviate IRIs.
        report_format: A key of :data:`REPORT_FORMATS`.
        colour: Whether ``text`` may use the colours of a terminal.
        fail_on: The mildest severity that is a failure in ``junit``.

    Raises:
        UsageError: No format has this name.
    """
    renderer = REPORT_FORMATS.get(report_format)
    if renderer is None:
        known = ", ".join(REPORT_FORMATS)
        raise UsageError(f"unknown report format {report_format!r}", hint=f"one of {known}")
    return renderer(report, project, Options(colour, fail_on))

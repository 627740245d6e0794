"""Terms, texts and places as reports show them: short, and where a reader of the report looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.display import short_name, short_names
from mezan_graph.namespaces import XSD
from mezan_graph.project import PROJECT_FILE

if TYPE_CHECKING:
    from mezan_graph.project import Project
    from mezan_graph.validation.findings import Finding

VALUE_LENGTH = 200
"""Longest term or line of source that is shown to people, in code points."""

MESSAGE_LENGTH = 2000
"""Longest message that is shown to people, in code points."""


def shortened(text: str, limit: int = VALUE_LENGTH) -> str:
    """Return ``text``, cut with an ellipsis where it is longer than ``limit`` code points."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def message_of(finding: Finding) -> str:
    """Return the message and, on a line of its own, the hint."""
    message = shortened(finding.message, MESSAGE_LENGTH)
    if finding.hint:
        return f"{message}\nHint: {shortened(finding.hint, MESSAGE_LENGTH)}"
    return message


def shown_term(term: object, prefixes: dict[str, str]) -> str:
    """Return a term as in Turtle, shortened: prefixed names, and the first part of a long text."""
    if not isinstance(term, ox.Literal):
        return shortened(short_name(term, prefixes))
    # Cutting before quoting keeps a literal of many megabytes from being copied for nothing.
    text = str(ox.Literal(term.value[:VALUE_LENGTH]))
    tail = f"@{term.language}" if term.language else ""
    if not tail and term.datatype != XSD.string:
        tail = f"^^{short_name(term.datatype, prefixes)}"
    if len(term.value) > VALUE_LENGTH:
        text = f'{text[:-1]}…"'
        tail += f" ({len(term.value):,} characters)"
    return text + tail


def shown_entity(finding: Finding, prefixes: dict[str, str]) -> str:
    """Return the focus node by its label and name, or an empty text where there is none."""
    if finding.focus_node is None:
        return ""
    return _labelled(finding.label, shown_term(finding.focus_node, prefixes))


def shown_path(finding: Finding, prefixes: dict[str, str]) -> str:
    """Return the property path by its label and name, or an empty text where there is none."""
    if not finding.path:
        return ""
    return _labelled(finding.path_label, shortened(short_names(finding.path, prefixes)))


def component_name(component: str) -> str:
    """Return the name of a constraint component without the words that all of them share."""
    return component.removesuffix("ConstraintComponent") or component


class RepositoryPaths:
    """Paths as a CI service looks them up: relative to the folder in which the command was run.

    CI services run in the root of the repository, and the project may be in a folder below it.
    """

    def __init__(self, project: Project) -> None:
        try:
            folder = project.root.relative_to(Path.cwd()).as_posix()
        except (ValueError, OSError):
            folder = "."
        self._folder = "" if folder == "." else f"{folder}/"

    def __getitem__(self, file: str | None) -> str:
        """Return the path of ``file``, which is relative to the project root as in a finding.

        A finding that has no file, or whose file is the URL of an endpoint, is shown at the project
        file, because the services drop findings that have no place.
        """
        path = PROJECT_FILE if file is None or "://" in file else file
        return path if path.startswith("/") else self._folder + path


def _labelled(label: str | None, name: str) -> str:
    return f"{shortened(label)} ({name})" if label else name

"""Whether data conforms, found out in a process of its own while the graph is made ready.

Validation takes longer than everything else that a nursery does before it can fork workers, and
what it leaves in memory is of no use to them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from mezan_graph import errors
from mezan_graph.errors import FindingsError, MezanError
from mezan_graph.forked import end_with_parent

if TYPE_CHECKING:
    from mezan_graph.graph import Graph
    from mezan_graph.project import Project


class Checking:
    """A validation that goes on beside; the process that starts it must have no threads."""

    def __init__(self, project: Project, authored: Graph) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            end_with_parent()
            _answer(project, authored, writing)
        os.close(writing)
        self._reading = reading

    def result(self) -> None:
        """Wait for the end.

        Raises:
            FindingsError: The data does not conform.
            MezanError: It cannot be validated; the error is the one that validation raised.
        """
        with open(self._reading, "rb") as stream:  # noqa: PTH123 - a descriptor
            said = stream.read()
        os.waitpid(self._process, 0)
        if not said:
            raise MezanError("the process that validates the data has ended")
        document = json.loads(said)
        if document is not None:
            raise read_error(document)


def _answer(project: Project, authored: Graph, writing: int) -> None:
    try:
        document = None
        try:
            check(project, authored)
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            document = error_document(error)
        with open(writing, "wb") as stream:
            stream.write(json.dumps(document).encode())
    finally:
        os._exit(0)


def check(project: Project, authored: Graph) -> None:
    """Raise the first finding where the data of ``project`` does not conform.

    Raises:
        FindingsError: It does not.
    """
    from mezan_graph.validation import validate

    report = validate(project, authored)
    if report.unreadable or report.fails("violation"):
        found = [each for each in report.findings if each.severity == "violation"]
        first = (found or report.findings)[0]
        raise FindingsError(
            f"the data does not conform, first: {first.message}",
            place=first.file,
            line=first.line,
            column=first.column,
            hint="mezan validate shows every finding",
        )


def error_document(error: BaseException) -> dict[str, Any]:
    """Return an error as JSON values, for the process that reports it."""
    if not isinstance(error, MezanError):
        return {"kind": "MezanError", "message": f"internal error: {error!r}"}
    members = {
        name: getattr(error, name) for name in ("message", "place", "line", "column", "hint")
    }
    return {"kind": type(error).__name__, **members}


def read_error(document: dict[str, Any]) -> MezanError:
    """Return the error that :func:`error_document` wrote down."""
    members = dict(document)
    found: MezanError = getattr(errors, members.pop("kind"))(members.pop("message"), **members)
    return found

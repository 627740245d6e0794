"""The error tree: one base class, and every error knows its exit code.

MezanError                     70  an internal error: nothing more precise is known
├── UsageError                  2  the caller asked for something that does not exist
│   ├── UnknownQueryError          no stored query has this name
│   ├── UnknownEntityError         no entity has this IRI or slug
│   ├── UnknownGraphError          no named graph has this name
│   └── ParameterError             a query parameter is unknown, missing or of the wrong type
├── InputError                  3  something given to us cannot be read or used as it is
│   ├── ProjectError               mezan.toml or a folder of the project
│   ├── SourceError                a file is unreadable, empty, too large or refused
│   │   └── ParseError             a file breaks its format's grammar
│   ├── ShapeError                 a shapes graph is malformed
│   ├── QueryError                 a query is malformed, or its header is
│   │   └── RefusedQueryError      a query reaches outside of the graph, or is nested too deeply
│   ├── LimitError                 a documented limit was reached
│   └── OutputError                a result cannot be written
├── RemoteError                 4  the network or a remote server
│   └── UnknownOutcomeError        a request was sent, and nothing says what became of it
└── FindingsError               1  the data does not conform, or a stored-query test differs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import PurePath


class MezanError(Exception):
    """Base of every error that this package raises.

    Attributes:
        message: What is wrong, in one sentence.
        place: Where: a path, an IRI, a URL, a query name or a key; ``None`` where there is none.
        line: 1-based line in the file named by ``place``.
        column: 1-based column, in code points.
        hint: What to do about it.
        exit_code: Exit code of the command line for this class of errors.
    """

    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        message: str,
        *,
        place: str | PurePath | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = None if place is None else str(place)
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        """``place:line:column: message`` followed by the hint on a line of its own."""
        parts = [str(part) for part in (self.place, self.line, self.column) if part is not None]
        text = f"{':'.join(parts)}: {self.message}" if parts else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class UsageError(MezanError):
    """The caller asked for something that does not exist."""

    exit_code = 2


class UnknownQueryError(UsageError):
    """No stored query has this name."""


class UnknownEntityError(UsageError):
    """No entity of the graph has this IRI or slug."""


class UnknownGraphError(UsageError):
    """No named graph of the project has this name."""


class ParameterError(UsageError):
    """A query parameter is unknown, missing or of the wrong type."""


class InputError(MezanError):
    """Something given to us cannot be read or used as it is."""

    exit_code = 3


class ProjectError(InputError):
    """The project file or a folder that it names."""


class SourceError(InputError):
    """A file is unreadable, empty, too large, or refused for what it contains."""


class ParseError(SourceError):
    """A file breaks the grammar of its format.

    Attributes:
        excerpt: The source line at fault, or ``None`` where the parser gave no place.
    """

    def __init__(
        self,
        message: str,
        *,
        place: str | PurePath | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message, place=place, line=line, column=column, hint=hint)
        self.excerpt = excerpt

    def __str__(self) -> str:
        """The base text, with the line at fault and a caret under the column between."""
        head, separator, hint = super().__str__().partition("\n  hint: ")
        if self.excerpt is not None and self.column is not None:
            shown = self.excerpt.expandtabs(1)
            head += f"\n  | {shown}\n  | {' ' * (self.column - 1)}^"
        return head + separator + hint


class ShapeError(InputError):
    """A shapes graph is malformed."""


class QueryError(InputError):
    """A query, or the header of a stored query, is malformed."""


class RefusedQueryError(QueryError):
    """A query reaches outside of the graph, or is nested too deeply to be evaluated safely."""


class LimitError(InputError):
    """A documented limit was reached."""


class OutputError(InputError):
    """A result cannot be written."""


class RemoteError(MezanError):
    """The network or a remote server."""

    exit_code = 4


class RefusedByEndpointError(RemoteError):
    """An endpoint does not take a query: HTTP 400, or what a store says in its place."""


class UnknownOutcomeError(RemoteError):
    """A request was sent, and nothing says what became of it: a timeout, a broken connection."""


class FindingsError(MezanError):
    """The data does not conform, or a stored-query test differs from its expected answer."""

    exit_code = 1

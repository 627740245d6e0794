"""A document in Turtle or TriG as tokens that carry the comments and the layout around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from mezan_graph.turtle.tokens import Kind, tokens_pattern


@dataclass(slots=True)
class Comment:
    """A comment.

    Attributes:
        text: From its ``#``, without the white space at its end.
        column: 0-based column of the ``#``, in code points; ``0`` for one close to code,
            which is not aligned with anything.
        blank: Number of blank lines before a comment that has its own line.
    """

    text: str
    column: int
    blank: int = 0


@dataclass(slots=True)
class Token:
    """A token of the grammar, with the comments and the layout around it.

    Attributes:
        kind: What it is.
        text: As written.
        newline: Whether a line ends between the token before and this one.
        blank: Number of blank lines directly before it.
        leading: Comments before it that have their own lines.
        trailing: The comment after it on its line, and comments on lines of their own below that
            continue it in the same column.
    """

    kind: Kind
    text: str
    newline: bool
    blank: int = 0
    leading: list[Comment] = field(default_factory=list)
    trailing: list[Comment] = field(default_factory=list)


CONTINUATION_COLUMN = 16
"""A comment on its own line that continues the one above starts at this column or after it: no
comment that stands at the indentation of a statement is taken for one."""


_CLOSE = 2
_KINDS = (Kind.UNKNOWN, *Kind)


def scan(text: str) -> list[Token]:
    """Split Turtle or TriG into tokens that carry their comments; the last one is the end.

    White space is not kept, apart from line breaks. A character that starts no token is one of
    kind ``UNKNOWN``.
    """
    tokens: list[Token] = []
    leading: list[Comment] = []
    last_column: int | None = None
    newline = False
    previous_end = 0
    for match in tokens_pattern().finditer(text):
        kind = _KINDS[match.lastindex or 0]
        start = match.start(kind)
        space = text[previous_end:start]
        breaks = space.count("\n") or space.count("\r")
        newline = newline or breaks > 0
        blank = max(breaks - 1, 0) if tokens or leading else breaks
        previous_end = match.end()
        if kind is not Kind.COMMENT:
            tokens.append(Token(kind, match[kind], newline, blank, leading))
            leading, last_column, newline = [], None, False
            if kind is Kind.END:
                break
            continue
        # A carriage return alone ends a line too; looking for it stops at the line feed.
        line_start = text.rfind("\n", 0, start) + 1
        column = start - max(line_start, text.rfind("\r", line_start, start) + 1)
        close = tokens and not breaks and len(space) < _CLOSE
        comment = Comment(match[kind].rstrip(), 0 if close else column, blank)
        continues = breaks == 1 and column == last_column and column >= CONTINUATION_COLUMN
        if tokens and (not breaks or continues):
            tokens[-1].trailing.append(comment)
            last_column = column
        else:
            leading.append(comment)
            last_column = None
    return tokens


def line_end(text: str) -> str:
    """Return how the first line of a document ends, strings left aside: in LF or in CRLF."""
    end = 0
    for match in tokens_pattern().finditer(text):
        space = text[end : match.start(match.lastindex or 0)]
        if "\n" in space:
            return "\r\n" if "\r\n" in space else "\n"
        end = match.end()
    return "\n"

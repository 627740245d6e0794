"""The tokens of Turtle and TriG (RDF 1.1 Turtle, section 6.5; RDF 1.1 TriG, section 4).

The patterns cover N-Triples and N-Quads too. They are looser than the grammar in what they take as
a name, because they read text that a parser has accepted already: any character above U+007F
belongs to a name there. They are exact about where a token starts and ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache


class Kind(IntEnum):
    """What a token is; the number is that of its group in the patterns.

    ``SUFFIX`` is no token but the language or datatype inside of a whole literal.
    """

    PUNCTUATION = 1
    NAME = 2
    IRI = 3
    STRING = 4
    SUFFIX = 5
    NUMBER = 6
    BLANK = 7
    DIRECTIVE = 8
    WORD = 9
    LANGUAGE = 10
    COMMENT = 11
    END = 12
    UNKNOWN = 13


_HIGH = r"\x80-{top}"
_LETTERS = f"A-Za-z{_HIGH}"
_CHARS = rf"A-Za-z0-9_\-{_HIGH}"
_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_IRI = r"<(?!<)[^<>\x00-\x20]*+>"
_LOCAL = rf"(?:[:{_CHARS}]++|%|\\.|\.+(?=[:{_CHARS}%\\]))*+"
_NAME = rf"(?:[{_LETTERS}][.{_CHARS}]*+)?:{_LOCAL}"
# RDF 1.1 strings cannot end in a quote of their own kind, so the first three quotes close them.
_STRING = r'''"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"""
    |\'\'\'(?:[^'\\]++|\\.|'{1,2}(?!'))*+\'\'\'
    |"(?:[^"\\\r\n]++|\\.)*+"
    |'(?:[^'\\\r\n]++|\\.)*+\'
'''
_LANGUAGE = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*+"
_NUMBER = r"[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
_BLANK = rf"_:[{_CHARS}]++(?:\.+[{_CHARS}]+)*+"
# A dot before a digit begins a number: nothing else may start with a digit after a statement.
_PUNCTUATION = r"\^\^|[\[\](){};,]|\.(?![0-9])"

# The SPARQL forms need a space, without which they begin a prefixed name.
_DIRECTIVE = rf"""
    @(?i:prefix){_SPACE}(?:[{_LETTERS}][.{_CHARS}]*+)?:{_SPACE}{_IRI}{_SPACE}\.
    |@(?i:base){_SPACE}{_IRI}{_SPACE}\.
    |(?i:prefix)(?=[ \t\r\n\#]){_SPACE}(?:[{_LETTERS}][.{_CHARS}]*+)?:{_SPACE}{_IRI}
    |(?i:base)(?=[ \t\r\n\#<]){_SPACE}{_IRI}
"""

# A whole literal and a whole directive are one token here, and white space leads its token.
_TERMS = rf"""{_SPACE}(?:
    ({_PUNCTUATION})
    |({_NAME})
    |({_IRI})
    |((?:{_STRING})({_SPACE}(?:{_LANGUAGE}|\^\^{_SPACE}(?:{_IRI}|{_NAME})))?+)
    |({_NUMBER})
    |({_BLANK})
    |({_DIRECTIVE})
    |([A-Za-z]+)
    |({_LANGUAGE})
    |(\#)
    |(\Z)
    |(.)
)"""

_TOKENS = rf"""[ \t\r\n]*+(?:
    ({_PUNCTUATION})
    |({_NAME})
    |({_IRI})
    |((?:{_STRING})())
    |({_NUMBER})
    |({_BLANK})
    |(@(?i:prefix|base)(?![A-Za-z0-9-])|(?i:prefix|base|graph)(?=[ \t\r\n\#<\[]))
    |([A-Za-z]+)
    |({_LANGUAGE})
    |(\#[^\r\n]*)
    |(\Z)
    |(.)
)"""


@cache
def terms_pattern() -> re.Pattern[bytes]:
    """Return the pattern of whole terms and punctuation in UTF-8; groups are :class:`Kind`.

    White space and comments lead the group that matched. The end of the text is a match of its
    own, and a character that starts no token is one of kind ``UNKNOWN``.
    """
    source = _TERMS.replace("{top}", r"\xff").encode("ascii")
    return re.compile(source, re.VERBOSE | re.DOTALL)


@cache
def tokens_pattern() -> re.Pattern[str]:
    """Return the pattern of single tokens and comments in text; groups are :class:`Kind`."""
    return re.compile(_TOKENS.replace("{top}", r"\U0010ffff"), re.VERBOSE | re.DOTALL)


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

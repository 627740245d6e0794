"""The tokens of Turtle and TriG (RDF 1.1 Turtle, section 6.5; RDF 1.1 TriG, section 4).

The patterns cover N-Triples and N-Quads too. They are looser than the grammar in what they take as
a name, because they read text that a parser has accepted already: any character above U+007F
belongs to a name there. They are exact about where a token starts and ends.
"""

from __future__ import annotations

import re
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
_DECLARED = rf"{_SPACE}(?:(?:[{_LETTERS}][.{_CHARS}]*+)?:{_SPACE})?{_IRI}"
_DIRECTIVE = rf"""
    @(?i:prefix|base){_DECLARED}{_SPACE}\.
    |(?i:prefix(?=[ \t\r\n\#])|base(?=[ \t\r\n\#<])){_DECLARED}
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

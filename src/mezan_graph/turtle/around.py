"""The tokens around a place in a document that may be broken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mezan_graph.turtle.tokens import Kind, tokens_pattern

_SHOWN = 40
_AHEAD = 4
PAIRS = {"[": "]", "(": ")", "{": "}"}
"""Each opening bracket with the one that closes it."""

OPENED = {closing: opening for opening, closing in PAIRS.items()}
"""Each closing bracket with the one that it closes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it starts, in code points."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset after it."""
        return self.start + len(self.text)

    @property
    def shown(self) -> str:
        """Its text on one line, shortened."""
        text = " ".join(self.text.split())
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

    @property
    def is_term(self) -> bool:
        """Whether it is a term, or may be meant as one."""
        return self.kind not in {Kind.PUNCTUATION, Kind.DIRECTIVE, Kind.END, Kind.UNKNOWN}


class Around:
    """The tokens around the place at which the parser gave up.

    Attributes:
        before: The tokens that start before the place.
        after: The token at the place, and some that follow.
    """

    def __init__(self, text: str, start: int, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.before: list[Token] = []
        self.after: list[Token] = []
        for match in tokens_pattern().finditer(text, start):
            kind = Kind(match.lastindex or Kind.UNKNOWN)
            token = Token(kind, match[kind], match.start(kind))
            if kind is Kind.COMMENT or (kind is Kind.LANGUAGE and self.before):
                continue
            (self.before if token.start < offset else self.after).append(token)
            if kind is Kind.END or len(self.after) > _AHEAD:
                break
        # The end is always there, so that there is a first token after the place.
        self.at = self.after[0] if self.after else Token(Kind.END, "", offset)

    def back(self, number: int) -> Token:
        """Return the token that many before the place, an empty one where there is none."""
        inside = number <= len(self.before)
        return self.before[-number] if inside else Token(Kind.END, "", 0)

    def line(self, token: Token) -> int:
        """Return the line at which a token ends."""
        return self.text.count("\n", 0, token.end) + 1

    def end(self, token: Token) -> int:
        """Return the offset after a token and its language."""
        tag = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*").match(self.text, token.end)
        return tag.end() if tag and token.kind is Kind.STRING else token.end

    def unclosed(self) -> Token | None:
        """Return the innermost bracket that is open at the place."""
        opened: list[Token] = []
        for token in self.before:
            if token.text in PAIRS:
                opened.append(token)
            elif token.text in OPENED and opened and opened[-1].text == OPENED[token.text]:
                opened.pop()
        return opened[-1] if opened else None

    def declared(self) -> dict[str, str]:
        """Return the prefixes that are declared before the place, with their colons."""
        tokens = self.before
        return {
            name.text: iri.text
            for keyword, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if keyword.kind is Kind.DIRECTIVE and iri.kind is Kind.IRI
        }

    def ends_directive(self, position: int) -> bool:
        """Whether the token that many before the place is the dot of a declaration."""
        return self.back(position + 1).kind is Kind.IRI and Kind.DIRECTIVE in {
            self.back(position + 2).kind,
            self.back(position + 3).kind,
        }

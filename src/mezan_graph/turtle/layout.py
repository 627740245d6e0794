"""How statements are laid out; ``docs/decisions/0007-formatter.md`` gives the reasons.

One predicate a line, four spaces for each level. What fits on a line stays on it, unless its writer
had broken it: then each object has its own line. Every comment keeps its side of the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.turtle.grouping import groups, is_short
from mezan_graph.turtle.oneline import below, flat, flat_objects, hugged, is_wrapper, short_text
from mezan_graph.turtle.statements import (
    Block,
    Collection,
    Directive,
    End,
    Leaf,
    Properties,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mezan_graph.turtle.scanning import Comment, Token
    from mezan_graph.turtle.statements import Entry, Pair, Term

WIDTH = 100
"""Longest line, in code points, where terms leave a choice."""

_INDENT = "    "
_BLANK_BETWEEN = 2
_BLANK_INSIDE = 1
_BEFORE_COMMENT = 2
_MOVED_COMMENT = 4
_SEPARATOR = 2


class Layout:
    """Lays out the entries of one document.

    Attributes:
        lines: The lines so far; one may hold line ends inside of a long string.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.trailing: list[Comment] = []

    @property
    def column(self) -> int:
        """Length of the current line, in code points."""
        return len(self.line) - self.line.rfind("\n") - 1

    def fits(self, text: str) -> bool:
        """Whether ``text`` and a separator have room on the current line."""
        return "\n" not in text and self.column + len(text) + _SEPARATOR <= WIDTH

    def end_line(self, indent: int) -> None:
        """End the current line, with its comment, and begin the next one."""
        if self.trailing:
            column = self.trailing[0].column
            if column < self.column + _BEFORE_COMMENT:
                column = self.column + _MOVED_COMMENT
            for number, comment in enumerate(self.trailing):
                space = " " * (column - (0 if number else self.column))
                self.lines.append(("" if number else self.line) + space + comment.text)
            self.trailing = []
        elif self.line.strip():
            self.lines.append(self.line)
        self.line = _INDENT * indent

    def begin(self, token: Token, indent: int, *, blank: int = 0) -> None:
        """Begin a line for ``token``, with the blank lines and the comments before it.

        Args:
            token: What the line starts with.
            indent: Its level.
            blank: How many blank lines are kept in a row.
        """
        self.end_line(indent)
        for comment in token.leading:
            self.lines += [""] * min(comment.blank, blank)
            self.lines.append(_INDENT * indent + comment.text)
        self.lines += [""] * min(token.blank, blank)

    def close(self, term: Term | Pair | Statement, separator: str) -> None:
        """Write what separates a term from the next, and leave its comment to the line's end."""
        self.line += separator
        self.trailing = [*term.last.trailing]

    def entries(self, entries: Sequence[Entry], indent: int) -> None:
        """Lay out the statements of a document or a graph."""
        previous: Entry | None = None
        for group in groups(entries):
            names = max(
                (len(each.name) for each in group if isinstance(each, Directive)), default=0
            )
            for entry in group:
                self.separate(previous, entry, indent)
                self.begin(entry.first, indent, blank=_BLANK_BETWEEN)
                self.entry(entry, indent, names)
                previous = entry
        self.end_line(indent)

    def separate(self, previous: Entry | None, entry: Entry, indent: int) -> None:
        """See to it that a blank line stands around what takes several lines."""
        first = entry.first.leading[0] if entry.first.leading else entry.first
        if previous is None or (isinstance(entry, End) and not entry.first.leading):
            first.blank = 0
        elif not first.blank and not (
            is_short(entry, previous, _room(indent)) and is_short(previous, entry, _room(indent))
        ):
            first.blank = 1

    def entry(self, entry: Entry, indent: int, names: int) -> None:
        """Lay out one entry."""
        if isinstance(entry, Directive):
            end = " ." if entry.first.text.startswith("@") else ""
            name = f"{entry.name:<{names}} " if entry.name else ""
            self.line += f"{entry.first.text} {name}{entry.iri}{end}"
            self.trailing = [*entry.last.trailing]
        elif isinstance(entry, Block):
            self.block(entry, indent)
        elif isinstance(entry, Statement):
            self.statement(entry, indent)

    def block(self, block: Block, indent: int) -> None:
        """Lay out a graph."""
        self.line += f"{block.head} {{" if block.head else "{"
        self.trailing = [*block.opening.trailing]
        if block.entries or block.last.leading or self.trailing:
            self.end_line(indent + 1)
            self.entries(block.entries, indent + 1)
            self.closing(block.last, indent)
        else:
            self.line += "}"
        self.trailing = [*block.last.trailing]

    def closing(self, token: Token, indent: int) -> None:
        """Lay out a closing bracket on a line of its own, after the comments before it."""
        self.begin(token, indent + 1)
        self.line = _INDENT * indent + token.text

    def statement(self, statement: Statement, indent: int) -> None:
        """Lay out a statement."""
        short = short_text(statement, _room(indent))
        if short is not None:
            self.line += short
        else:
            self.term(statement.subject, indent)
            self.trailing = [*statement.subject.last.trailing]
            self.pairs(statement.pairs, indent + 1)
        if statement.dot is None:
            last: Term | Pair = statement.pairs[-1] if statement.pairs else statement.subject
            self.close(last, " .")
        else:
            self.line += " ;" if statement.semicolon else ""
            self.begin(statement.dot, indent + 1)
            self.line += "."
            self.trailing = [*statement.dot.trailing]

    def pairs(self, pairs: list[Pair], indent: int) -> None:
        """Lay out predicates, each on its own line; the last one without a separator."""
        for number, pair in enumerate(pairs):
            if number:
                self.close(pairs[number - 1], " ;")
            self.begin(pair.first, indent, blank=_BLANK_INSIDE if number else 0)
            self.pair(pair, indent)
        if pairs:
            self.trailing = [*pairs[-1].last.trailing]

    def pair(self, pair: Pair, indent: int) -> None:
        """Lay out a predicate and its objects."""
        self.line += pair.verb.text
        self.trailing = [*pair.verb.last.trailing]
        objects = pair.objects
        text = flat_objects(pair)
        # A single name or literal stays where it is: to move it would not make it shorter.
        alone = len(objects) == 1 and isinstance(objects[0], Leaf) and not below(pair)
        if text is not None and (alone or self.fits(f" {text}")):
            self.line += f" {text}"
            return
        together = hugged(pair)
        apart = not any(each.first.newline for each in objects[1:])
        under = below(pair) or apart or not all(isinstance(each, Leaf) for each in objects)
        whole = True
        for number, term in enumerate(objects):
            if number:
                self.close(objects[number - 1], " ,")
                stays = whole and not apart and self.continues(term)
            else:
                stays = not under
            if together or stays:
                self.line += " "
            else:
                self.begin(term.first, indent + 1)
            whole = self.term(term, indent if together else indent + 1)

    def continues(self, term: Term) -> bool:
        """Whether a term stays on the line of the one before it, as its writer has it."""
        text = flat(term)
        if text is None or "\n" in self.line or self.trailing:
            return False
        return self.fits(f" {text}") and not (term.first.newline or term.first.leading)

    def term(self, term: Term, indent: int) -> bool:
        """Lay out a term at the end of the current line; tell whether it stays whole on it."""
        text = flat(term)
        if text is not None and (isinstance(term, Leaf) or self.fits(text)):
            self.line += text
            return True
        self.line += term.first.text
        if isinstance(term, Properties) and is_wrapper(term):
            self.line += f" {term.pairs[0].verb.text} "
            self.term(term.pairs[0].objects[0], indent)
            self.line += " ]"
            return False
        self.trailing = [*term.first.trailing]
        if isinstance(term, Properties):
            self.pairs(term.pairs, indent + 1)
            self.line += " ;" if term.semicolon and term.last.leading else ""
        elif isinstance(term, Collection):
            self.items(term.items, indent + 1)
        self.closing(term.last, indent)
        return False

    def items(self, items: list[Term], indent: int) -> None:
        """Lay out the items of a list, on the lines that they had, as far as these have room."""
        whole = False
        for number, term in enumerate(items):
            if whole and self.continues(term):
                self.line += " "
            else:
                self.begin(term.first, indent, blank=_BLANK_INSIDE if number else 0)
            whole = self.term(term, indent)
            self.trailing = [*term.last.trailing]


def _room(indent: int) -> int:
    """Return how long a statement on one line may be, without its dot."""
    return WIDTH - len(_INDENT) * indent - _SEPARATOR

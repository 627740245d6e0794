"""The statements of a Turtle or TriG document as written, with their comments.

A concrete syntax tree: every term keeps its text, every comment its place. Separators are not kept,
and their comments go to what stands before them, or else before what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mezan_graph.errors import SourceError
from mezan_graph.turtle.tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.turtle.scanning import Comment, Token


@dataclass(slots=True)
class Leaf:
    """An IRI, a name, a label, a keyword or a literal, which may be several tokens."""

    first: Token
    last: Token
    text: str


@dataclass(slots=True)
class Properties:
    """A blank node in brackets with its predicates."""

    first: Token
    last: Token
    pairs: list[Pair]
    semicolon: bool = False


@dataclass(slots=True)
class Collection:
    """A list in parentheses."""

    first: Token
    last: Token
    items: list[Term]


Term = Leaf | Properties | Collection


@dataclass(slots=True)
class Pair:
    """A predicate and its objects."""

    verb: Leaf
    objects: list[Term]

    @property
    def first(self) -> Token:
        """The token that the comments before the pair are kept at."""
        return self.verb.first

    @property
    def last(self) -> Token:
        """The token that the comment after the pair is kept at."""
        return self.objects[-1].last


@dataclass(slots=True)
class Directive:
    """A declaration of a prefix or of the base.

    Attributes:
        first: Its keyword.
        last: Its last token.
        name: The prefix with its colon; ``""`` for a base.
        iri: The IRI in its angle brackets.
    """

    first: Token
    last: Token
    name: str
    iri: str


@dataclass(slots=True)
class Statement:
    """Triples of one subject.

    Attributes:
        first: First token of the subject.
        last: The dot, or the last token where there is none.
        subject: The subject.
        pairs: Its predicates; empty for brackets that stand alone.
        dot: The dot, kept only where comments stand before it.
        semicolon: Whether a semicolon stood before these comments.
    """

    first: Token
    last: Token
    subject: Term
    pairs: list[Pair]
    dot: Token | None
    semicolon: bool


@dataclass(slots=True)
class Block:
    """A graph of TriG.

    Attributes:
        first: First token of the head.
        last: The closing brace.
        head: The text before the opening brace.
        opening: The opening brace.
        entries: The statements.
    """

    first: Token
    last: Token
    head: str
    opening: Token
    entries: list[Entry]


@dataclass(slots=True)
class End:
    """The end of the document, which comments may stand before."""

    first: Token


Entry = Directive | Statement | Block | End


@dataclass(slots=True)
class _Reader:
    """Reads tokens of a document that a parser has accepted."""

    tokens: list[Token]
    name: str
    position: int = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        if token.kind is Kind.UNKNOWN or (token.kind is Kind.END and self.position):
            raise SourceError(
                f"syntax that is not of RDF 1.1 near {token.text!r}",
                place=self.name,
                hint="only Turtle and TriG of RDF 1.1 are formatted",
            )
        self.position += 1
        return token

    def separator(self, last: Token) -> Token:
        """Take a separator, and give its comments to ``last`` or to the token after it."""
        token = self.take()
        moved = [*token.leading]
        if token.trailing and (moved or last.trailing):
            moved += token.trailing
        else:
            last.trailing += token.trailing
        self.next.leading[:0] = moved
        self.next.newline |= token.newline
        return token

    def entries(self) -> Iterator[Entry]:
        """Read up to the end, or up to the brace that closes the graph."""
        while self.next.text != "}":
            if self.next.kind is Kind.END:
                yield End(self.next)
                return
            if self.next.kind is Kind.DIRECTIVE and self.next.text.lower() != "graph":
                yield self.directive()
            else:
                yield self.statement_or_block()

    def directive(self) -> Directive:
        start = self.position
        keyword = self.take()
        name = "" if keyword.text.lower().endswith("base") else self.take().text
        iri = self.take().text
        if keyword.text.startswith("@"):
            self.take()
        self.gather(start)
        return Directive(keyword, self.tokens[self.position - 1], name, iri)

    def gather(self, start: int) -> None:
        """Move the comments among the tokens since ``start`` before the first of them."""
        tokens = self.tokens[start : self.position]
        for number, token in enumerate(tokens):
            if number:
                tokens[0].leading += token.leading
                token.leading = []
            if token is not tokens[-1]:
                tokens[0].leading += token.trailing
                token.trailing = []

    def statement_or_block(self) -> Statement | Block:
        start = self.position
        if self.next.kind is Kind.DIRECTIVE:
            self.take()
        if self.next.text == "{":
            return self.block(start)
        subject = self.term()
        return self.block(start) if self.next.text == "{" else self.statement(subject)

    def block(self, start: int) -> Block:
        head = " ".join(each.text for each in self.tokens[start : self.position])
        opening = self.take()
        self.gather(start)
        entries = list(self.entries())
        closing = self.take()
        return Block(self.tokens[start], closing, head.replace("[ ]", "[]"), opening, entries)

    def statement(self, subject: Term) -> Statement:
        pairs, semicolon = self.pairs(subject.last)
        last = pairs[-1].last if pairs else subject.last
        dot = None
        if self.next.text == ".":
            if self.next.leading:
                dot = last = self.take()
            else:
                self.separator(last)
        return Statement(subject.first, last, subject, pairs, dot, semicolon)

    def pairs(self, last: Token) -> tuple[list[Pair], bool]:
        """Read predicates up to a dot or closing bracket; tell whether a semicolon is last."""
        pairs: list[Pair] = []
        semicolon = False
        while self.next.kind is not Kind.PUNCTUATION or self.next.text == ";":
            if self.next.text == ";":
                self.separator(last)
                semicolon = True
                continue
            verb = self.leaf()
            objects = [self.term()]
            while self.next.text == ",":
                self.separator(objects[-1].last)
                objects.append(self.term())
            pairs.append(Pair(verb, objects))
            last = objects[-1].last
            semicolon = False
        return pairs, semicolon

    def term(self) -> Term:
        if self.next.kind is not Kind.PUNCTUATION:
            return self.leaf()
        opening = self.take()
        if opening.text == "[":
            pairs, semicolon = self.pairs(opening)
            return Properties(opening, self.take(), pairs, semicolon)
        items = []
        while self.next.text != ")":
            items.append(self.term())
        return Collection(opening, self.take(), items)

    def leaf(self) -> Leaf:
        """Read a term that is no bracket; comments inside of a literal go after it."""
        first = last = self.take()
        text = first.text
        moved: list[Comment] = []
        # A language tag may read @prefix or @base.
        while last.text == "^^" or (
            last.kind is Kind.STRING and self.next.text.startswith(("@", "^^"))
        ):
            moved += [*last.trailing, *self.next.leading]
            last.trailing, self.next.leading = [], []
            last = self.take()
            text += last.text
        self.next.leading[:0] = moved
        return Leaf(first, last, text)


def read_statements(tokens: list[Token], name: str) -> list[Entry]:
    """Read a document that a parser has accepted; the last entry is its end.

    Args:
        tokens: Turtle or TriG (RDF 1.1); their comments are moved to where they belong.
        name: What people are shown as the name of the document.

    Raises:
        SourceError: The document has syntax of RDF 1.2.
    """
    return list(_Reader(tokens, name).entries())

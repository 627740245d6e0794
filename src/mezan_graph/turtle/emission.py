"""Which tokens each quad comes from, in the order in which pyoxigraph gives the quads.

The walk follows the grammar (RDF 1.1 Turtle, section 6.5; RDF 1.1 TriG, section 4) and counts.
Plain triples come in the order of their objects. Brackets and lists follow the parser's habits,
which tests hold for every quad of the W3C suites: the triples inside ``[ ]`` come before the one
that points to it; that of a list comes with its first item; a string without language or datatype
is known to be complete only at the next token; and the quads of one token come in reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mezan_graph.turtle.tokens import Kind, terms_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

Token = tuple[int, int]
"""Start and end of a term in the document, in bytes."""


@dataclass(slots=True, eq=False)
class Bracket:
    """A blank node in brackets, or a list.

    Attributes:
        start: Offset of the opening bracket, in bytes.
        is_list: Whether it is a list.
        emission: The triple that the bracket is the object of; ``None`` where it is a subject.
        end: Offset after the closing bracket; ``-1`` while it is open.
        items: Of a list, how many items were met.
        node: Of a list, what stands for the node of its latest item.
    """

    start: int
    is_list: bool
    emission: Emission | None = None
    end: int = -1
    items: int = 0
    node: Term | None = None


Term = Token | Bracket
"""Where a term stands: its token, or its brackets."""


@dataclass(slots=True, eq=False)
class Emission:
    """Where a quad stands.

    Attributes:
        subject: Its subject as written; of a triple of a list, that list.
        verb: Its predicate; ``None`` for a triple of a list.
        object: Its object. The rest of a list starts at its next item; its end is its ``)``.
        role: ``first`` and ``rest`` for the triples of lists.
        node: What stands for the subject itself: in a list, the item whose node it is, and the
            list for its first node.
        is_end: Whether it is the triple that ends a list.
    """

    subject: Term
    verb: Token | None
    object: Term
    role: Literal["triple", "first", "rest"]
    node: Term
    is_end: bool = False


_START, _VERB, _OBJECT, _AFTER = range(4)
# Plain numbers, because the loop over the tokens compares them millions of times.
_PUNCTUATION, _STRING, _SUFFIX = int(Kind.PUNCTUATION), int(Kind.STRING), int(Kind.SUFFIX)
_DIRECTIVE, _WORD = int(Kind.DIRECTIVE), int(Kind.WORD)
_PLAIN = {ord(";"): _VERB, ord(","): _OBJECT, ord("."): _START, ord("{"): _START, ord("}"): _START}
_OPENING = b"[("


def walk(
    document: bytes,
    indexes: Iterable[int],
    start: int = 0,
    end: int | None = None,
    count: int = 0,
) -> tuple[dict[int, Emission], list[Token]]:
    """Find where the quads with these ``indexes`` stand in ``document``.

    The walk ends at the last quad that is asked for.

    Args:
        document: Turtle, TriG, N-Triples or N-Quads in UTF-8 that pyoxigraph has accepted.
        indexes: Numbers of the quads, the first of the document being 0.
        start: Where a statement begins, in bytes.
        end: Where to end in any case.
        count: How many quads come before ``start``.

    Returns:
        The quads by index, and the prefix and base declarations that were passed, in order.
    """
    walker = _Walker(indexes, count)
    walker.walk(document, start, len(document) if end is None else end)
    return walker.emissions, walker.directives


class _Walker:
    """The state of a walk.

    Attributes:
        count: Quads met so far; the loop keeps it for itself between brackets.
        target: Index of the next quad that is asked for, ``-1`` at the end.
        list: The list whose items are being read, if the innermost bracket is one.
        held: A string that is complete only at the next token.
    """

    def __init__(self, indexes: Iterable[int], count: int) -> None:
        self.wanted = sorted(set(indexes), reverse=True)
        self.emissions: dict[int, Emission] = {}
        self.directives: list[Token] = []
        self.count = count
        self.target = self.wanted.pop() if self.wanted else -1
        self.list: Bracket | None = None
        self.held: Emission | None = None
        self.stack: list[tuple[Bracket, int, Term, Token, Bracket | None]] = []

    # One flat loop: a call for each of its branches would double the time.
    def walk(self, document: bytes, start: int, end: int) -> None:  # noqa: C901, PLR0912
        """Read the document; this loop deals with plain triples, which are most."""
        mode = _START
        subject: Term = (0, 0)
        verb: Token = (0, 0)
        count = self.count
        stack = self.stack
        for match in terms_pattern().finditer(document, start, end):
            kind = match.lastindex or 0
            if kind == _PUNCTUATION:
                sign = document[match.end() - 1]
                if sign in _PLAIN:
                    mode = _PLAIN[sign]
                    if self.held is None:
                        continue
                self.count = count
                if sign in _OPENING:
                    mode, subject, verb = self.open(sign, match.start(1), mode, subject, verb)
                elif sign in _PLAIN:
                    self.give(self.released())
                elif stack:
                    mode, subject, verb = self.close(match.end())
                count = self.count
                if self.target < 0 and not stack:
                    return
            elif kind == _DIRECTIVE:
                self.directives.append(match.span(_DIRECTIVE))
            elif mode == _OBJECT:
                if stack:
                    self.count = count
                    suffix = None if kind != _STRING else match.end(_SUFFIX) >= 0
                    self.item(match.span(kind), suffix, subject, verb)
                    count = self.count
                    if self.list is not None:
                        continue
                else:
                    if count == self.target:
                        self.found(Emission(subject, verb, match.span(kind), "triple", subject))
                        if self.target < 0:
                            return
                    count += 1
                mode = _AFTER
            elif mode == _VERB:
                verb = match.span(kind)
                mode = _OBJECT
            elif mode == _START and kind != _WORD:
                subject = match.span(kind)
                mode = _VERB

    def found(self, emission: Emission) -> None:
        """Keep a quad that is asked for, and go to the next one."""
        self.emissions[self.target] = emission
        self.target = self.wanted.pop() if self.wanted else -1

    def give(self, batch: list[Emission]) -> None:
        """Count the quads of one token, which come in reverse."""
        for each in reversed(batch):
            if self.count == self.target:
                self.found(each)
            self.count += 1

    def released(self) -> list[Emission]:
        """Return the triple of the string that was held, now that the next token is there."""
        held, self.held = self.held, None
        return [] if held is None else [held]

    def step(self, items: Bracket, term: Term) -> list[Emission]:
        """Go to the item ``term`` of a list, and return the triple that leads to its node."""
        items.items += 1
        if items.items == 1:
            items.node = items
            return [] if items.emission is None else [items.emission]
        node, items.node = items.node, term
        return [Emission(items, None, term, "rest", node or items)]

    def pointing(self, term: Term, subject: Term, verb: Token) -> Emission:
        """Return the triple that has ``term`` as its object."""
        if self.list is None:
            return Emission(subject, verb, term, "triple", subject)
        return Emission(self.list, None, term, "first", self.list.node or self.list)

    def item(self, term: Token, suffix: bool | None, subject: Term, verb: Token) -> None:
        """Read an object inside of brackets; ``suffix`` is ``None`` where it is no string."""
        batch = self.released()
        if self.list is not None:
            batch += self.step(self.list, term)
        emission = self.pointing(term, subject, verb)
        if suffix is None:
            self.give([*batch, emission])
            return
        self.give(batch)
        if suffix:
            self.give([emission])
        else:
            self.held = emission

    def open(
        self, sign: int, start: int, mode: int, subject: Term, verb: Token
    ) -> tuple[int, Term, Token]:
        """Enter a bracket, and return the mode, subject and verb inside of it."""
        bracket = Bracket(start, sign == ord("("))
        batch = self.released()
        if mode == _OBJECT:
            if self.list is not None:
                batch += self.step(self.list, bracket)
            bracket.emission = self.pointing(bracket, subject, verb)
        self.give(batch)
        self.stack.append((bracket, mode, subject, verb, self.list))
        self.list = bracket if bracket.is_list else None
        return (_OBJECT if bracket.is_list else _VERB), bracket, verb

    def close(self, end: int) -> tuple[int, Term, Token]:
        """Leave a bracket, and return the mode, subject and verb after it."""
        bracket, mode, subject, verb, self.list = self.stack.pop()
        bracket.end = end
        batch = self.released()
        if bracket.items:
            node = bracket.node or bracket
            batch.append(Emission(bracket, None, (end - 1, end), "rest", node, is_end=True))
        elif bracket.emission is not None:
            batch.append(bracket.emission)
        self.give(batch)
        if mode == _START:
            return _VERB, bracket, verb
        return (_AFTER if self.list is None else _OBJECT), subject, verb

"""What of a document stands on one line, and how its writer had broken it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.turtle.statements import Collection, Leaf

if TYPE_CHECKING:
    from mezan_graph.turtle.statements import Pair, Properties, Statement, Term


def flat(term: Term) -> str | None:
    """Return a term on one line, or ``None`` where its writer broke it or commented inside."""
    if isinstance(term, Leaf):
        return term.text
    if term.first.trailing or term.last.leading or term.last.newline:
        return None
    opened, closed = term.first.text, term.last.text
    if isinstance(term, Collection):
        texts = _flat_sequence(term.items)
        return None if texts is None else f"{opened} {texts} {closed}" if texts else "()"
    parts = []
    for pair in term.pairs:
        text = flat_objects(pair)
        apart = pair.first.newline or pair.first.leading or pair.verb.last.trailing
        if text is None or apart or broken(pair) or pair.last.trailing:
            return None
        parts.append(f"{pair.verb.text} {text}")
    return f"[ {' ; '.join(parts)} ]" if parts else "[]"


def _flat_sequence(items: list[Term]) -> str | None:
    texts = []
    for term in items:
        text = flat(term)
        if text is None or term.first.newline or term.first.leading or term.last.trailing:
            return None
        texts.append(text)
    return " ".join(texts)


def flat_objects(pair: Pair) -> str | None:
    """Return the objects on one line, ``None`` where they were on several or have comments."""
    texts = []
    for number, term in enumerate(pair.objects):
        text = flat(term)
        last = number == len(pair.objects) - 1
        if text is None or term.first.leading or (term.last.trailing and not last):
            return None
        if number and term.first.newline:
            return None
        texts.append(text)
    return None if pair.verb.last.trailing else " , ".join(texts)


def short_text(statement: Statement, room: int) -> str | None:
    """Return a statement of one predicate, or none, on one line without its dot.

    ``None`` where it was on several lines, or has more than ``room`` code points.
    """
    subject = flat(statement.subject)
    if subject is None or len(statement.pairs) > 1 or statement.dot is not None:
        return None
    if not statement.pairs:
        return subject if len(subject) <= room else None
    (pair,) = statement.pairs
    text = flat_objects(pair)
    if text is None or "\n" in subject + text or broken(pair):
        return None
    if pair.first.newline or pair.first.leading or statement.subject.last.trailing:
        return None
    short = f"{subject} {pair.verb.text} {text}"
    return short if len(short) <= room else None


def broken(pair: Pair) -> bool:
    """Whether an object of ``pair`` began a line."""
    return any(term.first.newline for term in pair.objects)


def below(pair: Pair) -> bool:
    """Whether the first object has to stand, or stood, on the line after its predicate."""
    first = pair.objects[0].first
    return first.newline or bool(first.leading) or bool(pair.verb.last.trailing)


def hugged(pair: Pair) -> bool:
    """Whether objects follow one another as ``] , [``."""
    others = pair.objects[1:]
    if below(pair) or any(each.first.leading for each in others):
        return False
    if any(each.last.trailing for each in pair.objects[:-1]):
        return False
    if not any(each.first.newline for each in others):
        return any(flat(each) is None for each in pair.objects) or len(pair.objects) == 1
    return all(flat(each) is None for each in pair.objects)


def is_wrapper(term: Properties) -> bool:
    """Whether a node only wraps another one in brackets, as in ``[ sh:alternativePath ( … ) ]``."""
    if len(term.pairs) != 1 or len(term.pairs[0].objects) != 1:
        return False
    (pair,) = term.pairs
    (wrapped,) = pair.objects
    tokens = (pair.first, wrapped.first, term.last)
    comments = (term.first.trailing, pair.verb.last.trailing, wrapped.last.trailing)
    return (
        not isinstance(wrapped, Leaf)
        and not any(token.newline or token.leading for token in tokens)
        and not any(comments)
    )

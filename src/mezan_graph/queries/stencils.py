"""Queries that are alike: what was found out about one holds for all that fill the same gaps.

Programs ask the same query about one entity after the other. Such queries differ in IRIs, strings
and comments only, on which no check before the engine depends but one: whether an IRI is a
``file:`` IRI. So the checks are made once for a stencil, the text with gaps for these, and the text
for the engine is put together from its pieces; both are most of what a light query costs in Python.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mezan_graph.errors import QueryError
from mezan_graph.queries.evaluation import PADDING, ordered_wording
from mezan_graph.queries.guard import check
from mezan_graph.queries.tokens import VARYING, Kind
from mezan_graph.queries.wording import Edits, unambiguous_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mezan_graph.queries.outline import Outline
    from mezan_graph.settings import Limits

_MOST_STENCILS = 256
_MOST_CHARACTERS = 4000
"""Longest query that is looked at; what longer ones need is the engine's time more than ours."""

_ANY_IRI, _ANY_STRING = "<x:x>", '"x"'


class Checked(NamedTuple):
    """A query that was checked.

    Attributes:
        text: The query as written.
        outline: Its outline, or that of another query that is alike.
        words: The keywords that it has.
        sent: The text for the local engine, where the query itself need not be looked at.
    """

    text: str
    outline: Outline
    words: frozenset[str]
    sent: str | None = None


class _Stencil(NamedTuple):
    outline: Outline
    words: frozenset[str]
    pieces: tuple[str, ...]


def checking(limits: Limits, prefixes: Mapping[str, str]) -> Callable[[str], Checked]:
    """Return a function that checks queries of strangers, those that are alike once.

    What it raises and what it gives the engine is what :func:`mezan_graph.queries.guard.check` and
    :func:`mezan_graph.queries.evaluation.begin` would.

    Args:
        limits: Bounds on queries.
        prefixes: Namespace IRIs of prefixes that a query may use without declaring them.
    """

    @lru_cache(_MOST_STENCILS)
    def known(text: str) -> _Stencil:
        return _stencil(check(text, limits, remote=True, based=True), prefixes)

    def checked(text: str) -> Checked:
        if len(text) <= _MOST_CHARACTERS and "\\" not in text:
            parts = VARYING.split(text)
            varying, parts[1::2] = parts[1::2], map(_placeholder, parts[1::2])
            try:
                stencil = known("".join(parts))
            except QueryError:
                stencil = None
            if stencil is not None and (sent := _sent(stencil, varying)) is not None:
                return Checked(text, stencil.outline, stencil.words, sent)
        outline = check(text, limits, remote=True, based=True)
        return Checked(text, outline, outline.words)

    return checked


def _placeholder(text: str) -> str:
    if text[0] == "#":
        return ""
    return _ANY_IRI if text[0] == "<" else _ANY_STRING


def _stencil(outline: Outline, prefixes: Mapping[str, str]) -> _Stencil:
    worded = ordered_wording(outline, prefixes, Edits())
    pieces = []
    end = 0
    for token, start, sent in zip(outline.tokens, worded.starts, worded.sent, strict=True):
        if token.kind in {Kind.IRI, Kind.STRING}:
            pieces.append(worded.text[end:start])
            end = start + len(sent)
        elif token.word == "FROM":
            # Which graphs are meant depends on the IRIs.
            return _Stencil(outline, outline.words, ())
    return _Stencil(outline, outline.words, (*pieces, worded.text[end:] + PADDING))


def _sent(stencil: _Stencil, varying: list[str]) -> str | None:
    """Return the text for the engine, ``None`` where the query itself has to be looked at."""
    if not stencil.pieces:
        return None
    pieces = iter(stencil.pieces)
    sent = [next(pieces)]
    for text in varying:
        if text[0] == "#":
            continue
        if text[0] == "<":
            if text[1:6].lower() == "file:":
                return None
            sent.append(unambiguous_iri(text))
        else:
            sent.append(text)
        sent.append(next(pieces))
    return "".join(sent)

"""The text of a query as an engine gets it: prefixes added, values bound, places kept track of.

For the local engine the text is also made unambiguous. pyoxigraph's parser knows no boundaries of
keywords (it reads ``SERVICE:x`` as SERVICE and a prefixed name), and takes ``<`` for an IRI or an
operator as the grammar wants it, so that ``?a<?b#>`` may start a comment. Prefixes are therefore
renamed to ones that no keyword starts with, and the first character of an IRI is written as a
codepoint escape, which an operator cannot be followed by.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.queries.tokens import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mezan_graph.queries.outline import Outline

Term = ox.NamedNode | ox.Literal
"""What can be bound to a variable of a query."""

_ESCAPE = re.compile(r"\\\\([uU])|\\.")


class Edits:
    """Changes to a query, by the index of the token that they concern.

    Attributes:
        before: Text to put before a token; the index after the last token stands for the end.
        instead: Text to put in the place of a token.
    """

    __slots__ = ("before", "instead")

    def __init__(self) -> None:
        self.before: dict[int, str] = {}
        self.instead: dict[int, str] = {}


class Wording(NamedTuple):
    """The text that an engine gets.

    Attributes:
        query: The query as written.
        text: The text as sent.
        starts: For each token, the offset in ``text`` at which it starts.
        sent: For each token, its text as sent.
    """

    query: Outline
    text: str
    starts: tuple[int, ...]
    sent: tuple[str, ...]

    def token_at(self, line: int, column: int, back: int = 0) -> Token | None:
        """Return the token at a place of the text as sent, or the next one after it.

        Args:
            line: 1-based line.
            column: 1-based column, in code points.
            back: How many code points before that place to look.

        Returns:
            The token as written; ``None`` after the last one.
        """
        lines = self.text.split("\n")
        offset = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1 - back
        for start, token, text in zip(self.starts, self.query.tokens, self.sent, strict=True):
            if offset < start + len(text):
                return token
        return None


def serialised(term: Term) -> str:
    r"""Return ``term`` in the syntax of SPARQL, in ASCII-safe escapes, without a line break.

    A backslash before ``u`` is followed by an escaped ``u``: an engine that replaces codepoint
    escapes before it reads strings, as section 19.2 has it, would take ``\\u0022`` for a quote.
    """
    return _ESCAPE.sub(
        lambda match: f"\\\\\\u{ord(match[1]):04X}" if match[1] else match[0], str(term)
    )


def wording(
    query: Outline, prefixes: Mapping[str, str], edits: Edits, *, local: bool = True
) -> Wording:
    """Return the text for an engine.

    Args:
        query: The query.
        prefixes: Namespace IRIs of prefixes that the query may use without declaring them.
        edits: Changes to make.
        local: Whether the text is for pyoxigraph, and is made unambiguous.

    Raises:
        QueryError: A prefix is not declared.
    """
    labels = prefix_labels(query, prefixes)
    added = [
        f"PREFIX {labels[prefix] if local else prefix}: <{prefixes[prefix]}> "
        for prefix in labels
        if prefix not in query.prefixes
    ]
    parts = added[:]
    length = sum(map(len, parts))
    starts = []
    sent = []
    end = 0
    for index, token in enumerate(query.tokens):
        space = _space(query.text[end : token.start])
        end = token.end
        before = edits.before.get(index, "")
        text = edits.instead.get(index, token.text)
        if local and index not in edits.instead:
            text = _unambiguous(token, labels)
        starts.append(length + len(space) + len(before))
        sent.append(text)
        parts += (space, before, text)
        length = starts[-1] + len(text)
    parts.append(edits.before.get(len(query.tokens), ""))
    return Wording(query, "".join(parts), tuple(starts), tuple(sent))


def prefix_labels(query: Outline, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return a label for each prefix in use that no keyword starts with.

    Args:
        query: The query.
        prefixes: Namespace IRIs of prefixes that the query may use without declaring them.

    Raises:
        QueryError: A prefix is not declared.
    """
    labels = {prefix: f"p{number}" for number, prefix in enumerate(query.prefixes)}
    for token in query.tokens[query.start :]:
        if token.kind is not Kind.NAME or token.prefix in labels:
            continue
        if token.prefix not in prefixes:
            known = sorted({*prefixes, *query.prefixes})
            import difflib

            near = difflib.get_close_matches(token.prefix, known, 1)
            hint = f"did you mean {near[0]}:?" if near else None
            raise query.error(
                token,
                f"the prefix {token.prefix}: is not declared",
                hint or f"write PREFIX {token.prefix}: <…> at the top of the query",
            )
        labels[token.prefix] = f"p{len(labels)}"
    return labels


def _space(text: str) -> str:
    """Return the white space between two tokens, a comment replaced by nothing."""
    return re.sub(r"#[^\r\n]*", "", text) if "#" in text else text


def _unambiguous(token: Token, labels: Mapping[str, str]) -> str:
    if token.kind is Kind.NAME and token.prefix in labels:
        return labels[token.prefix] + token.text[len(token.prefix) :]
    return unambiguous_iri(token.text) if token.kind is Kind.IRI else token.text


def unambiguous_iri(text: str) -> str:
    """Return an IRI between ``< >`` in such a way that ``<`` can be no operator."""
    if text == "<>" or text[1] == "\\":
        return text
    return f"<{_escape(text[1])}{text[2:]}"


@lru_cache(256)
def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004

"""Messages for people: the best of several languages, with its placeholders filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mezan_graph.validation.shapes_graph import Term

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
_LONGEST = 200


def best(messages: tuple[ox.Literal, ...]) -> ox.Literal | None:
    """Return the English message, else one without a language, else the first."""

    def rank(message: ox.Literal) -> int:
        language = (message.language or "").lower()
        return 0 if language.split("-")[0] == "en" else 1 if not language else 2

    return min(messages, key=rank, default=None)


def filled(
    message: ox.Literal, bindings: Mapping[str, Term | str], short: Callable[[object], str]
) -> ox.Literal:
    """Return ``message`` with ``{?name}`` and ``{$name}`` replaced (SHACL, section 5.3.2).

    A literal is written as its lexical form, cut where it is very long; an IRI by ``short``. A name
    without a value stays as it is.
    """
    if "{" not in message.value:
        return message

    def replace(match: re.Match[str]) -> str:
        value = bindings.get(match[1])
        if value is None:
            return match[0]
        if isinstance(value, ox.Literal):
            text = value.value
        else:
            text = value if isinstance(value, str) else short(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    text = _PLACEHOLDER.sub(replace, message.value)
    if message.language:
        return ox.Literal(text, language=message.language)
    return ox.Literal(text)

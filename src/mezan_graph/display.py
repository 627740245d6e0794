"""Terms and text as people are shown them: short names, and nothing that a terminal would obey."""

from __future__ import annotations

import re

import pyoxigraph as ox

JOINERS = "\u200c\u200d\u200e\u200f\u00a0\u202f"
"""Joiners and marks that belong to Arabic and Hebrew text and cannot reorder what is around them.

They are not printable to Python, and are to be kept where such text is shown."""

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


def visible(text: str, keep: str = "") -> str:
    """Return ``text`` with control and bidirectional characters written as escapes.

    An escape sequence or an override in a literal must not reach a terminal. The characters in
    ``keep`` stay as they are.
    """
    return "".join(
        each if each.isprintable() or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )


def short_name(term: object, prefixes: dict[str, str]) -> str:
    """Return a term as people write it: an IRI as a prefixed name where one is at hand."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    named = [item for item in prefixes.items() if term.value.startswith(item[1])]
    prefix, namespace = max(named, key=lambda item: len(item[1]), default=("", ""))
    local = term.value[len(namespace) :]
    return f"{prefix}:{local}" if namespace and _LOCAL.match(local) else str(term)


def short_names(text: str, prefixes: dict[str, str]) -> str:
    """Return ``text`` with every IRI in angle brackets as a prefixed name where one is at hand."""
    return re.sub(r"<([^<>\s]+)>", lambda match: short_name(ox.NamedNode(match[1]), prefixes), text)

"""``MZ109``: IRIs that are valid and yet hardly what was meant."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from mezan_graph.display import visible
from mezan_graph.validation.checks.survey import at, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding

_SCHEME_AND_HOST = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?")
_TWICE = re.compile(r"https?://https?(?::|//)")


def check_iris(survey: Survey, base: str) -> Iterator[Finding]:
    """Yield ``MZ109`` for every suspicious IRI, once in each source.

    Suspicious are: a prefixed name in angle brackets (``<id:x>``), a scheme or host with capital
    letters, an ``http`` or ``https`` IRI without a host, a scheme written twice, the project's base
    under the other of these two schemes, and characters that nobody sees.
    """
    prefixes = survey.graph.prefixes
    found: dict[Any, tuple[str, str]] = {}
    for namespace, iris in survey.namespaces.items():
        # Scheme and host are shared, unless the only slashes are those before the host.
        shared = bool(namespace) and not namespace.endswith("//")
        about = _suspicion(namespace, base, prefixes) if shared else None
        for iri in iris:
            what = about if shared else _suspicion(iri.value, base, prefixes)
            what = what or _invisible(iri.value)
            if what is not None:
                found[iri] = what
    for term, part, quad, count in survey.uses(found.keys()):
        message, hint = found[term]
        text = f"<{visible(term.value)}> {message}{times(count)}"
        yield at("MZ109", "warning", text, part, quad, hint=hint)


def _suspicion(iri: str, base: str, prefixes: dict[str, str]) -> tuple[str, str] | None:
    match = _SCHEME_AND_HOST.match(iri)
    if match is None:
        return None
    scheme, host = match[1], match[2]
    if scheme in prefixes and host is None:
        return f"has the prefix {scheme}: as its scheme", "write it without angle brackets"
    if scheme != scheme.lower():
        return "has capital letters in its scheme", f"write {scheme.lower()}:"
    return _web_suspicion(iri, scheme, host, base) if scheme in {"http", "https"} else None


def _web_suspicion(iri: str, scheme: str, host: str | None, base: str) -> tuple[str, str] | None:
    other = "http" if base.startswith("https:") else "https"
    if not host:
        return "names no host", f"write {scheme}:// and the host"
    if _TWICE.match(iri):
        return "has its scheme twice", "remove one of the two"
    if host != host.lower():
        return "has capital letters in its host", f"write {host.lower()}"
    if iri.startswith(other + base.removeprefix("https").removeprefix("http")):
        return f"is the base of this project under {other}:", f"write <{base}…>"
    return None


def _invisible(iri: str) -> tuple[str, str] | None:
    if iri.isascii() or iri.isprintable():
        return None
    hidden = next(each for each in iri if not each.isprintable())
    name = unicodedata.name(hidden, f"U+{ord(hidden):04X}")
    return f"holds a character that nobody sees: {name}", "remove it"

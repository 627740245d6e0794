"""The JSON-LD context that stands behind ``"@context": "https://schema.org"``, without a network.

It is made from the list of terms that ships with the package, by the rule that schema.org's own
context keeps: a property whose values may be text is plain; else one whose values may be URLs holds
IRIs; else one whose values may be dates holds dates. The one difference is the namespace: the
official document expands to ``http://schema.org/``, this one to ``https``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from mezan_graph.namespaces import SCHEMA
from mezan_graph.vocabularies import described_terms

ADDRESS = "https://schema.org"
"""What a page writes as its ``@context``."""

ADDRESSES = frozenset(
    f"{scheme}://{host}schema.org{path}"
    for scheme in ("http", "https")
    for host in ("", "www.")
    for path in ("", "/", "/docs/jsonldcontext.json", "/docs/jsonldcontext.jsonld")
)
"""Every spelling under which the context of schema.org is named."""


@cache
def coercion(name: str) -> str | None:
    """Return what a plain string means as a value of the property ``name``.

    Returns:
        ``@id`` for an IRI, ``Date`` for a date of schema.org, ``None`` for text.
    """
    term = described_terms(SCHEMA.iri).get(name)
    if term is None or term.kind != "property" or "Text" in term.ranges:
        return None
    if "URL" in term.ranges:
        return "@id"
    return "Date" if "Date" in term.ranges else None


@cache
def schema_org_context() -> dict[str, Any]:
    """Return the context document, to be used where a processor asks for :data:`ADDRESS`."""
    terms: dict[str, Any] = {"type": "@type", "id": "@id", "@vocab": SCHEMA.iri}
    for name in sorted(described_terms(SCHEMA.iri)):
        kind = coercion(name)
        if kind is not None:
            terms[name] = {"@id": SCHEMA.iri + name, "@type": kind}
    return {"@context": terms}

"""What the keys and types of a JSON-LD document stand for, read from its contexts alone.

This is the part of JSON-LD 1.1 context processing (API, section 4) that a lint needs: terms,
prefixes, keyword aliases, coercion and containers. A context at an address other than schema.org's
is not fetched; what depends on it is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mezan_graph.embedding.context import ADDRESSES, coercion
from mezan_graph.namespaces import SCHEMA, WRONG_SCHEMA

if TYPE_CHECKING:
    from mezan_graph.embedding.lint.located import Located


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a context.

    Attributes:
        iri: What it stands for: a keyword, an IRI, or ``None`` for nothing.
        coerced: Its type coercion, such as ``@id``, or the compact IRI of a datatype.
        container: Its containers.
        reverse: Whether its values are the subjects.
    """

    iri: str | None
    coerced: str | None = None
    container: frozenset[str] = frozenset()
    reverse: bool = False


_SCHEMA_ORG = {"type": Term("@type"), "id": Term("@id")}


@dataclass(frozen=True, slots=True)
class Active:
    """An active context.

    Attributes:
        vocab: What a name without a term is put behind; ``None`` where it means nothing.
        terms: The terms.
        unknown: Whether a context that was not fetched has a part in it.
    """

    vocab: str | None = None
    terms: dict[str, Term] = field(default_factory=dict)
    unknown: bool = False

    def extended(self, context: Located) -> Active:
        """Return the context that ``context``, the value of ``@context``, makes of this one."""
        active = self
        for each in context.items:
            if each.value is None:
                active = Active()
            elif isinstance(each.value, str):
                if each.value in ADDRESSES:
                    active = replace(active, vocab=SCHEMA.iri, terms=active.terms | _SCHEMA_ORG)
                else:
                    active = replace(active, unknown=True)
            elif each.is_object:
                active = active.defined_by(each)
        return active

    def term(self, key: str) -> Term:
        """Return what ``key`` stands for as a property, with IRIs of schema.org on ``https``."""
        term = self.terms.get(key)
        if term is None:
            return Term(self.iri(key))
        return replace(term, iri=self._whole(term.iri or ""))

    def iri(self, name: str) -> str | None:
        """Return the keyword or IRI of a name as it stands for a property or a type."""
        if name.startswith("@"):
            return name
        term = self.terms.get(name)
        if term is not None:
            return self._whole(term.iri or "")
        if ":" in name:
            return self._whole(name)
        return _secure(self.vocab + name) if self.vocab is not None else None

    def coerced(self, key: str) -> str | None:
        """Return what a plain string means as a value of ``key``: ``@id``, a datatype or text."""
        term = self.terms.get(key)
        if term is not None:
            return self._whole(term.coerced) if term.coerced else None
        iri = self.iri(key)
        if iri is None or not iri.startswith(SCHEMA.iri) or self.vocab != SCHEMA.iri:
            return None
        return coercion(iri.removeprefix(SCHEMA.iri))

    def defined_by(self, context: Located) -> Active:
        """Return the context with the terms of one context object."""
        vocab, unknown, terms = self.vocab, self.unknown, dict(self.terms)
        for member in context.members:
            value = member.value.value
            if member.key == "@vocab":
                vocab = _secure(value) if isinstance(value, str) else None
            elif member.key == "@import":
                unknown = True
            elif member.key.startswith("@"):
                continue
            elif isinstance(value, str) or value is None:
                terms[member.key] = Term(value)
            elif member.value.is_object:
                terms[member.key] = _term(member.key, member.value)
        return Active(vocab, terms, unknown)

    def _whole(self, name: str) -> str | None:
        """Return the IRI of a name that a term definition uses."""
        if not name or name.startswith("@"):
            return name or None
        prefix, colon, local = name.partition(":")
        if colon and not local.startswith("//") and prefix in self.terms:
            namespace = self.terms[prefix].iri
            return None if namespace is None else _secure(namespace + local)
        if colon:
            return _secure(name)
        return _secure(self.vocab + name) if self.vocab is not None else None


def _term(key: str, definition: Located) -> Term:
    given = {member.key: member.value for member in definition.members}
    identifier = given.get("@reverse") or given.get("@id")
    iri = identifier.value if identifier is not None else key
    coerced = given["@type"].value if "@type" in given else None
    containers = given["@container"].items if "@container" in given else []
    return Term(
        iri if isinstance(iri, str) else None,
        coerced if isinstance(coerced, str) else None,
        frozenset(each.value for each in containers if isinstance(each.value, str)),
        "@reverse" in given,
    )


def _secure(iri: str) -> str:
    """Return an IRI of schema.org with ``https``, so that both spellings are judged alike."""
    return iri.replace(WRONG_SCHEMA, SCHEMA.iri, 1) if iri.startswith(WRONG_SCHEMA) else iri


ASSUMED = Active(SCHEMA.iri, dict(_SCHEMA_ORG))
"""The context under which a document without one is looked at, so that its other faults show."""

"""``MZ104`` and ``MZ110``: terms that their vocabulary does not define, or has replaced.

Known are the vocabularies that ship with the package, and those that the data defines itself: a
namespace in which a class, property or datatype is declared. Nothing is said of other namespaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import OWL, RDF, RDFS
from mezan_graph.validation.checks.survey import at, times
from mezan_graph.validation.nearness import nearest
from mezan_graph.vocabularies import (
    VOCABULARIES,
    defined_terms,
    namespace_of,
    superseded_terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding, SeverityName

TERM_CLASSES = (
    OWL.Class,
    RDFS.Class,
    RDFS.Datatype,
    RDF.Property,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.SymmetricProperty,
    OWL.TransitiveProperty,
)
"""Classes whose instances are terms of a vocabulary."""

_LOCAL = re.compile(r"[A-Za-z0-9_-]+\Z")
_MEMBER = re.compile(r"_[1-9][0-9]*\Z")


class _Unknown(NamedTuple):
    message: str
    severity: SeverityName
    hint: str | None


def check_terms(survey: Survey) -> Iterator[Finding]:
    """Yield ``MZ104`` for terms that nothing defines and ``MZ110`` for superseded ones.

    A term is reported once in each source, at its first use. One that is near to a defined term, or
    that stands in a vocabulary whose list is complete, is a violation; in a vocabulary that has
    later releases than ours, it is a warning.
    """
    prefixes = survey.graph.prefixes
    unknown: dict[Any, _Unknown] = {}
    superseded: dict[Any, str] = {}
    for namespace in survey.namespaces.keys() & VOCABULARIES.keys():
        defined = defined_terms(namespace) or frozenset()
        replaced = superseded_terms(namespace)
        for iri in survey.namespaces[namespace]:
            local = iri.value[len(namespace) :]
            if local in replaced:
                superseded[iri] = short_name(ox.NamedNode(namespace + replaced[local]), prefixes)
            elif local not in defined and _LOCAL.match(local) and not _is_member(namespace, local):
                found = _undefined(iri, namespace, local, prefixes)
                if found is not None:
                    unknown[iri] = found
    unknown |= _undefined_here(survey)
    for term, part, quad, count in survey.uses(unknown.keys()):
        about = unknown[term]
        yield at("MZ104", about.severity, about.message + times(count), part, quad, hint=about.hint)
    for term, part, quad, count in survey.uses(superseded.keys()):
        message = f"{short_name(term, prefixes)} has been superseded{times(count)}"
        yield at("MZ110", "info", message, part, quad, hint=f"use {superseded[term]}")


def own_vocabularies(survey: Survey) -> dict[str, set[str]]:
    """Return the namespaces in which the data declares terms, each with all that it describes."""
    declared = {
        namespace_of(node.value)
        for rdf_class in TERM_CLASSES
        for node in survey.typed(rdf_class)
        if isinstance(node, ox.NamedNode)
    }
    return {
        namespace: {each.value for each in survey.described(namespace)}
        for namespace in declared - VOCABULARIES.keys()
    }


def vocabulary_positions(survey: Survey) -> set[ox.NamedNode]:
    """Return every IRI that stands as predicate, class or datatype."""
    types = {each for each in survey.classes if isinstance(each, ox.NamedNode)}
    return types.union(survey.predicates, survey.datatypes)


def _undefined(
    iri: ox.NamedNode, namespace: str, local: str, prefixes: dict[str, str]
) -> _Unknown | None:
    vocabulary = VOCABULARIES[namespace]
    message = f"{vocabulary.title} defines no {short_name(iri, prefixes)}"
    meant = _elsewhere(namespace, local, prefixes)
    near = nearest(local, defined_terms(namespace) or frozenset())
    if near is not None:
        named = short_name(ox.NamedNode(namespace + near), prefixes)
        return _Unknown(message, "violation", f"did you mean {named}?")
    if meant is not None:
        return _Unknown(message, "violation", f"did you mean {meant}?")
    if vocabulary.extent == "partial":
        return None
    if vocabulary.extent == "growing":
        hint = f"known is {vocabulary.edition}; silence this if a later release defines it"
        return _Unknown(message, "warning", hint)
    return _Unknown(message, "violation", None)


def _elsewhere(namespace: str, local: str, prefixes: dict[str, str]) -> str | None:
    """Return the term of the same name in another vocabulary that the project has a prefix for."""
    for other in sorted(VOCABULARIES.keys() & set(prefixes.values()) - {namespace}):
        if local in (defined_terms(other) or ()):
            return short_name(ox.NamedNode(other + local), prefixes)
    return None


def _undefined_here(survey: Survey) -> dict[Any, _Unknown]:
    prefixes = survey.graph.prefixes
    own = own_vocabularies(survey)
    found: dict[Any, _Unknown] = {}
    for iri in vocabulary_positions(survey):
        namespace = namespace_of(iri.value)
        if namespace not in own or survey.describes(iri):
            continue
        names = {each[len(namespace) :] for each in own[namespace]}
        near = nearest(iri.value[len(namespace) :], names)
        named = near and short_name(ox.NamedNode(namespace + near), prefixes)
        found[iri] = _Unknown(
            f"the vocabulary <{namespace}> in this data defines no {short_name(iri, prefixes)}",
            "violation",
            f"did you mean {named}?" if named else "define it, or use a term that is defined",
        )
    return found


def _is_member(namespace: str, local: str) -> bool:
    """Whether this is a container membership property (RDF Schema 1.1, section 5.1.5)."""
    return namespace == RDF.iri and _MEMBER.match(local) is not None

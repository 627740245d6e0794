"""``MZ105`` and ``MZ106``: IRIs under the project's own base that nothing describes, and slugs."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import OWL
from mezan_graph.validation.checks.survey import at, times
from mezan_graph.validation.checks.terms import own_vocabularies, vocabulary_positions
from mezan_graph.validation.nearness import nearest
from mezan_graph.vocabularies import namespace_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding

_SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LONGEST = 100
_HINTS = 500
_ENTITIES = ("id/", "concept/")
_ALWAYS = (*_ENTITIES, "def#", "shapes#")


def check_references(
    survey: Survey, base: str, elsewhere: frozenset[object] = frozenset()
) -> Iterator[Finding]:
    """Yield ``MZ105`` for every IRI of our own that is used and that nothing describes.

    Looked at are ``id/``, ``concept/``, ``def#`` and ``shapes#`` under the base, and every other
    namespace under it in which the data describes something. Graph names, versions and files, which
    publication describes, are none of them.

    Args:
        survey: The data.
        base: Base IRI of the project.
        elsewhere: What is described outside of the data, such as shapes.
    """
    prefixes = survey.graph.prefixes
    ontologies = survey.typed(OWL.Ontology)
    checked = {base + each for each in _ALWAYS}
    for namespace in survey.namespaces:
        if namespace.startswith(base) and survey.described(namespace) - ontologies:
            checked.add(namespace)
    # Undefined terms of a vocabulary that the data defines are MZ104.
    own = own_vocabularies(survey)
    terms = {each for each in vocabulary_positions(survey) if namespace_of(each.value) in own}
    dangling: dict[Any, str | None] = {}
    for namespace in sorted(checked & survey.namespaces.keys()):
        described = survey.described(namespace)
        names = {each.value[len(namespace) :] for each in described}
        unknown = set(survey.namespaces[namespace]) - described - elsewhere - terms
        for iri in sorted(unknown, key=str):
            local = iri.value[len(namespace) :]
            # Looking for what was meant takes its time, and nobody reads hundreds of hints.
            near = nearest(local, names) if len(dangling) < _HINTS else None
            if local:
                dangling[iri] = namespace + near if near else None
    for term, part, quad, count in survey.uses(dangling.keys()):
        message = f"nothing describes {short_name(term, prefixes)}{times(count)}"
        meant = dangling[term]
        hint = "describe it, or refer to something that is described"
        if meant is not None:
            hint = f"did you mean {short_name(ox.NamedNode(meant), prefixes)}?"
        yield at("MZ105", "violation", message, part, quad, hint=hint)


def check_slugs(survey: Survey, base: str) -> Iterator[Finding]:
    """Yield ``MZ106`` for every entity or concept of our own whose IRI breaks the slug policy.

    A slug is ASCII: lower-case letters and digits in groups with single hyphens between them, at
    most 100 characters. A fragment keeps to the same rule.
    """
    policy = re.compile(rf"{re.escape(base)}(?:id|concept)/{_SLUG}(?:#{_SLUG})?\Z")
    broken: dict[Any, str] = {}
    for namespace in survey.namespaces:
        if not namespace.startswith(_entity_namespaces(base)):
            continue
        for iri in survey.described(namespace):
            if not policy.match(iri.value):
                broken[iri] = "may have a-z, 0-9 and single hyphens only"
            elif len(iri.value) - len(base) > _LONGEST:
                slug = re.split("[/#]", iri.value[len(base) :])[1]
                if len(slug) > _LONGEST:
                    broken[iri] = f"has {len(slug)} characters; {_LONGEST} are allowed"
    for term, source, quad, _ in survey.uses(broken.keys(), as_subject=True):
        message = f"the slug of {short_name(term, survey.graph.prefixes)} {broken[term]}"
        yield at("MZ106", "warning", message, source, quad, hint=_proposal(term.value))


def _entity_namespaces(base: str) -> tuple[str, ...]:
    return tuple(base + each for each in _ENTITIES)


def _proposal(iri: str) -> str | None:
    local = re.split(r"/(?:id|concept)/", iri)[-1]
    plain = unicodedata.normalize("NFKD", local).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
    return f"for example {slug}; what was published must go on answering" if slug else None

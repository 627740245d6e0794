"""``MZ107`` and ``MZ111``: missing labels, and languages that are none of the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import DCT, FOAF, RDF, RDFS, SCHEMA, SKOS
from mezan_graph.validation.checks.survey import at, times
from mezan_graph.validation.checks.terms import TERM_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Part
    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding, SeverityName
    from mezan_graph.validation.index import TripleIndex

LABELS = (RDFS.label, SKOS.prefLabel, SCHEMA.name, DCT.title, FOAF.name)
"""Properties that give a thing its name."""

LABEL_PATHS = frozenset(map(str, LABELS))
"""The same as paths of results."""

_CONCEPTS = (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection)


def check_labels(survey: Survey, base: str, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Yield ``MZ107`` for what lacks a label.

    Terms and concepts under ``base`` need one in every language of the project: a warning. Names
    of entities, which stand in ``id/``, are what their source says, so that a language may well be
    absent; an entity without any is reported, as information, where most of its class have one.
    """
    index, terms, prefixes = survey.index, survey.index.terms, survey.graph.prefixes
    worded = {
        index.number(node): set[str]()
        for each in (*TERM_CLASSES, *_CONCEPTS)
        for node in survey.typed(each)
        if not node.value.startswith(f"{base}id/")
    }
    labelled: set[int] = set()
    for predicate in LABELS:
        for number, value in index.pairs(predicate):
            if isinstance(label := terms[value], ox.Literal):
                labelled.add(number)
                if number in worded:
                    worded[number].add(label.language or "")
    missing: dict[Any, tuple[SeverityName, str]] = {}
    for number, tags in worded.items():
        absent = [each for each in languages if not any(_matches(tag, each) for tag in tags)]
        if absent:
            missing[terms[number]] = ("warning", f"no label in {', '.join(absent)}")
    for rdf_class, unnamed in _unnamed(index, labelled.union(worded)):
        what = f"no label, which most of {short_name(rdf_class, prefixes)} have"
        missing |= dict.fromkeys(unnamed, ("info", what))
    own = {
        each for each in missing if isinstance(each, ox.NamedNode) and each.value.startswith(base)
    }
    reported: set[object] = set()
    for node, part, quad, _ in survey.uses(own, as_subject=True):
        if node not in reported:
            reported.add(node)
            severity, what = missing[node]
            message = f"{short_name(node, prefixes)} has {what}"
            yield at("MZ107", severity, message, part, quad)


def _unnamed(index: TripleIndex, labelled: set[int]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each class with those of its instances that lack a label, if most have one."""
    for rdf_class, nodes in index.backward(RDF.type).items():
        unnamed = set(nodes) - labelled
        if unnamed and len(unnamed) * 2 < len(nodes):
            yield index.terms[rdf_class], [index.terms[each] for each in unnamed]


def check_languages(survey: Survey, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Yield ``MZ111`` for every language tag that is none of the project's, once in each source."""
    tags = [each.language for each in survey.literals]
    strange = {
        tag for tag in set(tags) if tag and not any(_matches(tag, each) for each in languages)
    }
    if not strange:
        return
    pairs = zip(survey.literals, tags, strict=True)
    tagged = {literal: tag for literal, tag in pairs if tag in strange}
    for tag, part, quad, count in survey.values_by(tagged):
        yield _strange(tag, languages, part, quad, count)


def _strange(
    tag: str, languages: tuple[str, ...], part: Part, quad: ox.Quad, count: int
) -> Finding:
    near = [each for each in languages if tag[:2].lower() == each[:2].lower()]
    known = ", ".join(languages)
    hint = f"did you mean @{near[0]}?" if near else "add it to project.languages if it belongs here"
    message = f"the language {tag} is none of the project's ({known}){times(count)}"
    return at("MZ111", "info", message, part, quad, hint=hint)


def _matches(tag: str, language: str) -> bool:
    """Whether ``tag`` is in the range ``language`` (RFC 4647, section 3.3.1)."""
    tag, language = tag.lower(), language.lower()
    return tag == language or tag.startswith(f"{language}-")

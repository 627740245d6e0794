"""``MZ107`` and ``MZ111``: missing labels, and languages that are none of the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name
from mezan_graph.namespaces import DCT, FOAF, RDFS, SCHEMA, SKOS
from mezan_graph.validation.checks.survey import at, times
from mezan_graph.validation.checks.terms import TERM_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Part
    from mezan_graph.validation.checks.survey import Survey
    from mezan_graph.validation.findings import Finding, SeverityName

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
    labelled: dict[Any, set[str]] = {}
    for quad in survey.quads(*LABELS):
        if isinstance(quad.object, ox.Literal):
            labelled.setdefault(quad.subject, set()).add(quad.object.language or "")
    worded = {
        node
        for each in (*TERM_CLASSES, *_CONCEPTS)
        for node in survey.types.get(each, ())
        if not node.value.startswith(f"{base}id/")
    }
    missing: dict[Any, tuple[SeverityName, str]] = {}
    for node in worded:
        tags = labelled.get(node, set())
        absent = [each for each in languages if not any(_matches(tag, each) for tag in tags)]
        if absent:
            missing[node] = ("warning", f"no label in {', '.join(absent)}")
    for rdf_class, nodes in survey.types.items():
        unnamed = nodes - labelled.keys() - worded
        if unnamed and len(unnamed) * 2 < len(nodes):
            shown = short_name(rdf_class, survey.graph.prefixes)
            missing |= dict.fromkeys(unnamed, ("info", f"no label, which most of {shown} have"))
    own = {
        each for each in missing if isinstance(each, ox.NamedNode) and each.value.startswith(base)
    }
    reported: set[object] = set()
    for node, part, quad, _ in survey.uses(own, as_subject=True):
        if node not in reported:
            reported.add(node)
            severity, what = missing[node]
            message = f"{short_name(node, survey.graph.prefixes)} has {what}"
            yield at("MZ107", severity, message, part, quad)


def check_languages(survey: Survey, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Yield ``MZ111`` for every language tag that is none of the project's, once in each source."""
    tags = {each.language for each in survey.literals if each.language}
    strange = {tag for tag in tags if not any(_matches(tag, each) for each in languages)}
    if not strange:
        return
    for part in survey.graph.parts:
        found: dict[str, tuple[ox.Quad, int]] = {}
        for quad in part.quads:
            tag = quad.object.language if isinstance(quad.object, ox.Literal) else None
            if tag in strange:
                first, count = found.get(tag, (quad, 0))
                found[tag] = first, count + 1
        for tag, (quad, count) in found.items():
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

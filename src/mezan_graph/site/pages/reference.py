"""The documentation of the project's own vocabulary and of its shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup, escape

from mezan_graph.graph import shapes_graph
from mezan_graph.languages import LocalText
from mezan_graph.namespaces import OWL, RDFS, SH
from mezan_graph.serialization import canonical
from mezan_graph.site.allowance import Allowance
from mezan_graph.site.claims import running_text
from mezan_graph.site.facts import facts
from mezan_graph.site.frame import page_names
from mezan_graph.site.knowledge import DEFINITIONS, Knowledge
from mezan_graph.site.listing import Section, listing
from mezan_graph.site.relationships import in_order
from mezan_graph.site.texts import code
from mezan_graph.site.view import View, term_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.project import Project
    from mezan_graph.site.knowledge import Resource
    from mezan_graph.site.page import Page

_CLASSES = frozenset({OWL.Class, RDFS.Class})
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_SAID = (
    SH.message,
    SH.severity,
    SH.name,
    SH.description,
    SH.path,
    SH.property,
    SH.order,
    *_TARGETS,
)


def vocabulary_pages(view: View) -> Iterator[Page]:
    """Yield the documentation of every class and property that the project defines."""
    knowledge = view.knowledge
    terms = knowledge.terms
    classes = [each for each in terms if not _CLASSES.isdisjoint(knowledge.types(each))]
    properties = [each for each in terms if each not in set(classes)]
    sections = [
        Section(
            id,
            escape(heading),
            (_term(view, each) for each in in_order(view, found)),
            count=len(found),
        )
        for id, heading, found in (  # noqa: A001
            ("classes", view.gettext("Classes"), classes),
            ("properties", view.gettext("Properties"), properties),
        )
    ]
    lead = view.gettext(
        "The terms that this data set defines itself, for what no released vocabulary says. "
        "Everything else is said in released vocabularies."
    )
    yield from listing(view, "vocabulary", page_names(view)["vocabulary"], sections, leads=[lead])


def _term(view: View, term: Resource) -> Markup:
    definitions = view.knowledge.literals(term, *DEFINITIONS)
    without = {*DEFINITIONS, RDFS.isDefinedBy}
    entry: Markup = view.parts.term(
        term_id(term),
        view.named(term),
        code(view.short(term)),
        [view.text(LocalText(each.value, each.language)) for each in definitions],
        facts(view, term, view.language, Allowance(20, 60), without=without),
        [view.link(each, view.language) for each in view.knowledge.types(term)],
    )
    return entry


def shapes_knowledge(project: Project, knowledge: Knowledge) -> Knowledge:
    """Return the shapes of ``project``, their terms called what ``knowledge`` calls them."""
    shapes = canonical(shapes_graph(project), seconds=project.limits.canonical_seconds)
    return Knowledge(project, shapes, names=knowledge)


def shapes_pages(view: View, shapes: Knowledge) -> Iterator[Page]:
    """Yield the documentation of the shapes: what must hold of what, and what is said if not."""
    shape_view = View(shapes, view.addresses, view.language)
    nodes = [each for each in shapes.instances(SH.NodeShape) if _has_target(shapes, each)]
    others = [each for each in shapes.instances(SH.NodeShape) if not _has_target(shapes, each)]
    sections = [
        Section(
            id,
            escape(heading),
            (_shape(shape_view, each) for each in sorted(found, key=lambda each: each.value)),
            count=len(found),
        )
        for id, heading, found in (  # noqa: A001
            ("targeted", view.gettext("What must hold of what"), nodes),
            ("referred", view.gettext("Shapes that others refer to"), others),
        )
        if found
    ]
    lead = view.gettext(
        "What the data is checked against before it is published (SHACL). Each rule says what it "
        "applies to, and what it says when it is broken."
    )
    yield from listing(view, "shapes", page_names(view)["shapes"], sections, leads=[lead])


def _has_target(shapes: Knowledge, node: ox.NamedNode) -> bool:
    return bool(shapes.values(node, *_TARGETS))


def _shape(view: View, node: ox.NamedNode) -> Markup:
    knowledge = view.knowledge
    allowance = Allowance(20, 80)
    properties = [
        _rule(view, each, allowance)
        for each in knowledge.values(node, SH.property)
        if isinstance(each, ox.NamedNode | ox.BlankNode)
    ]
    targets = [
        (view.named(kind), [view.value(each, view.language) for each in found])
        for kind in _TARGETS
        if (found := knowledge.values(node, kind))
    ]
    entry: Markup = view.parts.shape(
        term_id(node),
        code(view.short(node)),
        targets,
        _rule(view, node, allowance),
        properties,
    )
    return entry


def _rule(view: View, node: Resource, allowance: Allowance) -> dict[str, object]:
    knowledge = view.knowledge
    path = Markup()
    for step in knowledge.values(node, SH.path)[:1]:
        if isinstance(step, ox.BlankNode):
            steps = facts(view, step, view.language, allowance, nesting=1)
            path = view.parts.facts(steps, "")
        else:
            path = view.value(step, view.language)
    severities = knowledge.values(node, SH.severity)
    return {
        "path": path,
        "message": running_text(view, node, SH.message, SH.description),
        "severity": view.value(severities[0], view.language) if severities else Markup(),
        "facts": facts(view, node, view.language, allowance, without=_SAID),
    }

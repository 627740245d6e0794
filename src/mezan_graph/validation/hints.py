"""A likely remedy for a SHACL result: what the person who wrote the value probably meant."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.display import short_name, visible
from mezan_graph.namespaces import RDF, SH, WRONG_SCHEMA, XSD
from mezan_graph.validation.checks.labels import LABELS
from mezan_graph.validation.checks.survey import Survey
from mezan_graph.validation.lexical import well_formed
from mezan_graph.validation.nearness import Names, nearest
from mezan_graph.validation.notation import example, quoted, written
from mezan_graph.validation.shapes_graph import ShapesGraph
from mezan_graph.vocabularies import namespace_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.validation.report import Result

_IRI = re.compile(r"(?:https?://|mailto:|urn:)[^\s<>\"{}|\\^`]+\Z")
_NAME = re.compile(r"([A-Za-z][\w.-]*):([\w.-]+)\Z")
_SINGLE = re.compile(r"<([^<>]*)>\Z")
_LISTED = 8
_ARABIC = re.compile("[\u0600-\u06ff]")


class Hints:
    """Makes hints for the results of one validation.

    What a hint needs to know of the data is collected when the first hint of its kind is made, so
    that a validation without results costs nothing.

    Args:
        graph: The data that was validated.
        shapes: The shapes that it was validated against.
        project: The project, for its languages and prefixes.
    """

    def __init__(self, graph: Graph, shapes: Graph, project: Project) -> None:
        self._graph = graph
        self._shapes = shapes
        self._languages = project.languages
        self._prefixes = {**project.prefixes, **graph.prefixes}
        self._classes: dict[Any, tuple[dict[str, Any], Names]] = {}
        self._parameters: dict[tuple[Any, ox.NamedNode], Any] = {}
        self._lists: dict[Any, list[Any]] = {}
        self._makers: dict[str, Callable[[Result], str | None]] = {
            "Datatype": self._datatype,
            "LanguageIn": self._language_in,
            "NodeKind": self._node_kind,
            "Class": self._class,
            "In": self._in,
            "HasValue": self._has_value,
            "MinCount": self._min_count,
            "QualifiedMinCount": self._min_count,
            "Closed": self._closed,
            "Pattern": self._pattern,
        }
        self._by_component: dict[ox.NamedNode, Callable[[Result], str | None] | None] = {}
        self._near: dict[str, list[ox.NamedNode]] = {}

    def hint(self, result: Result) -> str | None:
        """Return a remedy for ``result`` in one sentence; ``None`` where none is likely."""
        if result.component not in self._by_component:
            component = result.component.value.rpartition("#")[2]
            maker = self._makers.get(component.removesuffix("ConstraintComponent"))
            self._by_component[result.component] = maker
        maker = self._by_component[result.component]
        value = result.value
        if isinstance(value, ox.NamedNode) and value.value.startswith(WRONG_SCHEMA):
            return "write https://schema.org/ in place of http://schema.org/"
        return None if maker is None else maker(result)

    @cached_property
    def _rdf(self) -> ShapesGraph:
        return ShapesGraph(self._shapes)

    @cached_property
    def _survey(self) -> Survey:
        return Survey(self._graph)

    @cached_property
    def _named(self) -> dict[str, Any]:
        """Entities by label; ``None`` where a label stands for several."""
        found: dict[str, Any] = {}
        for node, label in self._survey.pairs(*LABELS):
            if isinstance(label, ox.Literal) and isinstance(node, ox.NamedNode):
                text = label.value
                # The survey has one object for each node.
                if found.setdefault(text, node) is not node:
                    found[text] = None
        return found

    def _short(self, term: Any) -> str:
        if isinstance(term, ox.Literal):
            return written(term.value, term.language, term.datatype, self._prefixes)
        return visible(short_name(term, self._prefixes))

    def _parameter(self, result: Result, parameter: ox.NamedNode) -> Any:
        key = result.source_shape, parameter
        if key not in self._parameters:
            self._parameters[key] = next(iter(self._rdf.objects(*key)), None)
        return self._parameters[key]

    def _list(self, result: Result, parameter: ox.NamedNode) -> list[Any]:
        head = self._parameter(result, parameter)
        if head not in self._lists:
            self._lists[head] = self._members(head)
        return self._lists[head]

    def _members(self, head: Any) -> list[Any]:
        found: list[Any] = []
        seen: set[Any] = set()
        while head is not None and head != RDF.nil and head not in seen:
            seen.add(head)
            found += self._rdf.objects(head, RDF.first)[:1]
            head = next(iter(self._rdf.objects(head, RDF.rest)), None)
        return found

    # Values of the wrong kind

    def _datatype(self, result: Result) -> str | None:
        value = result.value
        expected = self._parameter(result, SH.datatype)
        if not isinstance(expected, ox.NamedNode):
            return None
        if not isinstance(value, ox.Literal):
            return f"write a literal: {example(expected, self._prefixes)}"
        if expected == RDF.langString:
            return self._tagged(value)
        text = value.value.strip()
        if expected == XSD.string:
            return f"write it plainly: {quoted(value.value)}"
        if well_formed(expected)(text):
            return f"write {written(text, None, expected, self._prefixes)}"
        return f"write it like {example(expected, self._prefixes)}"

    def _language_in(self, result: Result) -> str | None:
        value = result.value
        allowed = [each.value for each in self._list(result, SH.languageIn)]
        if not isinstance(value, ox.Literal) or not allowed:
            return None
        if value.language is None:
            return self._tagged(value, allowed)
        near = [each for each in allowed if each[:2].lower() == value.language[:2].lower()]
        if near:
            return f"write {quoted(value.value)}@{near[0]}"
        return f"allowed are {', '.join(allowed)}"

    def _tagged(self, value: ox.Literal, allowed: Iterable[str] | None = None) -> str:
        languages = list(allowed or self._languages)
        arabic = bool(_ARABIC.search(value.value))
        fitting = [each for each in languages if each.lower().startswith("ar") == arabic]
        return f"add its language: {quoted(value.value)}@{(fitting or languages)[0]}"

    def _node_kind(self, result: Result) -> str | None:
        kind = self._parameter(result, SH.nodeKind)
        if isinstance(result.value, ox.Literal):
            return None if kind == SH.Literal else self._as_iri(result.value)
        if isinstance(result.value, ox.NamedNode) and kind == SH.Literal:
            return f"write it as text: {quoted(result.value.value)}"
        if isinstance(result.value, ox.BlankNode) and kind == SH.IRI:
            return "give it an IRI of its own in place of [ ]"
        return None

    def _as_iri(self, value: ox.Literal) -> str | None:
        """Return the IRI that a text was probably meant to be."""
        text = value.value.strip()
        if _IRI.match(text):
            return f"write it as an IRI: {self._short(ox.NamedNode(text))}"
        name = _NAME.match(text)
        if name and name[1] in self._prefixes:
            return f"write it without quotes: {text}"
        entity = self._named.get(text)
        return f"refer to {self._short(entity)}" if entity is not None else None

    # Values that are not among the expected ones

    def _class(self, result: Result) -> str | None:
        value = result.value
        expected = self._parameter(result, SH["class"])
        if not isinstance(expected, ox.NamedNode):
            return None
        if isinstance(value, ox.Literal):
            return self._as_iri(value)
        if not isinstance(value, ox.NamedNode):
            return f"give it the type {self._short(expected)}"
        near = self._near_instance(value, expected)
        return f"did you mean {self._short(near)}?" if near else self._untyped(value, expected)

    def _untyped(self, value: ox.NamedNode, expected: ox.NamedNode) -> str:
        shown = self._short(value)
        if not self._survey.describes(value):
            return f"nothing describes {shown}; describe it as {self._short(expected)}"
        index = self._survey.index
        types = index.forward(RDF.type).get(index.number(value), ())
        if not types:
            return f"{shown} has no type; add {self._short(expected)}"
        has = ", ".join(sorted(self._short(index.terms[each]) for each in types))
        return f"{shown} has the type {has}; refer to another, or add the type"

    def _near_instance(self, value: ox.NamedNode, expected: ox.NamedNode) -> Any:
        if expected not in self._classes:
            index = self._survey.index
            instances = (index.terms[each] for each in sorted(index.instances(expected)))
            names = {
                _local(each.value): each for each in instances if isinstance(each, ox.NamedNode)
            }
            self._classes[expected] = names, Names(names)
        names, known = self._classes[expected]
        local = _local(value.value)
        return names.get(local) or names.get(nearest(local, known) or "")

    def _in(self, result: Result) -> str | None:
        allowed = self._list(result, SH["in"])
        value = result.value
        if value is None or not allowed:
            return None
        names = {_name(each): each for each in reversed(allowed)}
        name = _name(value)
        near = names.get(name) or names.get(nearest(name, names) or "")
        if near is not None:
            return f"did you mean {self._short(near)}?"
        if len(allowed) <= _LISTED:
            return f"allowed are {', '.join(map(self._short, allowed))}"
        return f"allowed are {len(allowed)} values, such as {self._short(allowed[0])}"

    def _has_value(self, result: Result) -> str | None:
        expected = self._parameter(result, SH.hasValue)
        return None if expected is None else f"add {self._short(expected)}"

    # Properties that are missing or not allowed

    def _min_count(self, result: Result) -> str | None:
        path = _SINGLE.match(result.path or "")
        if path is None:
            return None
        focus = self._survey.index.number(result.focus_node)
        for near in self._near_predicates(path[1]):
            if focus in self._survey.index.forward(near):
                right = self._short(ox.NamedNode(path[1]))
                return f"it has {self._short(near)}; did you mean {right}?"
        return None

    def _near_predicates(self, iri: str) -> list[ox.NamedNode]:
        """Return the predicates in use that are nearly ``iri``."""
        if iri not in self._near:
            local = _local(iri)
            self._near[iri] = [
                each
                for each in self._survey.predicates
                if each.value != iri
                and (_local(each.value) == local or nearest(local, {_local(each.value)}))
            ]
        return self._near[iri]

    def _closed(self, result: Result) -> str | None:
        path = _SINGLE.match(result.path or "")
        if path is None:
            return None
        allowed = {each.value for each in self._list(result, SH.ignoredProperties)}
        for shape in self._rdf.objects(result.source_shape, SH.property):
            allowed |= {
                each.value
                for each in self._rdf.objects(shape, SH.path)
                if isinstance(each, ox.NamedNode)
            }
        meant = self._near_property(path[1], allowed)
        return f"did you mean {self._short(meant)}?" if meant is not None else None

    def _near_property(self, iri: str, others: Iterable[str]) -> ox.NamedNode | None:
        names = {_local(each): each for each in sorted(others)}
        local = _local(iri)
        near = local if local in names else nearest(local, names)
        return ox.NamedNode(names[near]) if near else None

    def _pattern(self, result: Result) -> str | None:
        value = result.value
        if isinstance(value, ox.Literal) and value.value != value.value.strip():
            return f"remove the space around it: {quoted(value.value.strip())}"
        return None


def _local(iri: str) -> str:
    return iri[len(namespace_of(iri)) :]


def _name(term: Any) -> str:
    return _local(term.value) if isinstance(term, ox.NamedNode) else str(term.value)

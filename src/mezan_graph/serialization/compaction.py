"""Compaction of many like nodes: PyLD is asked once how each kind of value is written.

PyLD takes a third of a millisecond for a node of six triples. But how it writes a value depends on
the property and on the kind of the value alone: a reference, a nested node, a language, a datatype.
So one sample of each is compacted, and the form that comes back is filled in for all others. What
no sample can tell is left to PyLD as a whole, and tests hold that both ways give the same.
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mezan_graph.errors import OutputError
from mezan_graph.serialization import framing

if TYPE_CHECKING:
    from mezan_graph.serialization.framing import Json

_SAMPLE = "sample://sample/"
_TEXT = "sample text"
_NODE = {"sample://sample/property": [{"@value": _TEXT}]}
# Only what ends in one of these can be a prefix, so that a prefix never reaches into such a name.
_LOCAL = re.compile(r"[^:/?#\[\]@]+\Z")
_ENDS = ":/?#[]@"
_KEYS = frozenset({"@id", "@type", "@container", "@language", "@reverse"})
_CONTAINERS = (None, "@language", "@set", "@list")


class NotLearnedError(Exception):
    """A node holds something whose form depends on more than its kind."""


class _Form(NamedTuple):
    """How one kind of value of one property is written.

    Attributes:
        key: The term or IRI of the property.
        array: Whether a single value stands in an array.
        template: The object around the value; ``None`` where it stands alone.
        slot: Key of the value in the template.
        tag: Key of the value in a language map; ``None`` where there is no map.
    """

    key: str
    array: bool
    template: Json | None
    slot: str
    tag: str | None


def compactor_for(context: Json) -> Compactor:
    """Return the compactor for ``context``; what it has learned is kept for the next document."""
    return _kept(json.dumps(context))


@lru_cache(maxsize=8)
def _kept(context: str) -> Compactor:
    return Compactor(json.loads(context))


class Compactor:
    """Compacts node objects with one context.

    Attributes:
        context: The local context.

    Raises:
        OutputError: The context is invalid, or names a remote one.
    """

    def __init__(self, context: Json) -> None:
        self.context = context
        framing.compact([], context)
        self._learnable = all(_is_simple(term, value) for term, value in context.items())
        self._forms: dict[tuple[str, str], _Form] = {}
        self._namespaces: dict[str, str] = {}
        self._types: dict[str, tuple[str, str, bool]] = {}
        self._prefixes = tuple(
            value for value in context.values() if isinstance(value, str) and value[:1] != "@"
        )
        # Where a prefix is itself written with a prefix, the text does not say where it leads.
        self._learnable &= all("://" in value for value in self._prefixes if value[-1:] in _ENDS)
        self._id = next((key for key, value in context.items() if value == "@id"), "@id")

    @cached_property
    def context_text(self) -> str:
        """The context as JSON with one term on a line, as documents begin with it."""
        terms = ",\n    ".join(
            f"{json.dumps(term)}: {json.dumps(value, ensure_ascii=False)}"
            for term, value in self.context.items()
        )
        return f"{{\n    {terms}\n  }}" if terms else "{}"

    def compact(self, node: Json) -> Json:
        """Return ``node``, a node object in expanded form, in compact form.

        Its IRIs must be plain: a scheme with an authority, and nothing like a compact IRI in it.

        Raises:
            NotLearnedError: PyLD has to compact this node.
        """
        if not self._learnable:
            raise NotLearnedError
        try:
            return self._node(node)
        except OutputError as error:
            raise NotLearnedError from error

    def _node(self, node: Json) -> Json:
        result: Json = {}
        if "@id" in node:
            result[self._id] = self._iri(node["@id"])
        for iri in node.get("@type", ()):
            key, name, array = self._type(iri)
            _add(result, key, name, array=array)
        for predicate in sorted(node):
            if predicate[0] != "@":
                for value in node[predicate]:
                    self._value(result, predicate, value)
        for predicate, values in node.get("@reverse", {}).items():
            for value in values:
                self._reverse(result, predicate, value)
        for value in node.get("@included", ()):
            _add(result, "@included", self._node(value), array=False)
        return result

    def _reverse(self, result: Json, predicate: str, value: Json) -> None:
        written = self._node(value)
        form = self._forms.get((predicate, "@reverse"))
        if form is None:
            sample = {"@reverse": {predicate: [{"@id": _SAMPLE, **_NODE}]}}
            found = self._sample(sample).get("@reverse")
            if not isinstance(found, dict):
                raise NotLearnedError
            ((key, inner),) = found.items()
            form = _Form(key, isinstance(inner, list), None, "", None)
            self._forms[predicate, "@reverse"] = form
        _add(result.setdefault("@reverse", {}), form.key, written, array=form.array)

    def _value(self, result: Json, predicate: str, value: Json) -> None:
        written: Any
        if "@value" in value:
            written = value["@value"]
            kind = value.get("@language") or value.get("@type") or ""
            sample = {**value, "@value": _TEXT}
        elif value.keys() == {"@id"}:
            written, kind, sample = self._iri(value["@id"]), "@id", {"@id": _SAMPLE}
        elif "@list" in value:
            raise NotLearnedError
        else:
            written, kind, sample = self._node(value), "@node", _NODE
        form = self._forms.get((predicate, kind))
        if form is None:
            form = self._forms[predicate, kind] = self._learn(predicate, sample)
        if form.template is not None:
            written = {**form.template, form.slot: written}
        if form.tag is None:
            _add(result, form.key, written, array=form.array)
        else:
            _add(result.setdefault(form.key, {}), form.tag, written, array=form.array)

    def _learn(self, predicate: str, sample: Json) -> _Form:
        ((key, value),) = self._sample({predicate: [sample]}).items()
        array = isinstance(value, list)
        inner = value[0] if array else value
        if sample is _NODE or inner in (_TEXT, _SAMPLE):
            return _Form(key, array, None, "", None)
        if not isinstance(inner, dict):
            raise NotLearnedError
        tag = sample.get("@language", "@none")
        if inner in ({tag: _TEXT}, {tag: [_TEXT]}) and "@type" not in sample:
            return _Form(key, isinstance(inner[tag], list), None, "", tag)
        slots = [name for name, text in inner.items() if text in (_TEXT, _SAMPLE)]
        if len(slots) != 1:
            raise NotLearnedError
        return _Form(key, array, inner, slots[0], None)

    def _iri(self, iri: str) -> str:
        if iri[:2] == "_:":
            return iri
        match = _LOCAL.search(iri)
        if match is None:
            if iri.startswith(self._prefixes) or iri.partition(":")[0] in self.context:
                raise NotLearnedError
            return iri
        namespace = iri[: match.start()]
        short = self._namespaces.get(namespace)
        if short is None:
            (node,) = framing.compact([{"@id": f"{namespace}x", **_NODE}], self.context)
            name: str = node[self._id]
            if name[-1] != "x":
                raise NotLearnedError
            short = self._namespaces[namespace] = name[:-1]
        return short + match[0]

    def _type(self, iri: str) -> tuple[str, str, bool]:
        known = self._types.get(iri)
        if known is None:
            ((key, value),) = self._sample({"@type": [iri]}).items()
            array = isinstance(value, list)
            known = self._types[iri] = (key, value[0] if array else value, array)
        return known

    def _sample(self, node: Json) -> Json:
        (found,) = framing.compact([{"@id": _SAMPLE, **node}], self.context)
        found.pop(self._id)
        if len(found) != 1:
            raise NotLearnedError
        return found


def _add(result: Json, key: str, value: Any, *, array: bool) -> None:
    """Add a value as JSON-LD does: one stands alone, several in an array."""
    if key not in result:
        result[key] = [value] if array else value
    elif isinstance(result[key], list):
        result[key].append(value)
    else:
        result[key] = [result[key], value]


def _is_simple(term: str, value: Any) -> bool:
    """Whether a term of a context leaves the form of a value to its property and kind alone."""
    if term[:1] == "@":
        return term in {"@version", "@vocab", "@language"}
    if ":" in term:
        return False
    if isinstance(value, dict):
        return (
            value.keys() <= _KEYS
            and value.get("@type") != "@vocab"
            and value.get("@container") in _CONTAINERS
        )
    return isinstance(value, str) and value not in {"@reverse", "@included"}

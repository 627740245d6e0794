"""JSON-LD 1.1 of a graph: one compact tree for each entity, in ``@graph``, without a network.

The trees are those of :mod:`mezan_graph.serialization.trees`: every IRI is a tree of its own and
is named elsewhere by reference, blank nodes and lists are nested. A named graph is a node with
``@graph``. Values keep their lexical form: numbers are strings with a datatype.
"""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from mezan_graph.errors import OutputError
from mezan_graph.serialization import framing
from mezan_graph.serialization.compaction import NotLearnedError, compactor_for
from mezan_graph.serialization.nesting import nested
from mezan_graph.serialization.nquads import literal, unescape
from mezan_graph.serialization.trees import DEPTH, NIL, TYPE, Properties, Trees
from mezan_graph.serialization.turtle import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.serialization.compaction import Compactor
    from mezan_graph.serialization.framing import Json
    from mezan_graph.serialization.nquads import Row

_RDF_TYPE = TYPE[1:-1]
# What every context leaves as it is or abbreviates so that it reads back: a scheme with an
# authority, and after it nothing that compaction could mistake for a prefix or a keyword.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^:@/]*(?:/(?!/)[^:@/]*)*\Z")


def write(rows: Iterable[Row], prefixes: dict[str, str], context: Json | None) -> Iterator[str]:
    """Yield the text of a JSON-LD document.

    Args:
        rows: Canonical rows, in canonical order.
        prefixes: Prefix to namespace IRI; those that are used make the context where none is given.
        context: The local context, with or without the ``@context`` around it.

    Raises:
        OutputError: The context is not usable.
    """
    trees = Trees(rows)
    local = _prefix_context(trees, prefixes) if context is None else _local(context)
    compactor = compactor_for(local)
    yield '{\n  "@context": ' + compactor.context_text + ',\n  "@graph": ['
    separator = "\n    "
    for graph in sorted(trees.graphs):
        if not graph:
            for tree in _compacted(Nodes(trees, graph), compactor):
                yield separator + _text(tree, "    ")
                separator = ",\n    "
            continue
        name = graph[1:-1] if graph[0] == "<" else graph
        inner = compactor
        opening: Json = {"@id": name}
        if not _survives(opening | {"@type": "x:x"}, local):
            inner = compactor_for({})
            opening = {"@context": None, "@id": name}
        yield separator + _text(opening, "    ")[:-6] + ',\n      "@graph": ['
        separator = "\n        "
        for tree in _compacted(Nodes(trees, graph), inner):
            yield separator + _text(tree, "        ")
            separator = ",\n        "
        yield "\n      ]\n    }"
        separator = ",\n    "
    yield "\n  ]\n}\n"


def write_tree(
    rows: Iterable[Row], prefixes: dict[str, str], context: Json | None, root: str
) -> Iterator[str]:
    """Yield the text of a JSON-LD document that is one tree below the entity ``root``.

    Args:
        rows: Canonical rows of one graph, in canonical order.
        prefixes: As for :func:`write`.
        context: As for :func:`write`.
        root: IRI of the entity.

    Raises:
        OutputError: The context is not usable.
    """
    trees = Trees(rows)
    local = _prefix_context(trees, prefixes) if context is None else _local(context)
    compactor = compactor_for(local)
    nodes = list(Nodes(trees, ""))
    plain = all(plain for _, plain in nodes)
    tree = nested(root, [node for node, _ in nodes])
    (compacted,) = _compacted([(tree, plain)], compactor)
    # What others say about the entity, and the rest, come after what it says itself.
    last = {"@included", *(key for key, value in local.items() if value == "@included")}
    last |= {"@reverse", *(key for key, value in local.items() if value == "@reverse")}
    compacted = dict(sorted(compacted.items(), key=lambda item: item[0] in last))
    text = _text(compacted, "")
    if "@context" not in compacted:
        text = '{\n  "@context": ' + compactor.context_text + "," + text[1:]
    yield text + "\n"


class Nodes:
    """Makes the trees of one graph, as node objects in expanded form.

    Attributes:
        plain: Whether every IRI of the tree made last reads back whatever the context says.
    """

    def __init__(self, trees: Trees, graph: str) -> None:
        self.trees = trees
        self.graph = graph
        self.subjects = trees.subjects(graph)
        self.plain = True
        self.known: dict[str, bool] = {}

    def __iter__(self) -> Iterator[tuple[Json, bool]]:
        """Yield each tree, and whether it is plain."""
        anonymous = []
        for subject, properties in self.trees.roots(self.graph):
            self.plain = True
            if subject in self.trees.unreferenced:
                anonymous.append((self.node(properties, 1), self.plain))
            else:
                head = {"@id": self.iri(subject)}
                yield head | self.node(properties, 1), self.plain
        # Without a label only the content can say which comes first.
        yield from sorted(anonymous, key=lambda each: json.dumps(each[0]))

    def iri(self, term: str) -> str:
        """Return an IRI or the label of a blank node."""
        if term[0] == "_":
            return term
        iri = term[1:-1]
        plain = self.known.get(iri)
        if plain is None:
            plain = self.known[iri] = _PLAIN.match(iri) is not None
        self.plain &= plain
        return iri

    def node(self, properties: Properties, depth: int) -> Json:
        """Return a node object, without its ``@id``."""
        result: Json = {}
        for predicate, values in properties.items():
            if predicate == TYPE:
                types = [self.iri(value) for value in values if value[0] == "<"]
                if types:
                    result["@type"] = types
                values = [value for value in values if value[0] != "<"]  # noqa: PLW2901
                if not values:
                    continue
            result[self.iri(predicate)] = self.values(values, depth)
        return result

    def values(self, terms: list[str], depth: int) -> list[Json]:
        """Return the objects of one predicate."""
        if len(terms) == 1:
            return [self.value(terms[0], depth)]
        inside = self.trees.nested
        written = [self.value(term, depth) for term in terms if term not in inside]
        inner = [self.value(term, depth) for term in terms if term in inside]
        return written + sorted(inner, key=json.dumps)

    def value(self, term: str, depth: int) -> Json:
        """Return one object."""
        if term[0] == '"':
            lexical, language, datatype = literal(term)
            result: Json = {"@value": unescape(lexical)}
            if language:
                result["@language"] = language
            elif datatype:
                result["@type"] = self.iri(f"<{datatype}>")
            return result
        if term == NIL:
            return {"@list": []}
        if term in self.trees.nested and term in self.subjects:
            if depth <= DEPTH:
                items = self.trees.items(term, self.subjects)
                if items is not None:
                    return {"@list": [self.value(item, depth + 1) for item in items]}
                return self.node(self.subjects[term], depth + 1)
            self.trees.cut(term)
        return {"@id": self.iri(term)}


def _compacted(nodes: Iterable[tuple[Json, bool]], compactor: Compactor) -> Iterator[Json]:
    """Compact trees; those that would not read back stay expanded, without a context."""
    for node, plain in nodes:
        if plain:
            try:
                yield compactor.compact(node)
            except NotLearnedError:
                pass
            else:
                continue
        yield _compacted_by_pyld(node, plain, compactor.context)


def _compacted_by_pyld(node: Json, plain: bool, context: Json) -> Json:
    try:
        (tree,) = framing.compact([node], context)
        reads_back = plain or _same(framing.expand(tree, context), [node])
    except OutputError:
        reads_back = False
    return tree if reads_back else {"@context": None} | node


def _survives(node: Json, context: Json) -> bool:
    try:
        return bool(framing.expand(node, context)[0]["@id"] == node["@id"])
    except (OutputError, LookupError):
        return False


def _same(left: Any, right: Any) -> bool:
    return bool(_ordered(left) == _ordered(right))


def _ordered(value: Any) -> Any:
    """Return expanded JSON-LD with its sets in one order."""
    if isinstance(value, dict):
        return {
            key: [_ordered(each) for each in inner] if key == "@list" else _ordered(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def _local(context: Json) -> Json:
    inner: Any = context.get("@context", context)
    if not isinstance(inner, dict):
        raise OutputError(
            "the JSON-LD context is not one object", hint="write all its terms into one object"
        )
    return inner


def _prefix_context(trees: Trees, prefixes: dict[str, str]) -> Json:
    names = Names({prefix: iri for prefix, iri in prefixes.items() if prefix})
    for subjects in trees.graphs.values():
        for subject, properties in subjects.items():
            terms = [subject, *properties, *(each for some in properties.values() for each in some)]
            for term in terms:
                if term[0] == "<":
                    names.iri(term)
                elif term[0] == '"' and term[-1] == ">":
                    names.iri(f"<{literal(term)[2]}>")
    return dict(sorted(names.used.items()))


def _text(value: Any, indent: str) -> str:
    """Return JSON, indented: the standard library does so in Python too, and takes longer."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = indent + "  "
    if isinstance(value, dict) and value:
        members = [f"{encode_basestring(key)}: {_text(each, inner)}" for key, each in value.items()]
        return "{\n" + inner + f",\n{inner}".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        items = [_text(each, inner) for each in value]
        return "[\n" + inner + f",\n{inner}".join(items) + f"\n{indent}]"
    return json.dumps(value)

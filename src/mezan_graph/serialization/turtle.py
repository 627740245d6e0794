"""Turtle and TriG (RDF 1.1) as a person would write them, and always in the same way.

Prefixes that are used, sorted; subjects in code-point order; ``a`` first, then names, then the
other predicates; blank nodes nested where they need no label, and lists in parentheses. Literals
keep their lexical form: ``7`` stands for ``"7"^^xsd:integer`` and for nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mezan_graph.namespaces import RDFS, SCHEMA, SKOS, XSD
from mezan_graph.serialization.nquads import literal
from mezan_graph.serialization.trees import DEPTH, NIL, TYPE, Properties, Trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mezan_graph.serialization.nquads import Row

_WIDTH = 100
_INDENT = "    "
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_PREFIX = re.compile(rf"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?\Z")
# PN_LOCAL without escapes; an IRI that needs them is written in full.
_LOCAL = re.compile(
    rf"(?:(?:[{_BASE}_0-9:]|%[0-9A-Fa-f]{{2}})"
    rf"(?:(?:[{_CHARS}.:]|%[0-9A-Fa-f]{{2}})*(?:[{_CHARS}:]|%[0-9A-Fa-f]{{2}}))?)?\Z"
)
# Narrower than the grammar, and without doubles: rdflib rewrites a bare 007, .5 or 1E0.
_SHORTHAND = {
    XSD.integer.value: re.compile(r"(?:0|-?[1-9][0-9]*)\Z"),
    XSD.decimal.value: re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z"),
    XSD.boolean.value: re.compile(r"(?:true|false)\Z"),
}
_LINE_FEED = re.compile(r"(?<!\\)(?:\\\\)*\\n")
# The second branch keeps an escaped backslash whole, so that what follows it is not misread.
_LONG = re.compile(r'\\(n|"(?!\\"|\Z))|\\.')
_FIRST = {
    TYPE: 0,
    **{str(term): 1 for term in (SCHEMA.name, RDFS.label, SKOS.prefLabel)},
}


class Names:
    """Abbreviates IRIs, and remembers which prefixes it used.

    Attributes:
        used: The prefixes that were used, with their namespaces.
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.used: dict[str, str] = {}
        self._known: dict[str, str] = {}
        # Of two prefixes for one namespace, the shorter one; of two of one length, the first.
        order = sorted(prefixes.items(), key=lambda each: (len(each[0]), each[0]), reverse=True)
        self._by_namespace = {iri: prefix for prefix, iri in order if _PREFIX.match(prefix) and iri}
        self._odd = sorted(
            (iri for iri in self._by_namespace if iri[-1] not in "/#"), key=len, reverse=True
        )

    def iri(self, term: str) -> str:
        """Return ``<iri>`` as a prefixed name where one is possible."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = self._abbreviated(term)
        return known

    def _abbreviated(self, term: str) -> str:
        iri = term[1:-1]
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        candidates = [iri[:cut]] if iri[:cut] in self._by_namespace else []
        candidates += [each for each in self._odd if iri.startswith(each)]
        for namespace in sorted(candidates, key=len, reverse=True):
            local = iri[len(namespace) :]
            if _LOCAL.match(local):
                prefix = self._by_namespace[namespace]
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        return term


def write(
    rows: Iterable[Row], prefixes: dict[str, str], header: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the text of a Turtle document; of a TriG document if a row has a graph name.

    Args:
        rows: Canonical rows, in canonical order.
        prefixes: Prefix to namespace IRI, for those that may be used.
        header: Lines of text for comments at the top.
    """
    writer = _Writer(Trees(rows), Names(prefixes))
    blocks = [writer.graph(graph) for graph in sorted(writer.trees.graphs)]
    yield from (f"# {line}".rstrip() + "\n" for line in header)
    if header:
        yield "\n"
    used = sorted(writer.names.used.items())
    yield from (f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in used)
    for number, block in enumerate(blocks):
        yield "\n" if used or number else ""
        yield block


class _Writer:
    """Writes the trees of one document."""

    def __init__(self, trees: Trees, names: Names) -> None:
        self.trees = trees
        self.names = names
        self.subjects: dict[str, Properties] = {}

    def graph(self, graph: str) -> str:
        """Return the statements of one graph, those of a named graph in braces."""
        margin = _INDENT if graph else ""
        self.subjects = self.trees.subjects(graph)
        labelled, anonymous = [], []
        for subject, properties in self.trees.roots(graph):
            body = self.body(properties, margin + _INDENT, 1)
            if subject in self.trees.unreferenced:
                anonymous.append(f"{margin}[] {body} .\n")
            else:
                labelled.append(f"{margin}{self.name(subject)} {body} .\n")
        # Without a label only the text can say which comes first.
        block = "\n".join(labelled + sorted(anonymous))
        return f"{self.name(graph)} {{\n{block}}}\n" if graph else block

    def body(self, properties: Properties, indent: str, depth: int) -> str:
        """Return predicates and objects, one predicate on a line."""
        if len(properties) > 1:
            order = sorted(properties, key=lambda each: (_FIRST.get(each, 2), each))
        else:
            order = list(properties)
        return f" ;\n{indent}".join(
            ("a" if predicate == TYPE else self.names.iri(predicate))
            + self.objects(properties[predicate], indent, depth)
            for predicate in order
        )

    def objects(self, values: list[str], indent: str, depth: int) -> str:
        """Return the objects of one predicate, with the space before them."""
        if len(values) == 1:
            return " " + self.value(values[0], indent, depth)
        deeper = indent + _INDENT
        written: list[str] = []
        nested: list[str] = []
        for value in values:
            text = self.value(value, deeper, depth)
            (nested if value in self.trees.nested else written).append(text)
        written += sorted(nested)
        line = ", ".join(written)
        if len(line) + len(indent) <= _WIDTH and "\n" not in line:
            return " " + line
        return "".join(f"\n{deeper}{text}," for text in written)[:-1]

    def value(self, term: str, indent: str, depth: int) -> str:
        """Return one object."""
        if term[0] == '"':
            return self.literal(term)
        if term == NIL:
            return "()"
        if term not in self.trees.nested:
            return self.name(term)
        return self.nested(term, indent, depth)

    def nested(self, term: str, indent: str, depth: int) -> str:
        """Return a blank node in brackets, or a list in parentheses."""
        properties = self.subjects.get(term)
        if properties is None:
            return "[]"
        if depth > DEPTH:
            self.trees.cut(term)
            return term
        items = self.trees.items(term, self.subjects)
        if items is not None:
            return self.list(items, indent, depth)
        body = self.body(properties, indent + _INDENT, depth + 1)
        if "\n" not in body and len(body) + len(indent) < _WIDTH // 2:
            return f"[ {body} ]"
        return f"[\n{indent}{_INDENT}{body}\n{indent}]"

    def list(self, items: list[str], indent: str, depth: int) -> str:
        """Return an RDF list in parentheses."""
        deeper = indent + _INDENT
        written = [self.value(item, deeper, depth + 1) for item in items]
        line = f"( {' '.join(written)} )"
        if len(line) + len(indent) <= _WIDTH and "\n" not in line:
            return line
        return "(" + "".join(f"\n{deeper}{text}" for text in written) + f"\n{indent})"

    def literal(self, term: str) -> str:
        """Return a literal: a bare number where its form allows, a long string for many lines."""
        if term[-1] == '"' and "\\n" not in term:
            return term
        lexical, language, datatype = literal(term)
        if datatype:
            shorthand = _SHORTHAND.get(datatype)
            if shorthand and shorthand.match(lexical):
                return lexical
        tail = f"@{language}" if language else ""
        if datatype:
            tail = "^^" + self.names.iri(f"<{datatype}>")
        if not _LINE_FEED.search(lexical):
            return f'"{lexical}"{tail}'
        return f'"""{_long(lexical)}"""{tail}'

    def name(self, term: str) -> str:
        """Return an IRI or the label of a blank node."""
        return self.names.iri(term) if term[0] == "<" else term


def _long(lexical: str) -> str:
    """Return a lexical form for a long string: line feeds as they are, single quotes bare."""

    def written(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        return "\n" if match[1] == "n" else '"'

    return _LONG.sub(written, lexical)

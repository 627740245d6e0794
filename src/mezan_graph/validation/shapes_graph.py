"""A shapes graph as RDF: look-ups by subject, lists, prefixes, and errors that name the file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import ShapeError
from mezan_graph.namespaces import OWL, RDF, RDFS, SH, XSD
from mezan_graph.validation.index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.validation.prebinding import PreboundQuery

Term = ox.NamedNode | ox.BlankNode | ox.Literal

TRUE = (ox.Literal("true", datatype=XSD.boolean), ox.Literal("1", datatype=XSD.boolean))
FALSE = (ox.Literal("false", datatype=XSD.boolean), ox.Literal("0", datatype=XSD.boolean))


class ShapesGraph:
    """The triples of a shapes graph by subject, in the order in which they were read.

    Attributes:
        graph: The graph itself, its prefixes and sources with it.
        queries: The queries of its constraints that have been read.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.queries: list[PreboundQuery] = []
        self._subjects: dict[object, dict[ox.NamedNode, dict[Term, None]]] = {}
        self._predicates: dict[ox.NamedNode, list[Term]] = {}
        self._short: dict[ox.NamedNode, str] = {}
        index = index_of(graph)
        for rows in index.rows:
            terms = map(index.terms.__getitem__, rows)
            for subject, predicate, value, _ in zip(terms, terms, terms, terms, strict=True):
                values = self._subjects.setdefault(subject, {}).setdefault(predicate, {})
                if value not in values:
                    values[value] = None
                    self._predicates.setdefault(predicate, []).append(subject)

    def __bool__(self) -> bool:
        return bool(self._subjects)

    @property
    def nodes(self) -> Iterator[Term]:
        """Every subject, in the order of first use."""
        yield from self._subjects  # type: ignore[misc]

    def predicates(self, node: object) -> list[ox.NamedNode]:
        """Return the predicates of ``node``, in the order of first use."""
        return list(self._subjects.get(node, ()))

    def objects(self, node: object, predicate: ox.NamedNode) -> list[Term]:
        """Return the distinct values of ``predicate`` at ``node``."""
        return list(self._subjects.get(node, {}).get(predicate, ()))

    def subjects(self, predicate: ox.NamedNode) -> list[Term]:
        """Return the subjects of ``predicate``, as often as they have a value."""
        return self._predicates.get(predicate, [])

    def one(self, node: object, predicate: ox.NamedNode) -> Term | None:
        """Return the only value of ``predicate`` at ``node``, or ``None``.

        Raises:
            ShapeError: There is more than one.
        """
        values = self.objects(node, predicate)
        if len(values) > 1:
            raise self.error(
                node, f"{self.short(predicate)} has more than one value", term=predicate
            )
        return values[0] if values else None

    def flag(self, node: object, predicate: ox.NamedNode) -> bool:
        """Return the value of a predicate that is true or false; false if there is none.

        Raises:
            ShapeError: The value is not an ``xsd:boolean``, or there is more than one.
        """
        value = self.one(node, predicate)
        if value is None or value in FALSE:
            return False
        if value in TRUE:
            return True
        message = f"{self.short(predicate)} is neither true nor false: {value}"
        raise self.error(node, message, term=predicate, value=value)

    def messages(self, node: object) -> tuple[ox.Literal, ...]:
        """Return the values of ``sh:message`` at ``node``.

        Raises:
            ShapeError: One is neither a string nor a string with a language tag.
        """
        messages = []
        for each in self.objects(node, SH.message):
            if isinstance(each, ox.Literal) and each.datatype in (XSD.string, RDF.langString):
                messages.append(each)
            else:
                raise self.error(
                    node, f"sh:message is not a string: {each}", term=SH.message, value=each
                )
        return tuple(messages)

    def members(self, node: object) -> list[Term]:
        """Return the members of the RDF list at ``node``.

        Raises:
            ShapeError: It is not a well-formed SHACL list (SHACL, section 1.1).
        """
        found: list[Term] = []
        seen = set()
        head = node
        while node != RDF.nil:
            first, rest = self.objects(node, RDF.first), self.objects(node, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise self.error(head, "a list is expected here, and this is not a well-formed one")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return found

    @cached_property
    def _typed(self) -> dict[Term, list[Term]]:
        typed: dict[Term, list[Term]] = {}
        for node in dict.fromkeys(self.subjects(RDF.type)):
            for each in self.objects(node, RDF.type):
                typed.setdefault(each, []).append(node)
        return typed

    def subclasses(self, rdf_class: ox.NamedNode) -> dict[Term, None]:
        """Return ``rdf_class`` and its subclasses as this graph has them."""
        below: dict[Term, list[Term]] = {}
        for node in dict.fromkeys(self.subjects(RDFS.subClassOf)):
            for each in self.objects(node, RDFS.subClassOf):
                below.setdefault(each, []).append(node)
        found: dict[Term, None] = {rdf_class: None}
        waiting: list[Term] = [rdf_class]
        while waiting:
            for each in below.get(waiting.pop(), ()):
                if each not in found:
                    found[each] = None
                    waiting.append(each)
        return found

    def instances(self, *classes: ox.NamedNode) -> dict[Term, None]:
        """Return the SHACL instances of any of ``classes`` in this graph."""
        return {
            node: None
            for one in classes
            for each in self.subclasses(one)
            for node in self._typed.get(each, ())
        }

    @cached_property
    def implicit_classes(self) -> dict[Term, None]:
        """The shapes that are classes too, and so their own target (SHACL, section 2.1.3.3)."""
        classes = self.instances(RDFS.Class)
        typed = self.instances(SH.NodeShape, SH.PropertyShape) if classes else {}
        return {node: None for node in classes if node in typed}

    def prefixes(self, node: object) -> dict[str, str]:
        """Return the prefixes that ``sh:prefixes`` at ``node`` declares (SHACL, section 5.2.1).

        Raises:
            ShapeError: A declaration is malformed, or gives one prefix two namespaces.
        """
        declared: dict[str, str] = {}
        waiting = list(self.objects(node, SH.prefixes))
        seen = set(waiting)
        while waiting:
            each = waiting.pop(0)
            for ontology in self.objects(each, OWL.imports):
                if ontology not in seen:
                    seen.add(ontology)
                    waiting.append(ontology)
            for declaration in self.objects(each, SH.declare):
                prefix = self.one(declaration, SH.prefix)
                namespace = self.one(declaration, SH.namespace)
                if not isinstance(prefix, ox.Literal) or not isinstance(namespace, ox.Literal):
                    raise self.error(each, "sh:declare needs one sh:prefix and one sh:namespace")
                if declared.setdefault(prefix.value, namespace.value) != namespace.value:
                    raise self.error(
                        declaration,
                        f"two namespaces for the prefix {prefix.value}:",
                        value=namespace,
                    )
        return declared

    def short(self, term: object) -> str:
        """Return ``term`` for people: a prefixed name where there is a prefix."""
        if isinstance(term, ox.NamedNode):
            found = self._short.get(term)
            if found is None:
                found = self._short[term] = self._shortened(term)
            return found
        return str(term)

    def _shortened(self, term: ox.NamedNode) -> str:
        for prefix, namespace in self.graph.prefixes.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and local.replace("-", "").replace("_", "").isalnum():
                return f"{prefix}:{local}"
        return str(term)

    def error(
        self,
        node: object,
        message: str,
        hint: str | None = None,
        *,
        term: object = None,
        value: object = None,
    ) -> ShapeError:
        """Return an error about the shape that ``node`` is or stands in, naming it and its place.

        Args:
            node: The node at fault.
            message: What is wrong.
            hint: What to do.
            term: A predicate or value that the node has in the triple at fault.
            value: The value that it has there.
        """
        from mezan_graph.validation.shape_places import Fault, place_of

        file, place = place_of(self.graph, Fault(node, term, value))
        named = self._named(node)
        return ShapeError(
            message if isinstance(named, ox.Literal) else f"{self.short(named)}: {message}",
            place=file,
            line=place and place.line,
            column=place and place.column,
            hint=hint,
        )

    def _named(self, node: object) -> object:
        """Return ``node``, or the IRI that leads to it."""
        for _ in range(100):
            if isinstance(node, ox.NamedNode):
                break
            triples = self.graph.triples()
            above = (each.subject for each in triples if node == each.object != each.subject)
            found = next(above, None)
            if found is None:
                break
            node = found
        return node

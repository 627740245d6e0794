"""Where rdflib and pyoxigraph meet: the same dataset as either library's terms.

rdflib normalises literals unless told otherwise; here each one keeps its lexical form.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery

from mezan_graph.graph import Graph
from mezan_graph.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result
    from rdflib.term import Node


def to_rdflib(graph: Graph) -> rdflib.Dataset:
    """Return ``graph`` as an :class:`rdflib.Dataset`, its prefixes bound."""
    dataset = rdflib.Dataset()
    for prefix, iri in graph.prefixes.items():
        dataset.bind(prefix, iri, override=True, replace=True)
    for quad in graph:
        context = dataset.default_graph
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            context = dataset.graph(rdflib_term(quad.graph_name))  # type: ignore[arg-type]
        context.add(
            (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
        )
    return dataset


class UnionGraph(rdflib.Graph):
    """The union of the graphs of a dataset for rdflib, with lexical forms as written.

    A query text is parsed once, however often it is asked: pySHACL asks the same one for every
    focus node, and in rdflib parsing takes longer than the answer.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._prepared = cache(partial(prepareQuery, initNs=graph.prefixes))
        for prefix, iri in graph.prefixes.items():
            self.bind(prefix, iri, override=True, replace=True)
        for quad in graph.triples():
            self.add(
                (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
            )

    def query(self, query_object: str | Query, *args: Any, **keywords: Any) -> Result:
        """Answer as :meth:`rdflib.Graph.query` does."""
        if isinstance(query_object, str):
            query_object = self._prepared(query_object)
        return super().query(query_object, *args, **keywords)


def from_rdflib(source: rdflib.Graph) -> Graph:
    """Return an rdflib graph or dataset as a :class:`Graph`, lexical forms as rdflib has them."""
    prefixes = {prefix: str(iri) for prefix, iri in source.namespaces() if prefix}
    if not isinstance(source, rdflib.Dataset):
        return Graph.from_quads((_quad(triple, ox.DefaultGraph()) for triple in source), prefixes)
    quads = []
    for *triple, name in source.quads():
        default = name == source.default_graph.identifier
        graph = ox.DefaultGraph() if name is None or default else oxigraph_term(name)
        quads.append(_quad(triple, graph))
    return Graph.from_quads(quads, prefixes)


def _quad(triple: Iterable[Node], graph_name: Any) -> ox.Quad:
    # rdflib's types allow a literal anywhere; pyoxigraph raises TypeError for one out of place.
    subject, predicate, value = map(oxigraph_term, triple)
    return ox.Quad(subject, predicate, value, graph_name)  # type: ignore[arg-type]


def rdflib_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """Return one RDF 1.1 term as rdflib's."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise TypeError(f"not an RDF 1.1 term: {term}")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype == XSD.string else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def oxigraph_term(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return one rdflib term as pyoxigraph's."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise TypeError(f"not an RDF 1.1 term: {term!r}")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    if term.datatype is None:
        return ox.Literal(str(term))
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))

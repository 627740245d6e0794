"""Where in the text of its source a triple stands.

No parser tells places, and blank nodes are renamed at each parse, so a triple is known by its index
among the quads that the parser gave. The text is read once more, and only when somebody asks: a
walk over its tokens counts the quads (:mod:`mezan_graph.turtle.emission`). Every place is then
checked by parsing the tokens that were found; where they do not say what the quad says, for
example because the file has changed since, there is no place rather than a wrong one.

Lines and columns count from 1, columns in code points; the end is exclusive. A line ends at
U+000A. A byte order mark is not counted.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.formats import JSONLD, RDFXML
from mezan_graph.namespaces import RDF
from mezan_graph.numbering import NumberedQuads
from mezan_graph.positions.statements import first_indexes, walk_statements
from mezan_graph.turtle.emission import Bracket, Emission, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from mezan_graph.graph import Part
    from mezan_graph.sources import Source
    from mezan_graph.turtle.emission import Term, Token

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
"""What can be the subject of a triple that pyoxigraph gives."""

_SHOWN = 80
_SPACES = re.compile(r"\s+")
_LIST_PREDICATES = {"first": RDF.first, "rest": RDF.rest}


class Place(NamedTuple):
    """A place in a source.

    Attributes:
        line: 1-based line of the start.
        column: 1-based column of the start, in code points.
        end_line: Line of the end.
        end_column: Column after the end.
        text: The triple as written, subject, predicate and object on one line, long literals and
            what stands in brackets shortened; for a subject, how it stands in the text.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def locate(part: Part, indexes: Collection[int]) -> dict[int, Place]:
    """Return where the objects of triples stand.

    The object of ``rdf:first`` is the item of the list. That of ``rdf:rest`` is the rest of the
    list, which starts at the next item, or its closing parenthesis. In JSON-LD and RDF/XML the
    place is that of the subject.

    Args:
        part: Quads with the source that they were read from.
        indexes: Which of ``part.quads`` to locate.

    Returns:
        The places by index. A quad that has no source, or whose place is not certain, is absent.

    Raises:
        SourceError: The source cannot be read any more.
    """
    if part.source is None or not indexes:
        return {}
    if part.source.format in {JSONLD, RDFXML}:
        subjects = {index: part.quads[index].subject for index in indexes}
        nodes = _located_nodes(part, part.source, set(subjects.values()))
        return {index: nodes[each] for index, each in subjects.items() if each in nodes}
    return _located(part, part.source, indexes, _object_extent, _triple_text)


def locate_subjects(part: Part, subjects: Collection[Subject]) -> dict[Subject, Place]:
    """Return where nodes first stand as a subject: in brackets, where the bracket opens.

    Args:
        part: Quads with the source that they were read from.
        subjects: Nodes as they stand in ``part.quads``.

    Returns:
        The places by node. A node that is no subject here, or whose place is not certain, is
        absent.

    Raises:
        SourceError: The source cannot be read any more.
    """
    if part.source is None or not subjects:
        return {}
    if part.source.format in {JSONLD, RDFXML}:
        return _located_nodes(part, part.source, set(subjects))
    first = first_indexes(part, subjects)
    found = _located(part, part.source, first, _node_extent, _node_text)
    return {first[index]: place for index, place in found.items()}


def _located(
    part: Part,
    source: Source,
    indexes: Collection[int],
    extent: Callable[[Emission], Token],
    text: Callable[[bytes, Emission], str],
) -> dict[int, Place]:
    document = source.document()
    emissions: dict[int, Emission] = {}
    certain: list[int] = []
    quick = walk_statements(part, document, indexes)
    if quick is not None:
        emissions = quick[0]
        certain = _checked(part, document, *quick)
    missing = set(indexes).difference(certain)
    if missing:
        found, directives = walk(document, missing)
        emissions |= found
        certain += _checked(part, document, found, directives)
    extents = {index: extent(emissions[index]) for index in certain}
    points = _points(document, {offset for each in extents.values() for offset in each})
    return {
        index: Place(*points[start], *points[end], text(document, emissions[index]))
        for index, (start, end) in extents.items()
    }


def _located_nodes(part: Part, source: Source, nodes: set[Subject]) -> dict[Subject, Place]:
    """Locate nodes in JSON-LD or RDF/XML; a blank node stands where its named owner does."""
    from mezan_graph.positions.nodes import json_extents, xml_extents

    owners = _named_owners(part, nodes)
    iris = {owner.value for owner in owners.values()}
    document = source.document()
    if source.format is JSONLD:
        extents = json_extents(document, iris, source.contexts, source.base_iri)
    else:
        extents = xml_extents(document, iris, source.base_iri)
    points = _points(document, {offset for each in extents.values() for offset in each})
    places = {
        iri: Place(*points[start], *points[end], _term_text(document, (start, end)))
        for iri, (start, end) in extents.items()
    }
    return {node: places[owner.value] for node, owner in owners.items() if owner.value in places}


def _named_owners(part: Part, nodes: set[Subject]) -> dict[Subject, ox.NamedNode]:
    """Return each node itself, or the node with an IRI from which a blank node is reached."""
    pointing: dict[object, Subject] = {}
    if any(isinstance(node, ox.BlankNode) for node in nodes):
        for quad in part.quads:
            if isinstance(quad.object, ox.BlankNode):
                pointing.setdefault(quad.object, quad.subject)
    owners = {}
    for node in nodes:
        owner: Subject | None = node
        passed = set()
        while owner is not None and not isinstance(owner, ox.NamedNode) and owner not in passed:
            passed.add(owner)
            owner = pointing.get(owner)
        if isinstance(owner, ox.NamedNode):
            owners[node] = owner
    return owners


def _object_extent(emission: Emission) -> Token:
    return _extent(emission.object)


def _node_extent(emission: Emission) -> Token:
    node = emission.node
    return (node.start, node.start + 1) if isinstance(node, Bracket) else node


def _extent(term: Term) -> Token:
    return (term.start, term.end) if isinstance(term, Bracket) else term


def _points(document: bytes, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return line and column of each offset, in one pass."""
    points = {}
    line, column, last = 1, 1, 0
    for offset in sorted(offsets):
        newline = document.rfind(b"\n", last, offset)
        if newline >= 0:
            line += document.count(b"\n", last, newline + 1)
            column, last = 1, newline + 1
        column += len(document[last:offset].decode(errors="replace"))
        last = offset
        points[offset] = line, column
    return points


def _checked(
    part: Part, document: bytes, emissions: dict[int, Emission], directives: list[Token]
) -> list[int]:
    """Return the indexes whose tokens say what the quad says, by parsing these tokens alone."""
    order = sorted(emissions, key=lambda index: _extent(emissions[index].object)[0])
    lines = []
    passed = 0
    for index in order:
        emission = emissions[index]
        while passed < len(directives) and directives[passed][0] < _extent(emission.object)[0]:
            lines.append(document[slice(*directives[passed])])
            passed += 1
        verb = b"<x:x>" if emission.verb is None else document[slice(*emission.verb)]
        subject, value = _alone(document, emission.subject), _alone(document, emission.object)
        if emission.role == "rest":
            value = b"()" if emission.is_end else b"[]"
        lines.append(b"%s %s %s\n." % (subject, verb, value))
    certain = []
    quads = part.quads
    triple = quads.triple if isinstance(quads, NumberedQuads) else lambda index: quads[index].triple
    try:
        base = None if part.source is None else part.source.base_iri
        found = ox.parse(b"\n".join(lines), ox.RdfFormat.TURTLE, base_iri=base)
        for index, quad in zip(order, found, strict=False):
            if _says(emissions[index], quad, *triple(index)):
                certain.append(index)
    except SyntaxError:
        pass
    return certain


def _alone(document: bytes, term: Term) -> bytes:
    """Return a term as Turtle that gives no further triple: what stands in brackets is left out."""
    if isinstance(term, Bracket):
        return b"()" if term.is_list and not term.items else b"[]"
    return document[slice(*term)]


def _says(
    emission: Emission, found: ox.Quad, subject: object, predicate: object, value: object
) -> bool:
    if _LIST_PREDICATES.get(emission.role, found.predicate) != predicate:
        return False
    return all(
        isinstance(one, ox.BlankNode) if isinstance(other, ox.BlankNode) else one == other
        for one, other in ((found.subject, subject), (found.object, value))
    )


def _triple_text(document: bytes, emission: Emission) -> str:
    if emission.verb is None:
        return _item_text(document, emission, emission.object)
    subject, verb = _term_text(document, emission.subject), _term_text(document, emission.verb)
    return f"{subject} {verb} {_term_text(document, emission.object)}"


def _item_text(document: bytes, emission: Emission, item: Term) -> str:
    """Show an item within its list, and the list within its triple."""
    value = _term_text(document, item)
    shown = "(… )" if item is emission.object and emission.is_end else f"(… {value} …)"
    pointing = emission.subject.emission if isinstance(emission.subject, Bracket) else None
    if pointing is None or pointing.verb is None:
        return shown
    outer = (pointing.subject, pointing.verb)
    return " ".join([*(_term_text(document, each) for each in outer), shown])


def _node_text(document: bytes, emission: Emission) -> str:
    node = emission.node
    if emission.role != "triple" and node is not emission.subject:
        return _item_text(document, emission, node)
    if isinstance(node, Bracket) and node.emission is not None:
        return _triple_text(document, node.emission)
    return _term_text(document, node)


def _term_text(document: bytes, term: Term) -> str:
    if isinstance(term, Bracket):
        opened, closed = "()" if term.is_list else "[]"
        inside = document[term.start + 1 : term.end - 1] if term.end > 0 else b"."
        return f"{opened}…{closed}" if inside.strip() else f"{opened}{closed}"
    token = document[slice(*term)]
    # Four bytes hold any character, and the quote and the suffix at the end are worth showing.
    if len(token) > 12 * _SHOWN:
        token = token[: 4 * _SHOWN] + "…".encode() + token[-4 * _SHOWN :]
    return _shown(token)


@lru_cache(1000)
def _shown(token: bytes) -> str:
    text = token.decode(errors="ignore")
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 20]}…{text[-20:]}"

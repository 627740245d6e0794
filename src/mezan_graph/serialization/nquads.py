r"""Lines of canonical N-Quads, and the terms in them as text.

Everything here works on text, because a million lines are split, compared and sorted faster than a
million term objects. A term is its N-Quads form: ``<iri>``, ``_:label``, ``"lexical"``,
``"lexical"@tag`` or ``"lexical"^^<iri>``. Escapes are those of canonical N-Quads: ECHAR for
``\b \t \n \f \r \" \\``, ``\uXXXX`` for other control characters, all else as it is.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from mezan_graph.errors import OutputError
from mezan_graph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mezan_graph.graph import Part

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CHARACTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_RDF12 = ("<<", "--ltr ", "--rtl ")


class Row(NamedTuple):
    """One quad as text.

    Attributes:
        subject: An IRI or a blank node.
        predicate: An IRI.
        value: The object: any term.
        graph: An IRI or a blank node; empty for the default graph.
    """

    subject: str
    predicate: str
    value: str
    graph: str


def lines_of(graph: Graph) -> list[str]:
    """Return the quads of ``graph`` as N-Quads lines without line ends, in order.

    A quad that stands in the graph twice gives two lines.

    Raises:
        OutputError: A term belongs to RDF 1.2: a triple term or a base direction.
    """
    lines: list[str] = []
    for part in graph.parts:
        found = _part_lines(part)
        if any(mark in line for line in found for mark in _RDF12):
            _refuse_rdf12(graph)
        lines += found
    return lines


def _part_lines(part: Part) -> list[str]:
    if isinstance(part.graph_name, ox.DefaultGraph):
        return _written(part.quads, ox.RdfFormat.N_QUADS)
    try:
        # Graph names are added to the text: making a million quads anew takes six times as long.
        lines = _written(part.quads, ox.RdfFormat.N_TRIPLES)
    except ValueError:
        # Some quads name graphs of their own.
        return _written(Graph([part]), ox.RdfFormat.N_QUADS)
    return [f"{line[:-1]}{part.graph_name} ." for line in lines]


def _written(quads: Iterable[ox.Quad], rdf_format: ox.RdfFormat) -> list[str]:
    output = io.BytesIO()
    ox.serialize(quads, output, rdf_format)
    lines = output.getvalue().decode().split("\n")
    lines.pop()
    return lines


def _refuse_rdf12(graph: Graph) -> None:
    for quad in graph:
        if isinstance(quad.object, ox.Triple):
            kind = "a triple term"
        elif isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
            kind = "a literal with a base direction"
        else:
            continue
        raise OutputError(
            f"{kind} is RDF 1.2, and graphs are written as RDF 1.1",
            place=f"{quad.subject} {quad.predicate}",
            hint="say it with a node of its own, or with a language tag alone",
        )


def split(line: str) -> Row:
    """Return the terms of one canonical N-Quads line."""
    subject, predicate, rest = line.split(" ", 2)
    rest = rest[:-2]
    value, space, last = rest.rpartition(" ")
    # A quotation mark after the last space closes a literal that holds the space.
    if not space or '"' in last:
        return Row(subject, predicate, rest, "")
    return Row(subject, predicate, value, last)


def line_of(row: Iterable[str]) -> str:
    """Return the line of a row, without a line end."""
    return " ".join(term for term in row if term) + " ."


def literal(term: str) -> tuple[str, str, str]:
    """Return the lexical form, still escaped, the language tag and the datatype IRI of a literal.

    The language tag is empty where there is none; the datatype is empty for ``xsd:string`` and for
    strings with a language.
    """
    if term[-1] == '"':
        return term[1:-1], "", ""
    if term[-1] == ">":
        end = term.rindex('"^^<')
        return term[1:end], "", term[end + 4 : -1]
    end = term.rindex('"@')
    return term[1:end], term[end + 2 :], ""


def unescape(text: str) -> str:
    """Return ``text`` with the escapes of N-Quads resolved."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CHARACTERS.get(match[3], match[3])

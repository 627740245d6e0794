"""Writers for solutions and booleans: the W3C result formats, and tables for people.

CSV and TSV: SPARQL 1.1 Query Results CSV and TSV Formats. JSON and XML: the formats of these
names. All are UTF-8. Blank nodes are labelled ``b0``, ``b1``, … in order of appearance, so that
one answer always gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.display import JOINERS, short_name, visible
from mezan_graph.errors import OutputError, UsageError
from mezan_graph.namespaces import XSD
from mezan_graph.queries.solutions import Solutions, is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mezan_graph.queries.solutions import ResultTerm

RESULT_FORMATS = {
    "table": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "markdown": "text/markdown",
}
"""Every result format with its media type, in the order in which they are listed to people."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Compiled when first used: a class of such ranges takes 16 ms.
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_MARKDOWN = re.compile(r"[\\`*_\[\]|#~$]")
_WIDE = 10_000


def write_results(
    answer: Solutions | bool,
    format_name: str,
    *,
    prefixes: Mapping[str, str] | None = None,
    neutralise: bool = True,
    terminal: bool = False,
) -> bytes:
    """Write solutions or a boolean.

    Args:
        answer: What a query gave.
        format_name: A key of :data:`RESULT_FORMATS`.
        prefixes: For tables: prefix to namespace IRI; by default those of the solutions.
        neutralise: In CSV and TSV, put an apostrophe before a string that a spreadsheet would
            take for a formula. ``False`` leaves every term as it is.
        terminal: Whether a table may have colours and is cut to lines of the terminal's width.

    Raises:
        UsageError: No result format has this name.
        OutputError: XML cannot hold a character of a literal.
    """
    if format_name not in RESULT_FORMATS:
        known = ", ".join(RESULT_FORMATS)
        raise UsageError(f"unknown result format {format_name!r}", hint=f"one of {known}")
    if isinstance(answer, bool):
        return _boolean(answer, format_name)
    names = dict(answer.prefixes if prefixes is None else prefixes)
    writers: dict[str, Callable[[], bytes]] = {
        "table": lambda: _table(answer, names, terminal=terminal),
        "csv": lambda: _csv(answer, neutralise=neutralise),
        "tsv": lambda: _tsv(answer, neutralise=neutralise),
        "json": lambda: _json(answer),
        "xml": lambda: _xml(answer),
        "markdown": lambda: _markdown(answer, names),
    }
    return writers[format_name]()


def _boolean(answer: bool, format_name: str) -> bytes:
    word = "true" if answer else "false"
    if format_name == "json":
        return f'{{"head": {{}}, "boolean": {word}}}\n'.encode()
    if format_name == "xml":
        return f"{_XML_START}<head/>\n<boolean>{word}</boolean>\n</sparql>\n".encode()
    return f"{word}\n".encode()


def _rows(solutions: Solutions) -> Iterator[list[ResultTerm | None]]:
    """Yield the rows with blank nodes labelled in order of appearance."""
    labels: dict[ox.BlankNode, ox.BlankNode] = {}
    for row in solutions:
        terms = list(row)
        for index, term in enumerate(terms):
            if isinstance(term, ox.BlankNode):
                terms[index] = labels.setdefault(term, ox.BlankNode(f"b{len(labels)}"))
        yield terms


def _neutral(term: ResultTerm | None) -> ResultTerm | None:
    """Return a term that no spreadsheet takes for a formula; numbers stay as they are."""
    if not isinstance(term, ox.Literal) or not term.value.startswith(_FORMULA) or is_number(term):
        return term
    text = f"'{term.value}"
    if term.language:
        return ox.Literal(text, language=term.language, direction=term.direction)
    return ox.Literal(text, datatype=term.datatype)


def _csv(solutions: Solutions, *, neutralise: bool) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(solutions.variables)
    for terms in _rows(solutions):
        shown = map(_neutral, terms) if neutralise else terms
        cells = ["" if term is None else _plain(term) for term in shown]
        # A lone empty cell would come out as an empty line, which readers skip, or as "".
        stream.write("\r\n") if cells == [""] else writer.writerow(cells)
    return stream.getvalue().encode()


def _plain(term: ResultTerm) -> str:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term.value


def _tsv(solutions: Solutions, *, neutralise: bool) -> bytes:
    lines = ["\t".join(f"?{name}" for name in solutions.variables)]
    for terms in _rows(solutions):
        shown = map(_neutral, terms) if neutralise else terms
        lines.append("\t".join("" if term is None else str(term) for term in shown))
    return ("\n".join(lines) + "\n").encode()


def _json(solutions: Solutions) -> bytes:
    import json

    rows = [
        json.dumps(
            {
                name: _json_term(term)
                for name, term in zip(solutions.variables, terms, strict=True)
                if term is not None
            },
            ensure_ascii=False,
        )
        for terms in _rows(solutions)
    ]
    names = json.dumps(list(solutions.variables), ensure_ascii=False)
    bindings = "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"
    return f'{{"head": {{"vars": {names}}}, "results": {{"bindings": {bindings}}}}}\n'.encode()


def _json_term(term: ResultTerm) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, ox.Literal):
        raise _no_triples()
    written = {"type": "literal", "value": term.value}
    if term.language:
        written["xml:lang"] = term.language
    elif term.datatype != XSD.string:
        written["datatype"] = term.datatype.value
    return written


_XML_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)


def _xml(solutions: Solutions) -> bytes:
    parts = [_XML_START, "<head>\n"]
    parts += (f'<variable name="{_escaped(name)}"/>\n' for name in solutions.variables)
    parts.append("</head>\n<results>\n")
    for terms in _rows(solutions):
        parts.append("<result>\n")
        for name, term in zip(solutions.variables, terms, strict=True):
            if term is not None:
                parts.append(f'<binding name="{_escaped(name)}">{_xml_term(term)}</binding>\n')
        parts.append("</result>\n")
    parts.append("</results>\n</sparql>\n")
    return "".join(parts).encode()


def _xml_term(term: ResultTerm) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_escaped(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_escaped(term.value)}</bnode>"
    if not isinstance(term, ox.Literal):
        raise _no_triples()
    attribute = ""
    if term.language:
        attribute = f' xml:lang="{_escaped(term.language)}"'
    elif term.datatype != XSD.string:
        attribute = f' datatype="{_escaped(term.datatype.value)}"'
    return f"<literal{attribute}>{_escaped(term.value)}</literal>"


def _escaped(text: str) -> str:
    illegal = re.search(_NOT_XML, text)
    if illegal is not None:
        raise OutputError(
            f"XML cannot hold the character U+{ord(illegal[0]):04X}",
            hint="choose another format: json holds every character",
        )
    for character, entity in _ENTITIES:
        text = text.replace(character, entity)
    return text


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#xD;"))


def _no_triples() -> OutputError:
    return OutputError(
        "a triple term is not part of the SPARQL 1.1 result formats", hint="choose csv or table"
    )


def _shown(solutions: Solutions, show: Callable[[ResultTerm], str]) -> Iterator[list[str]]:
    for terms in _rows(solutions):
        yield ["" if term is None else show(term) for term in terms]


def _markdown(solutions: Solutions, prefixes: dict[str, str]) -> bytes:
    def show(term: ResultTerm) -> str:
        if isinstance(term, ox.NamedNode):
            name = short_name(term, prefixes)
            return name if name[:8] in {"<https:/", "<http://"} else _harmless(name)
        return _harmless(_plain(term))

    lines = [
        " | ".join(_harmless(name) for name in solutions.variables),
        " | ".join("---" for _ in solutions.variables),
        *(" | ".join(cells) for cells in _shown(solutions, show)),
    ]
    return "".join(f"| {line} |\n" for line in lines).encode()


def _harmless(text: str) -> str:
    """Return ``text`` so that Markdown and HTML show it as it is, in one line."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKDOWN.sub(r"\\\g<0>", text)
    text = visible(text, f"{JOINERS}\r\n")
    return text.replace("\r\n", "<br>").replace("\n", "<br>").replace("\r", "<br>")


def _table(solutions: Solutions, prefixes: dict[str, str], *, terminal: bool) -> bytes:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def show(term: ResultTerm) -> str:
        text = short_name(term, prefixes) if isinstance(term, ox.NamedNode) else _plain(term)
        return visible(text, JOINERS)

    table = Table(box=box.SIMPLE_HEAD if terminal else box.ASCII2, header_style="bold")
    for name in solutions.variables:
        table.add_column(Text(name), overflow="fold")
    for cells in _shown(solutions, show):
        # Text, not a string: rich reads markup in strings.
        table.add_row(*(Text(cell) for cell in cells))
    stream = io.StringIO()
    width = None if terminal else _WIDE
    Console(file=stream, force_terminal=terminal, width=width).print(table)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().split("\n")[:-1]).encode()

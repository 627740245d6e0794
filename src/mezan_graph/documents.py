"""Checks on whole documents before a parser sees them: XML, JSON-LD, and nesting in Turtle.

These are the inputs that hang, kill or silently mislead the libraries below us: entity expansion,
remote contexts, nodes without a usable ``@id``, and very deep nesting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from mezan_graph.errors import LimitError, ParseError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mezan_graph.settings import Limits

_TURTLE_TERMS = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\n]++|\\.)*+"'
    rb"|'(?:[^'\\\n]++|\\.)*+'"
    rb"|<[^<>\"{}|^`\\\x00-\x20]*>"
    rb"|#[^\n]*"
)
# Up to the next bracket at once: a match for each term would take three times as long.
_TO_BRACKET = rb"(?s)(?:[^\"'<#\[\](){}]++|" + _TURTLE_TERMS + rb"|[\"'<])*+([\[\](){}]?)"
_TO_BRACKET_BETWEEN = (
    rb"(?:[^\"'<#\[\](){}]++|\"[^\"\n]*+\"|'[^'\n]*+'|<[^<>]*+>|#[^\n]*+|[\"'<])*+([\[\](){}]?)"
)
_PLAIN = bytes(each for each in range(256) if each not in b"\"'<>#[](){}\n")
_PIECE = 1 << 20
_ABSOLUTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):[^\x00-\x20<>\"{}|\\^`]*\Z")
_COLUMN = re.compile(r"line (\d+) column (\d+)")


def check_nesting(content: bytes, name: str, limits: Limits) -> None:
    """Refuse Turtle whose blank nodes, lists or graphs are nested too deeply.

    Raises:
        LimitError: The nesting is deeper than ``limits.nesting``.
    """
    if content.count(b"[") + content.count(b"(") + content.count(b"{") <= limits.nesting:
        return
    pattern = _TO_BRACKET
    if not any(each in content for each in (b"\\", b'""', b"''")):
        # Most of the text cannot change anything then, not even where a string ends.
        content, pattern = content.translate(None, _PLAIN), _TO_BRACKET_BETWEEN
    depth = 0
    # Compiled when it is needed: that takes as long as reading a small project.
    for match in re.finditer(pattern, content):
        if match[1] in (b"[", b"(", b"{"):
            depth += 1
            if depth > limits.nesting:
                _too_deep(name, limits, content.count(b"\n", 0, match.start(1)) + 1)
        elif match[1]:
            depth -= 1


def found_in_any_case(content: bytes, word: bytes) -> Iterator[int]:
    """Yield every offset of ``word``, which is in lower case, whatever its case in ``content``.

    A piece at a time: a copy of a large document in lower case takes as much memory again.
    """
    for start in range(0, len(content), _PIECE):
        # Each piece takes in the start of the next, so that nothing is missed between two.
        piece = content[start : start + _PIECE + len(word) - 1].lower()
        at = piece.find(word)
        while at >= 0:
            yield start + at
            at = piece.find(word, at + 1)


def check_xml(content: bytes, name: str, limits: Limits) -> None:
    """Refuse XML with a DTD or too deep nesting, before any entity can be expanded.

    Raises:
        SourceError: There is a document type declaration.
        ParseError: The document is not well-formed XML.
        LimitError: The nesting is deeper than ``limits.nesting``.
    """
    import xml.parsers.expat

    parser = xml.parsers.expat.ParserCreate()
    depth = 0

    def doctype(*_: object) -> None:
        raise SourceError(
            "the document has a DTD",
            place=name,
            line=parser.CurrentLineNumber,
            hint="remove the DOCTYPE and write its entities out",
        )

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.nesting:
            _too_deep(name, limits, parser.CurrentLineNumber)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        raise ParseError(
            xml.parsers.expat.ErrorString(error.code),
            place=name,
            line=error.lineno,
            column=error.offset + 1,
        ) from None


def localise_contexts(
    content: bytes, name: str, contexts: dict[str, Path], limits: Limits
) -> bytes:
    """Return the JSON-LD document with every named context replaced by the local file's.

    Args:
        content: The document, UTF-8.
        name: What people are shown as the document's place.
        contexts: Context IRI to the local file that it stands for.
        limits: Bounds on what is read.

    Raises:
        ParseError: The document is not JSON.
        SourceError: A context is remote, or a node's ``@id`` is not an absolute IRI.
        LimitError: The nesting is deeper than ``limits.nesting``.
    """
    import json

    document = load_json(content, name, limits)
    if not isinstance(document, dict | list):
        raise ParseError("a JSON-LD document is an object or an array", place=name, line=1)
    aliases = {"@id"}
    for context in _values_of(document, "@context"):
        for each in context if isinstance(context, list) else [context]:
            if isinstance(each, str) and each not in contexts:
                _remote(each, content, name)
            if isinstance(each, dict):
                if "@import" in each:
                    _remote(str(each["@import"]), content, name)
                aliases |= {key for key, value in each.items() if value == "@id"}
    local = {iri: load_json(path.read_bytes(), path.name, limits) for iri, path in contexts.items()}
    for context in local.values():
        terms = context.get("@context", {})
        aliases |= {key for key, value in terms.items() if value == "@id"}
    _check_identifiers(document, aliases, content, name)
    if not any(_values_of(document, "@context")) or not local:
        return content
    return json.dumps(_replaced(document, local), ensure_ascii=False).encode()


def load_json(content: bytes, name: str, limits: Limits) -> Any:
    """Parse JSON, refusing nesting deeper than ``limits.nesting``.

    Raises:
        ParseError: The document is not JSON.
        LimitError: The nesting is too deep.
    """
    import json

    depth = 0
    for token in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', content):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > limits.nesting:
                _too_deep(name, limits, content.count(b"\n", 0, token.start()) + 1)
        elif token[0] in (b"]", b"}"):
            depth -= 1
    try:
        return json.loads(
            content, parse_int=_number, parse_constant=_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise ParseError(error.msg, place=name, line=error.lineno, column=error.colno) from None
    except ValueError as error:
        raise ParseError(str(error), place=name) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        import json

        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(
            f"the key {json.dumps(twice, ensure_ascii=False)} stands twice in one object"
        )
    return result


def _number(text: str) -> int:
    # Python refuses longer integers with an error that names an internal setting.
    if len(text) > 4000:  # noqa: PLR2004
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _values_of(node: object, key: str) -> Iterator[object]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from _values_of(value, key)
    elif isinstance(node, list):
        for each in node:
            yield from _values_of(each, key)


def _check_identifiers(node: object, aliases: set[str], content: bytes, name: str) -> None:
    import json

    if isinstance(node, dict):
        for key, value in node.items():
            if key == "@context":
                continue
            if key in aliases and not (isinstance(value, str) and _ABSOLUTE.match(value)):
                shown = json.dumps(value, ensure_ascii=False)
                raise SourceError(
                    f"{key} is not an absolute IRI: {shown}",
                    place=name,
                    line=_line_of(content, shown),
                    hint="write the IRI in full; parsers drop such a node in silence",
                )
            _check_identifiers(value, aliases, content, name)
    elif isinstance(node, list):
        for each in node:
            _check_identifiers(each, aliases, content, name)


def _replaced(node: object, local: dict[str, Any]) -> object:
    if isinstance(node, list):
        return [_replaced(each, local) for each in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, object] = {}
    for key, value in node.items():
        if key == "@context":
            contexts = value if isinstance(value, list) else [value]
            result[key] = [
                local[each]["@context"] if isinstance(each, str) else each for each in contexts
            ]
        else:
            result[key] = _replaced(value, local)
    return result


def _remote(iri: str, content: bytes, name: str) -> NoReturn:
    import json

    raise SourceError(
        f"remote JSON-LD context <{iri}>",
        place=name,
        line=_line_of(content, json.dumps(iri, ensure_ascii=False)),
        hint="nothing is fetched: write the context into the file, or name the project's own",
    )


def _line_of(content: bytes, text: str) -> int | None:
    position = content.find(text.encode())
    return None if position < 0 else content.count(b"\n", 0, position) + 1


def _too_deep(name: str, limits: Limits, line: int) -> NoReturn:
    raise LimitError(
        f"nested more than {limits.nesting} levels deep",
        place=name,
        line=line,
        hint="flatten the document, or raise limits.nesting",
    )

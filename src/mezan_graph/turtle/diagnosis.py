"""What is probably wrong with Turtle that the parser refuses, and where to put it right.

The parser names the token at which it gave up, which is often after the fault: a missing dot shows
at the next statement, an open bracket at the end. The tokens around that place tell more.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mezan_graph.namespaces import PREFIXES
from mezan_graph.turtle.around import OPENED, PAIRS, Around
from mezan_graph.turtle.tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 1_000_000
_QUOTES = "“”„«»‘’‚"
_SCHEMES = {"http", "https", "urn", "mailto", "doi", "ftp", "tel", "file"}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A likely fault.

    Attributes:
        hint: What to do.
        line: 1-based line at which to do it.
        column: 1-based column, in code points.
    """

    hint: str
    line: int
    column: int


def diagnose(text: str, line: int, column: int, message: str) -> Diagnosis | None:
    """Say what is probably wrong, or return ``None`` where the error gives no idea of it.

    Args:
        text: Turtle, TriG, N-Triples or N-Quads. Of a large document, the last million characters
            before the error are considered.
        line: 1-based line at which the parser gave up.
        column: 1-based column, in code points.
        message: What the parser says, without its place.
    """
    offset = _offset(text, line) + column - 1
    start = 0 if offset < _WINDOW else text.rfind("\n", 0, offset - _WINDOW) + 1
    around = Around(text, start, offset)
    for part, rule in _RULES:
        if part in message:
            found = rule(around, message)
            if found is not None:
                hint, place = found
                row = text.count("\n", 0, place) + 1
                return Diagnosis(hint, row, place - text.rfind("\n", 0, place))
    return None


def _offset(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start


_Found = tuple[str, int] | None


def _bracket(around: Around, _: str) -> _Found:
    opened = around.unclosed()
    if opened is None:
        return None
    closing = PAIRS[opened.text]
    hint = f"the {opened.text} that opens here is not closed: write {closing} where it ends"
    return hint, opened.start


def _separator(around: Around, _: str) -> _Found:
    """Handle two statements, predicates or objects without a sign between them."""
    last = around.back(1)
    terms = 0
    for token in around.after:
        if not token.is_term and token.text not in PAIRS:
            break
        terms += 1
    place = around.end(last)
    after = f"after {last.shown} on line {around.line(last)}"
    if last.kind is Kind.IRI and around.back(3).kind is Kind.DIRECTIVE:
        return f"the declaration lacks its dot: write . {after}", place
    if terms == 2 and around.at.is_term:  # noqa: PLR2004 - a predicate and its object
        return f"a predicate follows: write ; {after}", place
    if terms == 1 and around.after[1:] and around.after[1].text in {",", ";", ".", "]"}:
        return f"another object follows: write , {after}", place
    return f"the statement lacks its final dot: write . {after}", place


def _end(around: Around, message: str) -> _Found:
    found = _bracket(around, message)
    last = around.back(1)
    if found is not None or not last.text:
        return found
    after = f"after {last.shown} on line {around.line(last)}"
    return f"the last statement lacks its final dot: write . {after}", around.end(last)


def _unclosed_token(around: Around, _: str) -> _Found:
    """Handle a string or an IRI that swallows the rest of the document."""
    for quote in ('"""', "'''"):
        if around.text.startswith(quote, around.offset):
            hint = f"the string that opens here is not closed: write {quote} where it ends"
            return hint, around.offset
    if around.text.startswith("<", around.offset):
        return "the IRI that opens here is not closed: write > where it ends", around.offset
    return None


def _line_break(around: Around, _: str) -> _Found:
    line = around.text.rfind("\n", 0, around.offset) + 1
    opening = [each for each in around.before if each.start >= line and each.text in {'"', "'"}]
    place = opening[0].start if opening else around.offset
    hint = "the string that opens here is not closed on its line: write the closing quote, or"
    return f'{hint} put """ around a text of several lines', place


def _prefix(around: Around, message: str) -> _Found:
    match = re.search(r"The prefix (\S*:) has not been declared", message)
    if match is None:
        return None
    prefix, place = match[1], around.offset
    if prefix[:-1].lower() in _SCHEMES:
        iri = re.compile(r"[^\s<>\"{}|^`\\;,\]]*[^\s<>\"{}|^`\\;,\].]").match(around.text, place)
        return f"write the IRI in angle brackets: <{iri[0] if iri else prefix}>", place
    declared = around.declared()
    near = difflib.get_close_matches(prefix, declared, 1)
    if near and prefix[:-1] not in PREFIXES:
        return f"did you mean {near[0]}, which is declared as {declared[near[0]]}?", place
    if prefix[:-1] in PREFIXES:
        return f"declare it at the top: @prefix {prefix} <{PREFIXES[prefix[:-1]]}> .", place
    known = difflib.get_close_matches(prefix[:-1], PREFIXES, 1)
    if known:
        iri_of = PREFIXES[known[0]]
        return f"did you mean {known[0]}:, with @prefix {known[0]}: <{iri_of}> . at the top?", place
    return f"declare it at the top of the file: @prefix {prefix} <IRI> .", place


def _not_a_subject(around: Around, _: str) -> _Found:
    at, last = around.at, around.back(1)
    if at.text in OPENED:
        return f"no {OPENED[at.text]} is open here: remove the {at.text}", at.start
    if at.text == ".":
        if around.back(3).kind is Kind.DIRECTIVE and not around.back(3).text.startswith("@"):
            return "PREFIX takes no dot: remove it, or write @prefix", at.start
        return "one dot too many: remove it", at.start
    if last.is_term:
        return _after_an_object(around)
    if at.kind in {Kind.STRING, Kind.NUMBER}:
        return "a literal cannot be a subject", at.start
    return None


def _after_an_object(around: Around) -> _Found:
    at, last, comma = around.at, around.back(1), around.back(2)
    touching = last.end == at.start
    if around.text.startswith("^", around.offset):
        return "the datatype of a string stands after ^^", around.offset
    if touching and last.kind is Kind.NUMBER and at.kind is Kind.NUMBER:
        return f'write a date in quotes, with its type: "{last.text}…"^^xsd:date', last.start
    if comma.text == ",":
        hint = f"a predicate follows: write ; in place of the comma before {last.shown}"
        return hint, comma.start
    if touching and last.kind is Kind.STRING:
        hint = "the string ends at the quote before: write \\ before a quote inside of a string"
        return hint, at.start
    if at.is_term:
        return f"another object follows: write , after {last.shown}", around.end(last)
    return None


def _not_a_predicate(around: Around, _: str) -> _Found:
    at, last, dot = around.at, around.back(1), around.back(2)
    if at.text == "A":
        return "write a in lower case", at.start
    if last.text == ";" and at.kind in {Kind.STRING, Kind.NUMBER, Kind.BLANK}:
        return "another object follows: write , in place of the semicolon", last.start
    if dot.text == "." and at.is_term and not around.ends_directive(2):
        hint = f"the statement goes on with {last.shown}: write ; in place of this dot"
        return hint, dot.start
    if at.is_term and last.is_term:
        return f"a predicate is missing between {last.shown} and {at.shown}", at.start
    return None


def _not_an_object(around: Around, message: str) -> _Found:
    at, last = around.at, around.back(1)
    if at.kind is Kind.WORD:
        if at.text.lower() in {"true", "false"}:
            return f"write {at.text.lower()} in lower case", at.start
        return f'write a text in quotes: "{at.shown}"', at.start
    if at.text in {".", ";", ",", "]", "}"}:
        if last.text == ",":
            return "no object follows: remove the comma", last.start
        opened = around.unclosed()
        if opened is not None and opened.text == "(":
            return _bracket(around, message)
        return f"no object stands after {last.shown}", around.end(last)
    return None


def _character(around: Around, _: str) -> _Found:
    character = around.text[around.offset : around.offset + 1]
    if character and character in _QUOTES:
        return f"{character} is no quote in Turtle: write \" or '", around.offset
    if character == "\u00a0" or (character.isspace() and character not in " \t\r\n"):
        return f"U+{ord(character):04X} stands here: write a plain space", around.offset
    if around.text.startswith(("//", "/*"), around.offset):
        return "a comment starts with #", around.offset
    last = around.back(1)
    if character == "/" and last.kind is Kind.NAME and last.end == around.offset:
        return "write \\/ in a prefixed name, or the IRI in full", around.offset
    return None


def _space_in_iri(around: Around, _: str) -> _Found:
    match = re.compile(r"<[^\s>]*").match(around.text, around.offset)
    place = match.end() if match else around.offset
    return "an IRI holds no space: write %20, or > where the IRI ends", place


def _code_point(around: Around, _: str) -> _Found:
    return "percent-encode the character, or remove it", around.offset


def _relative(around: Around, _: str) -> _Found:
    hint = "write the IRI in full, or as a prefixed name; relative IRIs are refused"
    return hint, around.offset


def _escape(around: Around, _: str) -> _Found:
    return "write \\\\ for a backslash", around.offset


def _language(around: Around, _: str) -> _Found:
    tag = re.search(r"@[A-Za-z0-9-]+\Z", around.text[max(around.offset - 40, 0) : around.offset])
    if tag is None or not around.text.startswith("_", around.offset):
        return None
    return f"a language tag has a hyphen: write {tag[0]}-", around.offset


def _colon(around: Around, _: str) -> _Found:
    return f"write a colon after the prefix: {around.at.shown}:", around.at.end


def _angle(around: Around, _: str) -> _Found:
    return "write the IRI in angle brackets: @prefix name: <IRI> .", around.offset


_RULES: tuple[tuple[str, Callable[[Around, str], _Found]], ...] = (
    ("A dot is expected", _separator),
    ("has not been declared", _prefix),
    ("should end with a ']'", _bracket),
    ("is not a valid subject", _not_a_subject),
    ("is not a valid predicate", _not_a_predicate),
    ("is not a valid RDF object", _not_an_object),
    ("is not allowed at the beginning", _character),
    ("Unexpected end of file", _unclosed_token),
    ("Unexpected end", _end),
    ("Line jumps are not allowed", _line_break),
    ("Invalid IRI code point ' '", _space_in_iri),
    ("Invalid IRI code point", _code_point),
    ("No scheme found", _relative),
    ("Unexpected escape", _escape),
    ("Unexpected character", _language),
    ("keyword should be followed by a prefix", _colon),
    ("declaration should be followed", _angle),
)

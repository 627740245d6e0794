"""Turtle and TriG as people and programs write it, made up at random from the grammar."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st

settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

HEADER = (
    "@prefix : <http://example.org/> .\n"
    "PREFIX ex: <http://example.org/ns#>\n"
    "@prefix a.b: <urn:x:> .\n"
    "@base <http://example.org/base/> .\n"
    "@prefix prefix: <http://example.org/p/> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
# Every one declares prefixes anew, so that the terms after it mean something else.
DIRECTIVES = (
    "@prefix ex: <http://example.com/other#> .",
    "PREFIX ex: <http://example.com/sparql#>",
    "prefix\t:\n<relative/>",
    "BASE <http://example.com/elsewhere/>",
    "@base <sub/> .",
    "@prefix ex: # <http://no.example/> .\n <http://example.com/third#> .",
)
IRIS = (
    ":a",
    "ex:b",
    "ex:",
    ":",
    "a.b:c",
    "ex:a.b",
    "ex:a-b",
    "ex:1",
    "ex:a:b",
    "ex:_a",
    "ex:%41",
    "ex:a\\,b",
    "a.b:\\#x",
    "ex:d\\.",
    "ex:مركز",
    "ex:𐐷",
    "prefix:x",
    "<http://example.org/iri>",
    "<relative>",
    "<>",
    "<#fragment>",
    "<http://example.org/\\u0041\\U0001F600>",
    "<http://example.org/مركز;,.>",
    "<http://example.org/#().,>",
    "xsd:date",
)
STRINGS = (
    '"plain"',
    "'single'",
    '""',
    "''",
    '"مركز الميزان"',
    '"😀 non-BMP"',
    '"escaped \\" quote \\\\"',
    "'it\\'s'",
    '"# no comment"',
    '"\\u0041\\U0001F600"',
    '"; , . [ ] ( ) { } <x> @en ^^"',
    '"""long "quoted" ""twice"" text"""',
    '"""two\nlines # not a comment\n@prefix ex: <x> ."""',
    '"""windows\r\nlines"""',
    "'''it''s \\''' long'''",
    '""""first"""',
    '""""""',
)
SUFFIXES = ("", "", "@en", "@en-Latn-gb", "^^xsd:date", "^^<http://example.org/d>", "^^ex:d\\'")
SHORTHANDS = ("1", "-5", "+0", "007", "1.50", "-.5", "1e0", "1.e3", "+.5E-3", "true", "false")
LABELS = ("_:b", "_:b.c", "_:1", "_:b-2", "_:عقدة")
GAPS = (
    " ",
    " ",
    " ",
    "\n",
    "\r\n",
    "\t",
    "  \n    ",
    ' # it\'s a "comment" . ; [\n',
    "\n# own line\n",
)
ENDS = ("\n", "\n\n", " ", "", "\r\n", "  # trailing ; comment\n", "\n\n\n# heading\n\n")


@dataclass(frozen=True)
class Document:
    """A document, and its directives with their offsets in it, in code points."""

    text: str
    directives: tuple[tuple[int, str], ...]

    def header(self, offset: int) -> str:
        """Return the directives in force at ``offset``."""
        return "\n".join(text for start, text in self.directives if start < offset)


class Writer:
    """Writes one document, drawing every choice."""

    def __init__(self, draw, *, datasets):
        self.draw = draw
        self.datasets = datasets
        self.parts = [HEADER]
        self.length = len(HEADER)
        self.directives = [(0, HEADER)]
        self.budget = 30

    def put(self, text):
        self.parts.append(text)
        self.length += len(text)

    def one(self, choices):
        return self.draw(st.sampled_from(choices))

    def gap(self):
        self.put(self.one(GAPS))

    def maybe(self):
        return self.draw(st.booleans())

    def literal(self):
        self.put(self.one(STRINGS))
        suffix = self.one(SUFFIXES)
        if suffix.startswith("^^") and self.draw(st.integers(0, 4)) == 0:
            self.gap()
            self.put("^^")
            self.gap()
            suffix = suffix[2:]
        self.put(suffix)

    def object(self):
        self.budget -= 1
        kind = self.draw(st.integers(0, 9 if self.budget > 0 else 6))
        if kind < 3:
            self.put(self.one(IRIS))
        elif kind < 5:
            self.literal()
        elif kind == 5:
            self.put(self.one(SHORTHANDS))
        elif kind == 6:
            self.put(self.one(LABELS))
        elif kind < 9:
            self.properties()
        else:
            self.collection()

    def properties(self):
        self.put("[")
        self.gap()
        if self.maybe():
            self.predicates()
            self.gap()
        self.put("]")

    def collection(self):
        self.put("(")
        self.gap()
        for _ in range(self.draw(st.integers(0, 3))):
            self.object()
            self.gap()
        self.put(")")

    def predicates(self):
        for number in range(self.draw(st.integers(1, 3))):
            if number:
                self.gap()
                self.put(self.one((";", ";", "; ;")))
                self.gap()
            self.put(self.one(("a", *IRIS)))
            self.gap()
            self.object()
            while self.draw(st.integers(0, 2)) == 0:
                self.gap()
                self.put(",")
                self.gap()
                self.object()
        if self.draw(st.integers(0, 4)) == 0:
            self.put(" ;")

    def statement(self, *, final):
        kind = self.draw(st.integers(0, 7))
        lone = False
        if kind < 5:
            self.put(self.one(IRIS))
        elif kind == 5:
            self.put(self.one(LABELS))
        elif kind == 6:
            before = len(self.parts)
            self.properties()
            lone = "".join(self.parts[before:]).strip("[] \t\r\n") != "" and self.maybe()
            lone = lone and len(self.parts) - before > 4
        else:
            self.collection()
        if not lone:
            self.gap()
            self.predicates()
        if not final or self.maybe():
            self.gap()
            self.put(".")

    def graph(self):
        self.put(self.one(("", "GRAPH ex:g", "graph <g>", ":g", "_:g", "[]", "GRAPH [ ]")))
        self.gap()
        self.put("{")
        self.gap()
        count = self.draw(st.integers(0, 2))
        for number in range(count):
            self.statement(final=number == count - 1)
            self.gap()
        self.put("}")

    def directive(self):
        text = self.one(DIRECTIVES)
        self.directives.append((self.length, text))
        self.put(text)

    def document(self):
        for _ in range(self.draw(st.integers(1, 5))):
            kind = self.draw(st.integers(0, 9))
            if kind == 0:
                self.directive()
                self.put("\n")
            elif kind < 4 and self.datasets:
                self.graph()
            else:
                self.statement(final=False)
            self.put(self.one(ENDS))
        text = "".join(self.parts)
        return Document(text, tuple(self.directives))


@st.composite
def _documents(draw, *, datasets):
    return Writer(draw, datasets=datasets).document()


@pytest.fixture(scope="session")
def turtle_documents():
    """A strategy for Turtle documents."""
    return _documents(datasets=False)


@pytest.fixture(scope="session")
def trig_documents():
    """A strategy for TriG documents."""
    return _documents(datasets=True)

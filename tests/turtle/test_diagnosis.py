"""For each common mistake: where it is, and what to do about it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ParseError
from mezan_graph.formats import JSONLD, NTRIPLES, TRIG, TURTLE, RdfFormat
from mezan_graph.sources import Source
from mezan_graph.turtle.diagnosis import diagnose

HEADER = "@prefix ex: <http://example.org/> .\n@prefix schema: <https://schema.org/> .\n"


def error_of(text: str, syntax: RdfFormat = TURTLE) -> ParseError:
    source = Source("file", syntax, ox.DefaultGraph(), content=text.encode())
    with pytest.raises(ParseError) as caught:
        list(source.quads())
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("ex:a ex:p 1\n\n# c\nex:b ex:p 2 .", 3, 12, "final dot: write . after 1 on line 3"),
        ('ex:a ex:p "مركز"\nex:b\n a ex:T .', 3, 17, 'write . after "مركز" on line 3'),
        ('ex:a ex:p "x"@en # c\nex:b ex:p ex:o .', 3, 17, 'write . after "x" on line 3'),
        ("ex:a ex:p 1 ;\n  ex:q 2\n", 4, 9, "write . after 2 on line 4"),
        ("@prefix b: <x:>\nex:a ex:p 1 .", 3, 16, "the declaration lacks its dot"),
        ("ex:a ex:p 1\n  ex:q 2 .", 3, 12, "a predicate follows: write ; after 1 on line 3"),
        ('ex:a ex:p "x"@en "y"@ar .', 3, 17, 'another object follows: write , after "x"'),
        ("ex:a ex:p 1 .\n  ex:q 2 ;\n  ex:r 3 .", 3, 13, "write ; in place of this dot"),
        ("ex:a ex:p 1 , ex:q 2 .", 3, 13, "write ; in place of the comma before ex:q"),
        ('ex:a ex:p "x"@en ;\n "y"@ar .', 3, 18, "write , in place of the semicolon"),
        ("ex:a ex:p 1 , .", 3, 13, "remove the comma"),
        ("ex:a ex:p ;\n ex:q 1 .", 3, 10, "no object stands after ex:p"),
        ("ex:a 1 .", 3, 6, "a predicate is missing between ex:a and 1"),
        ("ex:a ex:p 1 ..", 3, 14, "one dot too many"),
        ("PREFIX b: <x:> .\nex:a ex:p 1 .", 3, 16, "PREFIX takes no dot"),
        ("ex:a shema:name 1 .", 3, 6, "did you mean schema:, which is declared"),
        ("ex:a rdfs:label 1 .", 3, 6, "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."),
        ("ex:a skoss:note 1 .", 3, 6, "did you mean skos:, with @prefix skos:"),
        ("ex:a zzzz:label 1 .", 3, 6, "declare it at the top of the file: @prefix zzzz: <IRI>"),
        ("ex:a ex:p http://x.example/y#z .", 3, 11, "brackets: <http://x.example/y#z>"),
        ("ex:a ex:p <x> .", 3, 11, "relative IRIs are refused"),
        ("ex:a ex:p <http://x/a b> .", 3, 22, "an IRI holds no space: write %20"),
        ("ex:a ex:p <http://x/{a}> .", 3, 11, "percent-encode the character"),
        ("ex:a ex:p <http://x/ ;\n ex:q 1 .", 3, 11, "write > where it ends"),
        ('ex:a ex:p "abc ;\n  ex:q "x" .', 3, 11, "not closed on its line"),
        ('ex:a ex:p """abc ;\n  ex:q "x" .', 3, 11, 'write """ where it ends'),
        ("ex:a ex:p 'it's' .", 3, 15, "write \\ before a quote"),
        ("ex:a ex:p “x” .", 3, 11, "“ is no quote in Turtle"),
        ('ex:a ex:p "C:\\dir" .', 3, 14, "write \\\\ for a backslash"),
        ('ex:a ex:p "x"@en_GB .', 3, 17, "a language tag has a hyphen: write @en-"),
        ('ex:a ex:p "1"^xsd:int .', 3, 14, "after ^^"),
        ("ex:a ex:p 2020-01-01 .", 3, 11, "write a date in quotes"),
        ("ex:a ex:p [ ex:q [ ] ;\n ex:r 1 .\nex:b ex:r 2 .", 3, 11, "the [ that opens here"),
        ("ex:a ex:p ( 1 [ ] .\nex:b ex:r 2 .", 3, 11, "the ( that opens here"),
        ("ex:a ex:p [ ex:q 1", 3, 11, "the [ that opens here"),
        ("ex:a ex:p 1 ] .", 3, 13, "no [ is open here"),
        ("ex:a ex:p True .", 3, 11, "write true in lower case"),
        ("ex:a ex:p hello .", 3, 11, 'write a text in quotes: "hello"'),
        ("ex:a A ex:T .", 3, 6, "write a in lower case"),
        ("ex:a ex:p ex:b/c .", 3, 15, "write \\/ in a prefixed name"),
        ('"x" ex:p 1 .', 3, 1, "a literal cannot be a subject"),
        ("// x\nex:a ex:p 1 .", 3, 1, "a comment starts with #"),
        ("ex:a\u00a0ex:p 1 .", 3, 5, "U+00A0 stands here"),
        ("@prefix b <x:> .", 3, 10, "write a colon after the prefix: b:"),
        ("@prefix b: x: .", 3, 12, "write the IRI in angle brackets"),
    ],
)  # fmt: skip
def test_the_fault_is_named_at_its_place(text, line, column, hint):
    error = error_of(HEADER + text)
    assert hint in (error.hint or "")
    assert (error.line, error.column) == (line, column)
    assert error.excerpt == (HEADER + text).split("\n")[line - 1]


def test_an_open_graph():
    error = error_of(f"{HEADER}ex:g {{ ex:a ex:p 1 .\n", TRIG)
    assert error.hint == "the { that opens here is not closed: write } where it ends"
    assert (error.line, error.column) == (3, 6)


def test_lines_of_ntriples():
    error = error_of("<x:s> <x:p> <x:o>\n<x:s> <x:p> <x:o> .\n", NTRIPLES)
    assert error.line in {1, 2}


def test_an_error_of_another_format_keeps_its_own_place():
    assert error_of('{"@id": "x:s", ', JSONLD).line == 1


def test_the_last_part_of_a_large_document_is_enough():
    filler = f"ex:a ex:p '{'x' * 90}' .\n" * 12_000
    error = error_of(f"{HEADER}{filler}ex:a ex:p 1\nex:b ex:p 2 .")
    assert error.hint == "the statement lacks its final dot: write . after 1 on line 12003"
    assert error.line == 12003


def test_an_unknown_error_has_no_diagnosis():
    assert diagnose("ex:a ex:p 1 .", 1, 1, "something else") is None

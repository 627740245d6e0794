"""The default engine: one small data graph and shape for each thing that it has to get right."""

from __future__ import annotations

import subprocess
import sys
from time import process_time

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ShapeError
from mezan_graph.formats import TURTLE
from mezan_graph.graph import Graph, read_sources
from mezan_graph.sources import Source
from mezan_graph.validation.engine import Outcome, validate_graph
from mezan_graph.validation.report import Result, Severity, report_graph

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix ex: <https://example.org/> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""


def turtle(text: str) -> Graph:
    return Graph.from_quads(
        ox.parse((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, rename_blank_nodes=True),
        {"ex": "https://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"},
    )


def validate(data: str, shapes: str) -> Outcome:
    return validate_graph(turtle(data), turtle(shapes))


def brief(result: Result) -> str:
    focus = result.focus_node.value.rpartition("/")[2]
    value = "-" if result.value is None else result.value.value.rpartition("/")[2]
    component = result.component.value.rpartition("#")[2].removesuffix("ConstraintComponent")
    return f"{focus} {component} {value}"


def found(data: str, shapes: str) -> list[str]:
    return sorted(map(brief, validate(data, shapes).results))


def at(path: str, constraint: str) -> str:
    property_shape = f"[ sh:path {path} ; {constraint} ]"
    return f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property {property_shape} ."


@pytest.mark.parametrize(
    ("value", "constraint", "expected"),
    [
        # SHACL 4.1.2: the literal's own datatype, as written; a store would make it xsd:integer.
        ('"7"^^xsd:int', "sh:datatype xsd:int", []),
        ('"007"^^xsd:integer', "sh:datatype xsd:integer", []),
        ('"7"^^xsd:int', "sh:datatype xsd:integer", ["a Datatype 7"]),
        ('"2020-02-30"^^xsd:date', "sh:datatype xsd:date", ["a Datatype 2020-02-30"]),
        # RDF 1.1 Concepts 3.3: a plain literal is an xsd:string, and the very same term.
        ('"a"', 'sh:hasValue "a"^^xsd:string', []),
        ('"a"^^xsd:string', 'sh:in ( "a" )', []),
        ('"a"@en', 'sh:in ( "a" )', ["a In a"]),
        # SHACL 4.8.2, 4.8.3: terms are compared, not what they stand for.
        ('"01"^^xsd:integer', "sh:hasValue 1", ["a HasValue -"]),
        ('"1.50"^^xsd:decimal', "sh:in ( 1.5 )", ["a In 1.50"]),
        # SHACL 4.3 with SPARQL 17.3: a string and a date cannot be compared, which is a violation.
        ('"2021"', 'sh:minInclusive "2020-01-01"^^xsd:date', ["a MinInclusive 2021"]),
        ('"2021-01-01"^^xsd:date', 'sh:minInclusive "2020-01-01"^^xsd:date', []),
        ('"2019"^^xsd:gYear', 'sh:minInclusive "2020"^^xsd:gYear', ["a MinInclusive 2019"]),
        ('"2021"^^xsd:gYear', 'sh:minExclusive "2020"^^xsd:gYear', []),
        ("5.0", "sh:maxExclusive 5", ["a MaxExclusive 5.0"]),
        ("5.0", "sh:maxInclusive 5", []),
        ("5.0e0", "sh:maxInclusive 5", []),
        # SHACL 4.4: lengths are in characters, and a blank node has none.
        ('"ميزان"', "sh:maxLength 5", []),
        ('"𝄞"', "sh:minLength 2", ["a MinLength 𝄞"]),
        ("ex:b", "sh:minLength 20 ; sh:maxLength 21", []),
        # SHACL 4.4.3 with SPARQL 17.4.3.14: an expression may match anywhere, and Unicode classes.
        ('"ميزان"', 'sh:pattern "^\\\\p{Arabic}+$"', []),
        ('"mizan"', 'sh:pattern "^\\\\p{Arabic}+$"', ["a Pattern mizan"]),
        ('"ABC"', 'sh:pattern "b" ; sh:flags "i"', []),
        ('"a.c"', 'sh:pattern "." ; sh:flags "q"', []),
        ('"abc"', 'sh:pattern "." ; sh:flags "q"', ["a Pattern abc"]),
        ('"line\\n"', 'sh:pattern "^line$"', ["a Pattern line\n"]),
        # SHACL 4.4.4 with SPARQL 17.4.3.3: langMatches takes longer tags, in any letter case.
        ('"x"@AR-latn', 'sh:languageIn ( "ar" )', []),
        ('"x"', 'sh:languageIn ( "ar" )', ["a LanguageIn x"]),
        ('"x"@arz', 'sh:languageIn ( "ar" )', ["a LanguageIn x"]),
        ('"x"@en , "y"@EN', "sh:uniqueLang true", ["a UniqueLang -"]),
    ],
)
def test_constraints_on_values(value: str, constraint: str, expected: list[str]) -> None:
    assert found(f"ex:a a ex:C ; ex:p {value} .", at("ex:p", constraint)) == expected


@pytest.mark.parametrize(
    ("data", "constraint", "expected"),
    [
        ("ex:p 1 ; ex:q 2", "sh:lessThan ex:q", []),
        ("ex:p 2 ; ex:q 2", "sh:lessThan ex:q", ["a LessThan 2"]),
        ("ex:p 2 ; ex:q 2", "sh:lessThanOrEquals ex:q", []),
        # 4.5.3: one result for each pair that is not in order, or cannot be compared.
        ("ex:p 2 ; ex:q 1, 0", "sh:lessThan ex:q", ["a LessThan 2"] * 2),
        (
            'ex:p "2020-01-01"^^xsd:date ; ex:q "2021"',
            "sh:lessThan ex:q",
            ["a LessThan 2020-01-01"],
        ),
        ("ex:p 1, 2 ; ex:q 2, 3", "sh:equals ex:q", ["a Equals 1", "a Equals 3"]),
        ("ex:p 1, 2 ; ex:q 2, 3", "sh:disjoint ex:q", ["a Disjoint 2"]),
        ("ex:q 3", "sh:equals ex:q", ["a Equals 3"]),
    ],
)
def test_constraints_on_pairs_of_properties(
    data: str, constraint: str, expected: list[str]
) -> None:
    assert found(f"ex:a a ex:C ; {data} .", at("ex:p", constraint)) == expected


def test_subclasses_of_the_data_count_for_targets_and_for_class() -> None:
    data = "ex:D rdfs:subClassOf ex:C . ex:a a ex:D ; ex:p ex:b . ex:b a ex:D ."
    assert found(data, at("ex:p", "sh:class ex:C ; sh:minCount 1")) == ["b MinCount -"]


def test_a_cycle_in_the_data_ends() -> None:
    data = "ex:a a ex:C ; ex:p ex:b . ex:b ex:p ex:a ."
    shape = at("[ sh:oneOrMorePath ex:p ]", "sh:nodeKind sh:Literal")
    assert found(data, shape) == ["a NodeKind a", "a NodeKind b"]


def test_closed_names_the_property_and_the_value() -> None:
    data = "ex:a a ex:C ; ex:p 1 ; ex:q 2 ."
    shape = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:closed true ;
        sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path ex:p ] ."""
    [result] = validate(data, shape).results
    assert (result.path, str(result.value)) == ("<https://example.org/q>", str(ox.Literal(2)))
    assert result.message == "ex:S: the property ex:q is not allowed here, with the value 2"


def test_equal_results_of_a_shared_value_are_repeated() -> None:
    data = "ex:a a ex:C ; ex:p ex:v . ex:b a ex:C ; ex:p ex:v ."
    shape = at("ex:p", "sh:property [ sh:path ex:q ; sh:minCount 1 ]")
    assert found(data, shape) == ["v MinCount -"] * 2


def test_messages_prefer_english_and_fill_their_placeholders() -> None:
    shape = at("ex:p", 'sh:maxLength 1 ; sh:message "طويل"@ar , "{?value} of {$this} is long"@en')
    [result] = validate("ex:a a ex:C ; ex:p 'xyz' .", shape).results
    assert result.message == "xyz of ex:a is long"
    assert {each.language for each in result.messages} == {"ar", "en"}


def test_a_shape_without_message_gets_one() -> None:
    [result] = validate("ex:a a ex:C .", at("ex:p", "sh:minCount 2")).results
    assert result.message == "ex:p: must have at least 2 values"
    assert result.messages == ()


def test_severities_and_those_of_others() -> None:
    shape = at("ex:p", "sh:minCount 1 ; sh:severity sh:Info")
    other = at("ex:p", "sh:minCount 1 ; sh:severity ex:Grave")
    [first], [second] = (validate("ex:a a ex:C .", each).results for each in (shape, other))
    assert first.severity is Severity.INFO
    assert (second.severity, second.other_severity) == (
        Severity.VIOLATION,
        ox.NamedNode("https://example.org/Grave"),
    )


def test_the_report_conforms_only_without_results() -> None:
    conforms = ox.NamedNode("http://www.w3.org/ns/shacl#conforms")
    shape = at("ex:p", "sh:minCount 1 ; sh:severity sh:Info")
    good, bad = (
        next(
            q.object for q in report_graph(validate(data, shape).results) if q.predicate == conforms
        )
        for data in ("ex:a a ex:C ; ex:p 1 .", "ex:a a ex:C .")
    )
    assert (good.value, bad.value) == ("true", "false")  # type: ignore[union-attr]


def test_shapes_that_check_nothing_are_listed() -> None:
    shapes = """
    ex:Typo a sh:NodeShape ; sh:targetClass ex:Cc .
    ex:Idle a sh:NodeShape ; sh:nodeKind sh:IRI .
    ex:Off a sh:NodeShape ; sh:targetClass ex:Cc ; sh:deactivated true .
    ex:Absent a sh:NodeShape ; sh:targetNode ex:z .
    ex:Used a sh:NodeShape ; sh:nodeKind sh:IRI .
    ex:Good a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:Used .
    """
    unmatched = {
        each.value.rpartition("/")[2] for each in validate("ex:a a ex:C .", shapes).unmatched
    }
    assert unmatched == {"Typo", "Idle", "Absent"}


def test_results_come_in_the_same_order_every_time() -> None:
    data = "".join(f"ex:n{i} a ex:C ; ex:p {i}, 'x{i}' ." for i in range(50))
    shape = at("ex:p", "sh:datatype xsd:date ; sh:minCount 3")
    first, second = validate(data, shape).results, validate(data, shape).results
    assert [brief(each) for each in first] == [brief(each) for each in second]
    assert len(first) == 150


def test_the_engine_imports_neither_rdflib_nor_pyshacl() -> None:
    program = (
        "import sys, mezan_graph.validation.engine as engine\n"
        "from mezan_graph.graph import Graph\n"
        "print(sorted({'rdflib', 'pyshacl'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


class TestHostileInput:
    def test_a_pattern_that_explodes_in_other_engines(self) -> None:
        data = f"ex:a a ex:C ; ex:p '{'a' * 5000}b' ."
        begun = process_time()
        assert len(found(data, at("ex:p", 'sh:pattern "^(a+)+$"'))) == 1
        assert process_time() - begun < 5

    def test_a_hundred_thousand_violations_at_one_node(self) -> None:
        values = ", ".join(f"'{number}'" for number in range(100_000))
        outcome = validate(f"ex:a a ex:C ; ex:p {values} .", at("ex:p", "sh:datatype xsd:date"))
        assert len(outcome.results) == 100_000

    def test_a_very_long_literal(self) -> None:
        data = turtle("ex:a a ex:C .").extended(
            [
                ox.Quad(
                    ox.NamedNode("https://example.org/a"),
                    ox.NamedNode("https://example.org/p"),
                    ox.Literal("a" * 10_000_000),
                )
            ],
            ox.DefaultGraph(),
        )
        shape = turtle(at("ex:p", 'sh:maxLength 10 ; sh:pattern "^(a*)*b$"'))
        results = validate_graph(data, shape).results
        assert [len(result.message) < 500 for result in results] == [True, True]

    def test_integers_of_thousands_of_digits(self) -> None:
        data = f"ex:a a ex:C ; ex:p {'9' * 6000} ."
        shape = at("ex:p", "sh:datatype xsd:integer ; sh:maxInclusive 10")
        assert [each.split()[1] for each in found(data, shape)] == ["MaxInclusive"]


@pytest.mark.parametrize(
    ("shapes", "message", "hint"),
    [
        ("", "no shape", "sh:NodeShape"),
        (
            "ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:mincount 1 ] .",
            "sh:mincount",
            "sh:minCount",
        ),
        ("ex:S a sh:Nodeshape ; sh:targetClass ex:C .", "sh:Nodeshape", "sh:NodeShape"),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:Iri .", "sh:Iri", "sh:IRI"),
        ("ex:S a sh:NodeShape ; sh:node ex:S .", "ex:S: this shape refers to itself", "ex:S"),
        (
            "ex:S sh:property [ sh:path ex:p ; sh:node ex:T ] . ex:T sh:not ex:S .",
            "ex:S: this shape refers to itself",
            "ex:T",
        ),
        ("ex:S a sh:NodeShape ; sh:minCount 1 .", "sh:path", ""),
        ("ex:S a sh:PropertyShape ; sh:minCount 1 .", "needs a sh:path", ""),
        ("ex:S a sh:NodeShape ; sh:path ex:p .", "no sh:path", "sh:PropertyShape"),
        (at("ex:p", "sh:minCount 1, 2"), "more than one value", ""),
        (at("ex:p", 'sh:minCount "1"'), "takes xsd:integer", ""),
        (at("ex:p", "sh:class 'C'"), "takes an IRI", ""),
        (at("ex:p", "sh:in ex:list"), "list is expected", ""),
        (at("ex:p", 'sh:pattern "("'), "not a regular expression", ""),
        (at("ex:p", 'sh:pattern "(?=a)"'), "not a regular expression", "look-around"),
        (at("ex:p", 'sh:flags "i"'), "no effect without sh:pattern", ""),
        (at("ex:p", "sh:node [ sh:path ex:q ]"), "node shape", ""),
        (at("ex:p", "sh:property [ sh:nodeKind sh:IRI ]"), "sh:path", ""),
        (at("( ex:p )", "sh:minCount 1"), "at least two members", ""),
        (at("[ ex:p ex:q ]", "sh:minCount 1"), "none of SHACL's", "sh:inversePath"),
        ("_:p sh:inversePath _:p . ex:S sh:path _:p ; sh:minCount 1 .", "contains itself", ""),
        ("ex:S a sh:NodeShape ; sh:rule [ a sh:TripleRule ] .", "sh:rule", "reference engine"),
        ("ex:S a sh:NodeShape ; sh:severity 'high' ; sh:targetClass ex:C .", "not an IRI", ""),
        ("ex:S a sh:NodeShape ; sh:targetClass 'C' .", "sh:targetClass cannot be", ""),
    ],
)
def test_malformed_shapes_are_errors(shapes: str, message: str, hint: str) -> None:
    with pytest.raises(ShapeError) as caught:
        validate("ex:a a ex:C .", shapes)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ("ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ;\n sh:minCount ⟨'x' ] .", "takes"),
        ("ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 1,\n ⟨2 ] .", "more than"),
        ("ex:S a sh:NodeShape ;\n sh:mincount ⟨1 .", "sh:mincount is not a term"),
        ("ex:S a sh:NodeShape ; sh:nodeKind\n ⟨sh:Iri .", "sh:Iri is not a term"),
        ("ex:S a sh:NodeShape ;\n sh:targetClass ex:C, ⟨'C' .", "cannot be"),
        ("ex:S a sh:NodeShape ; sh:deactivated 'é', ⟨'no' .", "more than"),
        ("ex:S a sh:NodeShape ; sh:deactivated ⟨'no' .", "neither true nor false"),
        ("ex:S a sh:NodeShape ;\n sh:pattern ⟨'(' .", "regular expression"),
        ("ex:S a sh:NodeShape .\n⟨ex:P a sh:PropertyShape .", "needs a sh:path"),
        ("ex:S a sh:NodeShape ; sh:property [ sh:minCount ⟨1 ] .", "stands only in"),
        ("ex:S a sh:NodeShape ; sh:path ⟨ex:p .", "has no sh:path"),
        ("ex:S a sh:NodeShape ; sh:sparql [\n sh:select ⟨'SELECT ?x {}' ] .", "return $this"),
        ("ex:S a sh:NodeShape ;\n sh:in ⟨1 .", "a list is expected"),
        ("ex:S sh:property [\n sh:path ⟨'p' ; sh:minCount 1 ] .", "not a literal"),
    ],
)
def test_an_error_names_file_line_and_column_of_the_fault(shapes: str, message: str) -> None:
    text = f"{PREFIXES}\n# é\n{shapes}"
    before, _, after = text.partition("⟨")
    sources = [
        Source("shapes/r.ttl", TURTLE, ox.DefaultGraph(), content=f"{PREFIXES} ex:r a 7.".encode()),
        Source("shapes/s.ttl", TURTLE, ox.DefaultGraph(), content=f"{before}{after}".encode()),
    ]
    for graph in (Graph.from_sources(sources), read_sources(sources)[0]):
        with pytest.raises(ShapeError) as caught:
            validate_graph(turtle("ex:a a ex:C ."), graph)
        assert message in caught.value.message
        assert caught.value.place == "shapes/s.ttl"
        lines = before.split("\n")
        assert (caught.value.line, caught.value.column) == (len(lines), len(lines[-1]) + 1)


def test_an_error_names_the_shape_around_a_blank_node() -> None:
    shapes = "ex:S a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 'x' ] ."
    with pytest.raises(ShapeError, match="^ex:S: .*minCount> takes"):
        validate("ex:a a ex:C .", shapes)

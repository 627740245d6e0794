"""Results as CSV, TSV, JSON, XML, Markdown and tables: exact, lossless, harmless."""

# An answer is solutions, a boolean or a graph, and an error may lack a hint; each test knows.
# mypy: disable-error-code="arg-type, index, list-item, operator"
from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.errors import OutputError, UsageError
from mezan_graph.namespaces import XSD
from mezan_graph.queries import RESULT_FORMATS, Solutions, write_results

A = ox.NamedNode("http://e/a")
PREFIXES = {"e": "http://e/"}
ROWS = Solutions(
    ["x", "y"],
    [
        [A, ox.Literal('say "hi", you', language="en")],
        [None, ox.Literal("two\nlines")],
        [ox.BlankNode("z9"), ox.Literal("-5", datatype=XSD.integer)],
        [ox.BlankNode("z9"), None],
    ],
    ordered=True,
)


def written(solutions, name, **options):
    return write_results(solutions, name, **options).decode()


def test_csv():
    assert written(ROWS, "csv") == (
        'x,y\r\nhttp://e/a,"say ""hi"", you"\r\n,"two\nlines"\r\n_:b0,-5\r\n_:b0,\r\n'
    )


def test_tsv():
    assert written(ROWS, "tsv") == (
        '?x\t?y\n<http://e/a>\t"say \\"hi\\", you"@en\n\t"two\\nlines"\n'
        '_:b0\t"-5"^^<http://www.w3.org/2001/XMLSchema#integer>\n_:b0\t\n'
    )


def test_json():
    assert json.loads(written(ROWS, "json")) == {
        "head": {"vars": ["x", "y"]},
        "results": {
            "bindings": [
                {
                    "x": {"type": "uri", "value": "http://e/a"},
                    "y": {"type": "literal", "value": 'say "hi", you', "xml:lang": "en"},
                },
                {"y": {"type": "literal", "value": "two\nlines"}},
                {
                    "x": {"type": "bnode", "value": "b0"},
                    "y": {"type": "literal", "value": "-5", "datatype": XSD.integer.value},
                },
                {"x": {"type": "bnode", "value": "b0"}},
            ]
        },
    }


def test_xml():
    assert written(Solutions(["x"], [[ox.Literal("a<b&c\r", language="en")]]), "xml") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
        '<head>\n<variable name="x"/>\n</head>\n<results>\n<result>\n'
        '<binding name="x"><literal xml:lang="en">a&lt;b&amp;c&#xD;</literal></binding>\n'
        "</result>\n</results>\n</sparql>\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("csv", "true\n"),
        ("tsv", "true\n"),
        ("table", "true\n"),
        ("markdown", "true\n"),
        ("json", '{"head": {}, "boolean": true}\n'),
    ],
)
def test_booleans(name, text):
    assert written(True, name) == text


@pytest.mark.parametrize(
    ("name", "kind"), [("json", ox.QueryResultsFormat.JSON), ("xml", ox.QueryResultsFormat.XML)]
)
@pytest.mark.parametrize("answer", [True, False])
def test_booleans_read_back(name, kind, answer):
    results = ox.parse_query_results(write_results(answer, name), format=kind)
    assert isinstance(results, ox.QueryBoolean)
    assert bool(results) is answer


# XML 1.0 holds none of the other control characters and no noncharacters.
xml_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\r\n\t")
)
any_text = st.text(st.characters(codec="utf-8"))


def rows_of(text):
    terms = st.one_of(
        st.none(),
        st.just(A),
        st.builds(ox.Literal, text),
        st.builds(lambda each: ox.Literal(each, language="ar"), text),
        st.builds(lambda each: ox.Literal(each, datatype=A), text),
        st.integers().map(lambda each: ox.Literal(str(each), datatype=XSD.integer)),
    )
    return st.lists(st.tuples(terms, terms), max_size=4)


def read_back(solutions, name, kind):
    content = write_results(solutions, name, neutralise=False)
    results = ox.parse_query_results(content, format=kind)
    assert isinstance(results, ox.QuerySolutions)
    assert [variable.value for variable in results.variables] == ["x", "y"]
    return [tuple(row) for row in results]


@given(rows_of(any_text))
def test_json_loses_nothing(rows):
    solutions = Solutions(["x", "y"], rows, ordered=True)
    assert read_back(solutions, "json", ox.QueryResultsFormat.JSON) == rows


@given(rows_of(any_text))
def test_tsv_loses_nothing(rows):
    solutions = Solutions(["x", "y"], rows, ordered=True)
    assert read_back(solutions, "tsv", ox.QueryResultsFormat.TSV) == rows


def read_xml(content):
    """Read the format with a plain XML parser; pyoxigraph's reader trims white space."""
    space = "{http://www.w3.org/2005/sparql-results#}"
    for result in ET.fromstring(content).iter(f"{space}result"):
        row = dict.fromkeys("xy")
        for binding in result:
            (value,) = binding
            text, datatype = value.text or "", value.get("datatype")
            language = value.get("{http://www.w3.org/XML/1998/namespace}lang")
            if value.tag == f"{space}uri":
                row[binding.get("name")] = ox.NamedNode(text)
            elif language:
                row[binding.get("name")] = ox.Literal(text, language=language)
            else:
                kind = ox.NamedNode(datatype) if datatype else XSD.string
                row[binding.get("name")] = ox.Literal(text, datatype=kind)
        yield tuple(row.values())


@given(rows_of(xml_text))
def test_xml_loses_nothing_that_it_can_hold(rows):
    solutions = Solutions(["x", "y"], rows, ordered=True)
    assert list(read_xml(write_results(solutions, "xml"))) == rows


@given(rows_of(any_text))
def test_csv_keeps_every_string(rows):
    solutions = Solutions(["x", "y"], rows, ordered=True)
    text = written(solutions, "csv", neutralise=False)
    cells = list(csv.reader(io.StringIO(text, newline="")))
    assert cells[1:] == [["" if term is None else term.value for term in row] for row in rows]


def test_xml_refuses_what_it_cannot_hold():
    with pytest.raises(OutputError, match=r"U\+0001") as caught:
        write_results(Solutions(["x"], [[ox.Literal("\u0001")]]), "xml")
    assert "json" in caught.value.hint


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_neutralised_unless_asked_otherwise(start):
    value = f"{start}1+1"
    solutions = Solutions(["x"], [[ox.Literal(value)]])
    for name in ("csv", "tsv"):
        assert f"'{value[0]}".encode("unicode_escape") in write_results(solutions, name).replace(
            b"\t1", b"\\t1"
        ).replace(b"\r1", b"\\r1")
        assert b"'" not in write_results(solutions, name, neutralise=False)


def test_numbers_and_iris_are_left_as_they_are():
    terms = [ox.Literal("-5", datatype=XSD.integer), ox.Literal("+5.0", datatype=XSD.decimal), A]
    solutions = Solutions(["x"], [[term] for term in terms], ordered=True)
    assert written(solutions, "csv") == "x\r\n-5\r\n+5.0\r\nhttp://e/a\r\n"
    evil = Solutions(["x"], [[ox.Literal("=1+1", datatype=XSD.integer)]])
    assert written(evil, "csv") == "x\r\n'=1+1\r\n"


def test_markdown():
    rows = [
        [A, ox.Literal("a|b\n*c* <script> \\")],
        [ox.NamedNode("https://other/x"), ox.Literal("اسم")],
        [ox.NamedNode("javascript:alert(1)"), None],
    ]
    assert written(Solutions(["x", "y"], rows, ordered=True, prefixes=PREFIXES), "markdown") == (
        "| x | y |\n| --- | --- |\n"
        r"| e:a | a\|b<br>\*c\* &lt;script&gt; \\ |" + "\n"
        "| <https://other/x> | اسم |\n"
        "| &lt;javascript:alert(1)&gt; |  |\n"
    )


def test_table_without_a_terminal_is_plain_and_whole():
    long = "word " * 60
    solutions = Solutions(["x", "y"], [[A, ox.Literal(long)]], prefixes=PREFIXES)
    lines = written(solutions, "table").splitlines()
    assert lines[1].split() == ["|", "x", "|", "y", "|"]
    assert lines[3].startswith(f"| e:a | {long}")
    assert "\x1b" not in written(solutions, "table")


def test_table_shows_no_sequence_that_a_terminal_would_obey():
    value = "\x1b[31mred\x07 \u202eevil [bold]no markup[/bold]"
    solutions = Solutions(["x"], [[ox.Literal(value)]])
    for terminal in (True, False):
        text = written(solutions, "table", terminal=terminal)
        assert "\x1b[31m" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
    assert "[bold]no markup[/bold]" in text


def test_table_keeps_right_to_left_text():
    value = "مركز الميزان\u200c لحقوق"
    assert value in written(Solutions(["x"], [[ox.Literal(value)]]), "table")


def test_no_color_is_obeyed(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = written(Solutions(["x"], [[A]]), "table", terminal=True)
    assert "\x1b[3" not in text


@pytest.mark.parametrize("name", RESULT_FORMATS)
def test_the_same_answer_gives_the_same_bytes_whatever_the_engine_calls_its_blank_nodes(name):
    def answer(label):
        return Solutions(["x"], [[ox.BlankNode(label)], [A], [ox.BlankNode(label)]])

    assert write_results(answer("one"), name) == write_results(answer("two"), name)


@pytest.mark.parametrize("name", RESULT_FORMATS)
def test_no_rows_and_no_variables(name):
    assert write_results(Solutions(["x"], []), name)
    assert write_results(Solutions([], [[]]), name)


def test_an_unknown_format_is_a_usage_error():
    with pytest.raises(UsageError, match="unknown result format 'yaml'"):
        write_results(True, "yaml")

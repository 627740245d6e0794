"""Random Turtle with one seeded fault: the reported place is the fault's."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.formats import TURTLE
from mezan_graph.project import Project
from mezan_graph.sources import Source
from mezan_graph.validation import validate

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:shape> a sh:NodeShape ; sh:targetSubjectsOf <urn:age> ; sh:property <urn:shape-age> .
<urn:shape-age> sh:path <urn:age> ; sh:datatype xsd:integer .
"""
FAULT = '"naïve \U0001f4a5"'

space = st.sampled_from([" ", "\n", "\r\n", "\t", ' # a comment with " and <\n', "\n\n  "])
subject = st.sampled_from(["<urn:s{}>", "ex:s{}", "ex:ش{}", "ex:a\\,b{}"])
other = st.sampled_from(
    [
        '"text"@en',
        '"""long\n"quoted" text"""',
        "[ <urn:p> 1 ]",
        "( 1 2 [ ] )",
        "ex:o",
        "1.5",
        "true",
    ]
)
number = st.integers(0, 9).map(str) | st.just('"7"^^<http://www.w3.org/2001/XMLSchema#integer>')


@st.composite
def documents(draw) -> tuple[str, str]:
    """A document with one value that is no integer, and the text before that value."""
    count = draw(st.integers(1, 5))
    faulty = draw(st.integers(0, count - 1))
    text = "@prefix ex: <urn:ex:> ." + draw(space)
    before = ""
    for index in range(count):
        text += draw(subject).format(index) + draw(space)
        for _ in range(draw(st.integers(0, 2))):
            text += f"<urn:p>{draw(space)}{draw(other)}{draw(space)};{draw(space)}"
        values = draw(st.lists(number, min_size=1, max_size=3))
        if index == faulty:
            values.insert(draw(st.integers(0, len(values))), FAULT)
        text += "<urn:age>" + draw(space)
        for position, value in enumerate(values):
            text += "," + draw(space) if position else ""
            before = text if value == FAULT else before
            text += value + draw(space)
        text += "." + draw(space)
    return text, before


def source(name: str, text: str) -> Source:
    return Source(name, TURTLE, ox.DefaultGraph(), content=text.encode())


@given(documents())
def test_the_place_of_a_seeded_fault_is_reported(tmp_path_factory, document):
    text, before = document
    project = Project.bare(tmp_path_factory.getbasetemp())
    report = validate(
        project, data=[source("data.ttl", text)], shapes=[source("shapes.ttl", SHAPES)]
    )
    [finding] = [each for each in report.findings if each.code == "MZ001"]
    line = before.count("\n") + 1
    column = len(before.rpartition("\n")[2]) + 1
    assert (finding.file, finding.line, finding.column) == ("data.ttl", line, column)
    assert (finding.end_line, finding.end_column) == (line, column + len(FAULT))
    assert finding.triple is not None
    assert finding.triple.endswith(FAULT)

"""All checks together: on the project of this checkout, on its shapes, and on many triples."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from mezan_graph.graph import Graph, build_graph, shapes_graph
from mezan_graph.validation.checks import run_checks
from mezan_graph.validation.findings import CODES

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "findings.md"


def test_the_project_of_this_checkout_has_nothing_to_find(project, source_texts):
    findings = list(run_checks(project, build_graph(project), shapes_graph(project), source_texts))
    assert findings == []


def test_a_misspelt_path_of_a_shape_is_found(tmp_path, write_project):
    project = write_project(
        tmp_path,
        shapes="""[] a sh:NodeShape ; sh:targetClass schema:NGOO ;
            sh:property [ sh:path schema:fundr ; sh:minCount 1 ] .""",
    )
    findings = list(run_checks(project, build_graph(project), shapes_graph(project)))
    assert sorted((each.code, each.file, each.hint) for each in findings) == [
        ("MZ104", "shapes/test.ttl", "did you mean schema:NGO?"),
        ("MZ104", "shapes/test.ttl", "did you mean schema:funder?"),
    ]


def test_an_empty_graph_has_nothing_to_find(tmp_path, write_project):
    project = write_project(tmp_path)
    assert list(run_checks(project, Graph([]), Graph([]))) == []


def test_each_mutation_of_the_project_is_found(project):
    """One slip in one file of the project, one finding of its code."""
    graph, shapes = build_graph(project), shapes_graph(project)
    slips = {
        ("MZ101", "https://schema.org/funder", "http://schema.org/funder"),
        ("MZ104", "https://schema.org/funder", "https://schema.org/fundr"),
        ("MZ104", "def#fundingKind", "def#fundingKnd"),
        ("MZ105", "concept/funding-core", "concept/funding-cor"),
        ("MZ109", "https://mezan.org", "HTTPS://mezan.org"),
    }
    for code, written, slip in slips:
        found = {each.code for each in run_checks(project, mutated(graph, written, slip), shapes)}
        assert code in found, slip


def mutated(graph: Graph, written: str, slip: str) -> Graph:
    """Return the data with ``written`` replaced in the first triple of data that has it."""
    pattern = re.compile(rf"{re.escape(written)}(?![\w-])")
    lines = [f"{quad} .\n" for quad in graph]
    first = next(
        number
        for number, line in enumerate(lines)
        if pattern.search(line) and "/ontology>" not in line
    )
    lines[first] = lines[first].replace(written, slip, 1)
    return Graph.from_quads(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS), graph.prefixes)


def test_every_code_has_its_section_and_every_section_its_code():
    text = DOCUMENTATION.read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    titles = [section.splitlines()[0] for section in sections if section.startswith("MZ")]
    assert titles == list(CODES)
    for section in sections:
        if section.startswith("MZ"):
            code, *rest = section.splitlines()
            body = "\n".join(rest)
            assert CODES[code][1:] in " ".join(rest), code
            assert "```" in body, f"{code} has no example"
            assert "Mend" in body, f"{code} does not say how to mend it"


def test_the_documentation_silences_by_code_that_exist():
    text = DOCUMENTATION.read_text(encoding="utf-8")
    assert set(re.findall(r"MZ\d{3}", text)) == set(CODES)

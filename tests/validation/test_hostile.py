"""Input that hangs or fills other validators: bounded, reported, and never "conforms".

The bounds are for a busy machine; each case takes a fraction of them on a free one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> .
"""
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property "
SECONDS = 60
MEMORY = 1 << 31


def validated(folder, data, shapes, report_format="json"):
    """Run the whole command with bounded time and memory."""
    (folder / "data.ttl").write_text(PREFIXES + data, encoding="utf-8")
    (folder / "shapes.ttl").write_text(PREFIXES + shapes, encoding="utf-8")
    command = ["validate", "data.ttl", "-s", "shapes.ttl", "--format", report_format]
    return subprocess.run(
        [sys.executable, "-m", "mezan_graph", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )


def project(folder, limit):
    """Make a project with one limit; its queries are checked with its data."""
    (folder / "mezan.toml").write_text(
        f"[project]\nname = 'small'\nbase = 'https://example.org/'\n[limits]\n{limit}\n"
    )
    for name in ("data", "shapes", "queries/checks"):
        (folder / name).mkdir(parents=True)


def test_a_pattern_with_nested_repetition(tmp_path):
    data = f'ex:a a ex:C ; ex:p "{"a" * 50_000}!" .'
    done = validated(tmp_path, data, SHAPE + '[ sh:path ex:p ; sh:pattern "(a+)+$" ] .')
    report = json.loads(done.stdout)
    assert (done.returncode, report["conforms"]) == (1, False)
    assert [each["component"] for each in report["results"]] == ["PatternConstraintComponent"]


@pytest.mark.parametrize(
    "data", ["ex:a a ex:C ; ex:p ex:a .", "ex:a a ex:C ; ex:p ex:b . ex:b ex:p ex:a ."]
)
def test_a_shape_that_refers_to_itself(tmp_path, data):
    done = validated(tmp_path, data, SHAPE + "[ sh:path ex:p ; sh:node ex:S ] .")
    assert (done.returncode, done.stdout) == (3, "")
    assert "refer to themselves without end" in done.stderr


def test_many_shapes_that_refer_to_one_another(tmp_path):
    shapes = "".join(
        f"ex:S{n} a sh:NodeShape ; sh:node ex:S{(n + 1) % 2000} .\n" for n in range(2000)
    )
    done = validated(tmp_path, "ex:a a ex:C .", shapes + "ex:S0 sh:targetClass ex:C .")
    assert (done.returncode, done.stdout) == (3, "")
    assert "pySHACL fails" in done.stderr


def test_a_path_that_goes_round_in_the_data(tmp_path):
    data = "\n".join(f"ex:n{n} a ex:C ; ex:p ex:n{(n + 1) % 1500} ." for n in range(1500))
    path = "[ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:maxCount 10 ; sh:nodeKind sh:IRI ] ."
    done = validated(tmp_path, data, SHAPE + path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["conforms"]) == (1, False)
    assert report["counts"]["violation"] == 1500


@pytest.mark.parametrize(("size", "sign"), [(3000, "zeroOrMorePath"), (20_000, "oneOrMorePath")])
def test_a_path_round_a_cycle_too_large_to_report(tmp_path, size, sign):
    data = "\n".join(f"ex:n{n} a ex:C ; ex:p ex:n{(n + 1) % size} ." for n in range(size))
    shapes = SHAPE + f"[ sh:path [ sh:{sign} ex:p ] ; sh:nodeKind sh:IRI ] ."
    done = validated(tmp_path, data, shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        "takes more than 2,500,000 values in this data, so that nothing is decided" in done.stderr
    )


def test_a_path_through_a_dense_graph(tmp_path):
    nodes = range(400)
    data = "\n".join(
        f"ex:n{n} a ex:C ; ex:p {', '.join(f'ex:n{m}' for m in nodes)} ." for n in nodes
    )
    shapes = SHAPE + "[ sh:path [ sh:oneOrMorePath ex:p ] ; sh:nodeKind sh:IRI ] ."
    done = validated(tmp_path, data, shapes)
    assert (done.returncode, json.loads(done.stdout)["conforms"]) == (0, True)


def test_more_results_than_anybody_reads(tmp_path):
    project(tmp_path, "results = 99")
    values = ", ".join(f'"v{n}"' for n in range(100))
    shapes = SHAPE + "[ sh:path ex:p ; sh:datatype xsd:integer ] ."
    done = validated(tmp_path, f"ex:a a ex:C ; ex:p {values} .", shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert "with <https://example.org/S> there are more than 99 results" in done.stderr


def test_results_that_are_too_many_to_be_made(tmp_path):
    data = "\n".join(f"ex:n{n} a ex:C ; ex:p ex:n{(n + 1) % 1500} ." for n in range(1500))
    shapes = SHAPE + "[ sh:path [ sh:oneOrMorePath ex:p ] ; sh:nodeKind sh:Literal ] ."
    done = validated(tmp_path, data, shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert "there are more than 500,000 results" in done.stderr


def test_one_breach_that_counts_more_often_than_fits_into_memory(tmp_path):
    # Each node of a layer has both nodes of the next: the paths to the last one double each time.
    data = "\n".join(
        f"ex:{side}{n} ex:p ex:a{n + 1} , ex:b{n + 1} ." for n in range(60) for side in "ab"
    )
    shapes = "[ sh:path ex:p ; sh:property " * 60 + "[ sh:path ex:q ; sh:minCount 1 ]" + " ]" * 60
    done = validated(tmp_path, data + " ex:a0 a ex:C .", SHAPE + shapes + " .")
    assert (done.returncode, done.stdout) == (3, "")
    assert "there are more than 500,000 results" in done.stderr


NODES = "\n".join(f"ex:n{n} a ex:C ; ex:p {n} ." for n in range(300))
ENDLESS = """?a <https://example.org/p> ?x . ?b <https://example.org/p> ?y .
    ?c <https://example.org/p> ?z FILTER(CONCAT(STR(?x), STR(?y)) = CONCAT(STR(?z), "no"))"""
GROWING = """?a <https://example.org/p> ?x . ?b <https://example.org/p> ?y .
    ?c <https://example.org/p> ?z"""
DOUBLING = "BIND(STR($this) AS ?x0)" + "".join(
    f" BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(60)
)


@pytest.mark.parametrize(
    ("pattern", "limit", "words"),
    [
        (ENDLESS, "query_seconds = 2", "takes longer than 2 seconds"),
        (GROWING, "query_mebibytes = 256", "takes more than 256 MiB"),
        (DOUBLING, "query_mebibytes = 256", "takes more than 256 MiB"),
    ],
    ids=["endless", "growing", "doubling"],
)
def test_a_constraint_in_sparql_that_takes_too_much(tmp_path, pattern, limit, words):
    project(tmp_path, limit)
    query = f"SELECT $this ?z WHERE {{ {pattern} }} ORDER BY ?a"
    shapes = f'ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select """{query}""" ] .'
    done = validated(tmp_path, NODES, shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"a SPARQL constraint of <https://example.org/S> {words}" in done.stderr
    assert "so that nothing is decided" in done.stderr


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT $this { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT $this { " + "{ " * 3000 + "} " * 3000 + "}", "nested more than 100 levels"),
        ("SELECT $this { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", "nested more than 100"),
        ("SELECT $this FROM <file:///etc/passwd> { ?s ?p ?o }", "FROM is refused"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE cannot stand here"),
    ],
)
def test_a_constraint_in_sparql_that_is_never_asked(tmp_path, query, words):
    shapes = f'ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select """{query}""" ] .'
    done = validated(tmp_path, NODES, shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert words in done.stderr


def test_a_check_that_takes_too_long(tmp_path):
    project(tmp_path, "query_seconds = 1")
    (tmp_path / "queries/checks/endless.rq").write_text(
        f"#+ summary: Endless\n#+ description: Which?\nSELECT ?a {{ {ENDLESS} }}"
    )
    done = validated(tmp_path, NODES, SHAPE + "[ sh:path ex:p ; sh:minCount 1 ] .")
    assert (done.returncode, done.stdout) == (3, "")
    assert "queries/checks/endless.rq takes longer than 1 seconds" in done.stderr


def test_a_hundred_thousand_violations_on_one_node(tmp_path):
    values = " ,\n".join(f'"v{n}"' for n in range(100_000))
    shapes = SHAPE + "[ sh:path ex:p ; sh:datatype xsd:integer ] ."
    done = validated(tmp_path, f"ex:a a ex:C ; ex:p {values} .", shapes, "text")
    assert done.returncode == 1
    assert "100,000 violations in 1 file; SHACL: does not conform" in done.stdout
    assert len(done.stdout) < 1_000_000


def test_a_literal_that_the_parser_refuses(tmp_path):
    shapes = SHAPE + "[ sh:path ex:p ; sh:maxLength 10 ] ."
    done = validated(tmp_path, f'ex:a a ex:C ; ex:p "{"x" * 50_000_000}" .', shapes)
    report = json.loads(done.stdout)
    assert (done.returncode, report["conforms"]) == (3, False)
    assert [each["code"] for each in report["results"]] == ["MZ011"]
    assert "longer than 16 MiB" in report["results"][0]["message"]


def test_a_literal_that_is_only_just_short_enough(tmp_path):
    shapes = SHAPE + '[ sh:path ex:p ; sh:maxLength 10 ; sh:pattern "^y" ; sh:in ( 1 ) ] .'
    done = validated(tmp_path, f'ex:a a ex:C ; ex:p "{"x" * 8_000_000}" .', shapes, "text")
    assert done.returncode == 1
    assert "3 violations" in done.stdout
    assert len(done.stdout) < 10_000


def test_a_pattern_that_only_pyshacl_sees(tmp_path):
    project(tmp_path, "reference_seconds = 5")
    shapes = "[ sh:path ex:q ; sh:node ex:S ] , [ sh:path ex:p ; sh:pattern '(a+)+$' ] ."
    done = validated(tmp_path, f'ex:a a ex:C ; ex:p "{"a" * 3000}!" .', SHAPE + shapes)
    assert (done.returncode, done.stdout) == (3, "")
    assert "validating with pySHACL takes longer than 5 seconds" in done.stderr

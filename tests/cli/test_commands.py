"""The commands as a person meets them."""

from __future__ import annotations

import csv
import io
import json

import pytest

from mezan_graph.cli import COMMANDS


def test_the_help_lists_every_command(mezan):
    done = mezan("--help")
    assert done.code == 0
    assert all(name in done.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(mezan, name):
    done = mezan(name, "--help")
    assert done.code == 0
    assert f"mezan {name}" in done.out
    assert "Options:" in done.out


def test_a_misspelt_command_is_a_usage_error_with_a_near_miss(mezan):
    done = mezan("valdate")
    assert done.code == 2
    assert "Did you mean validate?" in done.err


def test_an_empty_folder_gets_the_packaged_graph(mezan):
    done = mezan("query", "-e", "ASK { <https://w3id.org/mezan-graph/id/al-mezan> ?p ?o }")
    assert (done.code, done.out) == (0, "true\n")


def test_a_folder_with_a_project_file_takes_its_place(mezan, small):
    done = mezan("query", "funders", cwd=small)
    assert (done.code, done.out) == (0, "funder\r\nhttps://example.org/relief/id/donor\r\n")
    assert mezan("-C", small, "query", "funders").out == done.out


def test_validate_test_and_build_work_on_another_project(mezan, small):
    assert mezan("validate", cwd=small).code == 0
    tested = mezan("test", cwd=small)
    assert (tested.code, tested.out) == (0, "1 stored queries: 1 as expected, 0 not\n")
    assert mezan("build", "-o", "dist", cwd=small).code == 0
    assert (small / "dist" / "doc" / "relief.ttl").is_file()
    assert (small / "dist" / "dump.jsonld").is_file()


def test_a_project_may_do_without_an_ontology_and_queries(mezan, small):
    for name in ("funders.rq", "funders.expected.csv"):
        (small / "queries" / "funding" / name).unlink()
    for name in ("queries/funding", "queries", "ontology"):
        (small / name).rmdir()
    assert mezan("validate", cwd=small).code == 0
    assert mezan("query", "--list", cwd=small).out == "there are no stored queries\n"
    assert mezan("test", cwd=small).out == "0 stored queries: 0 as expected, 0 not\n"
    assert mezan("build", "-o", "dist", cwd=small).code == 0


def test_a_folder_that_the_project_file_names_must_be_there(mezan, small):
    with (small / "mezan.toml").open("a") as file:
        file.write('[folders]\nqueries = "asked"\n')
    done = mezan("test", cwd=small)
    assert done.code == 3
    assert "the folder for queries does not exist: asked" in done.err


def test_the_al_mezan_data_conforms_without_a_finding(mezan, copied, source_texts):
    done = mezan("-C", copied, "validate", "--source-texts", source_texts, "--fail-on", "info")
    assert done.code == 0, done.out


def test_a_violation_exits_with_1_and_says_what_to_do(mezan, small):
    data = small / "data" / "organizations.ttl"
    data.write_text(data.read_text().replace('    schema:name "Relief"@en ;\n', ""))
    done = mezan("validate", cwd=small)
    assert done.code == 1
    assert "data/organizations.ttl" in done.out
    assert "write a schema:name" in done.out


def test_fail_on_decides_the_exit_code_and_not_the_report(mezan, small):
    shapes = small / "shapes" / "organization.ttl"
    shapes.write_text(
        shapes.read_text().replace("sh:minCount 1", "sh:minCount 2 ; sh:severity sh:Warning")
    )
    assert mezan("validate", cwd=small).code == 0
    done = mezan("validate", "--fail-on", "warning", "--format", "json", cwd=small)
    assert done.code == 1
    report = json.loads(done.out)
    assert report["conforms"] is False
    assert report["counts"] == {"violation": 0, "warning": 1, "info": 0}
    assert report["results"][0]["focusNode"] == "https://example.org/relief/id/relief"


def test_both_engines_agree(mezan, small):
    data = small / "data" / "organizations.ttl"
    data.write_text(data.read_text().replace('    schema:name "Relief"@en ;\n', ""))
    reports = [
        mezan("validate", "--engine", engine, "--format", "json", cwd=small).out
        for engine in ("compiled", "reference")
    ]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("name", ["table", "csv", "tsv", "json", "xml", "markdown"])
def test_every_results_format_holds_the_answer(mezan, small, name):
    done = mezan("query", "funders", "--format", name, cwd=small)
    assert done.code == 0
    assert "donor" in done.out


def test_parameters_are_typed(mezan, small):
    done = mezan("query", "funders", "-p", "organization=donor", cwd=small)
    assert (done.code, done.out) == (0, "funder\r\n")


def test_the_default_format_away_from_a_terminal_is_csv(mezan):
    rows = list(csv.DictReader(io.StringIO(mezan("query", "funders").out)))
    assert len(rows) == 7
    assert rows[0]["name"] == "Netherlands Representative Office"


def test_a_query_comes_from_a_file_or_from_standard_input(mezan, small):
    text = "SELECT ?x { id:relief schema:funder ?x }"
    (small / "own.rq").write_text(text)
    from_file = mezan("query", "own.rq", cwd=small)
    assert from_file.out == "x\r\nhttps://example.org/relief/id/donor\r\n"
    assert mezan("query", "-", cwd=small, stdin=text).out == from_file.out
    assert mezan("query", "-e", text, cwd=small).out == from_file.out


def test_a_construct_answers_as_rdf(mezan, small):
    text = "CONSTRUCT { ?f schema:member ?o } WHERE { ?o schema:funder ?f }"
    done = mezan("query", "-e", text, "--format", "ntriples", cwd=small)
    assert done.out == (
        "<https://example.org/relief/id/donor> <https://schema.org/member> "
        "<https://example.org/relief/id/relief> .\n"
    )


@pytest.mark.parametrize(
    ("pattern", "word"), [("id:relief ?p ?o", "true"), ("id:x ?p ?o", "false")]
)
def test_an_ask_answers_in_text_and_exits_with_0(mezan, small, pattern, word):
    done = mezan("query", "-e", f"ASK {{ {pattern} }}", cwd=small)
    assert (done.code, done.out) == (0, f"{word}\n")


def test_the_list_has_every_query_with_its_summary(mezan):
    done = mezan("query", "--list")
    assert done.code == 0
    assert "funders " in done.out
    assert "Who supports an organisation" in done.out


def test_describe_shows_question_and_parameters(mezan, small):
    done = mezan("query", "funders", "--describe", cwd=small)
    assert "Which bodies fund this organisation?" in done.out
    assert "organization (iri; default relief)" in done.out


def test_a_changed_answer_fails_the_test_and_update_writes_it(mezan, small):
    expected = small / "queries" / "funding" / "funders.expected.csv"
    expected.write_text("funder\nid:nobody\n")
    done = mezan("test", cwd=small)
    assert done.code == 1
    assert "missing: id:nobody" in done.out
    assert "unexpected: id:donor" in done.out
    assert mezan("test", "--update", cwd=small).code == 0
    assert expected.read_text() == "funder\nid:donor\n"


def test_an_export_goes_to_a_file_in_the_format_of_its_suffix(mezan, small):
    assert mezan("export", "-o", "out.nt", cwd=small).code == 0
    written = (small / "out.nt").read_bytes()
    assert mezan("export", "--format", "ntriples", cwd=small).out.encode() == written
    assert b"<https://example.org/relief/id/relief>" in written


def test_a_formula_in_a_cell_is_neutralised_unless_asked_for(mezan, small):
    text = 'SELECT ?x { VALUES ?x { "=1+1" } }'
    assert mezan("query", "-e", text, cwd=small).out == "x\r\n'=1+1\r\n"
    assert mezan("query", "-e", text, "--raw", cwd=small).out == "x\r\n=1+1\r\n"

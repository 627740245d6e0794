"""Bad input: the right exit code, one clear message with the place, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Done

DATA = "data/organizations.ttl"
PREFIXES = (
    b"@prefix schema: <https://schema.org/> .\n@prefix id: <https://example.org/relief/id/> .\n"
)


def names(done: Done, file: str, place: str, message: str) -> bool:
    """Whether a message names file, place and fault, in one line or grouped by file."""
    report = f"{file}\n  {place}{' ' if place else ''}violation"
    if report in done.out:
        return message in done.out
    return f"{file}{':' if place else ''}{place}: {message}" in done.err


@pytest.mark.parametrize("command", [["validate"], ["export"], ["query", "funders"], ["build"]])
@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"", "", "the file is empty"),
        (b"  \n", "", "the file is empty"),
        (PREFIXES + b'id:a schema:name "\xe9" .\n', "3:19", "not UTF-8: byte 0xe9"),
        (PREFIXES + b'id:a schema:name "x"\nid:b schema:name "y" .\n', "3:21", ""),
        (PREFIXES + b"id:a schema:url <page> .\n", "3:17", "No scheme found"),
        (PREFIXES + b"id:a schema:url <file:///etc/passwd> .\n", "3:17", "a file: IRI"),
        (PREFIXES + b"id:a schema:url " + b"[ schema:url " * 200 + b"1" + b" ]" * 200 + b" .",
         "3", "nested more than 100 levels deep"),
    ],
    ids=["zero bytes", "white space", "not UTF-8", "broken", "relative IRI", "file IRI", "nested"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_exits_with_3_and_names_the_line(
    mezan, small, command, content, place, message
):
    (small / DATA).write_bytes(content)
    done = mezan(*command, cwd=small)
    assert done.code == 3
    assert names(done, DATA, place, message), done
    assert not (small / "dist").exists()


@pytest.mark.parametrize(
    ("name", "content", "place", "message"),
    [
        ("remote.jsonld", '{"@context": "https://schema.org/", "@id": "https://example.org/x"}',
         "1", "remote JSON-LD context <https://schema.org/>"),
        ("node.jsonld", '{"@id": "a b", "https://schema.org/name": "x"}',
         "1", '@id is not an absolute IRI: "a b"'),
        ("entity.rdf", '<!DOCTYPE x [<!ENTITY a "b">]>\n<rdf:RDF '
         'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
         "1", "the document has a DTD"),
    ],
    ids=["remote context", "bad @id", "DTD"],
)  # fmt: skip
def test_documents_that_mislead_parsers_are_refused(mezan, small, name, content, place, message):
    (small / "data" / name).write_text(content)
    for command in (["validate"], ["export"]):
        done = mezan(*command, cwd=small)
        assert done.code == 3
        assert names(done, f"data/{name}", place, message), done


@pytest.mark.parametrize("command", ["validate", "build"])
def test_broken_shapes_are_unreadable_input_and_no_finding(mezan, small, command):
    (small / "shapes" / "organization.ttl").write_text("<urn:a> <urn:b> .\n")
    done = mezan(command, cwd=small)
    assert done.code == 3
    assert names(done, "shapes/organization.ttl", "1:16", ""), done
    assert not (small / "dist").exists()


@pytest.mark.parametrize("content", ["{}", "[]", '{"@context": "https://schema.org/"}'])
def test_a_context_file_without_a_context_is_named(mezan, small, content):
    (small / "ontology" / "context.jsonld").write_text(content)
    done = mezan("export", "--format", "jsonld", cwd=small)
    assert done.code == 3
    assert "ontology/context.jsonld: there is no @context" in done.err


def test_an_unreadable_file_is_named(mezan, small):
    (small / DATA).chmod(0)
    if os.access(small / DATA, os.R_OK):
        (small / DATA).unlink()
        (small / DATA).mkdir()
        (small / "data" / "gone.ttl").symlink_to("/proc/self/mem")
    done = mezan("validate", cwd=small)
    assert done.code == 3
    assert "data/" in done.err + done.out


def test_a_link_that_leaves_the_project_is_refused(mezan, small, tmp_path):
    (tmp_path / "secret.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    (small / "data" / "link.ttl").symlink_to(tmp_path / "secret.ttl")
    done = mezan("validate", cwd=small)
    assert done.code == 3
    assert "data/link.ttl: a symbolic link leaves the project" in done.err


def test_a_missing_folder_is_named_with_the_setting(mezan, small):
    (small / DATA).unlink()
    (small / "data").rmdir()
    done = mezan("validate", cwd=small)
    assert done.code == 3
    assert "the folder for data does not exist: data" in done.err
    assert "[folders]" in done.err


def test_a_folder_without_a_project_is_named(mezan, tmp_path):
    done = mezan("-C", tmp_path, "validate")
    assert done.code == 3
    assert f"{tmp_path}: there is no mezan.toml" in done.err


def test_an_unknown_key_is_named_with_its_line_and_a_near_miss(mezan, small):
    with (small / "mezan.toml").open("a") as file:
        file.write('langauges = ["en"]\n')
    done = mezan("validate", cwd=small)
    assert done.code == 3
    assert "mezan.toml:4: project.langauges: unknown key" in done.err
    assert "did you mean languages?" in done.err


def test_one_prefix_with_two_meanings_is_a_finding_in_its_line(mezan, small):
    (small / "data" / "more.ttl").write_text(
        "\n@prefix id: <https://example.org/other/> .\nid:x a id:Y .\n"
    )
    done = mezan("validate", cwd=small)
    assert done.code == 1
    assert "data/more.ttl" in done.out
    assert "MZ102" in done.out
    assert "2:" in done.out


def test_http_schema_org_is_a_finding_in_its_line(mezan, small):
    data = small / DATA
    data.write_text(data.read_text().replace("https://schema.org/", "http://schema.org/"))
    done = mezan("validate", cwd=small)
    assert done.code == 1
    assert "MZ101" in done.out
    assert "https://schema.org/" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "nothing: no stored query has this name"),
        (["fundrs"], "did you mean funders?"),
        (["funders", "-p", "organisation=x"], "did you mean organization?"),
        (["funders", "-p", "organization=a b"], "'a b' is no iri"),
        (["funders", "-p", "organization=relief> . ?s ?p <x"], "is no iri"),
        (["funders", "-p", "organization"], "write KEY=VALUE"),
        (["funders", "-p", "organization=a", "-p", "organization=b"], "given twice"),
        ([], "Give the name of a stored query"),
        (["funders", "--format", "yaml"], "'yaml' is not one of"),
        (["funders", "--format", "turtle"], "turtle"),
    ],
)  # fmt: skip
def test_a_usage_error_exits_with_2_and_names_what_is_wrong(mezan, small, arguments, message):
    done = mezan("query", *arguments, cwd=small)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <http://127.0.0.1/x> { ?s ?p ?o }", "FROM"),
        ("SELECT * FROM NAMED <http://127.0.0.1/x> { ?s ?p ?o }", "FROM"),
        ("LOAD <http://127.0.0.1/x>", "LOAD"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE"),
        ("SELECT * { ?s ?p <file:///etc/passwd> }", "file:"),
        ("SELECT * " + "{" * 3000 + "}" * 3000, "nested"),
        ("SELECT ?x WHERE { ?x a }", "SPARQL"),
        ("SELECT", "the query ends too early"),
    ],
)  # fmt: skip
def test_a_query_that_is_malformed_or_reaches_out_exits_with_3(mezan, small, query, message):
    done = mezan("query", "-e", query, cwd=small)
    assert done.code == 3
    assert message in done.err
    assert done.out == ""


def test_a_value_with_quotes_is_a_value(mezan, small):
    query = small / "queries" / "funding" / "named.rq"
    query.write_text(
        "#+ summary: What is called so\n#+ description: What has this name?\n"
        "#+ parameters:\n#+   name: {type: langstring, default: Donor@en, description: Name}\n"
        "SELECT ?x WHERE { ?x schema:name ?name } ORDER BY ?x\n"
    )
    hostile = 'Donor"@en } ?x ?p ?o # \\u0022 >@en'
    assert mezan("query", "named", "-p", f"name={hostile}", cwd=small).out == "x\r\n"
    assert "donor" in mezan("query", "named", cwd=small).out


@pytest.mark.parametrize(("name", "argument"), [("export", "out/x.ttl"), ("query", "out/x.csv")])
def test_a_file_that_cannot_be_written_is_named(mezan, small, name, argument):
    extra = ["funders"] if name == "query" else []
    done = mezan(name, *extra, "-o", argument, cwd=small)
    assert done.code == 3
    assert "cannot be written" in done.err
    assert argument in done.err


def test_a_build_into_a_file_is_a_usage_error(mezan, small):
    (small / "dist").write_text("a file")
    done = mezan("build", "-o", "dist", cwd=small)
    assert done.code == 2
    assert (small / "dist").read_text() == "a file"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_standard_output_is_an_error():
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "mezan_graph", "export"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m mezan_graph export --format nquads | head -1",
        shell=True,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def test_an_escape_sequence_in_a_value_does_not_reach_the_terminal(mezan, small):
    done = mezan("query", "\x1b[31mred", cwd=small)
    assert done.code == 2
    assert "\x1b[31m" not in done.err


def test_an_internal_error_exits_with_70_and_asks_for_a_report(mezan, small, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("mezan_graph.exports.export", broken)
    done = mezan("export", cwd=small)
    assert done.code == 70
    assert "internal error: RuntimeError: unforeseen" in done.err
    assert "MEZAN_DEBUG=1" in done.err

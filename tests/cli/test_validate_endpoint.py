"""``mezan validate --endpoint``: places, exit codes, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODES = {"usage": 2, "network": 4}
EXTRA = (
    "<https://example.org/relief/id/{}> a <https://schema.org/NGO> ; "
    "<https://schema.org/name> 'Relief'@en ; <https://schema.org/url> {} .\n"
)
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix shapes: <https://example.org/relief/shapes#> .
shapes:Address a sh:NodeShape ; sh:targetClass schema:NGO ; sh:property shapes:url .
shapes:url a sh:PropertyShape ; sh:path schema:url ; sh:nodeKind sh:IRI ;
    sh:message "write an address in angle brackets"@en .
"""


def mezan(folder, *arguments):
    program = str(Path(sys.executable).parent / "mezan")
    return subprocess.run(
        [program, "validate", *arguments],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_findings_stand_in_the_files_or_at_the_endpoint(small, start_oxigraph):
    (small / "shapes" / "url.ttl").write_text(SHAPE)
    (small / "data" / "two.ttl").write_text(EXTRA.format("two", "'here'"))
    loaded = EXTRA.format("two", "'here'") + EXTRA.format("three", "'there'")
    endpoint = start_oxigraph(loaded.encode())
    done = mezan(small, "--endpoint", endpoint.replace("//", "//ann:secret@"), "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert {(each["file"], each["line"], each["code"]) for each in report["results"]} == {
        ("data/two.ttl", 1, "MZ001"),
        (endpoint, None, "MZ001"),
    }
    assert "secret" not in done.stdout + done.stderr
    for name in ("text", "turtle", "sarif", "junit", "github", "gitlab"):
        rendered = mezan(small, "--endpoint", endpoint, "--format", name)
        assert (rendered.returncode, rendered.stderr) == (1, "")
        assert "write an address in angle brackets" in rendered.stdout


def test_a_graph_that_conforms(small, start_oxigraph):
    endpoint = start_oxigraph(EXTRA.format("one", "<https://example.org/>").encode())
    done = mezan(small, "--endpoint", endpoint)
    assert (done.returncode, done.stderr) == (0, "")
    assert "SHACL: conforms (checked: 3 triples" in done.stdout


def test_what_derived_triples_cause_is_no_violation(project, sparql_endpoint):
    done = mezan(project.root, "--endpoint", sparql_endpoint, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)["results"]
    by_code = {(each["code"], each["severity"]) for each in found}
    assert by_code == {("MZ001", "info"), ("MZ004", "warning")}
    assert all("--named-graphs" in each["hint"] for each in found if each["code"] == "MZ001")


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (["--endpoint", "http://127.0.0.1:{port}/"], "network", "cannot be reached"),
        (["--endpoint", "file:///etc/passwd"], "network", "no http(s) URL"),
        (["--endpoint", "http://127.0.0.1:9/", "--graph", "no iri"], "usage", "is no IRI"),
        (["--endpoint", "http://127.0.0.1:9/", "data"], "usage", "PATHS is about files"),
        (["--endpoint", "http://127.0.0.1:9/", "--watch"], "usage", "--watch is about files"),
        (["--graph", "https://example.org/"], "usage", "are for an endpoint"),
    ],
)
def test_what_cannot_be_done_is_said(small, unused_port, arguments, kind, message):
    done = mezan(small, *(each.format(port=unused_port) for each in arguments))
    assert (done.returncode, done.stdout) == (CODES[kind], "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr

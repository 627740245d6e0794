"""Silences with a reason, severities by code, and what is wrong in either of them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from mezan_graph.errors import ProjectError
from mezan_graph.graph import shapes_graph
from mezan_graph.namespaces import RDF
from mezan_graph.project import Project
from mezan_graph.validation.findings import Finding
from mezan_graph.validation.silence import settle
from mezan_graph.validation.validator import validate

TYPO = "id:x a schema:NGO ; schema:nme 'X'@en ; schema:name 'X'@en ."


def silence(**values: object) -> str:
    lines = [f"{key} = {value!r}".replace("'", '"') for key, value in values.items()]
    return "[[silence]]\n" + "\n".join(lines) + "\n"


def codes(project) -> list[str]:
    return sorted({each.code for each in validate(project).findings})


def test_a_silenced_finding_is_counted_and_not_reported(tmp_path, write_project):
    assert codes(write_project(tmp_path, TYPO)) == ["MZ104"]
    project = write_project(
        tmp_path, TYPO, settings=silence(code="MZ104", reason="an experiment of ours")
    )
    report = validate(project)
    assert report.findings == ()
    assert report.silenced == 1
    assert not report.fails("info")


@pytest.mark.parametrize(
    ("files", "silenced"),
    [
        (["data/*.ttl"], True),
        (["**/test.ttl"], True),
        (["data/**"], True),
        (["data/tes?.ttl"], True),
        (["*.ttl"], False),
        (["ontology/**"], False),
        (["data/test"], False),
        (["other.ttl", "data/test.ttl"], True),
    ],
)
def test_a_silence_keeps_to_its_files(tmp_path, write_project, files, silenced):
    settings = silence(code="MZ104", reason="why", files=files)
    expected = [] if silenced else ["MZ104", "MZ302"]
    assert codes(write_project(tmp_path, TYPO, settings=settings)) == expected


def test_a_silence_that_silences_nothing_is_information_with_its_line(tmp_path, write_project):
    settings = silence(code="MZ103", reason="no longer") + silence(code="MZ104", reason="why")
    report = validate(write_project(tmp_path, TYPO, settings=settings))
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("MZ302", "info")
    assert (finding.file, finding.line) == ("mezan.toml", 4)
    assert "MZ103" in finding.message


SHAPES = """
    shapes:ngo a sh:NodeShape ; sh:targetClass schema:NGO ;
        sh:property [ sh:path schema:url ; sh:minCount 1 ] ;
        sh:or ( [ sh:path schema:email ; sh:minCount 1 ] [ sh:path schema:logo ; sh:minCount 1 ] ) .
    shapes:named a sh:NodeShape ; sh:targetClass schema:NGO ;
        sh:property [ sh:path schema:founder ; sh:minCount 1 ] .
"""


def test_a_silence_of_a_shape_covers_the_nameless_shapes_inside_of_it(tmp_path, write_project):
    settings = silence(code="MZ001", reason="not yet", shape="shapes:ngo")
    report = validate(write_project(tmp_path, shapes=SHAPES, settings=settings))
    assert [each.path for each in report.findings] == ["<https://schema.org/founder>"]
    assert report.silenced == 2
    assert not report.conforms, "sh:conforms is about the data, not about what we decided"


def test_a_silence_knows_shapes_inside_of_lists(tmp_path, write_project):
    project = write_project(
        tmp_path,
        shapes=SHAPES,
        settings=silence(code="MZ001", reason="not yet", shape="https://example.org/shapes#ngo"),
    )
    shapes = shapes_graph(project)
    inside = [quad.object for quad in shapes.triples() if quad.predicate == RDF.first]
    findings = [
        Finding("MZ001", "violation", "…", shape=each)
        for each in inside
        if isinstance(each, ox.BlankNode)
    ]
    assert len(findings) == 2
    assert len(settle(findings, project, shapes).silenced) == 2


def test_a_severity_of_the_project_decides(tmp_path, write_project):
    report = validate(write_project(tmp_path, TYPO, settings='[severity]\nMZ104 = "info"\n'))
    assert [each.severity for each in report.findings] == ["info"]
    assert not report.fails("warning")


@pytest.mark.parametrize(
    ("settings", "line", "message"),
    [
        (silence(code="MZ999", reason="why"), 5, "silence.code: 'MZ999' is no code"),
        (silence(code="mz104", reason="why"), 5, "did you mean MZ104?"),
        (silence(code="MZ104"), 4, "silence.reason: is required"),
        (silence(reason="why"), 4, "silence.code: is required"),
        (silence(code="MZ104", reason=" "), 6, "silence.reason: must be a non-empty string"),
        (silence(code="MZ104", reason=3), 6, "silence.reason: must be a non-empty string"),
        (silence(code="MZ104", reason="why", file="x"), 7, "did you mean files?"),
        (silence(code="MZ104", reason="why", files="x"), 7, "must be a list of globs"),
        (silence(code="MZ001", reason="why"), 5, "MZ001 needs a shape or files"),
        (
            silence(code="MZ104", reason="why") + silence(code="MZ105", reason=""),
            9,
            "silence.reason: must be a non-empty string",
        ),
        ('silence = "MZ104"\n', None, "silence: must be tables"),
        ('[severity]\nMZ104 = "fatal"\n', 5, "severity.MZ104: is no severity"),
        ('[severity]\nMZ140 = "info"\n', 5, "severity.MZ140: is no code"),
        ('[severities]\nMZ104 = "info"\n', 4, "did you mean severity?"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, settings, line, message):
    text = f'[project]\nname = "test"\nbase = "https://example.org/"\n{settings}'
    if settings.startswith("silence ="):
        text = settings + text.replace(settings, "")
    (tmp_path / "mezan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as caught:
        Project.open(tmp_path)
    assert message in str(caught.value)
    assert caught.value.line == line


def test_the_project_of_this_checkout_silences_nothing(project):
    assert project.silences == ()
    assert project.severities == {}

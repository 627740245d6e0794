"""The lint finds what is wrong in pages as people write them, at its place, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedding.conftest import entity

from mezan_graph.embedding import insert
from mezan_graph.embedding.lint import lint, lint_files
from mezan_graph.embedding.lint.located import FaultError, Located, read_json
from mezan_graph.policy import CODES, Silence
from mezan_graph.publication import published_files
from mezan_graph.validation.rendering import REPORT_FORMATS, render

FAULTY = Path(__file__).parent / "faulty"
FAULTS = {
    "article.html": "2:1 MZ509, 3:37 MZ509, 4:11 MZ510, 4:71 MZ510, 5:25 MZ507",
    "broken.html": "6:14 MZ501, 10:3 MZ501, 13:81 MZ501, 14:36 MZ501, 15:36 MZ501",
    "charity.html": (
        "9:12 MZ504, 14:1 MZ509, 15:15 MZ503, 17:3 MZ505, 18:10 MZ510, 19:11 MZ510, 20:19 MZ511, "
        "21:56 MZ507"
    ),
    "dataset.jsonld": (
        "4:5 MZ509, 6:14 MZ510, 8:22 MZ508, 9:18 MZ510, 10:23 MZ511, 11:20 MZ512, 12:24 MZ508"
    ),
    "hazard.html": "1:98 MZ513",
    "profile.html": (
        "2:1 MZ509, 3:16 MZ508, 3:16 MZ509, 3:60 MZ506, 6:1 MZ508, 6:1 MZ509, 6:75 MZ511"
    ),
    "roles.jsonld": "5:32 MZ507, 6:58 MZ507",
    "terms.jsonld": (
        "2:3 MZ502, 2:3 MZ509, 3:3 MZ502, 4:3 MZ509, 5:50 MZ505, 5:72 MZ505, 5:85 MZ505"
    ),
}
"""The known faults of each file: line, column and code."""


def found(text: str, name: str = "x.jsonld") -> list[str]:
    return [f"{each.code} {each.message}" for each in lint(text.encode(), name)]


def codes(properties: str, kind: str = "Thing") -> list[str]:
    text = f'{{"@context": "https://schema.org", "@type": "{kind}", {properties}}}'
    return sorted({each.code for each in lint(text.encode(), "x.jsonld")} - {"MZ509"})


@pytest.mark.parametrize("name", FAULTS)
def test_the_known_faults_are_found_at_their_places_and_no_others(name):
    findings = lint((FAULTY / name).read_bytes(), name)
    places = [f"{each.line}:{each.column} {each.code}" for each in findings]
    assert ", ".join(places) == FAULTS[name]


def test_every_code_of_the_lint_is_among_them():
    known = {code for code in CODES if code.startswith("MZ5")}
    assert known == {each[-5:] for places in FAULTS.values() for each in places.split(", ")}


def test_every_example_of_the_documentation_has_the_fault_it_shows():
    text = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")
    for section in sections:
        code = section[:5]
        if code.startswith("MZ5"):
            language, _, example = section.split("```")[1].partition("\n")
            name = "x.html" if language == "html" else "x.jsonld"
            assert code in {each.code for each in lint(example.encode(), name)}, code


def test_a_near_miss_is_named():
    hints = {each.hint for each in lint((FAULTY / "charity.html").read_bytes(), "charity.html")}
    assert {"did you mean Organization?", "did you mean name?"} <= hints


@pytest.mark.parametrize("language", ["en", "ar", None], ids=str)
def test_ours_have_no_fault(embedder, entities, language):
    # What is known in full repeats the context each time: some entities of each kind are enough.
    chosen = entities if language else [*entities[::5], entity("report-2017"), entities[-1]]
    snippets = [embedder.snippet(each, language=language, full=not language) for each in chosen]
    page = b"<!doctype html><html><head><title>x</title></head><body></body></html>"
    findings = {each for one in snippets for each in lint(insert(page, one), "page.html")}
    # What is recommended and not known is left out: nothing is made up for a search engine.
    assert {each.code for each in findings} == {"MZ509"}
    assert {each.message.split(" without ")[0] for each in findings} == {
        "Organization",
        "Article",
        "Dataset",
    }


def test_the_published_json_ld_has_no_fault(project, al_mezan, tmp_path):
    folder = tmp_path / "dist"
    for number, (name, content) in enumerate(published_files(project, al_mezan)):
        if name.endswith(".jsonld") and ("/" not in name or number % 3 == 0) and "dump" not in name:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    report = lint_files([folder], dataclasses.replace(project, root=tmp_path))
    assert {each.code for each in report.findings} == {"MZ509"}
    assert report.conforms


@pytest.mark.parametrize(
    ("properties", "kind", "expected"),
    [
        ('"name": "A"', "NGO", []),
        ('"name": "A"', "schema:NGO", []),
        ('"name": "A"', "https://schema.org/NGO", []),
        ('"name": "A"', "http://schema.org/NGO", ["MZ503"]),
        ('"https://schema.org/name": "A"', "NGO", []),
        ('"@id": "_:b0", "name": "A"', "NGO", []),
        ('"url": "https://example.org"', "NGO", []),
        ('"url": {"@id": "https://example.org"}', "NGO", []),
        ('"url": "mailto:a@example.org"', "NGO", []),
        ('"url": "https://"', "NGO", ["MZ510"]),
        ('"url": "https://example.org/a b"', "NGO", ["MZ510"]),
        ('"url": "//example.org"', "NGO", ["MZ510"]),
        ('"url": ""', "NGO", ["MZ510"]),
        ('"@id": 1', "NGO", ["MZ510"]),
        ('"logo": {"@type": "ImageObject", "url": "https://example.org/x"}', "NGO", []),
        ('"foundingDate": "2003"', "NGO", []),
        ('"foundingDate": "2003-02"', "NGO", []),
        ('"foundingDate": "2003-02-28T10:00:00+02:00"', "NGO", []),
        ('"foundingDate": "2003-02-29"', "NGO", ["MZ511"]),
        ('"foundingDate": 2003', "NGO", ["MZ511"]),
        ('"jobStartDate": "soon"', "JobPosting", []),
        ('"temporalCoverage": "2000/.."', "Dataset", ["MZ508"]),
        ('"name": [{"@value": "A", "@language": "en"}, {"@value": "B"}]', "NGO", []),
        ('"namedPosition": "x"', "Role", ["MZ506"]),
        ('"name": null', "NGO", []),
        ('"employee": {"@id": "https://example.org/p"}', "NGO", []),
        ('"employee": {"name": "P"}', "NGO", ["MZ504"]),
        ('"employee": [{"@type": "Persn"}]', "NGO", ["MZ504"]),
        ('"employee": {"@list": [{"@type": "Person", "abstract": "x"}]}', "NGO", ["MZ507"]),
        ('"@graph": [{"@type": "Dataset", "name": "A"}]', "Thing", ["MZ508"]),
    ],
)  # fmt: skip
def test_what_is_a_fault_and_what_is_not(properties, kind, expected):
    assert codes(properties, kind) == expected


def test_a_description_of_a_data_set_has_a_length():
    for length, expected in ((49, ["MZ508"]), (50, []), (5000, []), (5001, ["MZ508"])):
        text = "x" * length
        assert codes(f'"name": "A", "description": "{text}"', "Dataset") == expected


def test_a_context_of_its_own_is_understood():
    context = {
        "@vocab": "http://schema.org/",
        "id": "@id",
        "kind": "@type",
        "s": "https://schema.org/",
        "title": {"@id": "s:name", "@container": "@language"},
        "backs": {"@reverse": "s:funder"},
        "ignored": None,
    }
    document = {
        "@context": context,
        "id": "https://example.org/a",
        "kind": "Organization",
        "title": {"en": "A", "ar": "أ"},
        "backs": {"kind": "Grant", "title": {"en": "G"}},
        "ignored": 1,
        "s:legalName": "A",
    }
    messages = [each for each in found(json.dumps(document)) if "MZ509" not in each]
    assert messages == ["MZ503 http://schema.org in place of https://schema.org"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the JSON ends too early"),
        ('{"a": 1', "the JSON ends too early"),
        ('{"a" 1}', "a colon is missing"),
        ('{"a": 1 "b": 2}', "a comma is missing"),
        ("{'a': 1}", "wrong quotation marks"),
        ('{"a": "x\ny"}', "does not end on its line"),
        ('{"a": "\\x"}', "an escape that JSON does not have"),
        ('{"a": 01}', "a comma is missing"),
        ('{"a": {{ value }}}', "template engine"),
        ("/* a */ {}", "a comment"),
        ("{} {}", "something stands behind"),
        ("{1: 2}", "where a key is expected"),
        ("[,]", "where a value is expected"),
        ("[" * 200 + "]" * 200, "nested more than 100 levels"),
        ("[1" + "0" * 5000 + "]", "a number of 5001 digits"),
    ],
)
def test_what_is_not_json_is_told_with_its_fault(text, message):
    [finding] = lint(text.encode(), "x.jsonld")
    assert finding.code == "MZ501"
    assert message in finding.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda each: (
        st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=6), each, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    def plain(located: Located):
        if located.is_object:
            return {each.key: plain(each.value) for each in located.members}
        if isinstance(located.value, list):
            return [plain(each) for each in located.value]
        return located.value

    assert plain(read_json(text)) == value


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\ntrue0-1e.x \n', max_size=20))
def test_what_the_standard_library_refuses_is_refused(text):
    try:
        json.loads(text)
    except ValueError:
        with pytest.raises(FaultError):
            read_json(text)
    else:
        read_json(text)


@settings(deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["x.html", "x.jsonld", "x"]))
def test_no_file_makes_the_lint_fail(content, name):
    lint(content, name)
    lint(b'<script type="application/ld+json">' + content, "x.html")


def test_a_column_counts_code_points_and_a_line_ends_as_it_is_written():
    text = '{"@context": "https://schema.org",\r\n "@type": "NGO", "name": "مركز 🧿", "nmae": 1}'
    [finding] = [each for each in lint(text.encode(), "x.jsonld") if each.code == "MZ505"]
    assert (finding.line, finding.column) == (2, text.split("\r\n")[1].index('"nmae"') + 1)


def test_pages_are_read_in_their_encoding():
    page = '<meta charset="windows-1256"><script type="application/ld+json">{"@context": "'
    page += 'https://schema.org", "@type": "Claim", "text": "مركز", "x": 1}</script>'
    for encoding in ("windows-1256", "utf-8", "utf-16"):
        findings = lint(page.encode(encoding), "x.html")
        assert [each.code for each in findings] == ["MZ505"]
        assert findings[0].column == page.index('"x"') + 1


def test_silences_and_severities_of_the_project_apply(project, tmp_path):
    page = tmp_path / "dist" / "x.html"
    page.parent.mkdir()
    page.write_bytes((FAULTY / "charity.html").read_bytes())
    mine = dataclasses.replace(
        project,
        root=tmp_path,
        silences=(Silence("MZ510", "on purpose", ("dist/*",)),),
        severities={"MZ503": "violation"},
    )
    report = lint_files([tmp_path], mine)
    assert report.silenced == 2
    assert {each.code: each.severity for each in report.findings}["MZ503"] == "violation"
    assert report.findings[0].file == "dist/x.html"


@pytest.mark.parametrize("name", [each for each in REPORT_FORMATS if each[-2:] not in {"le", "ld"}])
def test_every_format_of_reports_shows_it(project, name):
    report = lint_files([FAULTY / "charity.html"], project)
    text = render(report, project, name)
    assert "Organisation" in text
    if name == "text":
        assert "schema.org: all layers, October 2026" in text
        assert "SHACL" not in text
    if name == "json":
        assert json.loads(text)["conforms"] is False


def test_a_big_file_takes_linear_time():
    node = '{"@type": "NGO", "name": "A", "nmae": 1}'
    text = f'{{"@context": "https://schema.org", "@graph": [{", ".join([node] * 3000)}]}}'
    assert sum(each.code == "MZ505" for each in lint(text.encode(), "x.jsonld")) == 3000

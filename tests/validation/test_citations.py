"""Citations against a source text: lines, characters, digests, and texts that are not there."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from mezan_graph.errors import SourceError
from mezan_graph.graph import build_graph
from mezan_graph.validation.checks import Survey, check_citations
from mezan_graph.validation.passages import Text, passage_digest

TEXT = "First line\r\nسطر عربي 𝄞 Cafe\u0301\r\n\r\nLast  one, with\ttabs\r\n"


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checksum(digest: str, algorithm: str = "sha256") -> str:
    return f"""spdx:checksum [ a spdx:Checksum ;
        spdx:algorithm spdx:checksumAlgorithm_{algorithm} ;
        spdx:checksumValue "{digest}"^^xsd:hexBinary ]"""


def document(text: str = TEXT) -> str:
    return f"id:file a schema:DigitalDocument ; {checksum(digest_of(text.encode()))} ."


def lines(value: str, scheme: str = "http://tools.ietf.org/rfc/rfc5147") -> str:
    return f'[ a oa:FragmentSelector ; dct:conformsTo <{scheme}> ; rdf:value "{value}" ]'


def characters(start: object, end: object) -> str:
    return f"[ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ]"


def citation(selector: str, digest: str | None) -> str:
    recorded = f"; {checksum(digest)}" if digest else ""
    return f"""id:cite a oa:SpecificResource ; oa:hasSource id:file ;
        oa:hasSelector {selector} {recorded} ."""


@pytest.fixture
def check(tmp_path, survey_of):
    """Check Turtle against the text in a folder, in a file of any name."""
    (tmp_path / "any name.txt").write_bytes(TEXT.encode())
    return lambda *turtle: list(check_citations(survey_of(*turtle), tmp_path))


@pytest.mark.parametrize(
    ("selector", "passage"),
    [
        (lines("line=0,1"), "First line"),
        (lines("line=1,2"), unicodedata.normalize("NFC", "سطر عربي 𝄞 Cafe\u0301")),
        (lines("line=3,4"), "Last one, with tabs"),
        (lines("line=0,2"), "First line سطر عربي 𝄞 Caf\u00e9"),
        (lines("line=3,"), "Last one, with tabs"),
        (lines("line=,1"), "First line"),
        (lines("char=0,5"), "First"),
        (lines("line=0,1;length=56"), "First line"),
        (characters(21, 22), "𝄞"),
        (f"{lines('line=0,1')} , {characters(0, 5)}", "First"),
    ],
)
def test_a_passage_with_its_digest_is_fine(check, selector, passage):
    assert check(document(), citation(selector, passage_digest(passage))) == []


@pytest.mark.parametrize(
    "selector", [lines("line=0,1"), lines("line=1,2"), characters(0, 10), characters(12, 20)]
)
def test_another_digest_is_found(check, selector):
    (finding,) = check(document(), citation(selector, passage_digest("Something else")))
    assert (finding.code, finding.severity) == ("MZ202", "violation")
    assert str(finding.focus_node) == "<https://example.org/id/cite>"
    assert passage_digest("Something else") in finding.message


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        (lines("line=4,5"), "line=4,5 is outside of 4 lines"),
        (lines("line=3,9"), "outside of 4 lines"),
        (lines("line=2,2"), "outside"),
        (lines("line=3,1"), "outside"),
        (lines("char=0,999"), "outside of"),
        (lines("line 7"), "'line 7' is not a range of lines"),
        (lines("line=,"), "not a range"),
        ("[ a oa:FragmentSelector ]", "None is not a range"),
        (characters(0, 999), "0 to 999 is outside of"),
        (characters(5, 5), "outside"),
        (characters(-1, 5), "no whole numbers"),
        (characters('"a"', 5), "no whole numbers"),
        ("[ a oa:TextPositionSelector ; oa:start 1 ]", "no whole numbers"),
    ],
)
def test_a_place_outside_of_the_text_is_found(check, selector, message):
    (finding,) = check(document(), citation(selector, passage_digest("x")))
    assert (finding.code, finding.severity) == ("MZ201", "violation")
    assert message in finding.message
    assert "any name.txt" in finding.message


def test_what_cannot_be_checked_is_left_alone(check):
    assert check(document(), citation(lines("line=0,1"), None)) == []
    media = lines("t=10,20", "http://www.w3.org/TR/media-frags/")
    assert check(document(), citation(media, passage_digest("x"))) == []
    other = citation(lines("line=0,1"), None).replace(" .", f"; {checksum('00', 'sha1')} .")
    assert check(document(), other) == []


def test_a_changed_or_missing_text_is_found(check, tmp_path):
    turtle = document("another text"), citation(lines("line=0,1"), passage_digest("another text"))
    (finding,) = check(*turtle)
    assert (finding.code, finding.severity) == ("MZ204", "violation")
    assert str(finding.focus_node) == "<https://example.org/id/file>"
    (tmp_path / "found.txt").write_text("another text", encoding="utf-8")
    assert check(*turtle) == []


def test_without_a_folder_or_a_digest_the_citations_are_not_checked(survey_of, check):
    turtle = document(), citation(lines("line=0,1"), passage_digest("First line"))
    (finding,) = check_citations(survey_of(*turtle), None)
    assert (finding.code, finding.severity) == ("MZ203", "info")
    assert "no folder with source texts" in finding.message
    (finding,) = check("id:file a schema:WebPage .", turtle[1])
    assert finding.code == "MZ203"
    assert "records no SHA-256" in finding.message


def test_other_files_in_the_folder_need_not_be_texts(check, tmp_path):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "folder").mkdir()
    good = citation(lines("line=0,1"), passage_digest("First line"))
    assert check(document(), good) == []


def test_a_source_text_that_is_not_utf8_is_an_error(survey_of, tmp_path):
    content = b"caf\xe9"
    (tmp_path / "latin.txt").write_bytes(content)
    turtle = f"id:file a schema:DigitalDocument ; {checksum(digest_of(content))} ."
    with pytest.raises(SourceError, match="cannot be read"):
        list(check_citations(survey_of(turtle, citation(lines("line=0,1"), "00")), tmp_path))


def test_a_missing_folder_is_an_error(survey_of, tmp_path):
    survey = survey_of(document(), citation(lines("line=0,1"), "00"))
    with pytest.raises(SourceError, match="cannot be read"):
        list(check_citations(survey, tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("text", "count"), [("a\nb\n", 2), ("a\r\nb", 2), ("a\rb\r", 2), ("\n\n", 2), ("", 0)]
)
def test_lines_end_as_rfc_5147_says(text, count):
    assert len(Text.of("text", text).lines) == count


def test_every_citation_of_the_project_holds(project, source_texts):
    findings = list(check_citations(Survey(build_graph(project)), source_texts))
    assert findings == []

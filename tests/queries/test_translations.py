"""Headers of stored queries in several languages: what they say, and what is refused."""

# An error may lack a hint; each test knows.
# mypy: disable-error-code="operator"
from __future__ import annotations

import pytest

from mezan_graph.errors import QueryError
from mezan_graph.project import Project
from mezan_graph.queries import load_query

GOOD = "summary: S\ndescription: D"


def header(lines):
    return "".join(f"#+ {line}\n" for line in lines.splitlines()) + "SELECT ?s { ?s ?p ?o }"


TRANSLATED = """\
summary: S
description: D
parameters:
  s: {type: string, required: false, description: A text}
  p: {type: iri, required: false}
translations:
  fr:
    summary: R
    description: |
      Quelle
      question ?
  ar: {summary: "س", description: "و", parameters: {s: "نص"}}
"""


@pytest.fixture
def bilingual(folder, write):
    """The project in three languages."""
    text = (folder.root / "mezan.toml").read_text()
    text = text.replace('name = "small"', 'name = "small"\nlanguages = ["en", "ar", "fr"]')
    write("mezan.toml", text)
    return Project.open(folder.root)


def test_a_header_is_translated_in_the_order_of_the_languages(bilingual, write):
    write("queries/q.rq", header(TRANSLATED))
    stored = load_query(bilingual, "q")
    assert list(stored.texts.items()) == [
        ("en", ("S", "D", {"s": "A text"})),
        ("ar", ("س", "و", {"s": "نص"})),
        ("fr", ("R", "Quelle question ?", {})),
    ]
    assert (stored.summary, stored.description) == ("S", "D")


@pytest.mark.parametrize(
    ("translations", "line", "part", "hint"),
    [
        ("  de: {summary: S, description: D}", 6, "'de' in translations", "one of ar, fr"),
        ("  en: {summary: S, description: D}", 6, "the header itself is in en", "one of ar, fr"),
        ("  ar: {summary: S}", 6, "translation into ar has no description", "add"),
        ("  ar:\n    description: D", 7, "translation into ar has no summary", "add"),
        ("  ar: {summary: S, description: D, tags: [a]}", 6, "unknown key 'tags'", "one of"),
        ("  ar: {sumary: S, description: D}", 6, "unknown key 'sumary'", "summary?"),
        ("  ar:\n    summary: S\n    description: [D]", 8, "description must be a text", None),
        ("  ar:\n    summary: S\n    description: D\n    parameters:\n      q: P", 10,
         "unknown key 'q' in parameters of the translation into ar", "one of s"),
        ("  ar: S", 6, "must be a mapping", None),
        ("  [ar]", 6, "must be a mapping", None),
    ],
)  # fmt: skip
def test_a_bad_translation_is_an_error_with_its_line(
    bilingual, write, translations, line, part, hint
):
    lines = f"{GOOD}\nparameters:\n  s: {{type: string}}\ntranslations:\n{translations}"
    write("queries/q.rq", header(lines))
    with pytest.raises(QueryError) as caught:
        load_query(bilingual, "q")
    assert part in caught.value.message
    assert (caught.value.place, caught.value.line) == ("queries/q.rq", line)
    if hint:
        assert hint in caught.value.hint


def test_a_project_of_one_language_has_no_translations(folder, write):
    write("queries/q.rq", header(f"{GOOD}\ntranslations: {{ar: {{summary: S, description: D}}}}"))
    with pytest.raises(QueryError, match="en is the project's only language") as caught:
        load_query(folder, "q")
    assert caught.value.line == 3
    assert "languages" in caught.value.hint

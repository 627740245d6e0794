"""The parts that a site can do without: scripts, the index for search, queries as examples."""

from __future__ import annotations

import gzip
import json

import pytest

from mezan_graph.queries.guard import check
from mezan_graph.queries.wording import prefix_labels
from mezan_graph.site.browser import browser_files, entry
from mezan_graph.site.examples import examples
from mezan_graph.site.page import Page
from mezan_graph.site.search import SearchIndex, available


def page(path: str, language: str | None, text: str, more: str = "") -> Page:
    main = f"<main><h1>{text}</h1>{more}</main>"
    html = f'<html lang="{language or ""}"><title>{text}</title>{main}</html>'
    return Page(path, html.encode(), language)


def test_scripts_stand_in_a_folder_of_their_own(tmp_path):
    (tmp_path / "search.js").write_text("1")
    (tmp_path / "chunks").mkdir()
    (tmp_path / "chunks" / "a.js").write_text("2")
    assert list(browser_files(tmp_path)) == [
        ("browser/chunks/a.js", b"2"),
        ("browser/search.js", b"1"),
    ]
    assert entry("search", tmp_path) == "browser/search.js"


def test_without_a_build_there_are_no_scripts(tmp_path):
    assert list(browser_files(tmp_path / "none")) == []
    assert entry("search", tmp_path / "none") is None


@pytest.mark.skipif(not available(), reason="Pagefind has no wheel for this system")
def test_the_index_has_a_part_for_each_language_and_the_same_bytes_each_time():
    def made() -> dict[str, bytes]:
        with SearchIndex() as index:
            index.add(page("en/a.html", "en", "The Ford Foundation"))
            index.add(page("ar/a.html", "ar", "مركز الميزان لحقوق الانسان"))
            index.add(page("index.html", None, "Choose a language"))
            return dict(index.files())

    files = made()
    languages = json.loads(files["pagefind/pagefind-entry.json"])["languages"]
    assert {name: each["page_count"] for name, each in languages.items()} == {"ar": 1, "en": 1}
    assert "pagefind/pagefind.js" in files
    assert not any("-ui" in name for name in files)
    assert made() == files


@pytest.mark.skipif(not available(), reason="Pagefind has no wheel for this system")
@pytest.mark.parametrize("most_whole", [1, 2])
def test_of_very_many_pages_what_they_are_about_is_searched(most_whole):
    sections = (
        '<section aria-labelledby="claim"><p>Crossings were closed</p></section>'
        '<section aria-labelledby="facts"><p>Somewhere else</p></section>'
    )
    with SearchIndex(most_whole=most_whole) as index:
        for name in ("a", "b"):
            index.add(page(f"en/{name}.html", "en", f"Claim {name}", sections))
        index.add(page("ar/a.html", "ar", "قول", sections))
        files = dict(index.files())
    texts: dict[str, list[str]] = {"en": [], "ar": []}
    for name, content in files.items():
        if name.endswith(".pf_fragment"):
            fragment = json.loads(gzip.decompress(content).removeprefix(b"pagefind_dcd"))
            texts[fragment["url"].split("/")[1]].append(fragment["content"])
    assert [len(each) for each in texts.values()] == [2, 1]
    assert all("Crossings were closed" in text for each in texts.values() for text in each)
    assert all("Somewhere" in text for text in texts["ar"])
    assert {"Somewhere" in text for text in texts["en"]} == {most_whole == 2}


@pytest.mark.skipif(not available(), reason="Pagefind has no wheel for this system")
def test_pages_that_are_written_already_give_the_same_index(tmp_path):
    made = [page("en/a.html", "en", "The Ford Foundation"), page("ar/a.html", "ar", "مركز")]
    found = []
    for folder in (None, tmp_path):
        with SearchIndex(folder) as index:
            for each in made:
                index.add(each)
                path = tmp_path / each.path
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(each.content)
            found.append(dict(index.files()))
    assert found[0] == found[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ar", "en"]


@pytest.mark.skipif(not available(), reason="Pagefind has no wheel for this system")
def test_an_index_of_no_pages_is_no_index():
    with SearchIndex() as index:
        assert list(index.files()) == []


def test_every_stored_query_is_an_example_that_stands_alone(project):
    made = json.loads(examples(project))
    assert made["base"] == project.base
    assert len(made["queries"]) > 90
    for each in made["queries"]:
        outline = check(each["query"], project.limits, place=each["name"])
        prefix_labels(outline, {})  # fails where a prefix is not declared
        assert each["query"].startswith(("PREFIX", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))


def test_a_default_value_is_bound_in_an_example(project):
    made = {each["name"]: each["query"] for each in json.loads(examples(project))["queries"]}
    assert f"<{project.base}id/ford-foundation>" in made["co-funders"]


def test_examples_are_described_in_every_language(project):
    made = {each["name"]: each for each in json.loads(examples(project))["queries"]}
    assert list(made["funders"]["summary"]) == ["en", "ar"]
    assert made["funders"]["summary"]["ar"] == "من يدعم منظمة"
    assert made["funders"]["description"]["ar"].endswith("؟ والقائمة بلا تاريخ ما لم تُذكر فترة.")

"""The proof of a built site: silent on a sound one, and each fault named with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mezan_graph.errors import FindingsError
from mezan_graph.exports import published_graph
from mezan_graph.formats import RDFXML
from mezan_graph.project import Project
from mezan_graph.publication import publish, published_files
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.proof import prove

if TYPE_CHECKING:
    from pathlib import Path

PAGE = '<!doctype html>\n<html lang="en"><head><title>x</title></head><body>{}</body></html>\n'

TURTLE = """
@prefix schema: <https://schema.org/> .
<https://example.org/g/id/a> a schema:NGO ; schema:name "A"@en ; schema:knows [ schema:name "b" ] .
<https://example.org/g/id/v1.0> schema:memberOf <https://example.org/g/id/a> .
<https://example.org/g/concept/c> schema:name "C" .
"""


SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/g/shapes#NGO> a sh:NodeShape ; sh:targetClass <https://schema.org/NGO> ;
    sh:property [ sh:path <https://schema.org/name> ; sh:minCount 1 ] .
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    root = tmp_path_factory.mktemp("project")
    for name in ("data", "shapes"):
        (root / name).mkdir()
    (root / "mezan.toml").write_text(
        '[project]\nname = "g"\nbase = "https://example.org/g/"\nlanguages = ["en", "ar"]\n'
    )
    (root / "data" / "all.ttl").write_text(TURTLE)
    (root / "shapes" / "ngo.ttl").write_text(SHAPE)
    return Project.open(root)


@pytest.fixture(scope="module")
def files(project) -> dict[str, bytes]:
    """Plain pages around the data as it is published."""
    graph = published_graph(project)
    made = {
        name: content
        for name, content in published_files(project, graph, site=True)
        if not name.endswith(".html")
    }
    for stem in Addresses(project, graph).stems.values():
        for language in project.languages:
            made[f"{language}/{stem}.html"] = PAGE.format('<p id="x">x</p>').encode()
    made["index.html"] = PAGE.format('<a href="en/doc/a.html#x">a</a>').encode()
    return made


@pytest.fixture
def site(files, tmp_path) -> Path:
    """The same as a folder that a test may spoil."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def flaws(project, folder) -> list[str]:
    return [str(each) for each in prove(project, published_graph(project), folder)]


def test_a_sound_site_has_no_flaws(project, site):
    assert flaws(project, site) == []


@pytest.mark.parametrize(
    "link",
    [
        "en/doc/a.html", "./en/doc/a.html?x=1", "en/../ar/doc/a.html#x", "doc/a.ttl#anything",
        "/g/dump.ttl", "/g/", "https://example.org/g/en/doc/a.html", "id/a", "concept/c",
        "https://example.org/g/id/v1.0", "def", "https://elsewhere.example/x", "mailto:a@b.example",
        "https://example.org/g/blog/of-their-own",
        "en/doc/%7Ev1-0-bcd9b2c1c49fd20a.html",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_no_flaw(project, site, link):
    if "%7E" in link:
        stem = next(each.stem for each in (site / "doc").glob("~*.ttl"))
        link = f"en/doc/%7E{stem[1:]}.html"
    (site / "index.html").write_text(PAGE.format(f'<a href="{link}">a</a>'))
    assert flaws(project, site) == []


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("en/doc/b.html", "links to en/doc/b.html, and there is no en/doc/b.html"),
        ("../g/index.html", "links to ../g/index.html, and there is no ../g/index.html"),
        ("en/doc/", "links to en/doc/, and there is no en/doc/index.html"),
        ("id/b", "links to id/b, and there is no id/b"),
        ("#nowhere", "links to #nowhere, and there is no such id"),
        ("en/doc/a.html#no", "links to en/doc/a.html#no, and there is no such id"),
        (
            "https://example.org/g/en/b.html",
            "links to https://example.org/g/en/b.html, and there is no en/b.html",
        ),
    ],
)
def test_a_dead_link_is_named_with_its_page_and_line(project, site, link, message):
    (site / "index.html").write_text(PAGE.format(f'\n\n<a href="{link}">a</a>'))
    assert flaws(project, site) == [f"index.html:4: {message}"]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def twins(site: Path) -> None:
    for name in ("A.txt", "a.TXT"):
        (site / "doc" / name).write_text("")


SPOILED = {
    "a page without an end": (
        lambda site: replaced(site / "en/doc/a.html", "</p>", ""),
        "en/doc/a.html:2: </body> does not close <p>",
    ),
    "a page that is missing": (
        lambda site: (site / "ar/concept/c.html").unlink(),
        "ar/concept/c.html: is missing: the page of <https://example.org/g/concept/c>",
    ),
    "data that is missing": (
        lambda site: (site / "doc/a.nt").unlink(),
        "doc/a.nt: is missing: the data of <https://example.org/g/id/a>",
    ),
    "data that is changed": (
        lambda site: replaced(site / "doc/a.ttl", '"A"@en', '"B"@en'),
        "doc/a.ttl: does not say what the graph says: <https://example.org/g/id/a> "
        '<https://schema.org/name> "A"@en .',
    ),
    "data that says more": (
        lambda site: replaced(site / "doc/a.ttl", '"A"@en', '"A"@en, "B"@en'),
        "doc/a.ttl: says what the graph does not say: <https://example.org/g/id/a> "
        '<https://schema.org/name> "B"@en .',
    ),
    "data of a class that is changed": (
        lambda site: replaced(site / "class/schema-ngo.nt", '"A"@en', '"B"@en'),
        "class/schema-ngo.nt: does not say what the graph says: <https://example.org/g/id/a> "
        '<https://schema.org/name> "A"@en .',
    ),
    "a relative IRI": (
        lambda site: replaced(site / "void.ttl", "<https://example.org/g/dump.nq>", "<dump.nq>"),
        "void.ttl:",
    ),
    "a dump that is short": (
        lambda site: replaced(site / "dump.nt", '_:c14n0 <https://schema.org/name> "b" .\n', ""),
        "dump.nt: holds 5 statements in place of 6",
    ),
    "names that differ in letter case": (
        twins,
        "doc/a.TXT: is the same name as A.txt",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_named(project, site, name):
    spoil, message = SPOILED[name]
    spoil(site)
    found = flaws(project, site)
    assert any(each.startswith(message) for each in found), found


def test_a_site_with_a_flaw_is_not_published(project, tmp_path, monkeypatch):
    folder = tmp_path / "dist"
    publish(project, folder, site=True)
    before = (folder / "SHA256SUMS").read_bytes()
    monkeypatch.setattr("mezan_graph.site.proof.SIBLINGS", (RDFXML,))
    with pytest.raises(FindingsError, match=r"does not prove itself:\n  class/.*\.rdf: is missing"):
        publish(project, folder, site=True)
    assert (folder / "SHA256SUMS").read_bytes() == before

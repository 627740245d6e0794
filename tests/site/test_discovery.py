"""Site map, robots, feed and citation: true, complete, and valid by their own specifications."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from mezan_graph.errors import SourceError
from mezan_graph.exports import published_graph
from mezan_graph.formats import NQUADS
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCT, XSD
from mezan_graph.serialization import serialize
from mezan_graph.site import discovery
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.changes import feed

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def page(path: str, language: str | None = "en", *, iri=None, indexed: bool = True):
    return SimpleNamespace(path=path, language=language, iri=iri, indexed=indexed)


PAGES = [
    page("index.html", None),
    page("en/index.html"),
    page("ar/index.html", "ar"),
    page("en/doc/person-p0001.html", indexed=False),
    page("ar/doc/person-p0001.html", "ar", indexed=False),
]


def files(project, graph=None, pages=PAGES) -> dict[str, bytes]:
    graph = graph or Graph([])
    addresses = Addresses(project, graph)
    return dict(discovery.discovery_files(project, graph, addresses, pages))


def xml(content) -> Any:
    return ET.fromstring(content)


def urls(content: bytes) -> dict[str, Any]:
    return {node.findtext(f"{MAP}loc"): node for node in xml(content)}


def test_the_site_map_names_every_page_but_those_that_are_not_to_be_listed(project):
    found = urls(files(project)["sitemap.xml"])
    assert set(found) == {project.base, f"{project.base}en/", f"{project.base}ar/"}


def test_each_address_names_every_language_and_itself(project):
    for node in urls(files(project)["sitemap.xml"]).values():
        links = {link.get("hreflang"): link.get("href") for link in node.iter(LINK)}
        assert links == {
            "en": f"{project.base}en/",
            "ar": f"{project.base}ar/",
            "x-default": project.base,
        }


def test_a_date_stands_only_where_the_graph_states_one(project):
    changed, silent = (ox.NamedNode(f"{project.base}id/{each}") for each in ("a", "b"))
    graph = Graph.from_quads(
        [ox.Quad(changed, DCT.modified, ox.Literal("2026-02-03", datatype=XSD.date))]
    )
    pages = [page("en/doc/a.html", iri=changed), page("en/doc/b.html", iri=silent)]
    found = urls(files(project, graph, pages)["sitemap.xml"])
    dates = {where[-6:]: node.findtext(f"{MAP}lastmod") for where, node in found.items()}
    assert dates == {"a.html": "2026-02-03", "b.html": None}


@pytest.mark.parametrize(("bound", "value"), [("MOST_URLS", 2), ("MOST_BYTES", 900)])
def test_a_site_map_past_its_bounds_is_split_with_an_index(project, monkeypatch, bound, value):
    whole = set(urls(files(project)["sitemap.xml"]))
    monkeypatch.setattr(discovery, bound, value)
    made = files(project)
    parts = [name for name in made if name.startswith("sitemap-")]
    assert len(parts) > 1
    assert list(urls(made["sitemap.xml"])) == [project.base + name for name in parts]
    found = [where for name in parts for where in urls(made[name])]
    assert (len(found), set(found)) == (len(whole), whole)


def test_addresses_are_those_of_the_host_where_one_is_set(project):
    hosted = dataclasses.replace(project, site_url="https://host.example/g/")
    made = files(hosted)
    assert "https://host.example/g/en/" in urls(made["sitemap.xml"])
    assert b"\nSitemap: https://host.example/g/sitemap.xml\n" in made["robots.txt"]
    assert made[".nojekyll"] == b""


def test_the_citation_file_conforms_to_the_official_schema(project, tmp_path):
    for number, each in enumerate([project, dataclasses.replace(project, issued=None)]):
        path = tmp_path / f"{number}.cff"
        path.write_bytes(files(each)["CITATION.cff"])
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema",
         "vendor.citation-file-format", *map(str, tmp_path.iterdir())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_feed_has_what_atom_requires_and_names_this_version(project):
    root = xml(feed(project, Graph([])))
    for node in (root, root.find(f"{ATOM}entry")):
        assert all(node.findtext(f"{ATOM}{each}") for each in ("id", "title", "updated"))
    assert root.findtext(f"{ATOM}author/{ATOM}name") == project.attribution
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{project.base}changes.atom"
    assert root.findtext(f"{ATOM}updated") == f"{project.issued}T00:00:00Z"


def test_without_a_date_of_issue_there_is_no_feed(project):
    assert "changes.atom" not in files(dataclasses.replace(project, issued=None))


@pytest.fixture
def release(project, tmp_path):
    """A folder with the dump and the feed of this version."""
    graph = published_graph(project)
    (tmp_path / "dump.nq").write_bytes(b"# header\n" + serialize(graph, NQUADS))
    (tmp_path / "changes.atom").write_bytes(feed(project, graph))
    return tmp_path


def test_the_feed_says_what_changed_since_the_last_release(project, release):
    entity = ox.NamedNode(f"{project.base}id/al-mezan")
    later = dataclasses.replace(project, version="9999", issued=project.issued.replace(year=9999))
    graph = published_graph(project).extended(
        [ox.Quad(entity, DCT.description, ox.Literal("x"))],
        ox.NamedNode(f"{project.base}graph/data"),
    )
    entries = list(xml(feed(later, graph, release)).iter(f"{ATOM}entry"))
    assert [each.findtext(f"{ATOM}id").rpartition("/")[2] for each in entries] == [
        "9999",
        project.version,
    ]
    assert entries[0].findtext(f"{ATOM}summary") == (
        f"1 statements added, 0 removed.\nChanged:\n{entity.value}"
    )


def test_the_same_statements_are_said_to_be_the_same(project, release):
    later = dataclasses.replace(project, version="9999")
    content = feed(later, published_graph(project), release)
    assert content is not None
    assert b"The same statements as in the version before." in content


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "dump.nq").unlink(), "the same as this one"),
        (lambda folder: (folder / "changes.atom").unlink(), "cannot be read"),
        (lambda folder: (folder / "changes.atom").write_text("<x>"), "not XML"),
        (lambda folder: (folder / "changes.atom").write_text("<!DOCTYPE x><x/>"), "holds a DTD"),
    ],
)
def test_a_release_that_cannot_be_compared_is_refused(project, release, spoil, message):
    spoil(release)
    with pytest.raises(SourceError, match=message):
        feed(project, Graph([]), release)

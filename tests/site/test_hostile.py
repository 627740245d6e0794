"""Hostile data on pages: nothing runs, nothing leaves its place, and pages stay usable."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from tests.conftest import CHECKOUT, served_strictly

from mezan_graph.embedding import Embedder
from mezan_graph.exports import published_graph
from mezan_graph.project import Project
from mezan_graph.serialization import canonical
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.network import Network
from mezan_graph.site.pages.choice import choice_page
from mezan_graph.site.pages.classes import class_pages
from mezan_graph.site.pages.entity import entity_page
from mezan_graph.site.pages.front import front_page
from mezan_graph.site.pages.general import general_pages, not_found_page
from mezan_graph.site.pages.lists import list_pages
from mezan_graph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Dialog

ASSETS = CHECKOUT / "src" / "mezan_graph" / "site" / "assets"

BASE = "https://example.org/g/"
ATTACK = "</script><script>alert(1)</script><!--<script><img src=x onerror=alert(1)>"
LONG = "a" * 300
OURS = re.compile(r"[./]*(?:assets|browser)/[\w-]+\.js")
IRIS = {
    "script": '"&<b>'.replace('"', "%22").replace("<", "%3C").replace(">", "%3E"),
    "above": "../../escape",
    "device": "CON",
    "long": LONG,
    "upper": "Twin",
    "lower": "twin",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
}


def literal(text: str) -> str:
    return str(ox.Literal(text))


def hostile_turtle() -> str:
    labels = {
        "script": literal(ATTACK),
        "above": literal("\u202eevil\u202c \u2066x"),
        "device": literal("ring\u0007 \u001b[31mred"),
        "long": literal("L" * 1_000_000),
        "upper": literal("x onload=alert(1)") + "@en",
        "lower": literal("' onmouseover='alert(1)") + "@ar",
        "composed": literal("{{ 7*7 }} {% raw %}"),
        "decomposed": literal("]]>&amp;"),
    }
    lines = [f"@prefix schema: <https://schema.org/> .\n@prefix id: <{BASE}id/> ."]
    lines += [
        f"<{BASE}id/{local}> a schema:Organization ; schema:name {labels[name]} ;\n"
        f"  schema:description {literal(ATTACK)} ;\n"
        "  schema:url <javascript:alert(1)> , <data:text/html,alert(1)> , <vbscript:x> ,\n"
        "    <https://example.org/%22onclick=alert(1)> ."
        for name, local in IRIS.items()
    ]
    lines.append('id:hub a schema:Organization ; schema:name "Hub" .')
    lines += [
        f'id:m{n} a schema:Thing ; schema:name "Member {n}" ; schema:memberOf id:hub .'
        for n in range(10_000)
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    root = tmp_path_factory.mktemp("hostile")
    for name in ("data", "shapes"):
        (root / name).mkdir()
    (root / "mezan.toml").write_text(
        '[project]\nname = "g"\nlanguages = ["en", "ar", "fr"]\n'
        f'base = "{BASE}"\ntitle = "A <b>title</b>"\nattribution = {ATTACK!r}\n'
    )
    (root / "data" / "all.ttl").write_text(hostile_turtle())
    return Project.open(root)


@pytest.fixture(scope="module")
def pages(project) -> dict[str, str]:
    """Every page but those about one of the many members."""
    graph = canonical(published_graph(project))
    addresses = Addresses(project, graph)
    knowledge = Knowledge(project, graph)
    network, embedder = Network(knowledge), Embedder(project, graph)
    views = [View(knowledge, addresses, language) for language in project.languages]
    made = [choice_page(views), not_found_page(views)]
    for view in views:
        made += [front_page(view, network, 0), *list_pages(view), *general_pages(view, [])]
    for iri, stem in addresses.stems.items():
        if stem.startswith("class/"):
            made += [page for view in views for page in class_pages(view, iri)]
        elif not re.fullmatch(r"doc/m\d+", stem):
            made.append(choice_page(views, iri))
            made += [entity_page(view, iri, network, embedder) for view in views]
    return {page.path: page.content.decode() for page in made}


class Elements(HTMLParser):
    """Collects the start tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_no_page_has_a_script_a_handler_or_a_style_of_the_data(pages):
    for name, html in pages.items():
        for tag, attributes in Elements(html).found:
            assert not any(each.startswith("on") for each in attributes), (name, tag)
            assert "style" not in attributes, (name, tag)
            assert tag not in {"style", "iframe", "object", "base"}, name
            if tag == "script" and attributes.get("type") != "application/ld+json":
                assert OURS.fullmatch(attributes["src"] or ""), name


def test_only_safe_addresses_become_links(pages):
    for html in pages.values():
        for address in re.findall(r'href="([^"]*)"', html):
            assert re.match(r"https?://|mailto:|[^:]*(?:[/?#]|$)", address), address
    assert any("javascript:alert(1)" in html for html in pages.values())


def test_no_override_or_control_character_reaches_a_page(pages):
    for name, html in pages.items():
        assert not set(html) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u001b\u0007"), name


def test_every_page_is_small(pages):
    sizes = {name: len(html.encode()) for name, html in pages.items()}
    assert max(sizes.values()) < 100_000, max(sizes, key=lambda name: sizes[name])


def test_a_thing_with_many_links_says_how_many_more_there_are_in_the_data(pages):
    hub = pages["en/doc/hub.html"]
    assert re.search(r"9[ ,]?9\d\d more are not shown here", hub)
    assert 'href="../../doc/hub.ttl"' in hub


def test_a_long_label_is_shortened_with_a_way_to_the_data(pages):
    shown = [html for name, html in pages.items() if "LLLL" in html and "en/doc" in name]
    assert shown
    assert not any("L" * 1000 in html.split("</head>")[1] for html in shown)
    assert all(".ttl" in html for html in shown)


def test_twins_have_pages_of_their_own(pages):
    english = {name.lower() for name in pages if name.startswith("en/doc/")}
    assert len(english) == len(IRIS) + 1


def test_a_list_of_any_length_goes_on_on_further_pages(pages):
    first, second = pages["en/class/schema-thing.html"], pages["en/class/schema-thing~2.html"]
    assert 'rel="next" href="schema-thing~2.html"' in first
    assert 'rel="prev" href="schema-thing.html"' in second


def test_further_pages_of_a_list_have_no_twin_in_another_language(pages):
    # Lists are sorted by name and filled by size, so that their further pages differ.
    first, second = pages["en/class/schema-thing.html"], pages["en/class/schema-thing~2.html"]
    assert 'hreflang="x-default"' in first
    assert '<link rel="alternate" hreflang' not in second
    assert 'href="../../ar/class/schema-thing.html"' in second


def test_what_has_no_page_here_is_no_link(project):
    graph = canonical(published_graph(project))
    view = View(Knowledge(project, graph), Addresses(project, graph), "en")
    assert "<a" not in view.link(ox.NamedNode(f"{BASE}id/nobody"), "en")
    assert "<a" in view.link(ox.NamedNode("https://example.org/elsewhere"), "en")


def test_templates_of_the_data_stay_text(pages):
    assert any("{{ 7*7 }}" in html for html in pages.values())


@pytest.fixture(scope="module")
def address(pages, tmp_path_factory) -> Iterator[str]:
    """Where the pages are served."""
    folder = tmp_path_factory.mktemp("served")
    for name, html in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(html)
    shutil.copytree(ASSETS, folder / "assets")
    shutil.copytree(ASSETS, folder / "g" / "assets")
    with served_strictly(folder) as url:
        yield url


def test_nothing_of_the_data_runs_in_a_browser(address, pages, chromium):
    ran: list[str] = []
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()

    def dismissed(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("console", lambda said: ran.append(said.text) if "Policy" in said.text else None)
    for name in pages:
        if name.startswith(("en/doc/~", "ar/doc/~", "en/index", "doc/~")):
            page.goto(address + quote(name))
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) <= 0, name
            assert page.locator("h1").first.inner_text()
    context.close()
    assert ran == []

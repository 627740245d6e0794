"""What others read from our pages is what we put into them, whatever the texts are."""

from __future__ import annotations

import json
import os
from pathlib import Path

import extruct  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedding.conftest import (
    canonical_text,
    entity,
    read_by_pyld,
    said_by,
    small_embedder,
)

from mezan_graph.embedding import schema_org_context
from mezan_graph.graph import Graph
from mezan_graph.serialization import canonical

JSONLD_JS = Path(__file__).resolve().parents[1] / "browser/node_modules/jsonld/dist/jsonld.min.js"
HOSTILE = [
    "</script><script>window.taken = true</script>",
    "<!--<script>",
    "<!-- --> ]]> --!>",
    "&lt;/script&gt; &amp; &quot;",
    "line\u2028separator\u2029paragraph",
    "\u202eright to left\u202c \u2066isolated\u2069",
    'quote " backslash \\ \\u003c',
    "tab\tnew line\n return\r nul\x00 escape\x1b",
    "مركز الميزان",
    "\U0001f9ff\ufeff\ufffe",
    "'><img src=x onerror=window.taken=true>",
    "{{ 7*7 }} <?php ?> <% %>",
]
PAGE = "<!doctype html><html><head><title>x</title>{}</head><body></body></html>"


@pytest.fixture(scope="session")
def jsonld_js(chromium):
    """A page of a real browser, offline, in which jsonld.js reads documents."""
    if not JSONLD_JS.is_file():
        reason = "`npm --prefix tests/browser ci` installs jsonld.js"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    yield page
    context.close()


IN_THE_BROWSER = """async (context) => {
    const documentLoader = async (url) => {
        if (url !== 'https://schema.org') throw new Error('fetched: ' + url);
        return {contextUrl: null, documentUrl: url, document: context};
    };
    const found = document.querySelectorAll('script[type="application/ld+json"]');
    const read = [];
    for (const each of found) {
        read.push(await jsonld.toRDF(JSON.parse(each.textContent),
            {format: 'application/n-quads', documentLoader}));
    }
    return read;
}"""


def read_by_browser(page, html: str) -> list[bytes]:
    page.set_content(html)
    page.add_script_tag(path=JSONLD_JS)
    assert page.evaluate("window.taken") is None
    read = page.evaluate(IN_THE_BROWSER, schema_org_context())
    return [canonical_text(each) for each in read]


def read_by_extruct(html: str) -> list[bytes]:
    found = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    return [read_by_pyld(each) for each in found]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_extruct_reads_the_same_graph_of_every_entity(embedder, entities, language):
    snippets = [embedder.snippet(each, language=language) for each in entities]
    html = PAGE.format("".join(each.html for each in snippets))
    assert read_by_extruct(html) == [said_by(each) for each in snippets]


def test_extruct_reads_everything_that_is_known_of_an_entity(embedder, entities):
    chosen = [each for each in entities if "cite-" not in each.value][::9]
    snippets = [embedder.snippet(each, full=True) for each in chosen]
    html = PAGE.format("".join(each.html for each in snippets))
    assert read_by_extruct(html) == [said_by(each) for each in snippets]


def test_a_browser_reads_the_same_graphs(embedder, entities, jsonld_js):
    plain = [embedder.snippet(each, language="ar") for each in entities[::4]]
    full = [embedder.snippet(each, full=True) for each in entities[::25]]
    snippets = [*plain, *full, embedder.snippet(embedder.dataset)]
    html = PAGE.format("".join(each.html for each in snippets))
    assert read_by_browser(jsonld_js, html) == [said_by(each) for each in snippets]


def test_no_text_ends_the_script_or_runs_in_a_browser(project, jsonld_js):
    turtle = "".join(
        f"<https://w3id.org/mezan-graph/id/x{number}> a schema:Claim ; "
        f"schema:text {ox.Literal(text, language='en')} .\n"
        for number, text in enumerate(HOSTILE)
    )
    embedder = small_embedder(project, turtle)
    snippets = [embedder.snippet(entity(f"x{number}")) for number in range(len(HOSTILE))]
    html = PAGE.format("".join(each.html for each in snippets))
    assert read_by_browser(jsonld_js, html) == [said_by(each) for each in snippets]
    assert [each.document["text"] for each in snippets] == HOSTILE


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=40), st.sampled_from(HOSTILE), st.from_regex(r"<[!/a-z-]{0,9}")
    ),
    full=st.booleans(),
)
def test_any_text_comes_back_from_the_page(project, text, full):
    quad = f"<{entity('x').value}> a schema:Claim ; schema:text {ox.Literal(text, language='en')} ."
    snippet = small_embedder(project, quad).snippet(entity("x"), full=full)
    assert not set("<>&") & set(snippet.json)
    assert all(each.isprintable() for each in snippet.html)
    scripts = html5lib.parse(PAGE.format(snippet.html), namespaceHTMLElements=False).iter("script")
    [script] = list(scripts)
    assert json.loads(script.text) == snippet.document
    assert read_by_pyld(snippet.document) == said_by(snippet)


def test_the_graph_of_a_full_snippet_is_the_description_of_the_entity(project, embedder, al_mezan):
    from mezan_graph.exports import shortcuts_graph
    from mezan_graph.serialization import describe

    snippet = embedder.snippet(entity("al-mezan"), full=True)
    described = describe(al_mezan, entity("al-mezan"), shortcuts=shortcuts_graph(project))
    union = Graph.from_quads({ox.Quad(*quad.triple) for quad in described})
    assert said_by(snippet) == canonical(union).text()
    assert snippet.language is None
    assert isinstance(snippet.document["@context"], dict)

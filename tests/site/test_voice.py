"""Whose voice a page speaks in, what it calls undated, and what it keeps of people."""

from __future__ import annotations

import html
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest

from mezan_graph.embedding import Embedder
from mezan_graph.exports import published_graph
from mezan_graph.namespaces import ORG, PROV, RDF, SCHEMA
from mezan_graph.site.addresses import Addresses
from mezan_graph.site.claims import is_claim, is_note, words
from mezan_graph.site.evidence import period
from mezan_graph.site.knowledge import LABELS, Knowledge
from mezan_graph.site.network import Network
from mezan_graph.site.pages.choice import choice_page
from mezan_graph.site.pages.entity import entity_page
from mezan_graph.site.pages.lists import list_pages
from mezan_graph.site.pages.queries import all_queries, answered, query_page
from mezan_graph.site.view import View

if TYPE_CHECKING:
    import pyoxigraph as ox

LANGUAGES = ("en", "ar")
UNDATED = {"en": "undated", "ar": "بلا تاريخ"}


class Site:
    """The pages about things, and the lists, of the published graph."""

    def __init__(self, project) -> None:
        self.graph = published_graph(project)
        self.knowledge = Knowledge(project, self.graph)
        addresses = Addresses(project, self.graph)
        network, embedder = Network(self.knowledge), Embedder(project, self.graph)
        self.views = {each: View(self.knowledge, addresses, each) for each in LANGUAGES}
        self.pages = {
            (iri, language): entity_page(view, iri, network, embedder)
            for (language, view), iri in product(self.views.items(), addresses.stems)
            if addresses.stems[iri].startswith("doc/")
        }
        self.lists = [page for view in self.views.values() for page in list_pages(view)]

    def of(self, is_one) -> list[ox.NamedNode]:
        found = [iri for iri, language in self.pages if language == "en" and is_one(iri)]
        assert found
        return found

    def main(self, iri: ox.NamedNode, language: str) -> str:
        return self.pages[iri, language].content.decode().split("<main", 1)[1]


@pytest.fixture(scope="module")
def site(project) -> Site:
    return Site(project)


def unquoted(page: str) -> str:
    """What a page says itself: no quotations, and not the copy of the data for machines."""
    rest = re.sub(r"<blockquote>.*?</blockquote>", "", page, flags=re.DOTALL)
    rest = re.sub(r"<script type=\"application/ld\+json\".*?</script>", "", rest, flags=re.DOTALL)
    return html.unescape(rest)


def test_no_page_says_in_its_own_voice_what_is_claimed(site):
    claims = site.of(lambda iri: is_claim(site.knowledge, iri))
    texts = [each.value for iri in claims for each in site.knowledge.literals(iri, SCHEMA.text)]
    assert len(texts) >= len(claims)
    for page in [*site.pages.values(), *site.lists]:
        spoken = unquoted(page.content.decode())
        assert [text for text in texts if text in spoken] == [], page.path


def test_each_claim_stands_under_how_the_source_puts_it_and_its_claimant(site):
    for iri, language in product(site.of(lambda iri: is_claim(site.knowledge, iri)), LANGUAGES):
        view = site.views[language]
        caption = site.main(iri, language).split("<figcaption>")[1].split("<blockquote>")[0]
        modality = site.knowledge.values(iri, site.knowledge.mz.modality)[0]
        assert view.name(modality) in html.unescape(caption)
        claimants = site.knowledge.values(iri, PROV.wasAttributedTo)
        for each in claimants:
            assert view.name(each) in html.unescape(caption)
        if not claimants:
            assert view.gettext("no claimant is named") in caption


def test_a_contradiction_shows_all_its_sides_beside_each_other_with_their_places(site):
    contradiction = site.knowledge.mz.Contradiction
    found = site.of(lambda iri: contradiction in site.knowledge.types(iri))
    for iri, language in product(found, LANGUAGES):
        sides = site.main(iri, language).split('<ul class="sides apart">')[1].split("</ul>")[0]
        assert sides.count("<li>") >= 2
        assert all('<span class="at">' in side for side in sides.split("<li>")[1:])


def test_a_note_does_not_settle_what_it_records(site):
    notes = site.of(lambda iri: is_note(site.knowledge, iri))
    for iri, language in product(notes, LANGUAGES):
        assert site.views[language].gettext("Recorded and not settled.") in site.main(iri, language)


def test_what_has_no_date_is_shown_as_undated(site):
    mz = site.knowledge.mz
    kinds = {SCHEMA.MonetaryGrant, SCHEMA.Grant, ORG.Membership, mz.Status}
    undated = site.of(
        lambda iri: (
            kinds & set(site.knowledge.types(iri)) and site.knowledge.values(iri, mz.notStated)
        )
    )
    assert len(undated) >= 10
    for iri, language in product(undated, LANGUAGES):
        dated = period(site.views[language], iri, f"{language}/doc") is not None
        text = f'<span class="undated">{UNDATED[language]}</span>'
        assert (text in site.main(iri, language)) != dated, iri


def test_pages_of_people_are_not_indexed_and_say_name_office_and_nothing_else(site):
    people = site.of(site.knowledge.is_person)
    allowed = {RDF.type, *LABELS}
    for iri, language in product(people, LANGUAGES):
        assert allowed >= set(site.knowledge.properties(iri))
        page = site.pages[iri, language]
        assert not page.indexed
        assert '<meta name="robots" content="noindex">' in page.content.decode()
        text = site.main(iri, language)
        sections = set(re.findall(r'<section aria-labelledby="([^"]+)"', text))
        assert sections <= {"network-h", "offices-h", "notes"}
        assert "<img" not in text
        assert UNDATED[language] in text
    for iri in people:
        choice = choice_page(list(site.views.values()), iri)
        assert not choice.indexed
        assert b'content="noindex"' in choice.content


def test_words_of_a_claim_in_an_answer_say_whose_they_are(project, site):
    claims = site.knowledge.instances(SCHEMA.Claim)
    said = {each.value for claim in claims for each in words(site.knowledge, claim)}
    quoted = 0
    for query in all_queries(project):
        asked = answered(project, site.graph, query)
        for language, view in site.views.items():
            page = query_page(view, asked).content.decode()
            for cell in re.findall(r"<td>(.*?)</td>", page, re.DOTALL):
                first, _, rest = cell.partition("</blockquote>")
                if html.unescape(re.sub("<.*?>", "", first)).strip() in said:
                    assert 'class="modality"' in rest, (query.name, language, cell)
                    assert 'class="claimant"' in rest, (query.name, language, cell)
                    quoted += 1
    assert quoted > 20

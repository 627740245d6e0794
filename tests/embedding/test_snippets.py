"""What is embedded of each kind of entity: schema.org alone, and nothing in our own voice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.embedding.conftest import BASE, entity, small_embedder

import mezan_graph
from mezan_graph.description import DUMPS
from mezan_graph.embedding import Embedder
from mezan_graph.errors import UnknownEntityError, UsageError
from mezan_graph.namespaces import SCHEMA
from mezan_graph.vocabularies import defined_terms

UNDATED = "As listed in the source, undated"


def answer(project, query: str, name: str) -> set[str]:
    rows: Any = mezan_graph.query(project, query)
    return {row[name].value for row in rows}


def document(embedder: Embedder, slug: str, language: str = "en"):
    return embedder.snippet(entity(slug), language=language).document


def test_an_organisation_has_its_funders_as_the_source_lists_them(project, embedder):
    grants = document(embedder, "al-mezan")["funding"]
    funders = answer(project, "funders", "funder")
    assert {each["funder"]["@id"] for each in grants} == funders
    described = {each["funder"]["name"]: each["description"] for each in grants}
    dated = described.pop("The French Consulate")
    assert dated == "As listed in the source, period 2002/2003"
    assert set(described.values()) == {UNDATED}


def test_a_shortcut_never_takes_the_place_of_the_relationship(embedder):
    made = document(embedder, "al-mezan")
    assert "funder" not in made
    assert {each["@type"] for each in made["memberOf"]} == {"OrganizationRole"}


def test_an_organisation_has_its_memberships(project, embedder):
    roles = document(embedder, "al-mezan")["memberOf"]
    networks = answer(project, "networks", "network")
    assert {each["memberOf"]["@id"] for each in roles} == networks
    assert {each["description"] for each in roles} == {UNDATED}
    assert {each["roleName"] for each in roles} == {"member"}


def test_an_organisation_has_its_officers_by_post_and_name_and_nothing_else(embedder):
    officers = document(embedder, "al-mezan")["member"]
    assert [each["roleName"] for each in officers] == [
        "Chairman",
        "Vice Chairman",
        "Director General",
    ]
    for each in officers:
        assert each["@type"] == "OrganizationRole"
        assert each["description"] == "As given in the infobox of the source, undated"
        assert set(each["member"]) == {"@type", "@id", "name"}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_person_has_a_type_a_name_and_a_post(embedder, number):
    made = document(embedder, f"person-p000{number}")
    assert set(made) == {"@context", "@type", "@id", "name", "memberOf"}
    assert set(made["memberOf"]) == {"@type", "@id", "roleName", "description", "memberOf"}


def test_the_two_sites_and_the_area_carry_how_the_source_puts_them(embedder):
    made = document(embedder, "al-mezan")
    assert {each["description"] for each in made["location"]} == {
        "As given in the infobox of the source",
        "As the source itself says",
    }
    assert made["areaServed"]["@type"] == "Role"
    assert made["areaServed"]["areaServed"]["name"] == "Palestine"


def test_a_claim_keeps_claimant_and_wording(embedder):
    made = document(embedder, "claim-goal-1")
    assert made["author"]["@id"] == entity("al-mezan").value
    assert made["description"] == (
        "As declared by Al Mezan Center for Human Rights, according to the source; "
        "in the words of the source: “declared goals”"
    )
    assert made["appearance"]["@type"] == "Article"


def test_what_is_reported_has_no_author(embedder):
    made = document(embedder, "claim-reported-killed")
    assert "author" not in made
    assert made["description"].startswith("As reported in the source, which does not say by whom")


def test_every_claim_says_how_the_source_puts_it(embedder, entities):
    for each in entities:
        for language in ("en", "ar"):
            made = embedder.snippet(each, language=language).document
            if made["@type"] == "Claim":
                assert made["description"], each


def test_a_verdict_is_never_given(embedder, entities):
    text = "".join(embedder.snippet(each).json for each in entities)
    assert "ClaimReview" not in text
    assert "nonprofitStatus" not in text


def test_a_funder_shows_what_it_is_listed_for(embedder):
    made = document(embedder, "ford-foundation")
    grant = made["@reverse"]["funder"]
    assert grant["description"] == UNDATED
    assert grant["fundedItem"]["@id"] == entity("al-mezan").value


def test_the_report(embedder):
    made = document(embedder, "report-2017")
    assert made["@type"] == "Report"
    assert made["datePublished"] == "2017"
    assert made["publisher"]["name"] == "Al Mezan Center for Human Rights"


def test_the_data_set_is_complete_for_data_set_search(project, embedder):
    made = embedder.snippet(embedder.dataset).document
    assert made["@type"] == "Dataset"
    assert made["name"] == "The Al Mezan graph"
    assert 50 <= len(made["description"]) <= 5000
    assert made["license"] == project.license
    assert made["creator"] == {
        "@type": "Organization",
        "@id": f"{BASE}dataset/al-mezan#creator",
        "name": "The mezan-graph contributors",
    }
    assert made["isAccessibleForFree"] is True
    assert made["version"] == project.version
    assert made["inLanguage"] == ["ar", "en"]
    assert len(made["keywords"]) == 5
    assert {each["contentUrl"] for each in made["distribution"]} == {
        f"{BASE}{name}" for name, _, _ in DUMPS
    }
    assert all("/" in each["encodingFormat"] for each in made["distribution"])


def test_the_data_set_is_found_by_name(project):
    made = mezan_graph.embed(project, "dataset")
    assert made.entity.value == f"{BASE}dataset/al-mezan"
    assert mezan_graph.embed(project, made.entity.value).json == made.json


def test_texts_are_plain_strings_in_the_language_of_the_page(embedder):
    made = document(embedder, "al-mezan", "ar")
    assert made["name"] == "مركز الميزان لحقوق الانسان"
    assert made["member"][0]["roleName"] == "الرئيس"
    assert made["funding"][0]["description"] == "كما ورد في قائمة المصدر، بلا تاريخ"
    assert "@value" not in json.dumps(made)
    assert "@language" not in json.dumps(made)


def test_what_the_language_lacks_falls_back(embedder):
    assert document(embedder, "ford-foundation", "ar")["name"] == "The Ford Foundation"
    assert document(embedder, "al-mezan", "en")["alternateName"] == "ميزان"
    assert document(embedder, "al-mezan", "fr")["name"] == "Al Mezan Center for Human Rights"


def test_only_schema_org_is_used(embedder, entities):
    known = defined_terms(SCHEMA.iri) or frozenset()

    def check(node):
        for key, value in node.items():
            if key == "@reverse":
                check(value)
                continue
            assert key in {"@context", "@type", "@id"} or key in known, key
            for each in value if isinstance(value, list) else [value]:
                assert key != "@type" or each in known, each
                if isinstance(each, dict):
                    check(each)

    for each in entities:
        check(embedder.snippet(each).document)


def test_the_same_graph_in_another_order_makes_the_same_bytes(project, al_mezan, entities):
    from mezan_graph.graph import Graph

    turned = Graph.from_quads(reversed(list(al_mezan)), al_mezan.prefixes)
    one, other = Embedder(project, al_mezan), Embedder(project, turned)
    for each in entities:
        assert one.snippet(each).json == other.snippet(each).json


def test_plain_triples_of_another_project_are_embedded_as_they_are(project):
    embedder = small_embedder(
        project,
        "id:a a schema:NGO ; schema:name 'A' ; schema:funder id:b ; schema:memberOf id:c ;"
        " schema:foundingDate '1999-05-01'^^xsd:date ; schema:location <https://example.org/x> ."
        " id:b a schema:Organization ; schema:name 'B'@fr . id:c a org:Organization .",
    )
    made = embedder.snippet(entity("a")).document
    assert made["funder"] == {"@type": "Organization", "@id": f"{BASE}id/b", "name": "B"}
    assert made["memberOf"] == {"@type": "Organization", "@id": f"{BASE}id/c"}
    assert made["location"] == {"@id": "https://example.org/x"}


def test_a_modality_without_a_phrase_is_told_by_its_definition(project):
    embedder = small_embedder(
        project,
        "id:g a schema:Grant ; schema:name 'G' ; mz:modality concept:heard ."
        " concept:heard a skos:Concept ; skos:definition 'Heard on the radio.'@en .",
    )
    assert embedder.snippet(entity("g")).document["description"] == "Heard on the radio."


def test_ten_thousand_links_make_a_snippet_of_bounded_size(project):
    links = "".join(
        f"id:m{n} a org:Membership ; org:organization id:hub ; org:member id:x ."
        for n in range(10_000)
    )
    embedder = small_embedder(
        project, f"id:hub a schema:Organization . id:x a schema:Person .{links}"
    )
    made = embedder.snippet(entity("hub"))
    assert len(made.document["member"]) == 100
    assert len(made.html) < 50_000


def test_a_label_of_a_megabyte_is_cut(project):
    name = "مركز " * 250_000
    made = small_embedder(project, f'id:x a schema:NGO ; schema:name "{name}"@ar .')
    text = made.snippet(entity("x")).document["name"]
    assert text == name[:4999] + "…"
    assert made.snippet(entity("x"), full=True).document["name"] == {"ar": name}


def test_the_distributions_are_the_files_that_a_build_writes(project, al_mezan):
    from mezan_graph.publication import published_files

    written = set()
    for name, _ in published_files(project, al_mezan):
        if not name.startswith("dump"):
            break
        written.add(name)
    assert written == {name for name, _, _ in DUMPS}


def test_an_entity_that_is_not_there(project, embedder):
    with pytest.raises(UnknownEntityError, match="nothing is said"):
        embedder.snippet(entity("nobody"))
    with pytest.raises(UnknownEntityError, match="no entity 'al-mizan'") as error:
        mezan_graph.embed(project, "al-mizan")
    assert error.value.hint == "did you mean al-mezan?"


@pytest.mark.parametrize("language", ["", "e n", '"><script>', "en_GB"])
def test_a_language_is_a_language_tag(embedder, language):
    with pytest.raises(UsageError, match="not a language tag"):
        embedder.snippet(entity("al-mezan"), language=language)


def test_the_element_names_its_entity_and_language(embedder):
    made = embedder.snippet(entity("al-mezan"), language="ar")
    assert made.html.startswith(
        f'<script type="application/ld+json" data-mezan="{BASE}id/al-mezan" lang="ar">'
        '{"@context":"https://schema.org","@type":"NGO",'
    )
    assert made.html.endswith("</script>")
    assert "lang=" not in embedder.snippet(entity("al-mezan"), full=True).html

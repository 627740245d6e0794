"""Lists, classes and the front page of a store: the entries that they have at home."""

from __future__ import annotations

import re

import pytest

LISTS = ["funders", "affiliations", "people", "claims", "reports", "sources", "notes"]


def pages(server, stem, language="en"):
    """The content of every page of a list, one after the other."""
    found = []
    for number in range(1, 20):
        name = stem if number == 1 else f"{stem}~{number}"
        reply = server.get(f"{language}/{name}.html")
        assert reply.status == 200, reply.body
        found.append(reply.body.decode())
        if 'rel="next"' not in found[-1]:
            break
    return found


def entries(server, stem, language="en"):
    """Everything of the data that the pages of a list link to."""
    contents = (each.partition('<main id="content"')[2] for each in pages(server, stem, language))
    return {link for each in contents for link in re.findall(r'href="([^"]*doc/[^"]+)"', each)}


@pytest.mark.parametrize("stem", LISTS)
def test_a_list_has_the_entries_that_it_has_at_home(either, server, stem):
    for language in ("en", "ar"):
        here, there = (entries(each, stem, language) for each in (server, either))
        assert here == there != set()


@pytest.mark.parametrize("stem", LISTS)
def test_a_short_list_is_the_page_that_it_is_at_home(either, server, stem):
    for language in ("en", "ar"):
        here, there = (each.get(f"{language}/{stem}.html").body for each in (server, either))
        assert there == here


@pytest.mark.parametrize(
    "name",
    [
        "org-organization",
        "schema-grant",
        "mz-contradiction",
        "skos-concept",
        "oa-specific-resource",
    ],
)
def test_a_class_lists_what_is_of_it(either, server, name):
    here, there = (entries(each, f"class/{name}") for each in (server, either))
    assert here == there
    data = [each.get(f"class/{name}.nt") for each in (server, either)]
    assert [each.status for each in data] == [200, 200]
    assert len(data[0].body.splitlines()) == len(data[1].body.splitlines())


def test_the_front_page_is_the_one_at_home(either, server):
    for language in ("en", "ar"):
        here, there = (each.get(f"{language}/").body for each in (server, either))
        assert there == here
    assert either.get("").status == 303
    assert either.get("en/class/nothing.html").status == 404


def test_every_page_that_the_head_leads_to_is_there(distant):
    text = distant.get("en/index.html").body.decode()
    links = set(re.findall(r'href="([a-z]+\.html)"', text))
    assert {"funders.html", "people.html", "queries.html", "search.html"} <= links


def test_pages_of_a_list_have_the_order_of_positions(crowd):
    found = pages(crowd, "reports")
    assert len(found) == 3
    numbers = [int(each) for page in found for each in re.findall(r'"doc/report-(\d+).html', page)]
    assert list(dict.fromkeys(numbers)) == list(range(249, -1, -1))
    assert ['rel="prev"' in each for each in found] == [False, True, True]
    assert all('class="count">250<' in each for each in found)
    for name in (
        "reports~1",
        "reports~0",
        "reports~x",
        "reports~02",
        "reports~4",
        "reports~999999999",
    ):
        assert crowd.get(f"en/{name}.html").status == 404


def test_a_list_too_long_to_be_ordered_is_whole_in_the_order_of_the_store(crowd):
    assert 'class="count">20120<' in crowd.get("en/people.html").body.decode()
    found: set[str] = set()
    for number in (*range(1, 4), 201, 202):
        page = crowd.get(f"en/people~{number}.html" if number > 1 else "en/people.html")
        names = set(re.findall(r'"doc/person-(\d+).html', page.body.decode()))
        assert len(names) == (100 if number < 202 else 20)
        assert found.isdisjoint(names)
        found |= names
    assert crowd.get("en/people~203.html").status == 404
    assert (
        len(
            set(
                re.findall(
                    r"person-(\d+).html", crowd.get("en/class/schema-person~7.html").body.decode()
                )
            )
        )
        == 100
    )
    front = crowd.get("en/index.html").body.decode()
    assert "<b>250</b>" in front

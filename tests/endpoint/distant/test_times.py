"""The time line and the site map of a store."""

from __future__ import annotations

import re

import pytest
from tests.endpoint.distant.conftest import TYPE, load


def test_the_time_line_is_the_one_at_home(either, server):
    for language in ("en", "ar"):
        here, there = (each.get(f"{language}/timeline.html") for each in (server, either))
        assert (there.status, there.body) == (200, here.body)


def test_the_site_map_is_the_one_at_home(either, server):
    here, there = (each.get("sitemap.xml") for each in (server, either))
    assert there.headers["Content-Type"] == here.headers["Content-Type"]
    assert there.body == here.body
    assert either.get("sitemap-1.xml").status == 404
    assert either.get("changes.atom").body == server.get("changes.atom").body


@pytest.fixture(scope="module")
def many(start_shared_server, new_store, project):
    """A server of 12,000 dated grants and one person."""
    space = f"{project.base}id/"
    lines = [f"<{space}somebody> {TYPE} <https://schema.org/Person> ."]
    for number in range(12_000):
        grant = f"<{space}Grant_{number}>"
        lines += [
            f"{grant} {TYPE} <https://schema.org/Grant> .",
            f'{grant} <https://schema.org/startDate> "{2000 + number % 20}-01-01" .',
            f'{grant} <https://schema.org/dateModified> "2026-01-0{1 + number % 9}"'
            "^^<http://www.w3.org/2001/XMLSchema#date> .",
        ]
        if number % 2:
            lines.append(f'{grant} <https://schema.org/endDate> "1990" .')
    store = new_store()
    load(store, "\n".join([*lines, ""]).encode(), "/store?default", "n-triples")
    return start_shared_server(None, "--endpoint", store.query_url, seconds=60)


def test_the_time_line_of_many_dates_begins_with_the_first(many):
    page = many.get("en/timeline.html").body.decode()
    assert "The data has 18000 dates" in page
    assert page.count("1990") >= 40
    assert "2001" not in page


def test_a_large_site_has_several_site_maps(many, project):
    index = many.get("sitemap.xml").body.decode()
    names = re.findall(r"<loc>[^<]*/([^</]+)</loc>", index)
    assert names == [f"sitemap-{number}.xml" for number in range(1, 5)]
    first, *others = [many.get(each).body.decode() for each in names]
    assert "/en/queries.html" in first
    assert "/en/class/schema-grant.html" in first
    found = [re.findall(r"<loc>[^<]*/en/doc/(Grant_[0-9]+)\.html</loc>", each) for each in others]
    assert [len(each) for each in found] == [5000, 5000, 2000]
    assert len({name for each in found for name in each}) == 12_000
    assert "<lastmod>2026-01-0" in others[0]
    assert not any("somebody" in each for each in (first, *others))
    for name in (
        "sitemap-0.xml",
        "sitemap-5.xml",
        "sitemap-01.xml",
        "sitemap-x.xml",
        "sitemapx.xml",
    ):
        assert many.get(name).status == 404
    # What is called by no slug is linked to, and found there.
    assert '"doc/Grant_1.html"' in many.get("en/funders.html").body.decode()
    assert many.get("en/doc/Grant_1.html").status == 200

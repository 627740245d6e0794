"""Who is linked with whom, read from grants, memberships, statuses and parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.site.knowledge import Knowledge
from mezan_graph.site.network import CROWDED, Kind, Network, Relation

if TYPE_CHECKING:
    from mezan_graph.project import Project


def named(project: Project, slug: str) -> ox.NamedNode:
    return ox.NamedNode(project.entity_iri(slug))


def network_of(project: Project, turtle: str) -> Network:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in project.prefixes.items())
    quads = list(ox.parse((prefixes + turtle).encode(), ox.RdfFormat.TURTLE))
    return Network(Knowledge(project, Graph.from_quads(quads, project.prefixes)))


@pytest.fixture(scope="module")
def network(project) -> Network:
    return Network(Knowledge(project, published_graph(project)))


def test_the_relations_of_the_organisation_are_those_of_the_source(project, network):
    near = network.around(named(project, "al-mezan"))
    own = [each for each in near.relations if near.centre in {each.source, each.target}]
    counts: dict[str, int] = {}
    for each in own:
        name = each.kind.concept.value.rpartition("/")[2] if each.kind.concept else each.kind.family
        counts[name] = counts.get(name, 0) + 1
    assert counts == {
        "funding-core": 4,
        "funding-project": 3,
        "membership": 6,
        "status": 1,
        "office": 3,
        "part": 1,
    }
    assert near.total == 18
    assert near.left_out == 0


def test_a_relation_among_neighbours_is_shown_too(project, network):
    near = network.around(named(project, "al-mezan"))
    assert (named(project, "french-consulate"), named(project, "library")) in {
        (each.source, each.target) for each in near.relations
    }


def test_derived_shortcuts_are_no_relations(project, network):
    assert all(
        each.node is not None or each.kind.family == "part"
        for each in network.relations(named(project, "al-mezan"))
    )


def test_relations_come_by_kind_and_in_the_order_of_the_source(project, network):
    sources = [each.source for each in network.relations(named(project, "al-mezan"))]
    assert sources[:3] == [
        named(project, "netherlands-representative-office"),
        named(project, "swiss-agency-for-development-and-cooperation"),
        named(project, "kerkinactie-global-ministries"),
    ]


def test_what_the_picture_has_no_room_for_is_counted(project):
    grants = "".join(
        f"id:grant-{number} schema:funder id:funder-{number} ; schema:fundedItem id:hub ."
        for number in range(300)
    )
    near = network_of(project, grants).around(named(project, "hub"), limit=10)
    assert len(near.relations) == 10
    assert len(near.nodes) == 11
    assert near.left_out == 290


def test_two_crowded_neighbours_are_not_compared_with_one_another(project):
    crowd = "".join(
        f"id:a{hub}-{number} org:member id:m{hub}-{number} ; org:organization id:hub-{hub} ."
        for hub in (1, 2)
        for number in range(CROWDED)
    )
    network = network_of(
        project,
        crowd
        + """
        id:g schema:funder id:hub-1 ; schema:fundedItem id:centre .
        id:h schema:funder id:hub-2 ; schema:fundedItem id:centre .
        id:i schema:funder id:hub-1 ; schema:fundedItem id:hub-2 .
        """,
    )
    assert len(network.around(named(project, "centre")).relations) == 2


def test_funding_without_a_kind_and_a_person_s_office_are_told_apart(project):
    network = network_of(
        project,
        """
        id:g schema:funder id:f ; schema:fundedItem id:o .
        id:h schema:funder id:f ; schema:fundedItem id:o ; mz:fundingKind concept:core .
        id:m org:member id:p ; org:organization id:o .
        id:p a schema:Person .
        id:o org:subOrganizationOf id:whole .
        id:o schema:subOrganization id:part .
        """,
    )
    kinds = {each.kind: network.style(each.kind) for each in network.relations(named(project, "o"))}
    assert kinds == {
        Kind("funding", ox.NamedNode(f"{project.base}concept/core")): "funding-1",
        Kind("funding"): "funding",
        Kind("office"): "office",
        Kind("part"): "part",
    }
    assert {
        (each.source, each.target)
        for each in network.relations(named(project, "o"))
        if each.kind.family == "part"
    } == {
        (named(project, "o"), named(project, "whole")),
        (named(project, "part"), named(project, "o")),
    }


def test_a_thing_without_relations_has_no_network(project, network):
    near = network.around(named(project, "article"))
    assert near.relations == ()
    assert near.nodes == (named(project, "article"),)


def test_a_relation_to_itself_is_left_out(project):
    network = network_of(project, "id:g schema:funder id:o ; schema:fundedItem id:o .")
    assert network.relations(named(project, "o")) == ()


def test_from_the_fourth_kind_of_funding_on_kinds_share_a_line(project):
    network = network_of(
        project, "".join(f"id:g{n} mz:fundingKind concept:k{n} ." for n in range(5))
    )
    styles = [network.style(each) for each in network.kinds if each.concept is not None]
    assert styles == ["funding-1", "funding-2", "funding-3", "funding-other", "funding-other"]


def test_the_other_end_of_a_relation(project):
    one, two = named(project, "one"), named(project, "two")
    relation = Relation(Kind("funding"), one, two)
    assert relation.other(one) == two
    assert relation.other(two) == one

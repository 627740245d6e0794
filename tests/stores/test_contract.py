"""One contract, every store: what a push may expect of each of them."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="attr-defined"
from __future__ import annotations

import itertools

import pytest
from tests.stores.conftest import LIVE, people

from mezan_graph.errors import RemoteError, UsageError
from mezan_graph.exchange.http import Http
from mezan_graph.push.comparison import Differences
from mezan_graph.push.naming import delete, drop, insert
from mezan_graph.push.stores import open_store, pages
from mezan_graph.push.verification import find_differences, read_content, sent_content

OTHER = "https://example.org/graph/other"
SELECT = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{LIVE}> {{ ?s ?p ?o }} }}"


def everything(store, graph):
    return sorted(line for lines in store.lines(graph) for line in lines)


def test_the_kind_is_found_out(server, connect):
    http = Http(server.url, server.credentials)
    assert open_store(http).kind == server.kind
    http.close()


def test_what_is_added_comes_back(clean, payload):
    made = payload(people(30))
    for _ in range(2):  # adding twice is adding once
        for _, chunk in made.chunks(500):
            clean.add(LIVE, made.content(chunk))
    lines = list(made.all_lines())
    assert clean.count(LIVE) == 90
    assert everything(clean, LIVE) == lines
    subject = lines[0].split(b" ")[0]
    assert sorted(clean.about(LIVE, [subject])) == lines[:3]
    assert read_content(clean, LIVE, made) == sent_content(made)
    assert find_differences(clean, LIVE, made) == Differences()


def test_a_graph_that_is_not_there_is_empty(clean):
    assert clean.count(OTHER) == 0
    assert everything(clean, OTHER) == []
    clean.update([drop(OTHER)])


def test_shared_triples_are_counted(clean, payload):
    one, other = payload(people(5)), payload(people(7, 2003))
    for graph, each in ((LIVE, one), (OTHER, other)):
        (chunk,) = each.chunks(1 << 20)
        clean.add(graph, each.content(chunk[1]))
    both = set(one.all_lines()) & set(other.all_lines())
    assert 0 < len(both) < one.manifest.triples
    assert clean.shared(LIVE, OTHER) == clean.shared(OTHER, LIVE) == len(both)
    assert clean.shared(LIVE, LIVE) == clean.count(LIVE) == one.manifest.triples
    assert clean.shared(LIVE, "urn:x-mezan:nowhere") == 0


def test_differences_are_found_one_by_one(clean, payload):
    made = payload(people(30))
    lines = list(made.all_lines())
    stranger = b'<https://example.org/id/x> <https://schema.org/name> "X" .'
    clean.add(LIVE, b"\n".join([*lines[1:], stranger]) + b"\n")
    found = find_differences(clean, LIVE, made, same_version=False)
    assert (found.missing, found.extra) == ([lines[0]], [stranger])
    assert not found.rewrites


def test_move_replaces_and_copy_keeps(clean, payload):
    """Also where the graphs have triples in common, of which Fuseki's own MOVE loses some."""
    old, new = payload(people(40)), payload(people(50))
    kept = "https://example.org/graph/kept"
    clean.add(LIVE, old.path.read_bytes())
    clean.add(OTHER, new.path.read_bytes())
    clean.update(clean.copying(LIVE, kept))
    clean.update(clean.moving(OTHER, LIVE))
    assert everything(clean, LIVE) == list(new.all_lines())
    assert everything(clean, kept) == list(old.all_lines())
    assert clean.count(OTHER) == 0
    clean.update(clean.copying(kept, LIVE))
    assert everything(clean, LIVE) == everything(clean, kept) == list(old.all_lines())


def test_updates_that_are_sent_together_happen_together(clean):
    line = b"<x:1> <x:p> <x:1> ."
    clean.update([insert(LIVE, [line])])
    with pytest.raises(RemoteError):
        clean.update([insert(OTHER, [line]), "MOVE GRAPH <x:a> TO nowhere"])
    done = clean.count(OTHER)
    assert done == (0 if clean.capabilities.transactions else 1)


def test_a_delta(clean):
    one, two = b'<x:1> <x:p> "\\"\\n\\\\" .', b'<x:2> <x:p> "2"@en .'
    clean.update([insert(LIVE, [one])])
    clean.update([delete(LIVE, [one]), insert(LIVE, [two])])
    assert everything(clean, LIVE) == [two]


def test_the_default_graph_stands_apart(clean):
    one, two = b"<x:1> <x:p> <x:1> .", b"<x:2> <x:p> <x:2> ."
    if not clean.capabilities.default_graph:
        pytest.skip(f"{clean.kind} has none")
    clean.add("", one + b"\n")
    clean.add(LIVE, two + b"\n")
    assert clean.count("") == 1
    assert everything(clean, "") == [one]
    assert clean.about("", [b"<x:1>", b"<x:2>"]) == [one]
    clean.update(clean.moving(LIVE, ""))
    assert everything(clean, "") == [two]


def test_many_rows(clean, payload):
    """More triples, and more of one subject, than a store with a cap returns at once."""
    hub = "<https://example.org/id/hub>"
    lines = [
        *(f'{hub} <https://schema.org/name> "{number}" .' for number in range(12_000)),
        *people(20),
    ]
    made = payload(lines)
    for _, chunk in made.chunks(1_000_000):
        clean.add(LIVE, made.content(chunk))
    assert read_content(clean, LIVE, made) == sent_content(made)
    assert read_content(clean, LIVE) == sent_content(made)


def test_many_predicates(clean, payload, monkeypatch):
    """Pages are of one predicate each, unless there are too many of them."""
    if clean.capabilities.row_cap is None:
        pytest.skip("its answers are whole")
    made = payload([*people(5), *(f'<x:{each % 7}> <x:p{each}> "{each}" .' for each in range(20))])
    clean.add(LIVE, made.path.read_bytes())
    asked = []
    page = clean.page

    def noted(graph, select, predicate, *, parsed):
        asked.append(predicate)
        return page(graph, select, predicate, parsed=parsed)

    monkeypatch.setattr(clean, "page", noted)
    assert read_content(clean, LIVE, made) == sent_content(made)
    predicates = {line.split(b" ")[1].decode() for line in made.all_lines()}
    assert sorted(asked) == sorted(predicates)
    asked.clear()
    monkeypatch.setattr(pages, "_PREDICATES", len(predicates))
    assert read_content(clean, LIVE, made) == sent_content(made)
    assert asked == ["?p"]


def test_pages_that_overlap_are_read_again(clean, payload, monkeypatch):
    made = payload(people(30))
    clean.add(LIVE, made.path.read_bytes())
    if clean.capabilities.row_cap is None:
        pytest.skip("its answers are whole")
    readings, lines = itertools.count(), clean.lines

    def overlapping(often):
        def read(graph, *, parsed):
            first, *others = (line for batch in lines(graph, parsed=parsed) for line in batch)
            number = next(readings)
            # A page that begins a row early gives one row twice, and the last one not at all.
            yield [first, *others] if number >= often else [first, *others[: number % 9], first]

        return read

    monkeypatch.setattr(clean, "lines", overlapping(1))
    assert read_content(clean, LIVE) == sent_content(made)
    assert next(readings) == 3
    assert read_content(clean, LIVE, expected=sent_content(made)) == sent_content(made)
    assert next(readings) == 5
    monkeypatch.setattr(clean, "lines", overlapping(99))
    with pytest.raises(RemoteError, match="another one each time"):
        read_content(clean, LIVE, expected=sent_content(made))


def test_a_large_graph_is_read_by_subjects(clean, payload, monkeypatch):
    """Where answers are cut; pages cost more the further they are."""
    made = payload(people(30))
    clean.add(LIVE, made.path.read_bytes())
    monkeypatch.setattr("mezan_graph.push.verification.PAGED", 10)
    if clean.capabilities.row_cap is not None:
        monkeypatch.setattr(clean, "lines", None)
    assert read_content(clean, LIVE, made) == sent_content(made)
    first, *_ = made.all_lines()
    for change in (delete(LIVE, [first]), insert(LIVE, [b"<x:1> <x:p> <x:1> ."])):
        clean.update([change])
        assert read_content(clean, LIVE, made) != sent_content(made)


def test_what_is_read_by_digest_is_what_is_read_by_term(clean):
    """Also where a store has a quicker way for digests: every kind of term."""
    objects = [
        '"a ] ; b"', '"a\\\\ \\"b\\"\\n"', '"\\t_"', '"شخص 🙂"@ar', '"x"', "<https://example.org/(a);b,c.>",
        *(f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{name}>' for name, value in (
            ("integer", "-7"), ("decimal", "1.5"), ("boolean", "true"), ("gYear", "2003"),
            ("date", "2003-02-01"), ("dateTime", "2003-02-01T00:00:00Z"),
        )), '"7"^^<https://example.org/datatype>',
    ]  # fmt: skip
    lines = [f"<https://example.org/a'b> <https://example.org/p> {each} ." for each in objects]
    clean.add(LIVE, "".join(f"{line}\n" for line in lines).encode())
    whole = everything(clean, LIVE)
    assert len(whole) == len(lines)
    assert sorted(clean.page(LIVE, SELECT, "?p", parsed=False)) == whole
    assert sorted(clean.page(LIVE, SELECT, "?p", parsed=True)) == whole
    predicate = "<https://example.org/p>"
    one = SELECT.replace("?s ?p ?o WHERE", "?s ?o WHERE").replace("?p", predicate)
    assert sorted(clean.page(LIVE, one, predicate, parsed=False)) == whole
    assert sorted(clean.page(LIVE, one, predicate, parsed=True)) == whole


def test_blank_nodes_are_read_as_well(clean):
    clean.add(LIVE, b"<x:1> <x:p> _:b .\n_:b <x:p> <x:2> .\n")
    for parsed in (False, True):
        found = clean.page(LIVE, SELECT, "?p", parsed=parsed)
        assert len(found) == clean.count(LIVE) == 2


def test_a_store_of_another_kind(running, connect, payload):
    server = running("oxigraph")
    store = open_store(
        Http(f"{server.url}/store"),
        query=f"{server.url}/query",
        update=f"{server.url}/update",
    )
    assert (store.kind, store.capabilities.transactions) == ("gsp", False)
    graph = "https://example.org/graph/gsp"
    made = payload(people(400))
    store.add(graph, made.path.read_bytes())
    assert read_content(store, graph, made) == sent_content(made)
    store.update([drop(graph)])
    store.http.close()


def test_a_server_that_is_no_store(unused_port, running):
    with pytest.raises(UsageError, match="three addresses"):
        open_store(Http(running("oxigraph").url), "gsp")
    with pytest.raises(UsageError, match="unknown kind"):
        open_store(Http(running("oxigraph").url), "excel")

"""A whole push on every store: first, again, changed, back; and what stands there afterwards."""

# Servers and stores carry what a test gives them, and versions are there where it says so.
# mypy: disable-error-code="union-attr, operator, misc"
from __future__ import annotations

import json
import threading

import pyoxigraph as ox
import pytest
from tests.stores.conftest import LIVE, people

from mezan_graph.errors import FindingsError, UsageError
from mezan_graph.push.ledger import read_ledger
from mezan_graph.push.naming import Names, drop, insert
from mezan_graph.push.pushing import forget, push, roll_back
from mezan_graph.push.staging import Options

NOW = 1_800_000_000.0


def options(**changes):
    return Options(now=lambda: NOW, sleep=lambda _: None, **changes)


def triples(store, graph=LIVE):
    return sorted(line for lines in store.lines(graph) for line in lines)


def graphs(store):
    """Every graph of ours, but for the copy of the live one where versions are kept as copies."""
    rows = store.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "x")
    names = (row["g"]["value"] for row in rows)
    found = {name for name in names if name.startswith(("https://example.org/", "urn:x-mezan"))}
    ledger = read_ledger(store, Names(LIVE))
    if store.capabilities.keeps_versions and ledger.live:
        assert triples(store, ledger.live.graph) == triples(store)
        found.remove(ledger.live.graph)
    return found


@pytest.fixture
def writes(clean, monkeypatch):
    """Everything that is sent to be written."""
    sent = []
    request = clean.http.request

    def seen(method, url, **content):
        if url != clean.addresses.query and method != "GET":
            sent.append((method, url))
        return request(method, url, **content)

    monkeypatch.setattr(clean.http, "request", seen)
    return sent


def test_first_again_changed_and_back(clean, payload, writes):
    old, new = payload(people(40)), payload(people(41, 2001))
    names = Names(LIVE)
    first = push(clean, {LIVE: old}, options())
    assert first.written
    assert triples(clean) == list(old.all_lines())
    assert graphs(clean) == {LIVE, names.ledger}

    writes.clear()
    again = push(clean, {LIVE: old}, options())
    assert not again.written
    assert writes == []
    assert again.to_json() == first.to_json()
    assert again.to_turtle() == first.to_turtle()

    second = push(clean, {LIVE: new}, options())
    kept = names.version(old.manifest.sha256[:32])
    assert triples(clean) == list(new.all_lines())
    assert triples(clean, kept) == list(old.all_lines())
    assert graphs(clean) == {LIVE, names.ledger, kept}
    told = json.loads(second.to_json())["graphs"][0]
    assert told["sha256"] == new.manifest.sha256
    assert told["previous"]["sha256"] == old.manifest.sha256
    assert told["live_since"] == "2027-01-15T08:00:00Z"

    back = roll_back(clean, [LIVE], options())
    assert back.graphs[0].live.sha256 == old.manifest.sha256
    assert triples(clean) == list(old.all_lines())
    forward = roll_back(clean, [LIVE], options())
    assert forward.to_json() == second.to_json()
    assert triples(clean) == list(new.all_lines())

    forget(clean, [LIVE], options())
    assert graphs(clean) == {LIVE, names.ledger}
    with pytest.raises(UsageError, match="no version before"):
        roll_back(clean, [LIVE], options())
    forget(clean, [LIVE], options())


def test_what_was_live_before_the_first_push_is_kept(clean, payload):
    found = [b'<x:1> <x:p> "by hand" .', b'<x:2> <x:p> "by hand" .']
    clean.update([insert(LIVE, found)])
    made = payload(people(5))
    receipt = push(clean, {LIVE: made}, options())
    assert receipt.graphs[0].previous.sha256 == ""
    roll_back(clean, [LIVE], options())
    assert triples(clean) == found


def test_a_live_graph_that_somebody_changed_is_pushed_again_and_kept(clean, payload):
    made = payload(people(5))
    lines = list(made.all_lines())
    push(clean, {LIVE: made}, options())
    clean.update([insert(LIVE, [b"<x:1> <x:p> <x:1> ."])])
    assert push(clean, {LIVE: made}, options()).written
    assert triples(clean) == lines
    # As many triples as before, but not the same ones.
    swapped = f"DELETE DATA {{ GRAPH <{LIVE}> {{ {lines[0].decode()} }} }}"
    clean.update([swapped, insert(LIVE, [b"<x:1> <x:p> <x:2> ."])])
    assert push(clean, {LIVE: made}, options()).written
    assert triples(clean) == lines
    roll_back(clean, [LIVE], options())
    assert b"<x:1> <x:p> <x:2> ." in triples(clean)


def test_a_version_without_a_graph_of_its_own_is_kept_as_well(clean, payload):
    """As an older release left it, or as somebody did who dropped the copy."""
    old, new = payload(people(20)), payload(people(25, 2001))
    push(clean, {LIVE: old}, options())
    clean.update([drop(read_ledger(clean, Names(LIVE)).live.graph)])
    push(clean, {LIVE: new}, options())
    assert triples(clean) == list(new.all_lines())
    roll_back(clean, [LIVE], options())
    assert triples(clean) == list(old.all_lines())


def test_there_and_back_to_an_earlier_version(clean, payload):
    old, new = payload(people(20)), payload(people(20, 2001))
    for made in (old, new, old, new):
        push(clean, {LIVE: made}, options())
        assert triples(clean) == list(made.all_lines())
    assert len(graphs(clean)) == 3


def test_a_small_difference_is_sent_as_one_update(clean, payload, proxy, server, connect):
    old = payload(people(40))
    new = payload([*list(people(40))[3:], *people(1, 1999)])
    push(clean, {LIVE: old}, options())
    through = connect(server, proxy)
    push(through, {LIVE: new}, options(delta=True))
    assert triples(clean) == list(new.all_lines())
    probe = Names(LIVE).probe.partition("probe")[0]
    uploads = [
        each for each in proxy.log
        if b"person-0020" in each.body and probe.encode() not in each.body and each.method == "POST"
        and "n-triples" in each.headers.get("Content-Type", "")
    ]  # fmt: skip
    assert uploads == []
    roll_back(clean, [LIVE], options())
    assert triples(clean) == list(old.all_lines())


def test_a_difference_of_forms_alone(clean, payload):
    line = '<https://example.org/id/a> <https://example.org/p> "{}"^^<' + XSD + "decimal> ."
    old, new = payload([line.format("1.5"), *people(9)]), payload([line.format("1.50"), *people(9)])
    push(clean, {LIVE: old}, options(policy="form"))
    receipt = push(clean, {LIVE: new}, options(policy="form", delta=True))
    rewritten = clean.kind != "rdf4j"
    assert triples(clean) == list((old if rewritten else new).all_lines())
    assert len(receipt.graphs[0].rewrites) == rewritten
    third = payload([line.format("1.50"), *people(10)])
    push(clean, {LIVE: third}, options(policy="form", delta=True))
    assert len(triples(clean)) == 31


def test_a_large_difference_is_sent_whole(clean, payload, monkeypatch):
    monkeypatch.setattr("mezan_graph.push.staging.SMALL", 10)
    old, new = payload(people(20)), payload(people(20, 2001))
    push(clean, {LIVE: old}, options(delta=True))
    push(clean, {LIVE: new}, options(delta=True))
    assert triples(clean) == list(new.all_lines())


def test_several_graphs_go_live_together(clean, payload):
    other = "https://example.org/graph/other"
    old = {LIVE: payload(people(5)), other: payload(people(3))}
    push(clean, old, options())
    new = {LIVE: payload(people(6)), other: old[other]}
    receipt = push(clean, new, options())
    assert [graph.names.live for graph in receipt.graphs] == [LIVE, other]
    assert triples(clean) == list(new[LIVE].all_lines())
    assert triples(clean, other) == list(old[other].all_lines())
    assert not push(clean, new, options()).written


def test_the_default_graph(clean, payload):
    old, new = payload(people(5)), payload(people(6))
    if not clean.capabilities.default_graph:
        with pytest.raises(UsageError, match="no default graph"):
            push(clean, {"": old}, options())
        return
    push(clean, {"": old}, options())
    push(clean, {"": new}, options())
    assert triples(clean, "") == list(new.all_lines())
    roll_back(clean, [""], options())
    assert triples(clean, "") == list(old.all_lines())


def test_nothing_is_never_pushed(clean, payload):
    made = payload(people(5))
    push(clean, {LIVE: made}, options())
    with pytest.raises(UsageError, match="nothing to push"):
        push(clean, {LIVE: payload([])}, options())
    assert triples(clean) == list(made.all_lines())


XSD = "http://www.w3.org/2001/XMLSchema#"
FORMS = {
    "oxigraph": {"decimal": "form", "nonNegativeInteger": "value", "duration": "form"},
    "virtuoso": {"decimal": "form", "duration": "other"},
    "fuseki": {"decimal": "form"},
    "rdf4j": {},
}
"""What each store does to the literals below, as it was measured."""


@pytest.mark.parametrize("datatype", ["decimal", "nonNegativeInteger", "duration", "gYear"])
def test_a_changed_literal_passes_by_value_and_policy_alone(clean, payload, datatype):
    lexical = {"decimal": "1.50", "nonNegativeInteger": "7", "duration": "PT24H", "gYear": "2003"}
    literal = f'"{lexical[datatype]}"^^<{XSD}{datatype}>'
    line = f"<https://example.org/id/a> <https://example.org/p> {literal} ."
    made = payload([line, *people(3)])
    verdict = FORMS[clean.kind].get(datatype)
    before = payload(people(2))
    push(clean, {LIVE: before}, options())
    for policy in ("none", "form", "value"):
        allowed = verdict is None or (verdict != "other" and policy in {verdict, "value"})
        if allowed:
            receipt = push(clean, {LIVE: made}, options(policy=policy))
            found = list(receipt.graphs[0].rewrites)
            assert [each.verdict for each in found] == ([verdict] if verdict else [])
            again = push(clean, {LIVE: made}, options(policy=policy))
            assert (again.written, again.to_json()) == (False, receipt.to_json())
            break
        with pytest.raises(FindingsError, match=f'"{lexical[datatype]}"') as caught:
            push(clean, {LIVE: made}, options(policy=policy))
        assert "the live graph is untouched" in str(caught.value)
        assert ("--allow-rewrites" in caught.value.hint) == (verdict != "other")
        assert triples(clean) == list(before.all_lines())
        assert len(graphs(clean)) <= 3
    else:
        assert verdict == "other"


def test_two_forms_that_a_store_makes_one(clean, payload):
    forms = [
        f'<https://example.org/id/a> <https://example.org/p> "{form}"^^<{XSD}integer> .'
        for form in ("1", "01", "001")
    ]
    made = payload([*forms, *people(3)])
    receipt = push(clean, {LIVE: made}, options(policy="form"))
    merges = clean.kind != "rdf4j"
    assert receipt.graphs[0].live.content.triples == made.manifest.triples - 2 * merges
    assert sum(receipt.graphs[0].rewrites.values()) == 2 * merges
    assert not push(clean, {LIVE: made}, options(policy="form")).written


def test_two_pushes_at_once(clean, payload, server, connect):
    versions = [payload(people(30, year)) for year in (2001, 2002)]
    failed = []

    def one(made):
        try:
            push(connect(server), {LIVE: made}, Options(wait=30))
        except Exception as error:  # noqa: BLE001 - the test tells it
            failed.append(error)

    threads = [threading.Thread(target=one, args=(made,)) for made in versions * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert triples(clean) in [list(made.all_lines()) for made in versions]
    assert len(graphs(clean)) == 3


def test_readers_see_the_old_graph_or_the_new_one(clean, payload, server, connect):
    versions = [payload(people(count)) for count in (150, 170)]
    push(clean, {LIVE: versions[0]}, options())
    seen, done = set(), threading.Event()

    def read():
        reader = connect(server)
        while not done.is_set():
            seen.add(reader.count(LIVE))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for made in (versions[1], versions[0], versions[1]):
            push(clean, {LIVE: made}, options())
    finally:
        done.set()
        thread.join()
    assert seen <= {450, 510}
    assert len(seen) == 2


def test_the_receipt_is_provenance(clean, payload):
    push(clean, {LIVE: payload(people(4))}, options())
    receipt = push(clean, {LIVE: payload(people(5))}, options())
    store = ox.Store()
    store.load(receipt.to_turtle(), ox.RdfFormat.TURTLE)
    asked = (
        "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?old { "
        f"<{LIVE}> prov:wasDerivedFrom ?new ; prov:wasGeneratedBy ?push . "
        "?new prov:wasRevisionOf ?old . ?push prov:used ?new ; prov:endedAtTime ?when }"
    )
    ((old,),) = store.query(asked)
    assert old.value == receipt.graphs[0].previous.graph
    assert clean.url in receipt.to_turtle().decode()


def test_a_ledger_that_somebody_spoilt(clean, payload):
    made = payload(people(4))
    push(clean, {LIVE: made}, options())
    names = Names(LIVE)
    ledger = f"<{names.ledger}> <http://purl.org/dc/terms/hasVersion> <x:none> ."
    clean.update([drop(names.ledger), insert(names.ledger, [ledger.encode()])])
    with pytest.raises(Exception, match="not as it was written"):
        push(clean, {LIVE: made}, options())

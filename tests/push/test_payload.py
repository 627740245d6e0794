"""What is pushed: canonical lines in a file, in buckets of whole subjects, without blank nodes."""

from __future__ import annotations

from hashlib import sha256

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.graph import Graph
from mezan_graph.push.payload import (
    added,
    line_digest,
    skolem_prefix,
    triples_by_graph,
    union,
    write_payload,
)

LINES = sorted(f"<x:{s}> <x:p> <x:{o}> .".encode() for s in range(30) for o in range(s + 1))


@pytest.fixture
def small_buckets(monkeypatch):
    monkeypatch.setattr("mezan_graph.push.payload.BUCKET", 20)


@pytest.mark.usefixtures("small_buckets")
def test_the_file_is_its_lines_and_buckets_are_whole_subjects(tmp_path):
    payload = write_payload(LINES, tmp_path / "x.nt")
    manifest = payload.manifest
    content = b"".join(line + b"\n" for line in LINES)
    assert payload.path.read_bytes() == content
    assert manifest.sha256 == sha256(content).hexdigest()
    assert list(payload.all_lines()) == LINES
    found = [payload.lines(bucket) for bucket in manifest.buckets]
    assert [line for lines in found for line in lines] == LINES
    subjects = [{line.split(b" ")[0] for line in lines} for lines in found]
    assert sum(map(len, subjects)) == len(set().union(*subjects)) == 30
    for bucket, lines in zip(manifest.buckets, found, strict=True):
        assert bucket.triples == len(lines)
        assert bucket.digest == added(map(line_digest, lines))
    assert manifest.digest == added(map(line_digest, LINES))


@pytest.mark.usefixtures("small_buckets")
@pytest.mark.parametrize("size", [1, 500, 10**6])
def test_chunks_cover_the_file_in_order(tmp_path, size):
    payload = write_payload(LINES, tmp_path / "x.nt")
    chunks = list(payload.chunks(size))
    assert (
        b"".join(b"".join(payload.content(chunk)) for _, chunk in chunks)
        == payload.path.read_bytes()
    )
    before = 0
    for first, chunk in chunks:
        assert first == before
        before += chunk.triples
    assert len(chunks) == (1 if size == 10**6 else len(chunks))


def test_an_empty_payload(tmp_path):
    payload = write_payload([], tmp_path / "x.nt")
    assert (payload.manifest.triples, payload.manifest.buckets) == (0, ())
    assert list(payload.chunks(10)) == []


@given(st.lists(st.binary(min_size=1), unique=True), st.randoms())
def test_the_digest_of_a_set_knows_no_order(lines, random):
    shuffled = lines[:]
    random.shuffle(shuffled)
    assert added(map(line_digest, lines)) == added(map(line_digest, shuffled))


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        ("https://example.org/relief/", "https://example.org/.well-known/genid/relief/"),
        ("https://example.org/#", "https://example.org/.well-known/genid/"),
    ],
)
def test_blank_nodes_get_iris_below_the_base(base, prefix):
    assert skolem_prefix(base) == prefix


def test_graphs_apart_and_together():
    trig = (
        "@prefix : <http://e/> . :g { _:a :p _:b . :s :p ' _:x . ' } :h { _:a :p 1 . :s :p 2 }"
        " :s :p 2 . _:g { :s :p 3 }"
    )
    graph = Graph.from_quads(ox.parse(trig, ox.RdfFormat.TRIG))
    found = triples_by_graph(graph, "https://example.org/", seconds=10)
    names = [name for name in found if "genid" not in name]
    assert names == ["", "http://e/g", "http://e/h"]
    assert all(b"_:" not in line.replace(b'" _:x . "', b"") for line in union(found))
    assert b'<http://e/s> <http://e/p> " _:x . " .' in found["http://e/g"]
    # The same blank node has the same IRI in both graphs.
    subjects = [{line.split(b" ")[0] for line in found[f"http://e/{name}"]} for name in "gh"]
    assert len((subjects[0] & subjects[1]) - {b"<http://e/s>"}) == 1
    assert len(list(union(found))) == 5
    for lines in found.values():
        assert lines == sorted(lines)
        list(ox.parse(b"\n".join(lines), ox.RdfFormat.N_TRIPLES))

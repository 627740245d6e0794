"""Property paths: written and read back, and followed as SPARQL follows them."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.graph import Graph
from mezan_graph.validation.index import TripleIndex
from mezan_graph.validation.path_notation import parse_path, path_quads
from mezan_graph.validation.paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    read_path,
    step,
)
from mezan_graph.validation.shapes_graph import ShapesGraph

PROPERTIES = [ox.NamedNode(f"https://example.org/{each}") for each in "pqr"]
NODES = [ox.NamedNode(f"https://example.org/n{each}") for each in range(5)]


def several(paths: st.SearchStrategy[Path]) -> st.SearchStrategy[tuple[Path, ...]]:
    return st.lists(paths, min_size=2, max_size=3).map(tuple)


paths: st.SearchStrategy[Path] = st.recursive(
    st.sampled_from(PROPERTIES).map(Predicate),
    lambda inner: st.one_of(
        inner.map(Inverse),
        several(inner).map(Sequence),
        several(inner).map(Alternative),
        st.builds(Repeated, inner, st.sampled_from("*+?")),
    ),
    max_leaves=5,
)
triples = st.lists(
    st.builds(ox.Quad, *map(st.sampled_from, (NODES, PROPERTIES, NODES))), min_size=1, max_size=12
)


@given(paths)
def test_text_is_read_back(path: Path) -> None:
    assert parse_path(str(path)) == path


@given(paths)
def test_rdf_is_read_back(path: Path) -> None:
    head, quads = path_quads(path, "b")
    assert read_path(ShapesGraph(Graph.from_quads(quads)), head) == path


@given(triples, paths, st.sampled_from(NODES))
def test_values_are_those_of_sparql(quads: list[ox.Quad], path: Path, focus: Any) -> None:
    if not any(focus in (quad.subject, quad.object) for quad in quads):
        focus = quads[0].subject
    index = TripleIndex(quads)
    values = {index.terms[each] for each in step(path, index)(index.number(focus))}
    store = ox.Store()
    store.extend(quads)
    rows: Any = store.query(f"SELECT ?v {{ {focus} {path} ?v }}")
    assert values == {row[0] for row in rows}


@pytest.mark.parametrize("text", ["", "p", "<a", "(<urn:a>", "<urn:a>/", "<urn:a>/<urn:b>|<urn:c>"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        parse_path(text)

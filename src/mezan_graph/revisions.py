"""What a Git range touched: the nodes whose description differs from that of a revision.

Git is asked for the files of the project as they were; nothing is checked out.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.errors import UsageError
from mezan_graph.formats import SUFFIXES
from mezan_graph.graph import Graph
from mezan_graph.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mezan_graph.project import Project

Node = ox.NamedNode | ox.BlankNode | ox.Literal


def changed_nodes(project: Project, graph: Graph, revision: str) -> set[Node]:
    """Return the nodes of ``graph`` that are described differently than in ``revision``.

    A node with an IRI has changed where its triples have, those of the blank nodes below it
    included; a blank node has changed where the node that leads to it has.

    Args:
        project: The project, which is or stands in a Git work tree.
        graph: The project's graph as it is now.
        revision: A commit, branch or tag; of a range ``A..B``, ``A`` counts.

    Raises:
        UsageError: There is no Git work tree here, or no such revision.
        SourceError: A file of the revision is refused.
        ParseError: A file of the revision breaks its grammar.
    """
    before = _descriptions(revision_graph(project, revision))
    now = _Descriptions(graph)
    changed = {node for node, text in now.named() if before.get(node) != text}
    return changed | now.below(changed)


def revision_graph(project: Project, revision: str) -> Graph:
    """Return the ontology and data of ``project`` as they were in ``revision``; see above."""
    commit = revision.partition("..")[0] or "HEAD"
    folders = [project.relative(project.folders[part]) for part in ("ontology", "data")]
    listed = _git(
        project.root, "ls-tree", "-r", "-z", "--name-only", f"{commit}^{{commit}}", "--", *folders
    )
    context = f"{folders[0]}/context.jsonld"
    sources = []
    for name in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        suffix = f".{name.rpartition('.')[2].lower()}"
        if suffix not in SUFFIXES or name == context:
            continue
        content = _git(project.root, "show", f"{commit}:./{name}")
        sources.append(
            Source(
                name=f"{commit}:{name}",
                format=SUFFIXES[suffix],
                graph_name=ox.DefaultGraph(),
                content=content,
                limits=project.limits,
            )
        )
    return Graph.from_sources(sources, project.prefixes)


def _descriptions(graph: Graph) -> dict[ox.NamedNode, frozenset[str]]:
    return dict(_Descriptions(graph).named())


class _Descriptions:
    """The nodes of a graph, each with its triples as text."""

    def __init__(self, graph: Graph) -> None:
        self.of: dict[object, list[ox.Quad]] = defaultdict(list)
        for quad in graph.triples():
            self.of[quad.subject].append(quad)

    def named(self) -> Iterable[tuple[ox.NamedNode, frozenset[str]]]:
        """Yield every node with an IRI and what is said about it."""
        for node in self.of:
            if isinstance(node, ox.NamedNode):
                yield node, self._triples(node)

    def below(self, nodes: Iterable[Node]) -> set[Node]:
        """Return the blank nodes that ``nodes`` lead to, and the literals that they have."""
        found: set[Node] = set()
        waiting: list[object] = list(nodes)
        while waiting:
            for quad in self.of.get(waiting.pop(), ()):
                if isinstance(quad.object, ox.Literal):
                    found.add(quad.object)
                elif isinstance(quad.object, ox.BlankNode) and quad.object not in found:
                    found.add(quad.object)
                    waiting.append(quad.object)
        return found

    def _triples(self, node: object) -> frozenset[str]:
        """Return the triples of ``node``; a blank node in them stands as the digest of its own."""
        return frozenset(
            f"{quad.predicate} {self._digests.get(quad.object, quad.object)}"
            for quad in self.of.get(node, ())
        )

    @cached_property
    def _digests(self) -> dict[object, str]:
        """A digest of what is said of each blank node, those below it first, without recursion."""
        digests: dict[object, str] = {}
        waiting = [(node, False) for node in self.of if isinstance(node, ox.BlankNode)]
        begun: set[object] = set()
        while waiting:
            node, below_is_done = waiting.pop()
            if node in digests or (node in begun and not below_is_done):
                continue
            if below_is_done:
                # Within a cycle a node that is not finished yet stands for any blank node.
                said = sorted(
                    f"{quad.predicate} {_shown(quad.object, digests)}" for quad in self.of[node]
                )
                digests[node] = hashlib.sha256("\n".join(said).encode()).hexdigest()
                continue
            begun.add(node)
            waiting.append((node, True))
            waiting += [
                (quad.object, False)
                for quad in self.of[node]
                if isinstance(quad.object, ox.BlankNode) and quad.object in self.of
            ]
        return digests


def _shown(term: object, digests: dict[object, str]) -> str:
    return digests.get(term, "[]") if isinstance(term, ox.BlankNode) else str(term)


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - arguments are passed as a list, to git alone
            ["git", "-C", str(root), *arguments],  # noqa: S607
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed", hint="install it, or leave it out") from None
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise UsageError(
            f"git {arguments[0]}: {message.removeprefix('fatal: ')}",
            place=root,
            hint="name a commit, branch or tag of the repository that holds the project",
        )
    return done.stdout

"""Checks that SHACL cannot make: namespaces, prefixes, normalization, stored checks, citations.

Every check yields findings; none raises for what it finds.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.formats import TRIG, TURTLE
from mezan_graph.namespaces import SCHEMA, WRONG_SCHEMA
from mezan_graph.queries import list_queries, run_query
from mezan_graph.queries.evaluation import Solutions
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mezan_graph.graph import Graph
    from mezan_graph.project import Project
    from mezan_graph.sources import Source

_PREFIX = re.compile(
    rb"^[ \t]*(?:@prefix|prefix)[ \t]+([^\s:<>\"]*):[ \t]*<([^>\s]*)>", re.IGNORECASE | re.MULTILINE
)


def check_namespaces(graph: Graph) -> Iterator[Finding]:
    """Yield ``MZ101`` for every ``http://schema.org/`` IRI, once in each file."""
    for part in graph.parts:
        seen: set[str] = set()
        for quad in part.quads:
            for term in (quad.subject, quad.predicate, quad.object):
                iri = term.value if isinstance(term, ox.NamedNode) else _datatype(term)
                if iri.startswith(WRONG_SCHEMA) and iri not in seen:
                    seen.add(iri)
                    yield _wrong_schema(iri, quad.subject, part.source)  # type: ignore[arg-type]


def check_prefixes(sources: list[Source], known: dict[str, str]) -> Iterator[Finding]:
    """Yield ``MZ102`` for every declaration that gives a prefix a second meaning.

    Args:
        sources: Turtle and TriG files, in the order in which they are read.
        known: Prefixes of the project, which come before any file.
    """
    first = {prefix: (iri, "the project's own prefixes") for prefix, iri in known.items()}
    for source in sources:
        if source.format not in {TURTLE, TRIG}:
            continue
        content = source.read()
        for match in _PREFIX.finditer(content):
            prefix, iri = match[1].decode(), match[2].decode()
            line = content.count(b"\n", 0, match.start()) + 1
            before, where = first.setdefault(prefix, (iri, f"{source.name}:{line}"))
            if iri == before:
                continue
            yield Finding(
                "MZ102",
                "violation",
                f"the prefix {prefix}: stands for <{iri}> here and for <{before}> in {where}",
                file=source.name,
                line=line,
                column=1,
                hint="give one of the two another prefix",
            )


def check_normalization(graph: Graph) -> Iterator[Finding]:
    """Yield ``MZ103`` for every literal that is not in NFC."""
    for part in graph.parts:
        for quad in part.quads:
            term = quad.object
            if isinstance(term, ox.Literal) and not unicodedata.is_normalized("NFC", term.value):
                yield Finding(
                    "MZ103",
                    "violation",
                    "the text is not in Unicode normalization form C",
                    file=part.source.name if part.source else None,
                    focus_node=quad.subject,  # type: ignore[arg-type]
                    path=str(quad.predicate),
                    value=term,
                    hint=f"write it as {unicodedata.normalize('NFC', term.value)!r}",
                )


def check_stored_queries(project: Project, graph: Graph) -> Iterator[Finding]:
    """Yield ``MZ301`` for every row of the stored queries in ``checks``, which must return none."""
    if not project.folders["queries"].is_dir():
        return
    for stored in list_queries(project):
        if stored.category != "checks":
            continue
        answer = run_query(graph, stored.text, limits=project.limits)
        for row in answer if isinstance(answer, Solutions) else ():
            shown = ", ".join(
                f"{name} = {term}" for name, term in zip(answer.variables, row, strict=True) if term
            )
            focus = next((each for each in row if isinstance(each, ox.NamedNode)), None)
            yield Finding(
                "MZ301",
                "violation",
                f"{stored.summary}: {shown}",
                focus_node=focus,
                shape=None,
                hint=f"mezan query {stored.name}",
            )


def _wrong_schema(iri: str, subject: ox.NamedNode, source: Source | None) -> Finding:
    line, column = _place(source, iri)
    return Finding(
        "MZ101",
        "violation",
        f"<{iri}> is not in the https namespace of schema.org",
        file=source.name if source else None,
        line=line,
        column=column,
        focus_node=subject,
        hint=f"write <{SCHEMA.iri}{iri.removeprefix(WRONG_SCHEMA)}>",
    )


def _datatype(term: object) -> str:
    return term.datatype.value if isinstance(term, ox.Literal) else ""


def _place(source: Source | None, iri: str) -> tuple[int | None, int | None]:
    """Return where ``iri``, or the namespace that it is abbreviated with, stands in ``source``."""
    if source is None:
        return None, None
    content = source.read()
    position = max(content.find(iri.encode()), content.find(WRONG_SCHEMA.encode()))
    if position < 0:
        return None, None
    start = content.rfind(b"\n", 0, position) + 1
    column = len(content[start:position].decode()) + 1
    return content.count(b"\n", 0, position) + 1, column

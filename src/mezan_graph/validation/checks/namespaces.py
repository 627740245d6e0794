"""``MZ101``: IRIs in ``http://schema.org/``, which no shape, query or context of ours matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mezan_graph.namespaces import SCHEMA, WRONG_SCHEMA
from mezan_graph.validation.checks.prefixes import declarations
from mezan_graph.validation.checks.survey import at, times
from mezan_graph.validation.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from mezan_graph.graph import Part
    from mezan_graph.validation.checks.survey import Survey


def check_namespaces(survey: Survey) -> Iterator[Finding]:
    """Yield ``MZ101`` for every ``http://schema.org/`` IRI, once in each source.

    Where a source declares a prefix for that namespace, the declaration is the one finding.
    """
    wrong: set[ox.NamedNode] = set()
    for namespace, iris in survey.namespaces.items():
        if namespace.startswith(WRONG_SCHEMA):
            wrong.update(iris)
    declared: dict[int, bool] = {}
    for iri, part, quad, count in survey.uses(wrong):
        if id(part) not in declared:
            findings = list(_declared(part))
            declared[id(part)] = bool(findings)
            yield from findings
        if not declared[id(part)]:
            right = SCHEMA.iri + iri.value.removeprefix(WRONG_SCHEMA)
            message = f"{iri} is not in the https namespace of schema.org{times(count)}"
            yield at("MZ101", "violation", message, part, quad, hint=f"write <{right}>")


def _declared(part: Part) -> Iterator[Finding]:
    for each in declarations(part.source) if part.source else ():
        if each.iri.startswith(WRONG_SCHEMA):
            right = SCHEMA.iri + each.iri.removeprefix(WRONG_SCHEMA)
            yield Finding(
                "MZ101",
                "violation",
                f"the prefix {each.prefix}: stands for <{each.iri}>, not for the https namespace",
                file=each.file,
                line=each.line,
                column=each.column,
                hint=f"write @prefix {each.prefix}: <{right}> .",
            )

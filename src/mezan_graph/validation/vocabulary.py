"""The terms of the SHACL vocabulary, and the check that a shapes graph uses no other.

A processor may ignore what it does not know, so that ``sh:mincount`` silently constrains nothing;
here every term in the namespace has to exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from mezan_graph.namespaces import RDF, SH
from mezan_graph.validation.delegation import ADVANCED as DELEGATED
from mezan_graph.validation.index import index_of

if TYPE_CHECKING:
    from mezan_graph.validation.delegation import Delegation
    from mezan_graph.validation.shapes_graph import ShapesGraph

CORE = frozenset(
    """
    Shape NodeShape PropertyShape PropertyGroup NodeKind BlankNode IRI Literal BlankNodeOrIRI
    BlankNodeOrLiteral IRIOrLiteral Severity Violation Warning Info ValidationReport
    ValidationResult AbstractResult ConstraintComponent Parameter Parameterizable Validator
    targetClass targetNode targetObjectsOf targetSubjectsOf property path message severity
    deactivated inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath class
    datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan
    lessThanOrEquals not and or xone node qualifiedValueShape qualifiedValueShapesDisjoint
    qualifiedMinCount qualifiedMaxCount closed ignoredProperties hasValue in name description
    order group defaultValue shapesGraph suggestedShapesGraph conforms result detail focusNode
    resultMessage resultPath resultSeverity shapesGraphWellFormed sourceConstraint
    sourceConstraintComponent sourceShape value parameter optional labelTemplate validator
    nodeValidator propertyValidator SPARQLAskExecutable SPARQLAskValidator SPARQLConstraint
    SPARQLExecutable SPARQLSelectExecutable SPARQLSelectValidator PrefixDeclaration ask select
    sparql prefixes declare prefix namespace
    """.split()  # noqa: SIM905
) | frozenset(
    f"{each}ConstraintComponent"
    for each in """
    And Class Closed Datatype Disjoint Equals HasValue In LanguageIn LessThan LessThanOrEquals
    MaxCount MaxExclusive MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength
    Node NodeKind Not Or Pattern Property QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang
    Xone
    """.split()  # noqa: SIM905
)
"""Local names of SHACL Core and SHACL-SPARQL (the W3C Recommendation of 2017)."""

ADVANCED = frozenset(
    """
    target Target TargetType SPARQLTarget SPARQLTargetType rule Rule SPARQLRule TripleRule
    condition construct update subject predicate object expression ExpressionConstraintComponent
    Function SPARQLFunction SPARQLConstructExecutable SPARQLUpdateExecutable returnType
    ResultAnnotation resultAnnotation annotationProperty annotationValue annotationVarName
    entailment Rules this filterShape nodes intersection union if then else exists count
    distinct limit offset orderBy desc groupConcat max min sum js JSConstraint
    JSConstraintComponent JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType
    JSValidator jsFunctionName jsLibrary jsLibraryURL
    """.split()  # noqa: SIM905
)
"""Local names of SHACL Advanced Features, SHACL-JS and entailment, which decide what is checked."""


def check_vocabulary(shapes: ShapesGraph, delegated: Delegation) -> None:
    """Check that every term in the SHACL namespace exists and can be carried out.

    Args:
        shapes: The shapes graph.
        delegated: Where terms of the advanced features may stand.

    Raises:
        ShapeError: A term does not exist (the hint names the nearest one), or it belongs to a part
            of SHACL that only the reference engine implements.
    """
    used = {_local(term) for term in index_of(shapes.graph).terms} - {None}
    if used <= CORE and used.isdisjoint(ADVANCED):
        return
    for node in shapes.nodes:
        predicates = [_local(each) for each in shapes.predicates(node)]
        types = [_local(each) for each in shapes.objects(node, RDF.type)]
        ours = [each for each in (*predicates, *types) if each is not None]
        if isinstance(node, ox.NamedNode) and not CORE.intersection(ours):
            # Data that stands in the same file may use the namespace in its own way, as the
            # suite's qualifiedValueShape-001 does.
            continue
        for local in () if node in delegated.inside else ours:
            if node in delegated.shapes and local in DELEGATED:
                continue
            if local in ADVANCED:
                raise shapes.error(
                    node,
                    f"sh:{local} is no part of SHACL Core or SHACL-SPARQL",
                    hint="validate with the reference engine, which knows advanced features",
                    term=SH[local],
                )
        values = [
            _local(value)
            for each in shapes.predicates(node)
            for value in shapes.objects(node, each)
        ]
        for name in (*ours, *values):
            if name is not None and name not in CORE and name not in ADVANCED:
                message = f"sh:{name} is not a term of SHACL"
                raise shapes.error(node, message, hint=_nearest(name), term=SH[name])


def _local(term: object) -> str | None:
    if not isinstance(term, ox.NamedNode):
        return None
    local = term.value.removeprefix(SH.iri)
    return local if local and local != term.value else None


def _nearest(local: str) -> str | None:
    by_lower = {each.lower(): each for each in sorted(CORE)}
    from difflib import get_close_matches

    near = get_close_matches(local.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean sh:{by_lower[near[0]]}?" if near else None

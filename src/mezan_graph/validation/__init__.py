"""Validation: SHACL, checks beyond it, and citations, into one report of findings."""

from mezan_graph.validation.conformance import require_conformance
from mezan_graph.validation.findings import CODES, SEVERITIES, Finding, ValidationReport
from mezan_graph.validation.validator import shacl, validate

__all__ = [
    "CODES",
    "SEVERITIES",
    "Finding",
    "ValidationReport",
    "require_conformance",
    "shacl",
    "validate",
]

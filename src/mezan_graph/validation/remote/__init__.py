"""Validation at a distance: shapes as SELECT queries to a SPARQL endpoint."""

from mezan_graph.validation.remote.validator import RemoteOutcome, shacl_remote, validate_remote

__all__ = ["RemoteOutcome", "shacl_remote", "validate_remote"]

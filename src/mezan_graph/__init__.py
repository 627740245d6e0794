"""Publish hand-written Turtle as a validated, cited, queryable knowledge graph."""

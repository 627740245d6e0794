"""A store or cluster behind the server: its data is asked for, never loaded.

The project's folder gives base IRI, languages, stored queries, shapes and vocabulary; the data
stays where it is. Processes, limits, negotiation and pages are those of a graph of our own: a
worker asks the store where it would ask its memory (:class:`~.graph.Distant`).
"""

"""A project served live: negotiated entities, the SPARQL Protocol, stored queries as an API.

The process that speaks HTTP holds no graph. A process of its own, the nursery, loads the project
and forks workers that share its memory; each query is evaluated in a worker, which is killed when
it takes too long or too much. ``docs/serving.md`` describes what is answered and what is withstood.
"""

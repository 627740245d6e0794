"""The concrete syntax of Turtle and TriG (RDF 1.1): tokens, statements, and where quads come from.

pyoxigraph parses and decides what is valid. These modules read text that it has accepted once more
for what a parser drops: places, comments and layout; or text that it has refused, for the reason.
"""

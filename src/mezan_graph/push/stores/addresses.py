"""Where a store is spoken to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a store is spoken to.

    Attributes:
        data: Graph Store Protocol.
        query: SPARQL queries.
        update: SPARQL updates.
        graph_parameter: Name of the parameter that names a graph, at ``data``.
    """

    data: str
    query: str
    update: str
    graph_parameter: str = "graph"

    @classmethod
    def below(cls, url: str, data: str, query: str, update: str, *others: str) -> Addresses:
        """Return the three addresses below a base, which ``url`` is or is one of.

        Args:
            url: An address as somebody gave it.
            data: Name of the Graph Store Protocol below the base.
            query: Name of the address of queries.
            update: Name of the address of updates.
            *others: Further names that ``url`` may end with.
        """
        names = "|".join((data, query, update, *others))
        base = re.sub(rf"/(?:{names})\Z", "", url.rstrip("/"))
        return cls(f"{base}/{data}", f"{base}/{query}", f"{base}/{update}")

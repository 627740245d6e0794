"""Where in the text of its source a triple or a node stands."""

from __future__ import annotations

from mezan_graph.positions.places import Place, locate, locate_subjects

__all__ = ["Place", "locate", "locate_subjects"]

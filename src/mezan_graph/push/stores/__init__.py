"""Kinds of triple stores behind one contract."""

from mezan_graph.push.stores.kinds import KINDS, open_store

__all__ = ["KINDS", "open_store"]

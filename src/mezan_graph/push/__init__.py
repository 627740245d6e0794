"""Loading into triple stores: staged, verified, swapped in whole, with a receipt."""

from mezan_graph.exchange.refusals import Patience
from mezan_graph.push.project import (
    Comparison,
    Target,
    compare_project,
    forget_project,
    push_project,
    roll_back_project,
)
from mezan_graph.push.receipt import Receipt
from mezan_graph.push.staging import Options

__all__ = [
    "Comparison",
    "Options",
    "Patience",
    "Receipt",
    "Target",
    "compare_project",
    "forget_project",
    "push_project",
    "roll_back_project",
]
